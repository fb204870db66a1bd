"""``companion person``: asked to the end or not at all, shown, deleted, and used by a session."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.endings import UsageRefused
from companion.cli.person import today
from companion.cli.persons import keep_session, prepared
from companion.coaching.checklist import ASK_AGAIN_DAYS
from companion.coaching.events import Notice, SessionOutcome
from companion.coaching.person import Care, Person, Said
from companion.coaching.routine import Zone
from companion.sensing.types import Technique
from companion.settings.care import load_person_rules
from companion.settings.journal import load_journal
from companion.settings.persons import load_persons, save_person
from companion.settings.routines import load_routine
from companion.texts import text
from tests.cli.people import all_no, clock, summary, typing
from tests.cli.terminal import terminal

QUESTIONS = 16
SUMMARY = summary()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path)


def set_up(monkeypatch: pytest.MonkeyPatch, *answers: str) -> int:
    typing(monkeypatch, *answers)
    return main(["person", "setup"])


def me() -> Person:
    return load_persons()["me"]


def used(**changes: object) -> Person:
    """Somebody beyond the first weeks."""
    person = Person(name="me", asked_day=today(), first_day=today() - 60, sessions=40)
    return replace(person, **changes)  # type: ignore[arg-type]  # checked by the class


def test_every_question_is_asked_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["y", "left", "lying", "y", *["n"] * 4, "y", "cheek, under_eye", *["n"] * 10]
    assert set_up(monkeypatch, *answers) == 0
    assert (me().hand, me().posture) == ("left", "lying")
    assert set(me().traits) == {"thin_skin", "oedema"}
    assert me().traits["oedema"].zones == {"cheek", "under_eye"}
    assert me().reasons == {}
    assert me().asked_day == today()


def test_answering_anew_keeps_what_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    save_person(used(scale_percent=75))
    before = me()
    assert set_up(monkeypatch, "left", "lying", *["n"] * QUESTIONS) == 0
    assert me() == replace(
        before, hand=me().hand, posture=me().posture, traits=me().traits, reasons=me().reasons
    )
    assert (me().scale_percent, me().sessions, me().first_day) == (75, 40, today() - 60)


def test_an_answer_that_is_none_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "y", "third", "", "", "perhaps", "", *["n"] * QUESTIONS) == 0
    assert capsys.readouterr().out.count("Please answer") == 3


def test_half_a_set_of_answers_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "y", "", "", "y") == 2
    assert "nothing was changed" in capsys.readouterr().err
    assert load_persons() == {}


def test_what_a_clinician_should_hear_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "y", "", "", *["n"] * 4, "y", *["n"] * 11) == 0
    assert "Ask a clinician before you go on" in capsys.readouterr().out


def test_an_answer_that_still_holds_keeps_its_day_and_one_that_ended_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for days_ago, expected in ((5, today() - 5), (60, today())):
        save_person(used(traits={"retinoid_new": Said(today() - days_ago)}))
        assert set_up(monkeypatch, "", "", *["n"] * 3, "y", *["n"] * 12) == 0
        assert me().traits["retinoid_new"].day == expected


def test_shown_listed_and_deleted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    save_person(used(reasons={"eyes": Said(today())}))
    assert main(["person", "show"]) == 0
    shown = capsys.readouterr().out
    assert "under-eye left alone" in shown
    assert str(tmp_path / "persons.json") in shown
    assert main(["person", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reasons"]["eyes"]["zones"] == []
    assert main(["person", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ["me"]
    assert main(["person", "list"]) == 0
    assert "me, asked on" in capsys.readouterr().out
    keep_session(me(), SUMMARY)
    assert main(["programme", "start", "less"]) == 0
    assert main(["person", "show"]) == 0
    shown = capsys.readouterr().out
    assert "programme: Less is fine: three days a week; companion programme show" in shown
    assert str(tmp_path / "journal-me.json") in shown
    assert main(["person", "delete"]) == 0
    assert not (tmp_path / "persons.json").exists()
    assert main(["person", "show"]) == 2
    assert "nobody called me" in capsys.readouterr().err


def test_swelling_is_shown_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    save_person(used(traits={"oedema": Said(today(), frozenset({Zone.CHEEK}))}))
    assert main(["person", "show"]) == 0
    assert "limits x 0.75 (cheek)" in capsys.readouterr().out


def test_nobody_known_gives_the_general_limits_and_says_so() -> None:
    routine = load_routine("five-minutes")
    ready = prepared(routine, None)
    assert ready.routine is routine
    assert [notice.key for notice in ready.notices if isinstance(notice, Notice)] == [
        "cli.person.no_person"
    ]
    with pytest.raises(UsageRefused, match="nobody called"):
        prepared(routine, "eve")


def test_a_session_is_fitted_and_says_what_is_left_out() -> None:
    save_person(used(reasons={"eyes": Said(today())}, traits={"thin_skin": Said(today())}))
    ready = prepared(load_routine("five-minutes"), None)
    assert "under_eye" not in {step.zone for step in ready.routine.steps}
    keys = [notice.key for notice in ready.notices if isinstance(notice, Notice)]
    assert keys == ["cli.person.holds", *["cli.person.step_blocked"] * 2]


def test_answers_older_than_a_month_are_to_be_gone_through_again() -> None:
    save_person(used(asked_day=today() - ASK_AGAIN_DAYS))
    notices = prepared(load_routine("five-minutes"), None).notices
    assert isinstance(notices[0], Notice)
    assert notices[0].key == "cli.person.again_month"


def test_where_nothing_is_left_the_session_is_refused_with_the_reason() -> None:
    save_person(used(reasons={"isotretinoin": Said(today())}))
    with pytest.raises(UsageRefused, match="isotretinoin"):
        prepared(load_routine("five-minutes"), None)


def test_no_second_session_on_a_day_that_was_stopped_for_not_being_well() -> None:
    keep_session(None, replace(SUMMARY, outcome=SessionOutcome.UNWELL))
    with pytest.raises(UsageRefused, match="no other session today"):
        prepared(load_routine("five-minutes"), None)
    save_person(replace(me(), stopped_day=today() - 1, changed_day=None))
    assert prepared(load_routine("five-minutes"), None).person is not None


def test_not_well_before_the_first_step_ends_the_day_too() -> None:
    save_person(used())
    keep_session(me(), summary(SessionOutcome.UNWELL, step_outcome="not_reached"))
    assert load_journal("me") == []
    with pytest.raises(UsageRefused, match="no other session today"):
        prepared(load_routine("five-minutes"), None)


def test_finished_sessions_are_counted_and_others_not() -> None:
    person = used(first_day=None, sessions=0)
    save_person(person)
    for outcome, sessions in (("finished", 1), ("stopped", 1), ("interrupted", 1), ("finished", 2)):
        keep_session(person, replace(SUMMARY, outcome=SessionOutcome(outcome)))
        assert me().sessions == sessions
        assert me().first_day == today()
    keep_session(person, None)
    assert me().sessions == 2


def test_skipping_every_step_is_no_session_and_running_out_of_time_is_one() -> None:
    save_person(used(sessions=0))
    for outcome, sessions in (("skipped", 0), ("stopped", 0), ("short", 1)):
        keep_session(me(), summary(step_outcome=outcome))
        assert me().sessions == sessions
    assert [kept.steps_done for kept in load_journal("me")] == [0, 0, 1]


def unlocked(day: int) -> bool:
    """Say whether a knead on the cheek is open to me on a day."""
    refusing = Care(load_person_rules(), me(), day).refusing(
        Zone.CHEEK, Technique.KNEAD, edge=False
    )
    return not refusing


def left_out() -> set[str]:
    """Return the techniques that a session of today leaves out of the routine of article 001."""
    routine = load_routine("techniques")
    rest = {step.id for step in prepared(routine, None).routine.steps}
    return {step.technique for step in routine.steps if step.id not in rest}


def test_taps_and_circles_come_first_and_the_rest_after_fourteen_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = clock(monkeypatch)
    at("2026-11-01T21:00")
    assert set_up(monkeypatch, *all_no()) == 0
    at("2026-11-02T21:00")
    keep_session(me(), SUMMARY)
    assert (me().first_day, len(load_journal("me"))) == (today(), 1)
    at("2026-11-15T21:00")
    assert left_out() == {"knead", "stretch"}
    assert not unlocked(today())
    at("2026-11-16T03:59")
    assert left_out() == {"knead", "stretch"}, "the night still belongs to the thirteenth day"
    at("2026-11-16T04:00")
    assert left_out() == set()
    assert unlocked(today())


def test_the_rest_comes_after_six_sessions_and_not_after_five_whatever_was_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set_up(monkeypatch, *all_no()) == 0
    for _ in range(5):
        keep_session(me(), SUMMARY)
        keep_session(me(), replace(SUMMARY, outcome=SessionOutcome.STOPPED))
    assert [kept.outcome for kept in load_journal("me")] == ["finished", "stopped"] * 5
    assert left_out() == {"knead", "stretch"}
    keep_session(me(), SUMMARY)
    assert left_out() == set()


def test_the_journal_says_what_was_done_and_nothing_of_health(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["person", "journal"]) == 2
    save_person(used())
    assert main(["person", "journal"]) == 0
    assert "No session is kept yet." in capsys.readouterr().out
    keep_session(me(), SUMMARY)
    keep_session(me(), replace(SUMMARY, outcome=SessionOutcome.UNWELL))
    keep_session(me(), summary(SessionOutcome.STOPPED, step_outcome="not_reached"))
    assert main(["person", "journal"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2, "a session in which no step was begun is none"
    assert "five-minutes  finished  1 of 1 steps done  5.0 min" in lines[0]
    assert "five-minutes  stopped " in lines[1]
    assert main(["person", "journal", "--json"]) == 0
    assert "unwell" not in capsys.readouterr().out


def test_an_unwell_session_ends_the_day_and_asks_about_bruises_before_the_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = clock(monkeypatch)
    at("2026-11-21T22:00")
    save_person(used())
    keep_session(me(), replace(SUMMARY, outcome=SessionOutcome.UNWELL))
    for time in ("2026-11-21T22:05", "2026-11-22T00:10"):
        at(time)
        assert main(["run", "--plain"]) == 2
        assert "no other session today" in capsys.readouterr().err
    at("2026-11-22T21:00")
    assert main(["run", "--plain"]) == 2
    refused = capsys.readouterr().err
    assert "no session before the questions are gone through again" in refused
    assert refused.count("\n") == 1
    answers = typing(monkeypatch, "y", "", "", *["n"] * 7, "y", "cheek", *["n"] * 8)
    ready = prepared(load_routine("five-minutes"), None, asking=True)
    assert "because you were not well" in answers.prompts[0]
    assert "Is there a bruise" in answers.prompts[10]
    assert answers.left == []
    assert Zone.CHEEK not in {step.zone for step in ready.routine.steps}
    assert me().changed_day is None


def test_somebody_unknown_who_was_not_well_is_asked_before_the_next_session() -> None:
    keep_session(None, replace(SUMMARY, outcome=SessionOutcome.UNWELL))
    save_person(replace(me(), stopped_day=today() - 1, changed_day=today() - 1))
    with pytest.raises(UsageRefused, match="companion person setup"):
        prepared(load_routine("five-minutes"), None)
    assert load_journal("me") == []


def test_a_change_holds_sessions_up_until_the_questions_are_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save_person(used(name="eve"))
    assert main(["person", "changed", "--person", "eve"]) == 0
    assert "companion person setup --person eve" in capsys.readouterr().out
    assert main(["run", "--json", "--person", "eve"]) == 2
    assert "something changed for eve" in capsys.readouterr().err
    assert main(["person", "show", "--person", "eve"]) == 0
    assert "something changed on" in capsys.readouterr().out
    typing(monkeypatch, "n")
    with pytest.raises(UsageRefused, match="something changed for eve"):
        prepared(load_routine("five-minutes"), "eve", asking=True)
    typing(monkeypatch, "", "", *["n"] * QUESTIONS)
    assert main(["person", "setup", "--person", "eve"]) == 0
    assert load_persons()["eve"].changed_day is None
    assert prepared(load_routine("five-minutes"), "eve").person is not None


def test_a_change_at_a_terminal_asks_at_once_and_half_an_answer_leaves_it_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_person(used())
    monkeypatch.setattr("companion.cli.person.can_ask", lambda: True)
    typing(monkeypatch, "", "", "n")
    assert main(["person", "changed"]) == 2
    assert me().changed_day == today()
    typing(monkeypatch, "", "", *["n"] * QUESTIONS)
    assert main(["person", "changed"]) == 0
    assert me().changed_day is None


def test_after_a_month_a_session_offers_to_ask_and_goes_on_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = used(asked_day=today() - ASK_AGAIN_DAYS, reasons={"eyes": Said(today() - 40)})
    save_person(old)
    asked = typing(monkeypatch, "n")
    ready = prepared(load_routine("five-minutes"), None, asking=True)
    assert "a month ago" in asked.prompts[0]
    assert Zone.UNDER_EYE not in {step.zone for step in ready.routine.steps}, "what was said holds"
    assert isinstance(ready.notices[0], Notice)
    assert ready.notices[0].key == "cli.person.again_month"
    typing(monkeypatch, "y", "", "", *["n"] * QUESTIONS)
    ready = prepared(load_routine("five-minutes"), None, asking=True)
    assert Zone.UNDER_EYE in {step.zone for step in ready.routine.steps}
    assert me().asked_day == today()
    assert len(ready.notices) == 1


def test_what_has_run_out_by_its_days_is_said() -> None:
    reasons = {"botulinum": Said(today() - 7, frozenset({Zone.FOREHEAD}))}
    save_person(used(asked_day=today() - 7, reasons=reasons))
    notice = prepared(load_routine("five-minutes"), None).notices[0]
    assert isinstance(notice, Notice)
    assert "has run out by its days" in text(notice.key, **notice.values)


def test_it_is_for_the_person_to_weigh_before_the_first_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set_up(monkeypatch, "n") == 2
    assert "nothing was kept" in capsys.readouterr().err
    assert load_persons() == {}


@pytest.mark.parametrize(
    ("name", "words"), [("a b", "up to 40 letters"), ("", "up to 40"), ("Eve", "in capitals only")]
)
def test_a_name_is_refused_before_the_questions(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, words: str
) -> None:
    save_person(used(name="eve"))
    typing(monkeypatch)
    assert main(["person", "setup", "--person", name]) == 2
    assert words in capsys.readouterr().err


def test_several_people_are_kept_apart_and_each_can_be_forgotten_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("zora", "s-017"):
        save_person(used(name=name))
        keep_session(load_persons()[name], SUMMARY)
        assert main(["programme", "start", "less", "--person", name]) == 0
    keep_session(load_persons()["zora"], SUMMARY)
    assert (len(load_journal("zora")), len(load_journal("s-017"))) == (2, 1)
    assert main(["person", "delete", "--person", "zora"]) == 0
    assert "So is every session" in capsys.readouterr().out
    assert all("zora" not in path.name for path in tmp_path.rglob("*"))
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [b"zora" in path.read_bytes() for path in left] == [False, False]
    assert load_persons()["s-017"].programme is not None
    assert main(["person", "delete", "--person", "s-017"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_run_on_a_real_terminal_asks_before_it_looks_for_a_tool(tmp_path: Path) -> None:
    folder = tmp_path / "massage-companion"
    folder.mkdir()
    asked = {"asked": "2026-01-01", "first": "2026-01-01", "sessions": 40}
    document = {"format": 1, "persons": {"me": asked}}
    (folder / "persons.json").write_text(json.dumps(document), encoding="utf-8")
    homes = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
    environment = dict.fromkeys(homes, str(tmp_path))
    run = ("-m", "companion", "run", "--plain", "--air", "127.0.0.1:1")
    with terminal(*run, environment=environment) as screen:
        screen.until("Go through them again now?")
        screen.press("n\n")
        screen.ended()
    assert "Traceback" not in screen.written
    assert screen.written.count("[y/n]") == 1
