"""What the score of a step rests on: plain facts, gathered while the step was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.coaching.events.results import AlertRecord, StepOutcome
from companion.coaching.events.score import Unscored, UnscoredReason
from companion.coaching.hints.tempo import Pace, PaceFacts
from companion.coaching.routine import Step
from companion.coaching.score.weights import KNOWN_SHARE, MISCOUNT
from companion.coaching.tally import LevelRun
from companion.sensing.types import StrokeDirection


@dataclass(frozen=True, slots=True, kw_only=True)
class StrokeFacts:
    """One stroke as it was judged; seconds on the tool clock.

    Attributes:
        from_s: when it began.
        to_s: when it ended.
        direction: the direction seen.
        is_right: whether that was the one declared; None where nobody can say.
        speed_cm_s: its mean speed; None where no wheel tells.
        pace: whether that is what the step asks for; None where it is not known.
    """

    from_s: float
    to_s: float
    direction: StrokeDirection
    is_right: bool | None
    speed_cm_s: float | None
    pace: Pace | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """A step that was done, left, or not reached.

    Attributes:
        step: what was to be done.
        outcome: how it ended.
        repetitions: how many were done; None where the tool cannot tell.
        unseen: how many more there may have been, wholly where samples are missing.
        from_s: when it began, on the tool clock.
        to_s: when it ended.
        elapsed_s: seconds with samples, pauses left out.
        known_s: seconds in which the pressure was known, the air included.
        unknown_s: seconds in which it was not, silence included.
        runs: contact by level; for taps one run for each.
        strokes: what was judged of each stroke.
        paces: the rate at each repetition where the step asks for one.
        warnings: over-pressure while the step was done.
        is_excused: it ended for a reason that is not held against the person.
    """

    step: Step
    outcome: StepOutcome
    repetitions: int | None
    from_s: float
    to_s: float
    elapsed_s: float
    known_s: float
    unknown_s: float
    runs: Sequence[LevelRun] = ()
    strokes: Sequence[StrokeFacts] = ()
    paces: Sequence[PaceFacts] = ()
    unseen: int = 0
    warnings: Sequence[AlertRecord] = ()
    is_excused: bool = False

    @property
    def missing(self) -> int:
        """Repetitions that are missing for certain; 0 where none are counted.

        The counter may be wrong by one, and what samples are missing of may have been done.
        """
        goal, done = self.step.repetitions, self.repetitions
        if goal is None or done is None:
            return 0
        return max(0, goal - done - MISCOUNT - self.unseen)

    @property
    def is_uncounted(self) -> bool:
        """Whether repetitions were asked for that the tool cannot tell."""
        return self.repetitions is None and self.step.repetitions is not None


def known_share(known_s: float, unknown_s: float) -> float | None:
    """Return the share of time in which the pressure was known; None where there was no time."""
    whole_s = known_s + unknown_s
    return known_s / whole_s if whole_s else None


def too_little_known(share: float | None) -> Unscored | None:
    """Return that too little was known for a score; None where it was enough, or no time."""
    if share is None or share >= KNOWN_SHARE:
        return None
    return Unscored(
        reason=UnscoredReason.TOO_LITTLE_KNOWN, known_share=share, needed_share=KNOWN_SHARE
    )
