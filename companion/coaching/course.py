"""The steps of a routine in their order: which one is being done, and how the others went."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from companion.coaching.attempt import Attempt, task_of
from companion.coaching.events import (
    AlertRecord,
    RoutineScaled,
    StepFinished,
    StepOutcome,
    StepResult,
    StepStarted,
)
from companion.coaching.hints.desk import BETWEEN_S, STEP_PRIORITY
from companion.coaching.person import lowered
from companion.coaching.routine import Side, Step
from companion.coaching.scaling import PLAIN_PERCENT, scaled
from companion.coaching.view import StepState
from companion.sensing.types import Doubt, Task

STATES = {
    StepOutcome.DONE: StepState.DONE,
    StepOutcome.SHORT: StepState.SHORT,
    StepOutcome.STOPPED: StepState.SHORT,
    StepOutcome.SKIPPED: StepState.SKIPPED,
}
"""How a step that ended so stands in the strip of steps."""
_BOTH_SIDES = {Side.LEFT, Side.RIGHT}


class Course:
    """A walk through the steps.

    Args:
        steps: as the routine has them.
        can_count: whether the tool can tell the repetitions of a task.
        percent: how much of each is to be done.

    Attributes:
        steps: all of them, as they are scaled.
        percent: how much of the routine is to be done.
        index: the present one, the last one at the end.
        attempt: the present one being done.
        begun: whether it has begun and not ended.
    """

    def __init__(
        self,
        steps: tuple[Step, ...],
        can_count: Callable[[Task], bool],
        percent: int = PLAIN_PERCENT,
    ) -> None:
        self._own = self._plain = steps
        self._can_count = can_count
        self.percent = percent
        self.steps = tuple(scaled(step, percent) for step in steps)
        self.index = 0
        self.attempt = Attempt(self.steps[0], None)
        self.begun = False
        self._results: dict[int, StepResult] = {}
        self._done: dict[int, Step] = {}

    @property
    def step(self) -> Step:
        """The present step."""
        return self.attempt.step

    @property
    def shown_steps(self) -> tuple[Step, ...]:
        """All steps, the present one with what is asked of it after a change in its midst."""
        steps, now = self.steps, self.attempt.step
        if steps[self.index] is now:
            return steps
        return (*steps[: self.index], now, *steps[self.index + 1 :])

    @property
    def steps_as_done(self) -> tuple[Step, ...]:
        """All steps, those that have ended with what held for them then."""
        return tuple(self._done.get(index, step) for index, step in enumerate(self.steps))

    @property
    def following(self) -> Step | None:
        """The step after the present one; None after the last one."""
        return None if self.is_last else self.steps[self.index + 1]

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.index == len(self.steps) - 1

    @property
    def states(self) -> tuple[StepState, ...]:
        """Where each step stands."""
        return tuple(self._state(index) for index in range(len(self.steps)))

    @property
    def ended(self) -> tuple[StepResult, ...]:
        """What the steps that have ended came to, as far as they count."""
        return tuple(self._results.values())

    def results(self, ended_s: float, *, is_excused: bool) -> tuple[StepResult, ...]:
        """Return how each step went; those that were not reached say so.

        Args:
            ended_s: when the session ended, on the tool clock.
            is_excused: its end is not held against the person.
        """
        return tuple(
            self._results.get(index)
            or Attempt(step, None).result(StepOutcome.NOT_REACHED, ended_s, is_excused=is_excused)
            for index, step in enumerate(self.steps)
        )

    def rescale(self, percent: int, about_s: float, device_s: float) -> RoutineScaled:
        """Make the routine shorter or longer, the present step with what is left of it.

        Args:
            percent: of what the routine says.
            about_s: how long the routine says that it takes.
            device_s: when.
        """
        self.percent = percent
        self.steps = tuple(scaled(step, percent) for step in self._plain)
        attempt = self.attempt
        attempt.step = scaled(
            replace(self._plain[self.index], band=attempt.step.band),
            percent,
            done=attempt.repetitions,
            elapsed_s=attempt.elapsed_s,
        )
        return RoutineScaled(
            device_s=device_s,
            percent=percent,
            step=attempt.step.id,
            repetitions=attempt.step.repetitions,
            time_limit_s=attempt.step.time_limit_s,
            about_s=about_s * percent / PLAIN_PERCENT,
        )

    def lower(self, share: float) -> None:
        """Lower the limits from the next step on; the present one keeps what it began with.

        Args:
            share: of the routine's own limits, above 0 and at most 1.
        """
        self._plain = tuple(_lowered(step, share) for step in self._own)
        self.steps = tuple(scaled(step, self.percent) for step in self._plain)

    def stand_before(self, index: int, cannot_judge: Doubt | None) -> None:
        """Wait with a step: it is the present one, and has not begun."""
        self.index = index
        step = self.steps[index]
        self.attempt = Attempt(step, cannot_judge, cannot_count=self._cannot_count(step))

    def pass_over(self, device_s: float) -> StepFinished:
        """Skip the step that waits to begin."""
        return self.end(StepOutcome.SKIPPED, device_s, (), is_excused=False)

    def begin(
        self, index: int, cannot_judge: Doubt | None, device_s: float, *, touching: bool
    ) -> StepStarted:
        """Begin a step from zero; ``touching``: the tool is on the skin already."""
        before = self.steps[index - 1] if index else None
        self.index = index
        self._results.pop(index, None)
        step = self.steps[index]
        self.attempt = Attempt(
            step,
            cannot_judge,
            cannot_count=self._cannot_count(step),
            touching=touching,
            began_s=device_s,
        )
        self.begun = True
        return StepStarted(
            device_s=device_s,
            step=step.id,
            index=index,
            steps=len(self.steps),
            kind=step.kind,
            zone=step.zone,
            side=step.side,
            technique=step.technique,
            direction=step.direction,
            repetitions=step.repetitions,
            time_limit_s=step.time_limit_s,
            band=step.band,
            cannot_judge=cannot_judge,
            cannot_count=self.attempt.cannot_count,
            hint=step.hint,
            priority=STEP_PRIORITY,
            spacing_s=BETWEEN_S,
            changes_side=before is not None and {before.side, step.side} == _BOTH_SIDES,
            alternate_hands=step.alternate_hands,
            spoken=step.say,
        )

    def end(
        self,
        outcome: StepOutcome,
        device_s: float,
        alerts: Sequence[AlertRecord],
        *,
        is_excused: bool,
    ) -> StepFinished:
        """End the present step; one that is to be begun again leaves no result.

        Args:
            outcome: how.
            device_s: when.
            alerts: every warning so far.
            is_excused: this end is not held against the person.
        """
        self.begun = False
        self._done[self.index] = self.attempt.step
        outcome = self.attempt.settled(outcome)
        result = self.attempt.result(outcome, device_s, alerts, is_excused=is_excused)
        if outcome is not StepOutcome.REPEATED:
            self._results[self.index] = result
        return StepFinished(
            device_s=device_s,
            step=result.step,
            index=self.index,
            outcome=outcome,
            repetitions=result.repetitions,
            goal=result.goal,
            duration_s=result.duration_s,
            points=None if result.score is None else result.score.points,
            possible=None if result.score is None else result.score.possible,
        )

    def _cannot_count(self, step: Step) -> bool:
        task = task_of(step)
        return task is not None and not self._can_count(task)

    def _state(self, index: int) -> StepState:
        if index in self._results:
            return STATES[StepOutcome(self._results[index].outcome)]
        return StepState.NOW if index == self.index and self.begun else StepState.NEXT


def _lowered(step: Step, share: float) -> Step:
    return step if step.band is None else replace(step, band=lowered(step.band, share))
