"""What moves the tool along the skin, cut into legs: the wheel, or nothing that can tell."""

from enum import Enum
from typing import Final, NamedTuple, Protocol

from companion.sensing.attitude import Moment
from companion.sensing.copied import Copied
from companion.sensing.rise import Rise
from companion.sensing.tool import Axis

STEP_M = 0.0001
"""Travel that counts as getting on: two counts of a common wheel (engineering choice)."""
START_M = 0.001
"""Travel that ends a rest (engineering choice: more than skin gives under a resting roller)."""
TURN_M = 0.001
"""Travel back that is a reversal (engineering choice, the same reason)."""
REST_US = 250_000
"""Time without getting on that is a rest: the shortest stroke (docs/sensing.md)."""
REST_M = 0.0005
"""Travel within that time that is still a rest: 2 mm/s, a tenth of the slowest stroke; a hand that
rests wanders by as much."""
EASE_SHARE = 0.125
"""Share of a stroke that its last such step takes at most: an eighth where it is 2.5 cm long and
smooth, less where it is longer."""
START_US = 500_000
"""Time within which a start must become one: a smooth stroke of 10 cm at 2 cm/s takes as long for
its first millimetre."""
START_SHARE = 0.5
"""Share of the start whose time tells when it began: half of it."""
START_TIMES = 4.0
"""Times the second half's time that lie between the beginning and the half: a smooth start goes
with the third power of time, which gives 1 / (2 ** (1 / 3) - 1) = 3.8."""


class Signal(Enum):
    """What one sample means for the leg under way."""

    IDLE = "idle"
    """At rest: the next leg has not begun."""
    HOLD = "hold"
    """Nothing that can be told yet."""
    ADVANCE = "advance"
    """The leg goes on, up to this sample."""
    TURNED = "turned"
    """The leg ended at the newest advance, another one has begun there."""
    RESTED = "rested"
    """The leg ended at the newest advance, none has begun."""


_ADVANCE: Final = Signal.ADVANCE
_HOLD: Final = Signal.HOLD
_IDLE: Final = Signal.IDLE
_TURNED: Final = Signal.TURNED
_RESTED: Final = Signal.RESTED


class Path(NamedTuple):
    """Where a leg led.

    Attributes:
        net_m: signed travel, or its length where it has no sign; None where not observable.
        vertical_m: its rise against gravity; None where not known.
        is_whole: whether no part of it was lost.
        end_us: when it ended, where that was not at the newest advance.
        is_blind: whether for a while no wheel measured it: it has no sign, and no length to go by.
        begun_us: when it began, where it began from rest.
    """

    net_m: float | None
    vertical_m: float | None
    is_whole: bool
    end_us: int | None = None
    is_blind: bool = False
    begun_us: int | None = None


class Motion(Protocol):
    """Cuts the motion of one contact into legs."""

    def start(self) -> None:
        """Begin with a new contact."""

    def step(self, t_us: int, travel_m: float | None, moment: Moment) -> Signal:
        """Take one sample."""

    def lost(self, t_us: int, *, is_gap: bool) -> None:
        """Samples were lost up to this time; at a gap the attitude begins anew."""

    def cut(self) -> Path:
        """Return the path from the last cut to the newest advance, and begin anew there."""


class UnseenMotion(Copied):
    """A tool without wheel and attitude: a contact is one leg."""

    def start(self) -> None:
        """Nothing is kept."""

    def step(
        self,
        t_us: int,  # noqa: ARG002 - the protocol's signature
        travel_m: float | None,  # noqa: ARG002 - the same
        moment: Moment,  # noqa: ARG002 - the same
    ) -> Signal:
        """Go on."""
        return _ADVANCE

    def lost(self, t_us: int, *, is_gap: bool) -> None:
        """Nothing is kept."""

    def cut(self) -> Path:
        """Return a path of which nothing is known."""
        return Path(None, None, is_whole=False, is_blind=True)


class WheelMotion(Copied):
    """Legs from the wheel: between rest, reversal and rest, whatever the speed."""

    def __init__(self, axis: Axis | None) -> None:
        self._rise = Rise(axis)
        self._sign = 0
        self._x = self._mark_x = self._pace_x = self._before_x = self._between_x = 0.0
        self.start()

    def start(self) -> None:
        """Begin with a new contact."""
        self._sign = 0
        self._moved_us = self._rested_us = self._between_us = self._half_us = 0
        self._is_half = False
        self._paced_us = self._before_us = self._left_us = 0
        self._begun_us: int | None = None
        self._forget_path()

    def step(self, t_us: int, travel_m: float | None, moment: Moment) -> Signal:
        """Take one sample of the travel since the sample before."""
        if travel_m is None:
            self._is_whole = False
            self._is_blind = True
            self._mark(t_us)
            return _ADVANCE
        if travel_m:
            self._x += travel_m
            self._rise.add(travel_m, moment)
        if self._sign == 0:
            return self._leave_rest(t_us)
        return self._go_on(t_us)

    def _go_on(self, t_us: int) -> Signal:
        ahead = (self._x - self._mark_x) * self._sign
        if ahead <= -TURN_M:
            self._sign = -self._sign
            self._moved_us = self._paced_us = self._before_us = self._left_us = t_us
            self._pace_x = self._before_x = self._x
            return _TURNED
        if (self._x - self._pace_x) * self._sign >= REST_M:
            self._before_x, self._before_us = self._pace_x, self._paced_us
            self._pace_x, self._paced_us = self._x, t_us
        elif t_us - self._paced_us >= REST_US:
            self._sign = 0
            self._rested_us = self._between_us = t_us
            return _RESTED
        if ahead < STEP_M:
            return _HOLD
        self._mark(t_us)
        return _ADVANCE

    def lost(self, t_us: int, *, is_gap: bool) -> None:  # noqa: ARG002 - the protocol's signature
        """Samples were lost: the way they made is not known, nor whether there was a rest."""
        self._is_whole = False
        self._moved_us = self._paced_us = t_us

    def cut(self) -> Path:
        """Return the path up to the newest advance, and begin anew there."""
        path = Path(
            self._mark_x,
            self._rise.cut(self._mark_x),
            self._is_whole,
            end_us=self._eased_us() if self._sign == 0 and not self._is_blind else None,
            is_blind=self._is_blind,
            begun_us=self._begun_us,
        )
        self._x -= self._mark_x
        self._pace_x -= self._mark_x
        self._before_x -= self._mark_x
        self._mark_x = self._between_x = 0.0
        self._is_whole, self._is_blind, self._begun_us = True, False, None
        return path

    def _eased_us(self) -> int:
        """Return when a leg that came to rest was over, from its last two steps before that.

        Near its end a smooth stroke goes with the third power of the time that is left.
        """
        left, before = abs(self._mark_x - self._pace_x), abs(self._mark_x - self._before_x)
        if left <= 0.0 or before <= left:
            return self._paced_us
        slowed: float = (before / left) ** (1 / 3) - 1.0
        ease_us = round((self._paced_us - self._before_us) / slowed)
        longest_us = round(EASE_SHARE * (self._paced_us - self._left_us))
        return min(self._paced_us + min(ease_us, longest_us), self._rested_us)

    def _leave_rest(self, t_us: int) -> Signal:
        distance = abs(self._x)
        if distance < START_SHARE * START_M:
            self._is_half = False
        elif not self._is_half:
            self._is_half = True
            self._half_us = t_us
        if distance >= START_M:
            since_half_us = round(START_TIMES * (t_us - self._half_us))
            self._begun_us = max(self._rested_us, self._half_us - since_half_us)
            self._left_us = self._begun_us
            self._sign = 1 if self._x > 0 else -1
            self._before_x, self._before_us = 0.0, self._half_us
            self._pace_x, self._paced_us = self._x, t_us
            self._mark(t_us)
            return _ADVANCE
        if self._is_blind:
            return _HOLD if t_us - self._moved_us < REST_US else _RESTED
        if t_us - self._between_us >= START_US // 2:
            self._slide(t_us)
        return _IDLE if distance < STEP_M else _HOLD

    def _slide(self, t_us: int) -> None:
        """Take the way since half a window ago for all that there is: what was before was rest."""
        self._rested_us, self._between_us = self._between_us, t_us
        moved_m = self._x - self._between_x
        self._forget_path()
        self._x = self._between_x = moved_m

    def _forget_path(self) -> None:
        self._between_x = 0.0
        self._x = self._mark_x = self._pace_x = self._before_x = 0.0
        self._rise.forget()
        self._is_whole, self._is_blind = True, False

    def _mark(self, t_us: int) -> None:
        self._mark_x = self._x
        self._rise.mark()
        self._moved_us = t_us
