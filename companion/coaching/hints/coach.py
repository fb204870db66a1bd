"""All watches together: what is found in a frame, and the one thing of it that is said."""

from collections.abc import Sequence

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import HintDesk, Wish
from companion.coaching.hints.dose import Bounds, DoseWatch
from companion.coaching.hints.strokes import StrokeWatch
from companion.coaching.hints.unbroken import Unbroken
from companion.coaching.routine import Step
from companion.coaching.score.facts import StrokeFacts
from companion.sensing.types import Level, Point, Stroke


class Coach:
    """Watches strokes, firmness and time at load.

    Args:
        area_m2: the tool's working surface; None where it is not known.
        bounds: what holds for the person.

    Attributes:
        light: contact that is too light.
    """

    def __init__(self, area_m2: float | None, bounds: Bounds) -> None:
        self.light = Unbroken(Level.LIGHT)
        self._firm = Unbroken(Level.FIRM)
        self._desk = HintDesk()
        self._strokes = StrokeWatch(area_m2, is_upright=bounds.is_upright)
        self._dose = DoseWatch(bounds.dose)
        self._found: list[Wish] = []

    def begin(self, began_s: float) -> None:
        """A step begins."""
        self._strokes.begin(began_s)
        self.forget()

    def forget(self) -> None:
        """Forget what is under way: a pause, silence, or the end of a step."""
        self.light.reset()
        self._firm.reset()
        self._found.clear()

    def remember(self, points: Sequence[Point], interval_s: float) -> None:
        """Take in samples of the trace before the findings in them."""
        self._strokes.remember(points, interval_s)

    def stroke(self, step: Step, stroke: Stroke) -> StrokeFacts | None:
        """Judge a stroke; None for one that is not the step's."""
        judged = self._strokes.judge(step, stroke)
        if judged is None:
            return None
        facts, wishes = judged
        self._found += wishes
        return facts

    def watch(self, step: Step, points: Sequence[Point], interval_s: float) -> None:
        """Take in samples of a running step, ``interval_s`` apart."""
        self.light.watch(points, interval_s)
        self._firm.watch(points, interval_s)
        self._dose.watch(step.zone, points, interval_s)

    def say(
        self, step: Step, now_s: float, elapsed_s: float, *, warned: bool, light_stands: bool
    ) -> Wish | None:
        """Return the one thing to say now; what was found in this frame is then forgotten.

        Args:
            step: the present one.
            now_s: seconds on the tool clock.
            elapsed_s: length of the session.
            warned: a warning of too much pressure stands.
            light_stands: it has been said that contact is too light, and it still is.
        """
        wishes = [*self._found, *self._dose.wishes(step.zone, now_s, elapsed_s)]
        self._found = []
        band = step.band
        if band is not None and not light_stands:
            wishes += _off_target(HintKind.TOO_LIGHT, self.light, band.low_kpa)
        if band is not None:
            wishes += _off_target(HintKind.TOO_FIRM, self._firm, band.high_kpa)
        chosen = self._desk.choose(wishes, now_s, warned=warned)
        if chosen is not None:
            self._dose.said(chosen.kind, step.zone)
        return chosen


def _off_target(kind: HintKind, watch: Unbroken, limit_kpa: float) -> list[Wish]:
    run = watch.run
    if run is None or not run.is_worth_saying:
        return []
    return [
        Wish(
            kind=kind,
            onset_s=run.onset_s,
            seconds=run.seconds,
            pressure_kpa=run.pressure_kpa,
            limit=limit_kpa,
        )
    ]
