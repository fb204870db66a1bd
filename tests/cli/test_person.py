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
from companion.coaching.events import Notice, SessionOutcome, Summary
from companion.coaching.person import Person, Said
from companion.settings.persons import load_persons, save_person
from companion.settings.routines import load_routine

QUESTIONS = 16
SUMMARY = Summary(
    routine="five-minutes",
    outcome=SessionOutcome.FINISHED,
    duration_s=1.0,
    steps=(),
    alerts=(),
    gaps_s=0.0,
    samples=1,
    advice=(),
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path)


def typing(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    typed = iter(answers)

    def read(_prompt: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)


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
    assert main(["person", "delete"]) == 0
    assert not (tmp_path / "persons.json").exists()
    assert main(["person", "show"]) == 2
    assert "nobody called me" in capsys.readouterr().err


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


def test_finished_sessions_are_counted_and_others_not() -> None:
    person = used(first_day=None, sessions=0)
    save_person(person)
    for outcome, sessions in (("finished", 1), ("stopped", 1), ("interrupted", 1), ("finished", 2)):
        keep_session(person, replace(SUMMARY, outcome=SessionOutcome(outcome)))
        assert me().sessions == sessions
        assert me().first_day == today()
    keep_session(person, None)
    assert me().sessions == 2
