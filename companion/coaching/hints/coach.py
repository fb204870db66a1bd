"""All watches together: what is found in a frame, and the one thing of it that is said."""

from collections.abc import Iterable, Sequence
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.events.prompts import PromptKind
from companion.coaching.events.results import ZoneDose
from companion.coaching.hints.desk import HintDesk, Wish
from companion.coaching.hints.dose import Bounds, DoseWatch
from companion.coaching.hints.drag import OilWatch
from companion.coaching.hints.hold import HoldWatch
from companion.coaching.hints.strokes import StrokeWatch
from companion.coaching.hints.technique import TOUCHES_S, TechniqueWatch
from companion.coaching.hints.tempo import PaceFacts
from companion.coaching.hints.turns import TurnWatch
from companion.coaching.hints.unbroken import Unbroken
from companion.coaching.routine import Step
from companion.coaching.score.facts import StrokeFacts
from companion.sensing.types import (
    ContactEnded,
    Level,
    PlainPoint,
    Recognised,
    Stroke,
    Technique,
)

HELD_S: Final = 3.0
"""Seconds for which a word on a stroke waits for the end of its contact: only there is it known
whether the stroke is one, or part of a circle. Source: ours, grade D."""

_OF_STROKES: Final = frozenset({HintKind.WRONG_DIRECTION, HintKind.RUSHING, HintKind.TOO_SLOW})
"""Words that presume to know what a stroke is."""

_TOO_LIGHT: Final = HintKind.TOO_LIGHT
_TOO_FIRM: Final = HintKind.TOO_FIRM
_TAP: Final = Technique.TAP
_UNKNOWN: Final = Level.UNKNOWN


class Coach:
    """Watches strokes, firmness, holds, turns of the hands and time at load.

    Args:
        area_m2: the tool's working surface; None where it is not known.
        bounds: what holds for the person.
        has_wheel: the tool knows its travel.

    Attributes:
        light: contact that is too light.
        oil: whether the skin drags.
    """

    def __init__(self, area_m2: float | None, bounds: Bounds, *, has_wheel: bool = True) -> None:
        self.light = Unbroken(Level.LIGHT)
        self._firm = Unbroken(Level.FIRM)
        self._hold = HoldWatch()
        self._turns = TurnWatch(bounds.hand)
        self.oil = OilWatch()
        self._desk = HintDesk()
        self._strokes = StrokeWatch(area_m2, is_upright=bounds.is_upright)
        self._dose = DoseWatch(bounds.dose)
        self._found: list[Wish] = []
        self._technique = TechniqueWatch(has_wheel=has_wheel)
        self._is_touching = False
        self._held: list[tuple[float, Wish]] = []

    def begin(self, began_s: float, *, touching: bool = False) -> None:
        """A step begins; ``touching``: the tool is on the skin already."""
        self._strokes.begin(began_s)
        self._turns.begin()
        self._technique.begin(began_s)
        self.forget()
        self._is_touching = touching
        if touching:
            self._hold.touched(began_s)

    def told(self, priority: int, now_s: float) -> None:
        """Take note of a warning, or of a step's beginning: it is given room like a hint."""
        self._desk.told(priority, now_s)

    def touched(self, device_s: float, *, touching: bool) -> None:
        """Contact begins or ends."""
        self._is_touching = touching
        if touching:
            self._hold.touched(device_s)
        else:
            self._hold.lifted()

    def forget(self) -> None:
        """Forget what is under way: a pause, silence, or the end of a step."""
        self._forget_firmness()
        self._hold.lifted()
        self._strokes.interrupt()
        self._found.clear()
        self._held.clear()

    def remember(self, points: Sequence[PlainPoint], interval_s: float) -> None:
        """Take in samples of the trace before the findings in them."""
        self._strokes.remember(points, interval_s)

    def stroke(self, step: Step, stroke: Stroke) -> StrokeFacts | None:
        """Judge a stroke; None for one that is not the step's."""
        judged = self._strokes.judge(step, stroke)
        if judged is None:
            return None
        facts, wishes = judged
        self._technique.stroked()
        self._hold_back(wishes, stroke.device_s)
        return facts

    def lifted(self, step: Step, contact: ContactEnded, found: Recognised | None) -> None:
        """Take the end of a contact, and what the newest ones were as far as anything names it."""
        technique = self._technique
        told = technique.ended(step, contact.began_s, contact.ended_s, found)
        self._release(self._held)
        self._held = []
        self._found += told

    def tapped(self, contact: ContactEnded, level: Level, pressure_kpa: float) -> None:
        """Take a contact of a step of taps by its peak, after ``lifted`` has taken its end.

        Args:
            contact: it.
            level: of its peak.
            pressure_kpa: its peak.
        """
        if self.sees_other:
            self._forget_firmness()
        elif contact.ended_s - contact.began_s <= TOUCHES_S:
            for watch in (self.light, self._firm):
                watch.peaked(level, pressure_kpa, began_s=contact.began_s)

    def squeezed(self, began_s: float, level: Level, pressure_kpa: float) -> None:
        """Take a squeeze of kneading or of a pinch that is over.

        Args:
            began_s: when it began, on the tool clock.
            level: what it reached.
            pressure_kpa: its peak.
        """
        for watch in (self.light, self._firm):
            watch.peaked(level, pressure_kpa, began_s=began_s)

    @property
    def sees_other(self) -> bool:
        """Whether what is done looks like another technique than the step's, clear or not."""
        return self._technique.is_other or self._technique.leans_other

    def _forget_firmness(self) -> None:
        self.light.reset()
        self._firm.reset()

    @property
    def doses(self) -> tuple[ZoneDose, ...]:
        """Time and impulse above the capped pressure, by zone."""
        return self._dose.doses

    def _release(self, held: Iterable[tuple[float, Wish]]) -> None:
        if not self.sees_other:
            self._found += [wish for _, wish in held]

    def _hold_back(self, wishes: Iterable[Wish], now_s: float) -> None:
        """Let words on a stroke wait for what its contact was; where that is another, drop them."""
        technique = self._technique
        for wish in wishes:
            if wish.kind not in _OF_STROKES:
                self._found.append(wish)
            elif technique.is_other:
                continue
            elif self._is_touching and technique.is_known:
                self._held.append((now_s, wish))
            else:
                self._found.append(wish)

    def dragged(self, onset_s: float, index: float | None) -> None:
        """Take how much a stroke stuck and slipped, where that is known."""
        self._found += self.oil.stroke(onset_s, index)

    def repeated(self, step: Step, device_s: float) -> PaceFacts | None:
        """Judge the rate at a repetition; None where the step asks for none or it is not known."""
        facts, wish = self._strokes.repeated(step, device_s)
        self._hold_back([] if wish is None else [wish], device_s)
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

    def watch(self, step: Step, points: Sequence[PlainPoint], interval_s: float) -> None:
        """Take in samples of a running step, ``interval_s`` apart.

        A tap is too brief for them: how firm it was is known from its peak, once it is over.
        """
        self._dose.watch(step.zone, points, interval_s)
        if step.technique is not _TAP:
            self.light.watch(points, interval_s)
            self._firm.watch(points, interval_s)
        elif any(level is _UNKNOWN for _, _, level in points):
            self._forget_firmness()

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
        if self._held:
            self._release([held for held in self._held if now_s - held[0] > HELD_S])
            self._held = [held for held in self._held if now_s - held[0] <= HELD_S]
        wishes, self._found = self._found, []
        wishes += self._hold.wishes(step, now_s)
        wishes += self._dose.wishes(step.zone, now_s, elapsed_s)
        band = step.band
        if band is not None and not light_stands:
            wishes += _off_target(_TOO_LIGHT, self.light, band.low_kpa)
        if band is not None:
            wishes += _off_target(_TOO_FIRM, self._firm, band.high_kpa)
        chosen = self._desk.choose(wishes, now_s, warned=warned) if wishes else None
        if chosen is not None:
            self._said(chosen.kind, step)
        return chosen

    def _said(self, kind: HintKind | PromptKind, step: Step) -> None:
        match kind:
            case HintKind.HELD_LONG:
                self._hold.said()
            case HintKind.WRONG_TECHNIQUE:
                self._technique.said()
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
