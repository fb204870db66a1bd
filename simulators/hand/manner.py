"""Which habits hold where: the scenario's own, and what it changes in some steps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from simulators.plan import PlannedStep
from simulators.scenario import Change, Habits, Press, Scenario


@dataclass(frozen=True, slots=True)
class Manner:
    """How one repetition of a step is performed: the step and habits of this very person.

    A ``friction`` of None is that of all the skin.
    """

    step: PlannedStep
    habits: Habits
    reverse: bool
    friction: float | None


class Manners:
    """A scenario's manner of working, repetition by repetition."""

    def __init__(self, scenario: Scenario) -> None:
        self._habits = scenario.habits
        self._changes = scenario.changes
        self._used: set[int] = set()
        self._found: dict[tuple[str, tuple[int, ...]], Manner] = {}

    def of(self, step: PlannedStep, repetition: int) -> Manner:
        """Return how a repetition, counted from 1, is performed; later changes win."""
        changes = tuple(
            index
            for index, change in enumerate(self._changes)
            if _concerns(change, step, repetition)
        )
        if (step.id, changes) not in self._found:
            self._used.update(changes)
            self._found[step.id, changes] = self._changed(step, changes)
        return self._found[step.id, changes]

    @property
    def unused(self) -> tuple[Change, ...]:
        """Changes that fitted no repetition so far."""
        return tuple(
            change for index, change in enumerate(self._changes) if index not in self._used
        )

    def _changed(self, step: PlannedStep, changes: Iterable[int]) -> Manner:
        habits: dict[str, Any] = {"way_back": "full"} if step.there_and_back else {}
        reverse, friction = False, None
        for change in (self._changes[index] for index in changes):
            habits |= change.habits
            reverse ^= change.reverse
            friction = friction if change.friction is None else change.friction
            step = replace(
                step,
                technique=change.technique or step.technique,
                direction=change.direction or step.direction,
            )
        return Manner(step, replace(self._habits, **habits), reverse, friction)


def _concerns(change: Change, step: PlannedStep, repetition: int) -> bool:
    meant = not step.hand_only and change.means(step.id, step.zone, step.side)
    return meant and (not change.repetitions or repetition in change.repetitions)


class Presses:
    """The presses of a scenario, each with the step it belongs to: the first that it means."""

    def __init__(self, presses: Iterable[Press], steps: tuple[PlannedStep, ...]) -> None:
        self._waiting = [(_first_meant(press, steps), press) for press in presses]
        self._used: set[int] = set()

    def due(self, step: int, repetitions: range, *, reached_s: float) -> Press | None:
        """Return what presses too hard in a contact.

        Args:
            step: index of the step.
            repetitions: those the contact makes, counted from 1.
            reached_s: up to here this contact, and no later one, can serve a press with a time.
        """
        for index, (own, press) in enumerate(self._waiting):
            if own != step:
                continue
            timed = press.at_s is not None and index not in self._used and reached_s > press.at_s
            if timed or any(number in repetitions for number in press.repetitions):
                self._used.add(index)
                return press
        return None

    @property
    def unused(self) -> tuple[Press, ...]:
        """Presses that fitted no contact so far."""
        return tuple(
            press for index, (_, press) in enumerate(self._waiting) if index not in self._used
        )


def _first_meant(press: Press, steps: tuple[PlannedStep, ...]) -> int | None:
    return next(
        (
            index
            for index, step in enumerate(steps)
            if not step.hand_only and press.means(step.id, step.zone, step.side)
        ),
        None,
    )
