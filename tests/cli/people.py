"""A person, a journal and a clock for tests of what is kept over days."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

import pytest

from companion.coaching.events import SessionOutcome, StepResult, Summary
from companion.coaching.routine import Side, StepKind, Zone

At = Callable[[str], None]
"""Sets the clock to a local time such as ``2026-11-21T21:00``."""


class Typed(NamedTuple):
    """What a person typed, and whether there was more to type than was asked for."""

    left: list[str]
    prompts: list[str]


def clock(monkeypatch: pytest.MonkeyPatch) -> At:
    """Return what sets the wall clock of the commands."""

    def set_clock(time: str) -> None:
        now = datetime.fromisoformat(time).astimezone()
        monkeypatch.setattr("companion.cli.clock.local_time", lambda: now)

    return set_clock


def typing(monkeypatch: pytest.MonkeyPatch, *answers: str) -> Typed:
    """Let somebody type these answers, and nothing after them."""
    typed = Typed(list(answers), [])

    def read(prompt: str) -> str:
        typed.prompts.append(prompt)
        if not typed.left:
            raise EOFError
        return typed.left.pop(0)

    monkeypatch.setattr("builtins.input", read)
    return typed


def summary(outcome: SessionOutcome = SessionOutcome.FINISHED, *, steps: int = 1) -> Summary:
    """Return what a session of five minutes came to; without steps none was begun."""
    step = StepResult(
        step="one",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        kind=StepKind.TOOL,
        outcome="done",
        repetitions=1,
        goal=1,
        duration_s=300.0,
        seconds_by_level={},
        mean_kpa=None,
        peak_kpa=None,
        judged=False,
    )
    return Summary(
        routine="five-minutes",
        outcome=outcome,
        duration_s=300.0,
        steps=(step,) * steps,
        alerts=(),
        gaps_s=0.0,
        samples=1,
        advice=(),
    )


def all_no(count: int = 16) -> Iterator[str]:
    """Yield the answers to a first set-up by somebody to whom nothing applies."""
    yield from ("y", "", "")
    yield from ("n",) * count
