"""All watches together: what is found in a frame, and the one thing of it that is said."""

from collections.abc import Sequence

from companion.coaching.events.hints import HintKind
from companion.coaching.events.prompts import PromptKind
from companion.coaching.hints.desk import HintDesk, Wish
from companion.coaching.hints.dose import Bounds, DoseWatch
from companion.coaching.hints.drag import OilWatch
from companion.coaching.hints.hold import HoldWatch
from companion.coaching.hints.strokes import StrokeWatch
from companion.coaching.hints.tempo import PaceFacts
from companion.coaching.hints.turns import TurnWatch
from companion.coaching.hints.unbroken import Unbroken
from companion.coaching.routine import Step
from companion.coaching.score.facts import StrokeFacts
from companion.sensing.types import Level, Point, Stroke


class Coach:
    """Watches strokes, firmness, holds, turns of the hands and time at load.

    Args:
        area_m2: the tool's working surface; None where it is not known.
        bounds: what holds for the person.

    Attributes:
        light: contact that is too light.
        oil: whether the skin drags.
    """

    def __init__(self, area_m2: float | None, bounds: Bounds) -> None:
        self.light = Unbroken(Level.LIGHT)
        self._firm = Unbroken(Level.FIRM)
        self._hold = HoldWatch()
        self._turns = TurnWatch(bounds.hand)
        self.oil = OilWatch()
        self._desk = HintDesk()
        self._strokes = StrokeWatch(area_m2, is_upright=bounds.is_upright)
        self._dose = DoseWatch(bounds.dose)
        self._found: list[Wish] = []

    def begin(self, began_s: float, *, touching: bool = False) -> None:
        """A step begins; ``touching``: the tool is on the skin already."""
        self._strokes.begin(began_s)
        self._turns.begin()
        self.forget()
        if touching:
            self._hold.touched(began_s)

    def told(self, priority: int, now_s: float) -> None:
        """Take note of a warning, or of a step's beginning: it is given room like a hint."""
        self._desk.told(priority, now_s)

    def touched(self, device_s: float, *, touching: bool) -> None:
        """Contact begins or ends."""
        if touching:
            self._hold.touched(device_s)
        else:
            self._hold.lifted()

    def forget(self) -> None:
        """Forget what is under way: a pause, silence, or the end of a step."""
        self.light.reset()
        self._firm.reset()
        self._hold.lifted()
        self._strokes.interrupt()
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

    def dragged(self, onset_s: float, index: float | None) -> None:
        """Take how much a stroke stuck and slipped, where that is known."""
        self._found += self.oil.stroke(onset_s, index)

    def repeated(self, step: Step, device_s: float) -> PaceFacts | None:
        """Judge the rate at a repetition; None where the step asks for none or it is not known."""
        facts, wish = self._strokes.repeated(step, device_s)
        self._found += [] if wish is None else [wish]
        return facts

    def turns(self, step: Step, repetitions: int, elapsed_s: float, now_s: float) -> None:
        """Look whether the step is nearly done, or the hands change.

        Args:
            step: the present one, as it is scaled.
            repetitions: done.
            elapsed_s: seconds of the step.
            now_s: seconds on the tool clock.
        """
        self._found += self._turns.wishes(step, repetitions, elapsed_s, now_s)

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
        wishes = [
            *self._found,
            *self._hold.wishes(step, now_s),
            *self._dose.wishes(step.zone, now_s, elapsed_s),
        ]
        self._found = []
        band = step.band
        if band is not None and not light_stands:
            wishes += _off_target(HintKind.TOO_LIGHT, self.light, band.low_kpa)
        if band is not None:
            wishes += _off_target(HintKind.TOO_FIRM, self._firm, band.high_kpa)
        chosen = self._desk.choose(wishes, now_s, warned=warned)
        if chosen is not None:
            self._said(chosen.kind, step)
        return chosen

    def _said(self, kind: HintKind | PromptKind, step: Step) -> None:
        match kind:
            case HintKind.HELD_LONG:
                self._hold.said()
            case HintKind.DRAGGING:
                self.oil.said()
            case HintKind():
                self._dose.said(kind, step.zone)
            case _:
                pass


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
