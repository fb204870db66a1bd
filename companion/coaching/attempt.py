"""One step being done: its repetitions, its time, its pressures."""

from companion.coaching.events import StepOutcome, StepResult
from companion.coaching.routine import Step, StepKind
from companion.coaching.tally import Tally
from companion.sensing.types import Doubt, Level, Task

_ROUNDING_S = 1e-6


class Attempt:
    """A step from its beginning to its end; a step that is begun again is a new attempt.

    Args:
        step: what is to be done.
        cannot_judge: why its pressure is not judged, None where it is.
        touching: whether the tool is on the skin already.

    Attributes:
        step: what is to be done.
        cannot_judge: why its pressure is not judged, None where it is.
        repetitions: how many were done.
        elapsed_s: seconds with samples, pauses left out.
        tally: time by level and pressures.
    """

    def __init__(self, step: Step, cannot_judge: Doubt | None, *, touching: bool = False) -> None:
        self.step = step
        self.cannot_judge = cannot_judge
        self.repetitions = 0
        self.elapsed_s = 0.0
        self.tally = Tally(touching=touching)
        self._last_doubt: Doubt | None = None

    @property
    def goal(self) -> int | None:
        """Repetitions to count; None where they are not counted."""
        return self.step.repetitions if self.step.kind is StepKind.TOOL else None

    @property
    def is_judged(self) -> bool:
        """Whether the pressure is judged now."""
        return self.step.band is not None and self.cannot_judge is None

    @property
    def counts(self) -> bool:
        """Whether one more repetition has a place."""
        if self.step.kind is StepKind.HAND:
            return False
        return self.goal is None or self.repetitions < self.goal

    @property
    def outcome(self) -> StepOutcome | None:
        """How the step ends now by itself; None while it goes on."""
        if self.goal is not None and self.repetitions >= self.goal:
            return StepOutcome.DONE
        if self.elapsed_s < self.step.time_limit_s - _ROUNDING_S:
            return None
        return StepOutcome.DONE if self.goal is None else StepOutcome.SHORT

    def doubted(self, doubt: Doubt | None) -> None:
        """Take note of why the level has become unknown."""
        self._last_doubt = doubt or self._last_doubt

    @property
    def doubt(self) -> Doubt | None:
        """Why nothing of the step was judged; None where something was, or nothing was to be."""
        unknown = Level.UNKNOWN in self.tally.seconds_by_level
        if self.step.band is None or self.tally.mean_kpa is not None:
            return None
        return self.cannot_judge or (self._last_doubt if unknown else None)

    def result(self, outcome: StepOutcome) -> StepResult:
        """Return the step as the summary has it."""
        step = self.step
        return StepResult(
            step=step.id,
            zone=step.zone,
            side=step.side,
            kind=step.kind,
            outcome=outcome,
            repetitions=self.repetitions,
            goal=self.goal,
            duration_s=self.elapsed_s,
            seconds_by_level=dict(self.tally.seconds_by_level),
            mean_kpa=self.tally.mean_kpa,
            peak_kpa=self.tally.peak_kpa,
            judged=self.tally.mean_kpa is not None,
            doubt=self.doubt,
        )


def task_of(step: Step) -> Task | None:
    """Return what sensing is to look for in a step; None on a hand step."""
    if step.kind is StepKind.HAND:
        return None
    return Task(step.repetition, step.technique, step.band)
