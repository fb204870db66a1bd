"""A session that broke off is offered to be gone on with, from its step."""

from argparse import Namespace
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from companion.cli.endings import UsageRefused
from companion.cli.persons import Prepared
from companion.cli.resuming import resumed
from companion.coaching.events import Event, StepFinished, StepStarted
from companion.coaching.routine import Direction
from companion.settings.routines import load_routine
from companion.store.database import open_store, store_file
from tests.cli.people import typing
from tests.store.recording import recorded
from tests.store.sessions import FINISHED, STARTED

ROUTINE = load_routine("five-minutes")
STEPS = [step.id for step in ROUTINE.steps]


def begun(index: int) -> StepStarted:
    step = ROUTINE.steps[index]
    return StepStarted(
        device_s=1.0 + index,
        priority=1,
        step=step.id,
        index=index,
        steps=len(STEPS),
        kind=step.kind,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        direction=Direction.ANY,
        repetitions=10,
        time_limit_s=60.0,
        band=None,
        cannot_judge=None,
        hint="",
    )


def ended(index: int) -> StepFinished:
    return StepFinished(
        device_s=1.5 + index,
        step=STEPS[index],
        index=index,
        outcome="done",
        repetitions=10,
        goal=10,
        duration_s=9.0,
    )


def broke_off(*events: Event, minutes_ago: float = 5.0, outcome: str | None = None) -> None:
    """Keep a session that ended so long ago without a word."""
    seen_at = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()
    with closing(open_store(store_file())) as store:
        recorded(store, (STARTED, *events), person="me")
        store.execute("UPDATE routine SET name = 'five-minutes'")
        store.execute("UPDATE session SET seen_at = ?, outcome = ?", [seen_at, outcome])


def steps_after(*, resume: bool | None = None, asking: bool = True) -> list[str]:
    ready = resumed(Prepared(ROUTINE, None, ()), Namespace(resume=resume), asking=asking)
    return [step.id for step in ready.routine.steps]


@pytest.fixture(autouse=True)
def _noon(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    now = datetime.now(UTC).astimezone()
    monkeypatch.setattr("companion.cli.resuming.local_time", lambda: now.replace(hour=3))


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ((begun(0), ended(0), begun(1)), STEPS[1:]),
        ((begun(0), ended(0)), STEPS[1:]),
        ((begun(0), ended(0), begun(1), ended(1), begun(2)), STEPS[2:]),
    ],
)
def test_a_yes_goes_on_at_the_step_that_was_under_way(
    events: tuple[Event, ...], left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broke_off(*events)
    typed = typing(monkeypatch, "y")
    assert steps_after() == left
    assert left[0] in typed.prompts[0]
    assert steps_after(resume=True, asking=False) == left


def test_a_no_and_no_question_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    broke_off(begun(0), ended(0), begun(1))
    typing(monkeypatch, "n")
    assert steps_after() == STEPS
    assert steps_after(resume=False) == STEPS
    assert steps_after(asking=False) == STEPS


@pytest.mark.parametrize(
    ("events", "minutes_ago", "outcome"),
    [
        ((begun(0),), 5.0, None),
        ((begun(0), ended(0), begun(1)), 31.0, None),
        ((begun(0), ended(0), begun(1)), 0.1, None),
        ((begun(0), ended(0), begun(1)), 5.0, "stopped"),
        ((begun(0), ended(0), FINISHED), 5.0, "finished"),
    ],
)
def test_what_is_not_worth_going_on_with_is_not_offered(
    events: tuple[Event, ...], minutes_ago: float, outcome: str | None
) -> None:
    broke_off(*events, minutes_ago=minutes_ago, outcome=outcome)
    assert steps_after() == STEPS
    with pytest.raises(UsageRefused, match="nothing to go on with"):
        steps_after(resume=True)


def test_what_broke_off_before_the_night_ended_stays_there(monkeypatch: pytest.MonkeyPatch) -> None:
    broke_off(begun(0), ended(0), begun(1))
    tomorrow = datetime.now(UTC).astimezone() + timedelta(days=1)
    monkeypatch.setattr("companion.cli.resuming.local_time", lambda: tomorrow.replace(hour=5))
    assert steps_after() == STEPS


def test_nothing_is_asked_where_nothing_was_kept() -> None:
    assert steps_after() == STEPS
    assert not store_file().exists()
