"""What each stroke was: where it went, how fast, and whether that is worth saying."""

from collections import deque
from collections.abc import Iterable
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import Wish
from companion.coaching.hints.direction import is_pull, is_right
from companion.coaching.hints.tempo import (
    Pace,
    PaceFacts,
    RateWatch,
    fastest_cm_s,
    rate_limits,
    slowest_cm_s,
    speed_cm_s,
    speed_pace,
)
from companion.coaching.routine import Step
from companion.coaching.score.facts import StrokeFacts
from companion.sensing.ring import Ring
from companion.sensing.types import PlainPoint, Stroke, StrokeDirection

SAY_FROM: Final = 2
"""Wrong ones among the newest strokes from which it is said: one may be a slip, or ours."""

OF_NEWEST: Final = 3
"""How many judged strokes are looked back on for that. Source: ours, grade D."""

EARLY_S: Final = 0.3
"""A stroke that began longer than this before its step belongs to the step before."""

_REMEMBERED: Final = 4096
"""Samples of the trace: twenty seconds at 200 Hz, longer than a stroke."""


class StrokeWatch:
    """Judges strokes by direction and speed.

    Args:
        area_m2: the tool's working surface; None where it is not known.
        is_upright: gravity tells up from down.
    """

    def __init__(self, area_m2: float | None, *, is_upright: bool) -> None:
        self._area_m2 = area_m2
        self._is_upright = is_upright
        self._points: Ring[PlainPoint] = Ring(maxlen=_REMEMBERED)
        self._interval_s = 0.0
        self._began_s = 0.0
        self._wrong: deque[bool] = deque(maxlen=OF_NEWEST)
        self._speeds: deque[Pace] = deque(maxlen=OF_NEWEST)
        self._rates: deque[Pace] = deque(maxlen=OF_NEWEST)
        self._rate = RateWatch()

    def begin(self, began_s: float) -> None:
        """A step begins: what was wrong before it is forgotten."""
        self._began_s = began_s
        self._wrong.clear()
        self._speeds.clear()
        self._rates.clear()
        self._rate.begin()

    def interrupt(self) -> None:
        """A pause or silence: time that passes meanwhile is no interval between repetitions."""
        self._rate.interrupt()

    def remember(self, points: Iterable[PlainPoint], interval_s: float) -> None:
        """Take in samples of the trace, ``interval_s`` apart, before the strokes in them."""
        self._points.extend(points)
        self._interval_s = interval_s

    def judge(self, step: Step, stroke: Stroke) -> tuple[StrokeFacts, list[Wish]] | None:
        """Return what a stroke was and what could be said of it; None for an earlier step's.

        A pull says all about its direction. A light way back may go as it likes: only what it
        presses is judged.
        """
        if stroke.start_s < self._began_s - EARLY_S:
            return None
        kpa = self._mean_kpa(stroke)
        speed = speed_cm_s(stroke)
        is_work = not stroke.is_light_return
        direction = stroke.direction if self._is_upright else StrokeDirection.UNKNOWN
        facts = StrokeFacts(
            from_s=stroke.start_s,
            to_s=stroke.end_s,
            direction=direction,
            is_right=is_right(step, direction, kpa) if is_work else None,
            speed_cm_s=speed,
            pace=speed_pace(step, speed) if is_work else None,
        )
        direction_wish, pull = self._direction(step, facts), self._pull(step, stroke, kpa)
        wishes = [pull or direction_wish, self._tempo(step, facts)]
        return facts, [wish for wish in wishes if wish is not None]

    def _direction(self, step: Step, facts: StrokeFacts) -> Wish | None:
        if facts.is_right is None:
            return None
        self._wrong.append(not facts.is_right)
        if facts.is_right or sum(self._wrong) < SAY_FROM:
            return None
        return Wish(
            kind=HintKind.WRONG_DIRECTION,
            onset_s=facts.from_s,
            direction=facts.direction,
            wanted=step.direction,
        )

    def repeated(self, step: Step, device_s: float) -> tuple[PaceFacts | None, Wish | None]:
        """Take a repetition; return its rate where the step asks for one, and what to say of it."""
        facts, asked = self._rate.repeated(step, device_s), rate_limits(step)
        if facts is None or asked is None:
            return None, None
        kind = _off_pace(self._rates, facts.pace)
        if kind is None:
            return facts, None
        limit = asked[kind is HintKind.RUSHING]
        wish = Wish(kind=kind, onset_s=facts.from_s, per_minute=facts.per_minute, limit=limit)
        return facts, wish

    def _tempo(self, step: Step, facts: StrokeFacts) -> Wish | None:
        if facts.pace is None or (kind := _off_pace(self._speeds, facts.pace)) is None:
            return None
        is_fast = kind is HintKind.RUSHING
        return Wish(
            kind=kind,
            onset_s=facts.from_s,
            speed_cm_s=facts.speed_cm_s,
            limit=fastest_cm_s(step) if is_fast else slowest_cm_s(step),
        )

    def _pull(self, step: Step, stroke: Stroke, kpa: float | None) -> Wish | None:
        if not self._is_upright or not is_pull(step, stroke, self._points, self._interval_s):
            return None
        return Wish(
            kind=HintKind.PULLING_DOWN,
            onset_s=stroke.start_s,
            direction=stroke.direction,
            wanted=step.direction,
            pressure_kpa=kpa,
            limit=step.band.high_kpa if step.band else None,
        )

    def _mean_kpa(self, stroke: Stroke) -> float | None:
        if stroke.mean_n is None or self._area_m2 is None:
            return None
        return stroke.mean_n / self._area_m2 / 1e3


def _off_pace(newest: deque[Pace], pace: Pace) -> HintKind | None:
    """Return what to say of the newest pace, where enough of the newest were like it."""
    newest.append(pace)
    if pace is Pace.GOOD or newest.count(pace) < SAY_FROM:
        return None
    return HintKind.RUSHING if pace is Pace.FAST else HintKind.TOO_SLOW
