"""The steps of a routine in their order: which one is being done, and how the others went."""

from collections.abc import Sequence

from companion.coaching.attempt import Attempt
from companion.coaching.events import (
    AlertRecord,
    StepFinished,
    StepOutcome,
    StepResult,
    StepStarted,
)
from companion.coaching.routine import Step
from companion.coaching.view import StepState
from companion.sensing.types import Doubt

_STATES = {
    StepOutcome.DONE: StepState.DONE,
    StepOutcome.SHORT: StepState.SHORT,
    StepOutcome.STOPPED: StepState.SHORT,
    StepOutcome.SKIPPED: StepState.SKIPPED,
}


class Course:
    """A walk through the steps.

    Attributes:
        steps: all of them.
        index: the present one, the last one at the end.
        attempt: the present one being done.
        begun: whether it has begun and not ended.
    """

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.index = 0
        self.attempt = Attempt(steps[0], None)
        self.begun = False
        self._results: dict[int, StepResult] = {}

    @property
    def step(self) -> Step:
        """The present step."""
        return self.attempt.step

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.index == len(self.steps) - 1

    @property
    def states(self) -> tuple[StepState, ...]:
        """Where each step stands."""
        return tuple(self._state(index) for index in range(len(self.steps)))

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

    def begin(
        self, index: int, cannot_judge: Doubt | None, device_s: float, *, touching: bool
    ) -> StepStarted:
        """Begin a step from zero; ``touching``: the tool is on the skin already."""
        self.index = index
        self._results.pop(index, None)
        self.attempt = Attempt(self.steps[index], cannot_judge, touching=touching, began_s=device_s)
        self.begun = True
        step = self.step
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
            hint=step.hint,
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

    def _state(self, index: int) -> StepState:
        if index in self._results:
            return _STATES[StepOutcome(self._results[index].outcome)]
        return StepState.NOW if index == self.index and self.begun else StepState.NEXT
