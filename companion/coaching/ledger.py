"""What a session has lasted and lacked, for its summary."""

from dataclasses import dataclass

from companion.coaching.course import Course
from companion.coaching.events import (
    AlertRecord,
    Score,
    SessionOutcome,
    StepResult,
    Summary,
    Unscored,
)
from companion.coaching.routine import Routine
from companion.coaching.score import session_score
from companion.coaching.summary import advice


@dataclass(slots=True)
class Ledger:
    """Time and samples of a session; seconds on the tool clock.

    Attributes:
        began_s: when the first step could begin; None before it.
        elapsed_s: time with samples, pauses left out.
        gaps_s: time without.
        samples: how many came.
    """

    began_s: float | None = None
    elapsed_s: float = 0.0
    gaps_s: float = 0.0
    samples: int = 0

    def summary(
        self,
        routine: Routine,
        course: Course,
        results: tuple[StepResult, ...],
        alerts: tuple[AlertRecord, ...],
        outcome: SessionOutcome,
        *,
        missed: tuple[AlertRecord, ...] = (),
    ) -> Summary:
        """Return what was done.

        Args:
            routine: as its file has it.
            course: the walk through its steps.
            results: one for each of them.
            alerts: every warning.
            outcome: how the session ended.
            missed: over-pressure that nobody was warned of.
        """
        score = session_score(results)
        return Summary(
            routine=routine.name,
            outcome=outcome,
            duration_s=self.elapsed_s,
            steps=results,
            alerts=alerts,
            gaps_s=self.gaps_s,
            samples=self.samples,
            advice=advice(course.steps_as_done, results, (*alerts, *missed), self.gaps_s),
            score=score if isinstance(score, Score) else None,
            unscored=score if isinstance(score, Unscored) else None,
            began_s=self.began_s,
            scale_percent=course.percent,
            missed=missed,
        )
