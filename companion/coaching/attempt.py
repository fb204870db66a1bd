"""One step being done: its repetitions, its time, its pressures."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, Self

from companion.coaching.alerts import each_once
from companion.coaching.events import AlertRecord, Score, StepOutcome, StepResult, Unscored
from companion.coaching.routine import Step, StepKind
from companion.coaching.score import PaceFacts, StepFacts, StrokeFacts, step_score
from companion.coaching.squeezes import swell_of
from companion.coaching.tally import Tally
from companion.sensing.types import ContactEnded, Doubt, Level, Task, Technique

_ROUNDING_S = 1e-6
_TOOL: Final = StepKind.TOOL


class Attempt:
    """A step from its beginning to its end; a step that is begun again is a new attempt.

    Args:
        step: what is to be done.
        cannot_judge: why its pressure is not judged, None where it is.
        cannot_count: whether the tool cannot tell its repetitions.
        touching: whether the tool is on the skin already.
        began_s: when it began, on the tool clock.

    Attributes:
        step: what is to be done.
        cannot_judge: why its pressure is not judged, None where it is.
        cannot_count: whether the tool cannot tell its repetitions: how many there are is not
            known, and the step ends by its time.
        repetitions: how many were counted live.
        recounted: how many there were, looked at again at its end; None before that.
        unseen: how many more there may have been, wholly where samples are missing.
        elapsed_s: seconds with samples, pauses left out.
        tally: time by level and pressures.
        strokes: what each stroke was.
        paces: the rate at each repetition, where the step asks for one.
        warnings: numbers of the warnings of too much pressure.
        is_other_technique: it was told that the step's technique is not what is done.
        judges_strokes: whether its strokes are such as the step asks for, as far as anybody knows.
    """

    def __init__(
        self,
        step: Step,
        cannot_judge: Doubt | None,
        *,
        cannot_count: bool = False,
        touching: bool = False,
        began_s: float | None = None,
    ) -> None:
        self.step = step
        self.cannot_judge = cannot_judge
        self.cannot_count = cannot_count
        self.repetitions = 0
        self.recounted: int | None = None
        self.unseen = 0
        self.elapsed_s = 0.0
        is_tapped = step.technique is Technique.TAP
        self.tally = Tally(touching=touching, by_contact=is_tapped, swell=swell_of(step))
        self.strokes: list[StrokeFacts] = []
        self.paces: list[PaceFacts] = []
        self.warnings: set[int] = set()
        self.is_other_technique = False
        self.judges_strokes = True
        self._began_s = began_s
        self._pause_turns: list[float] = []
        self._last_doubt: Doubt | None = None

    @property
    def goal(self) -> int | None:
        """Repetitions to count; None where they are not counted."""
        is_counted = self.step.kind is _TOOL and not self.cannot_count
        return self.step.repetitions if is_counted else None

    @property
    def counts(self) -> bool:
        """Whether one more repetition has a place."""
        if self.step.kind is StepKind.HAND or self.cannot_count:
            return False
        return self.goal is None or self.repetitions < self.goal

    @property
    def outcome(self) -> StepOutcome | None:
        """How the step ends now by itself; None while it goes on."""
        goal = self.goal
        if goal is not None and self.repetitions >= goal:
            return StepOutcome.DONE
        if self.elapsed_s < self.step.time_limit_s - _ROUNDING_S:
            return None
        return StepOutcome.DONE if goal is None else StepOutcome.SHORT

    @property
    def timed(self) -> Step:
        """What is to be done, without a number of repetitions where nobody counts them."""
        return replace(self.step, repetitions=None) if self.cannot_count else self.step

    @property
    def done(self) -> int | None:
        """How many repetitions there were by now; None where the tool cannot tell them."""
        if self.cannot_count:
            return None
        return self.repetitions if self.recounted is None else self.recounted

    @property
    def began_s(self) -> float | None:
        """When it began, on the tool clock; None before that."""
        return self._began_s

    def pause_turned(self, at_s: float) -> None:
        """Take note that a pause begins, or that the one that stands is over."""
        self._pause_turns.append(at_s)

    def recount(self, times_s: Iterable[float], unseen: int = 0) -> None:
        """Take the final count: when each repetition of the step was done, pauses included.

        What was done in a pause is no part of it, nor of the live count, which stays as it is.

        Args:
            times_s: of each repetition.
            unseen: how many more there may have been.
        """
        if self.step.kind is StepKind.HAND or self.cannot_count:
            return
        self.unseen = unseen
        self.recounted = sum(bisect_left(self._pause_turns, at_s) % 2 == 0 for at_s in times_s)

    def look_again(self, seen: Self) -> None:
        """Take count, times and pressures from this step as samples that came late tell it.

        How many were counted live, and what was warned of, stays as it was told.
        """
        self.recounted, self.unseen = seen.recounted, seen.unseen
        self.elapsed_s = seen.elapsed_s
        self.tally = seen.tally
        self.strokes, self.paces = seen.strokes, seen.paces
        self.judges_strokes = seen.judges_strokes
        self.doubted(seen.doubt)

    def settled(self, outcome: StepOutcome) -> StepOutcome:
        """Return how the step ended by its final count: one that was short may have been done."""
        done, goal = self.done, self.goal
        is_done = goal is not None and done is not None and done >= goal
        return StepOutcome.DONE if outcome is StepOutcome.SHORT and is_done else outcome

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

    def tapped(self, contact: ContactEnded, pressure_kpa: float) -> Level | None:
        """Take a tap by its peak; return its level, None where it is not judged.

        A tap from caution on counts as firm here: the warning charges it.
        """
        band = self.step.band
        if band is None or self.cannot_judge is not None:
            return None
        level = Level.LIGHT if pressure_kpa < band.low_kpa else Level.ON_TARGET
        if pressure_kpa > band.high_kpa:
            level = Level.FIRM
        self.tally.contacted(level, pressure_kpa, from_s=contact.began_s, to_s=contact.ended_s)
        return Level.CAUTION if pressure_kpa >= band.caution_kpa else level

    def warned(self, alert: int) -> None:
        """Take note of a warning of too much pressure."""
        self.warnings.add(alert)

    def result(
        self,
        outcome: StepOutcome,
        ended_s: float,
        alerts: Sequence[AlertRecord] = (),
        *,
        is_excused: bool = False,
    ) -> StepResult:
        """Return the step as the summary has it.

        Args:
            outcome: how it ended.
            ended_s: when, on the tool clock.
            alerts: every warning so far.
            is_excused: its end is not held against the person.
        """
        step, tally = self.step, self.tally
        score = step_score(self._facts(outcome, ended_s, alerts, is_excused=is_excused))
        return StepResult(
            step=step.id,
            zone=step.zone,
            side=step.side,
            kind=step.kind,
            outcome=outcome,
            repetitions=self.done,
            counted_live=None if self.cannot_count else self.repetitions,
            unseen=self.unseen,
            goal=self.goal,
            duration_s=self.elapsed_s,
            seconds_by_level=dict(self.tally.seconds_by_level),
            mean_kpa=self.tally.mean_kpa,
            peak_kpa=self.tally.peak_kpa,
            judged=self.tally.mean_kpa is not None,
            doubt=self.doubt,
            known_s=tally.known_s,
            unknown_s=tally.unknown_s,
            is_other_technique=self.is_other_technique,
            score=score if isinstance(score, Score) else None,
            unscored=score if isinstance(score, Unscored) else None,
        )

    def _facts(
        self,
        outcome: StepOutcome,
        ended_s: float,
        alerts: Sequence[AlertRecord],
        *,
        is_excused: bool,
    ) -> StepFacts:
        return StepFacts(
            step=self.step,
            outcome=outcome,
            repetitions=self.done,
            unseen=self.unseen,
            from_s=ended_s if self._began_s is None else self._began_s,
            to_s=ended_s,
            elapsed_s=self.elapsed_s,
            known_s=self.tally.known_s,
            unknown_s=self.tally.unknown_s,
            runs=self.tally.runs,
            strokes=self.strokes if self.judges_strokes else [],
            paces=self.paces if self.judges_strokes else [],
            warnings=each_once(alert for alert in alerts if alert.alert in self.warnings),
            is_excused=is_excused,
        )


def task_of(step: Step, recline_rad: float | None = 0.0) -> Task | None:
    """Return what sensing is to look for in a step; None on a hand step.

    Args:
        step: what is to be done.
        recline_rad: how far the face is reclined, None where it is not known.
    """
    if step.kind is StepKind.HAND:
        return None
    return Task(step.repetition, step.technique, step.band, recline_rad, reads_posture=True)
