"""``companion programme``: begun, shown, changed, paused, asked and ended, day by day."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.persons import keep_session, prepared
from companion.cli.planned import SessionDeclined, planned_settings
from companion.coaching.events import Notice, SessionOutcome
from companion.coaching.person import Person
from companion.paths import default_file
from companion.settings import programmes, routines
from companion.settings.journal import journal_file
from companion.settings.persons import load_persons, save_person
from companion.settings.programme_file import ProgrammeFile
from companion.settings.programmes import load_plan_file
from companion.settings.routines import load_routine
from companion.settings.user import load_settings
from companion.texts import text
from tests.cli.people import At, clock, summary, typing

Run = Callable[..., str]
"""Runs a command and gives its output, or with ``fails`` what it refused."""

FIRST = "2026-11-02"
"""A Monday."""


@pytest.fixture(autouse=True)
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path)
    monkeypatch.setattr("companion.settings.user.config_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    for module in (routines, programmes):
        monkeypatch.setattr(module, "config_folder", lambda: tmp_path)
    set_clock = clock(monkeypatch)
    set_clock(f"{FIRST}T12:00")
    return set_clock


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command and gives its output, or what it refused."""

    def command(*words: str, fails: bool = False) -> str:
        status = main([*words])
        captured = capsys.readouterr()
        assert status == (2 if fails else 0), captured.err
        return captured.err if fails else captured.out

    return command


def known(name: str = "me") -> Person:
    """Make somebody known on the first day, beyond the first weeks."""
    day = 739_922
    person = Person(name=name, asked_day=day, first_day=day - 60, sessions=40)
    save_person(person)
    return person


def me() -> Person:
    return load_persons()["me"]


def done(at: At, *times: str) -> None:
    for time in times:
        at(time)
        keep_session(me(), summary())


def said(*, asking: bool = False) -> list[str]:
    """Return the sentences before a session, without those on limits."""
    notices = prepared(load_routine("five-minutes"), None, asking=asking).notices
    found = [notice for notice in notices if isinstance(notice, Notice)]
    return [text(n.key, **n.values) for n in found if n.key != "cli.person.holds"]


def test_without_the_questions_there_is_no_programme(run: Run) -> None:
    assert "companion person setup" in run("programme", "start", "less", fails=True)
    save_person(Person(name="me"))
    assert "companion person setup" in run("programme", "start", "less", fails=True)
    known()
    assert "no programme" in run("programme", "show", fails=True)
    for action in ("pause", "resume", "stop"):
        assert "no programme that runs" in run("programme", action, fails=True)
    assert "no programme that runs" in run("programme", "answer", "no", fails=True)


def test_a_start_says_what_is_known_and_promises_nothing(run: Run) -> None:
    known()
    shown = run("programme", "start", "twenty-weeks", "--rest", "sunday", "--days", "6")
    assert "Weeks: 20, days a week: 6; five-minutes in the evening" in shown
    assert "rest on Sunday" in shown
    assert "exercise without massage" in shown
    assert "promises no effect" in shown
    refused = run("programme", "start", "less", fails=True)
    assert "'Twenty weeks, every day'" in refused


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--weeks", "7"], "from 8 to 20"),
        (["--weeks", "many"], "from 8 to 20"),
        (["--days", "8"], "from 1 to 7"),
        (["--rest", "sunday,sunday"], "different names"),
        (["--rest", "sonday"], "sunday"),
        (["--morning", "nowhere"], "no routine of this name"),
        (["--evening", "none"], "in the morning, in the evening"),
        (["--evening-at", "8pm"], "15:00 to 23:59"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_begins(
    run: Run,
    flags: list[str],
    words: str,
) -> None:
    known()
    assert words in run("programme", "start", "five-a-week", *flags, fails=True)
    assert me().programme is None


def test_it_shows_done_of_planned_rest_and_the_row(run: Run, at: At) -> None:
    known()
    run("programme", "start", "less")
    done(at, "2026-11-02T21:00", "2026-11-04T21:00", "2026-11-06T21:00", "2026-11-09T21:00")
    at("2026-11-10T21:00")
    shown = json.loads(run("programme", "show", "--json"))
    assert shown["by_week"] == [
        {
            "number": 1,
            "first_day": "2026-11-02",
            "last_day": "2026-11-08",
            "planned": 3,
            "done": 3,
            "is_over": True,
        },
        {
            "number": 2,
            "first_day": "2026-11-09",
            "last_day": "2026-11-15",
            "planned": 3,
            "done": 1,
            "is_over": False,
        },
    ]
    assert (shown["week"], shown["weeks"], shown["in_a_row"]) == (2, 8, 4)
    assert (shown["standing"], shown["kept"], shown["paused"]) == ("running", 1.0, None)
    assert run("programme", "due") == ""
    assert said() == [
        "Programme: week 2 of 8, 1 of 3 done this week.",
        "Nothing is planned today: rest is part of the programme.",
    ]


def test_a_finished_session_says_how_the_week_stands_and_another_does_not(run: Run) -> None:
    assert keep_session(known(), summary()) == []
    run("programme", "start", "less")
    assert keep_session(me(), summary(SessionOutcome.STOPPED)) == []
    assert keep_session(me(), summary()) == ["Programme: week 1 of 8, 1 of 3 done this week."]
    run("programme", "pause")
    assert keep_session(me(), summary()) == []


def test_what_is_done_after_midnight_belongs_to_the_evening(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    at("2026-11-03T00:30")
    assert "week 1 of 20, 0 of 7" in run("programme", "due")
    done(at, "2026-11-03T00:40")
    assert json.loads(run("person", "journal", "--json"))[0]["day"] == FIRST
    assert run("programme", "due") == ""
    at("2026-11-03T20:00")
    assert "1 of 7 done" in run("programme", "due")
    done(at, "2026-11-03T20:10")
    assert "What was planned for today is done already." in said()
    assert json.loads(run("programme", "show", "--json"))["in_a_row"] == 2


def test_a_missed_day_is_not_scolded(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    done(at, *(f"2026-11-0{day}T21:00" for day in (2, 3, 4)))
    at("2026-11-08T12:00")
    shown = run("programme", "show")
    assert "week 1: 3 of 7 so far" in shown
    assert "in a row: 3" in shown
    assert "Days in a row, " not in shown
    assert said() == ["Programme: week 1 of 20, 3 of 7 done this week."]


def test_no_sentence_scolds_or_promises() -> None:
    catalogue = (Path(__file__).parents[2] / "companion/texts/en/programme.toml").read_text("utf-8")
    scolding = r"miss|fail|lost|broke|only \{|should have|too few|behind|streak|sorry|shame|guilt"
    promising = r"younger|firmer|smoother|collagen|tighten|lift|results|visible|improve|works"
    for line in catalogue.splitlines():
        sentence = line.partition(" = ")[2].replace("Nothing is lost", "")
        assert not re.search(f"{scolding}|{promising}", sentence, re.IGNORECASE), line


def test_a_pause_holds_everything_and_resumes_where_it_was(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    done(at, "2026-11-02T21:00", "2026-11-03T21:00")
    assert "Nothing is lost" in run("programme", "pause")
    assert "paused already" in run("programme", "pause", fails=True)
    at("2026-11-20T21:00")
    assert run("programme", "due") == ""
    assert said() == ["Paused since 2026-11-04; go on with: companion programme resume"]
    assert "It goes on: week 1 of 20." in run("programme", "resume")
    assert "not paused" in run("programme", "resume", fails=True)
    shown = json.loads(run("programme", "show", "--json"))
    assert (shown["by_week"][0]["done"], shown["in_a_row"]) == (2, 2)
    assert "2 of 7" in run("programme", "due")


def test_a_change_holds_from_this_week_and_stop_ends_it(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    at("2026-11-10T12:00")
    assert "nothing to change" in run("programme", "change", fails=True)
    shown = run("programme", "change", "--days", "3", "--morning", "quick", "--rest", "none")
    assert "quick in the morning (from 07:00) and five-minutes in the evening" in shown
    planned = [w["planned"] for w in json.loads(run("programme", "show", "--json"))["by_week"]]
    assert planned == [7, 6]
    assert "ended" in run("programme", "stop")
    assert "ended early" in run("programme", "show")
    assert "no programme that runs" in run("programme", "change", "--days", "2", fails=True)
    assert "begins today" in run("programme", "start", "less")


def test_it_is_over_after_its_weeks(run: Run, at: At) -> None:
    known()
    run("programme", "start", "five-a-week")
    at("2026-12-27T21:00")
    assert "me: five-minutes this evening; week 8 of 8" in run("programme", "due")
    at("2026-12-28T21:00")
    assert "five-minutes" not in run("programme", "due")
    shown = run("programme", "show")
    assert "All its weeks are over." in shown
    assert "week 8: 0 of 5\n" in shown
    assert "begins today" in run("programme", "start", "less")


def test_lines_are_asked_for_after_thirty_days_and_a_yes_pauses(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    save_person(replace(me(), asked_day=739_950))
    at("2026-12-01T21:00")
    assert "lines" not in run("programme", "due")
    at("2026-12-02T21:00")
    assert "do lines look deeper? companion programme answer yes|no" in run("programme", "due")
    assert any("do lines look deeper?" in sentence for sentence in said())
    assert "asked again in 30 days" in run("programme", "answer", "no")
    at("2026-12-31T21:00")
    save_person(replace(me(), asked_day=739_980))
    assert "lines" not in run("programme", "due")
    at("2027-01-01T21:00")
    event = json.loads(run("programme", "due", "--json").splitlines()[0])
    assert event["event"] == "lines_question_due"
    assert event["since"] == "2027-01-01"
    assert "programme is paused" in run("programme", "answer", "yes")
    assert run("programme", "due") == ""
    (sentence,) = said()
    assert sentence.startswith("Paused since 2027-01-01, because lines looked deeper;")
    assert "say so first" in run("programme", "resume", fails=True)
    assert "still paused" in run("programme", "answer", "no")
    assert "It goes on" in run("programme", "resume")


def test_a_session_on_a_terminal_asks_about_lines(
    run: Run,
    at: At,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    save_person(replace(me(), asked_day=739_950))
    at("2026-12-02T21:00")
    asked = typing(monkeypatch, "later")
    assert any("do lines look deeper?" in sentence for sentence in said(asking=True))
    assert len(asked.prompts) == 1
    typing(monkeypatch, "n")
    assert len(said(asking=True)) == 1
    assert said(asking=True) == ["Programme: week 5 of 20, 0 of 7 done this week."], "asked once"
    save_person(replace(me(), asked_day=739_980))
    at("2027-01-01T21:00")
    typing(monkeypatch, "y", "n")
    with pytest.raises(SessionDeclined):
        said(asking=True)
    assert "Leave massage for some weeks" in capsys.readouterr().out
    assert said(asking=True)[0].startswith("Paused since 2027-01-01")


def test_whoever_declines_ends_the_command_without_an_error(
    run: Run, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    save_person(replace(me(), asked_day=739_950))
    at("2026-12-02T21:00")
    monkeypatch.setattr("companion.cli.run.can_ask", lambda: True)
    typing(monkeypatch, "y", "n")
    assert run("run", "--plain").endswith("No session today.\n")


def test_going_on_after_a_yes_is_the_persons_choice(
    run: Run,
    at: At,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    save_person(replace(me(), asked_day=739_950))
    at("2026-12-02T21:00")
    typing(monkeypatch, "y", "y")
    assert said(asking=True)[0].startswith("Paused since 2026-12-02, because lines")
    monkeypatch.setattr("companion.cli.programme.can_ask", lambda: True)
    at("2026-12-20T21:00")
    typing(monkeypatch, "y")
    assert "programme is paused" in run("programme", "resume")
    typing(monkeypatch, "n")
    assert "It goes on: week 5" in run("programme", "resume")


def test_a_session_of_the_day_a_pause_begins_still_counts(run: Run, at: At) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    done(at, "2026-11-02T21:00")
    run("programme", "answer", "yes")
    at("2026-11-20T21:00")
    shown = json.loads(run("programme", "show", "--json"))
    assert (shown["sessions"], shown["paused"]["since"]) == (1, "2026-11-03")
    assert shown["paused"]["why"] == "lines"


def test_so_does_one_before_a_yes_at_the_next(
    run: Run, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    known()
    run("programme", "start", "twenty-weeks")
    save_person(replace(me(), asked_day=739_950))
    done(at, "2026-12-02T20:00")
    typing(monkeypatch, "y", "y")
    assert said(asking=True)[0].startswith("Paused since 2026-12-02")
    shown = json.loads(run("programme", "show", "--json").splitlines()[-1])
    assert (shown["sessions"], shown["paused"]["since"]) == (1, "2026-12-03")


def test_the_programme_names_the_routine_unless_this_session_does(
    run: Run,
    at: At,
    tmp_path: Path,
) -> None:
    known()
    (tmp_path / "companion.toml").write_text('routine = "slow"\n', encoding="utf-8")
    run("programme", "start", "twelve-weeks", "--evening", "drainage-none", fails=True)
    run("programme", "start", "twelve-weeks", "--evening", "five-minutes-drain")
    held = load_settings({}, {})
    assert planned_settings(held, None).routine == "quick"
    at(f"{FIRST}T21:00")
    assert planned_settings(held, None).routine == "five-minutes-drain"
    assert planned_settings(held, "eve").routine == "slow"
    flagged = load_settings({"routine": "less"}, {})
    assert planned_settings(flagged, None).routine == "less"
    spoken = load_settings({}, {"MASSAGE_COMPANION_ROUTINE": "techniques"})
    assert planned_settings(spoken, None).routine == "techniques"
    run("programme", "pause")
    assert planned_settings(held, None).routine == "slow"


def test_due_tells_everyone_or_one_and_keeps_quiet_after_an_unwell_session(
    run: Run,
    at: At,
) -> None:
    for name in ("me", "eve", "s-017"):
        known(name)
    for name in ("me", "s-017"):
        run("programme", "start", "five-a-week", "--person", name)
    at(f"{FIRST}T20:30")
    assert [line.partition(":")[0] for line in run("programme", "due").splitlines()] == [
        "me",
        "s-017",
    ]
    assert run("programme", "due", "--person", "s-017").count("\n") == 1
    assert run("programme", "due", "--person", "eve") == ""
    assert "nobody called adam" in run("programme", "due", "--person", "adam", fails=True)
    keep_session(me(), summary(SessionOutcome.UNWELL))
    (event,) = [json.loads(line) for line in run("programme", "due", "--json").splitlines()[:1]]
    assert event == {
        "event": "checklist_due",
        "person": "me",
        "why": "unwell",
        "holds_up": True,
        "text": "me: the questions are to be gone through again: companion person setup",
    }
    assert "me: five-minutes" not in run("programme", "due")


def test_the_clock_set_back_harms_nothing(run: Run, at: At) -> None:
    known()
    run("programme", "start", "five-a-week")
    done(at, "2026-11-02T21:00")
    at("2026-10-01T21:00")
    assert run("programme", "due") == ""
    assert "Week 1 of 8" in run("programme", "show")
    assert said() == []
    run("programme", "pause")
    run("programme", "resume")
    run("programme", "stop")
    assert "ended early" in run("programme", "show")


def test_the_clock_set_back_into_a_pause_that_is_over_harms_nothing(run: Run, at: At) -> None:
    known()
    run("programme", "start", "five-a-week")
    at("2026-11-09T21:00")
    run("programme", "pause")
    at("2026-11-30T21:00")
    run("programme", "resume")
    at("2026-11-20T21:00")
    assert said() == []
    assert run("programme", "due") == ""
    assert keep_session(me(), summary()) == []
    assert "Week 2 of 8" in run("programme", "show")


def test_a_damaged_journal_is_one_sentence_and_stays(run: Run, at: At) -> None:
    known()
    run("programme", "start", "five-a-week")
    at(f"{FIRST}T20:30")
    journal_file("me").write_text("{", encoding="utf-8")
    for command in (["programme", "show"], ["programme", "due"], ["person", "journal"]):
        refused = run(*command, fails=True)
        assert refused.count("\n") == 1
        assert "journal-me.json: line 1: it is damaged; it is left as it is." in refused
    assert main(["run", "--plain"]) == 2
    assert journal_file("me").read_text("utf-8") == "{"


def test_listed_checked_and_described(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "twenty-weeks" in run("programme", "list")
    assert len(json.loads(run("programme", "list", "--json"))) == 6
    assert json.loads(run("programme", "schema"))["properties"]["weeks"]["maximum"] == 20
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("format = 1\nweeks = 40\n", encoding="utf-8")
    refused = run("programme", "check", str(wrong), fails=True)
    assert "weeks (line 2): this must be at most 20" in refused
    assert "days_a_week: this key is missing" in refused
    assert main(["programme", "check", "--json", str(wrong), "none.toml"]) == 2
    faults = json.loads(capsys.readouterr().out)
    assert [fault["line"] for fault in faults if fault["key"] == "weeks"] == [2]
    assert faults[-1]["file"] == "none.toml"


def test_one_of_ones_own_is_begun_found_by_its_name_and_said_to_hide_a_shipped_one(
    run: Run, tmp_path: Path
) -> None:
    known()
    folder = tmp_path / "programmes"
    assert run("programme", "path") == f"{folder}\n"
    assert run("programme", "new", "mine") == f"{folder / 'mine.toml'} is begun.\n"
    assert "nothing wrong; weeks: 8" in run("programme", "check", str(folder / "mine.toml"))
    assert "already" in run("programme", "new", "mine", fails=True)
    assert "the shipped 'less'" in run("programme", "new", "less", "--from", "twenty-weeks")
    lines = run("programme", "list").splitlines()
    (hides,) = [line for line in lines if line.endswith("(yours, in place of the shipped one)")]
    assert hides.startswith("less ")
    assert [line.split()[1] for line in lines if line.startswith("mine ")] == ["user"]
    started = run("programme", "start", "less")
    assert f"your own 'less', in place of the shipped one: {folder / 'less.toml'}" in started
    assert me().programme is not None


@pytest.mark.parametrize("name", ["../mine", "Mine", "a.toml", "x" * 300])
def test_a_name_that_does_not_do_begins_no_file(run: Run, tmp_path: Path, name: str) -> None:
    assert run("programme", "new", "--", name, fails=True)
    assert not (tmp_path / "programmes").exists() or not list((tmp_path / "programmes").iterdir())


def test_the_template_of_a_programme_shows_every_key() -> None:
    template = default_file("templates", "programme.toml").read_text(encoding="utf-8")
    assert not [key for key in ProgrammeFile.model_fields if key not in template]
    used = re.sub(r"^# (\w+ = )", r"\1", template, flags=re.MULTILINE)
    Path("all.toml").write_text(used, encoding="utf-8")
    plan = load_plan_file("all.toml")
    assert (plan.note, list(plan.routines)) == ("Nothing is known of it.", ["morning", "evening"])
