"""Where the pressure is going within the present contact: rising, steady or falling."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import inf
from typing import Final

from companion.coaching.routine import Step
from companion.sensing.contact import ON_SHARE
from companion.sensing.ring import Ring
from companion.sensing.types import Doubt, Level, PlainPoint, Technique

BEGIN_SHARE = 0.15
"""Slope, in the target's upper end per second, from which the pressure rises or falls: from there
to caution it would go on for two to five seconds by the shipped limits (engineering choice)."""
END_SHARE = 0.06
"""Slope below which it does so no more (engineering choice: well under half of the above)."""
TURN_SHARE = 0.06
"""Share of the target's upper end by which it must come back to be known no more: the slope of the
last half second would say so too late (engineering choice: three times the noise that a sensor of
5 mN has on a square centimetre under the eye)."""
LEAST_UNIT_KPA = 1.5
"""A target that ends lower, as one that was lowered under the eye, is taken to end here: shares of
it would be the noise of the sensor (engineering choice)."""
DWELL_S = 0.15
"""Time for which the slope must hold before it is said (engineering choice: about as long as
lifting a tool takes)."""
SETTLING_S = 0.25
"""Time at the beginning of a contact that is not looked at: putting the tool down is no trend
(engineering choice)."""
LOOK_BACK_S = 0.5
"""How far back the slope is taken from (engineering choice)."""
LEAST_S = 0.4
"""Time that the slope must be taken over at least (engineering choice: over less, noise slopes)."""
STEEP_S = 0.2
STEEP_SHARE = 0.1
"""A change by this share of the target's upper end within that time rises or falls, too: the slope
of the last half second comes late where a hand is quick (engineering choice, five times the noise
above)."""
EVERY_S = 0.05
"""Time between the samples that are looked at: the pressure is low-passed at 10 Hz."""
HOLE_S = 0.25
"""Time without a sample after which nothing is known of the contact (as in sensing)."""
_ALMOST_S = 0.001
_KEPT = round(LOOK_BACK_S / EVERY_S) + 1
_STEEP = round(STEEP_S / EVERY_S) + 1
_PULSED = frozenset({Technique.TAP, Technique.KNEAD, Technique.PINCH})
_NO_CONTACT: Final = Level.NO_CONTACT
_EITHER_SIDE: Final = Doubt.TOO_UNCERTAIN


class Trend(StrEnum):
    """Where the pressure is going."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


class TrendWatch:
    """Follows the pressure of one tool, on sample time and causally.

    The slope is that of the line of least squares through the newest samples, divided by the upper
    end of the target, so that the same word means the same under the eye and on the neck. Taps,
    kneading and pinches swell and ease by themselves: they have no trend.

    Attributes:
        trend: what the newest sample leads to; None where it is not known: in the air, at the
            beginning of a contact, where the pressure has just turned, without a band, where
            the pressure is not known or doubtful.
    """

    def __init__(self) -> None:
        self.trend: Trend | None = None
        self._step: Step | None = None
        self._unit_kpa: float | None = None
        self._recent: Ring[tuple[float, float]] = Ring(maxlen=_KEPT)
        self._touched_s: float | None = None
        self._newest_s = self._said_s = 0.0
        self._extreme = (0.0, 0.0)
        self._due_s = -inf

    def restart(self) -> None:
        """Know nothing, as after silence."""
        if self._touched_s is None:
            return
        self.trend = self._touched_s = None
        self._due_s = -inf
        self._recent.clear()

    def take(
        self,
        points: Iterable[PlainPoint],
        step: Step | None,
        doubt: Doubt | None,
        *,
        is_least: bool,
    ) -> None:
        """Take samples in, in order of time.

        Args:
            points: what is new of the trace.
            step: what is being done; None for nothing.
            doubt: why its level is unknown. That the pressure may be on either side of a limit is
                no doubt of where it goes.
            is_least: the pressure is only known to be at least so much: nobody sees where it goes.
        """
        if step is not self._step:
            self.restart()
            self._step, self._unit_kpa = step, _unit_kpa(step)
        unit_kpa = self._unit_kpa
        if unit_kpa is None or is_least or (doubt is not None and doubt is not _EITHER_SIDE):
            self.restart()
            return
        least_kpa = ON_SHARE * unit_kpa
        for now_s, pressure_kpa, level in points:
            if now_s < self._due_s:
                continue
            if pressure_kpa is None or level is _NO_CONTACT or pressure_kpa < least_kpa:
                self.restart()
            else:
                self._take(now_s, pressure_kpa / unit_kpa)

    def _take(self, now_s: float, value: float) -> None:
        if self._touched_s is None or now_s - self._newest_s > HOLE_S:
            self.restart()
            self._touched_s = now_s
        self._newest_s, self._due_s = now_s, now_s + EVERY_S - _ALMOST_S
        if now_s - self._touched_s >= SETTLING_S - _ALMOST_S:
            self._recent.append((now_s, value))
            self._judge(now_s, value)

    def _judge(self, now_s: float, value: float) -> None:
        if self._has_turned(now_s, value):
            self.trend = None
            self._forget_before(self._extreme[0])
        found = self._found(now_s)
        if found is None:
            return
        if found is self.trend:
            self._said_s = now_s
        elif self._is_due(found, now_s):
            self.trend, self._said_s = found, now_s
            self._extreme = now_s, value

    def _is_due(self, found: Trend, now_s: float) -> bool:
        """Return whether another trend may be said: that it is over, at once."""
        if found is Trend.STEADY:
            return True
        values = [value for _, value in self._recent]
        rises = found is Trend.RISING
        back = max(values) - values[-1] if rises else values[-1] - min(values)
        is_held = self.trend is None or now_s - self._said_s >= DWELL_S - _ALMOST_S
        return is_held and back <= TURN_SHARE

    def _has_turned(self, now_s: float, value: float) -> bool:
        """Return whether the pressure comes back from the farthest that its trend led to."""
        if self.trend in {None, Trend.STEADY}:
            return False
        back = self._extreme[1] - value
        back = back if self.trend is Trend.RISING else -back
        if back <= 0:
            self._extreme = now_s, value
        return back > TURN_SHARE

    def _forget_before(self, from_s: float) -> None:
        while self._recent[0][0] < from_s:
            self._recent.popleft()

    def _found(self, now_s: float) -> Trend | None:
        """Return the trend by the newest samples; None where they are too few.

        One that stands ends at less than it began with.
        """
        recent = self._recent
        climbed = recent[-1][1] - recent[-_STEEP][1] if len(recent) >= _STEEP else 0.0
        if abs(climbed) >= STEEP_SHARE:
            return Trend.RISING if climbed > 0 else Trend.FALLING
        if now_s - recent[0][0] < LEAST_S - _ALMOST_S:
            return None
        slope = _slope(recent)
        if slope >= (END_SHARE if self.trend is Trend.RISING else BEGIN_SHARE):
            return Trend.RISING
        if -slope >= (END_SHARE if self.trend is Trend.FALLING else BEGIN_SHARE):
            return Trend.FALLING
        return Trend.STEADY


def _unit_kpa(step: Step | None) -> float | None:
    """Return the pressure that slopes are shares of; None where a step has no trend."""
    band = None if step is None or step.technique in _PULSED else step.band
    return None if band is None else max(band.high_kpa, LEAST_UNIT_KPA)


def _slope(recent: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the line of least squares through values at different times."""
    first_s = recent[0][0]
    times = values = squares = products = 0.0
    for at_s, value in recent:
        since_s = at_s - first_s
        times += since_s
        values += value
        squares += since_s * since_s
        products += since_s * value
    count = len(recent)
    return (count * products - times * values) / (count * squares - times * times)
