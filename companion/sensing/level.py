"""The level of pressure against the band of the step, without flicker."""

from math import inf

from companion.sensing.copied import Copied
from companion.sensing.types import Band, Level, Technique

DEADBAND = 0.05
"""Share by which the pressure must fall below a border before the level falls (engineering
choice)."""
DWELL_US = 120_000
"""Time a new level must hold before it is said: shorter than a glance, longer than a tremor's
half period at 8 Hz (engineering choice)."""
LIFTED_US = 150_000
"""Time off the skin before it is said (engineering choice)."""
BETWEEN_TAPS_US = 1_000_000
"""Time off the skin for which tapping goes on: one tap per second is the slowest."""
_LEVELS = (
    Level.NO_CONTACT,
    Level.LIGHT,
    Level.ON_TARGET,
    Level.FIRM,
    Level.CAUTION,
    Level.STOP,
)
_ANY, _NONE = (-inf, inf), (inf, -inf)
_UNJUDGED = (Level.NO_CONTACT, Level.UNKNOWN)


class LevelTracker(Copied):
    """Follows one pressure through the bands.

    Caution and stop come from the over-pressure alerts, so that the level and the warning never
    disagree. Taps are judged by the peak of each contact, whose limits the level knows itself.

    Attributes:
        level: the level; None until the first one has held for its dwell.
    """

    def __init__(self, band: Band | None, technique: Technique | None) -> None:
        self.level: Level | None = None
        self._levels = _UNJUDGED if band is None else _LEVELS
        self._borders: tuple[float, ...] = ()
        if band is not None:
            self._borders = (band.low_kpa, band.high_kpa)
            if technique is Technique.TAP:
                self._borders += (band.caution_kpa, band.stop_kpa)
        self._rank = -1
        self._bottom = inf
        self._top = -inf
        self._since_us: int | None = None
        self._alert: Level | None = None

    def restart(self) -> None:
        """Know nothing again, as after silence."""
        self.level = None
        self._rank = -1
        self._since_us = None
        self._alert = None

    def follow(self, alert: Level) -> None:
        """Show a standing alert at once."""
        self._alert = alert
        self._say()

    def release(self, pressure_kpa: float, *, touching: bool) -> None:
        """No alert stands any more: show what the pressure says now, not what it said before."""
        self._alert = None
        self._move(pressure_kpa, touching=touching)

    def step(self, t_us: int, pressure_kpa: float, *, touching: bool) -> bool:
        """Take one sample; return whether the level changed."""
        if touching:
            if self._bottom <= pressure_kpa < self._top and self._rank > 0:
                self._since_us = None
                return False
            wait = DWELL_US
        else:
            if self._rank == 0:
                self._since_us = None
                return False
            wait = DWELL_US if self._rank < 0 else LIFTED_US
        if self._since_us is None:
            self._since_us = t_us
        if t_us - self._since_us < wait:
            return False
        return self._move(pressure_kpa, touching=touching)

    def calm(self, *, touching: bool) -> tuple[float, float]:
        """Return the pressures, from and below, that do not move the level; from inf for none."""
        if touching:
            return (self._bottom, self._top) if self._rank > 0 else _NONE
        return _ANY if self._rank == 0 else _NONE

    def stay(self) -> None:
        """Take a sample that does not move the level."""
        self._since_us = None

    def _move(self, pressure_kpa: float, *, touching: bool) -> bool:
        borders = self._borders
        self._since_us = None
        self._rank = 1 + sum(pressure_kpa >= border for border in borders) if touching else 0
        rank = self._rank
        self._bottom = borders[rank - 2] * (1 - DEADBAND) if rank > 1 else -inf
        self._top = borders[rank - 1] if 0 < rank <= len(borders) else inf
        return self._say()

    def _say(self) -> bool:
        level = None if self._rank < 0 else self._levels[self._rank]
        if self._alert is not None:
            level = self._alert
        changed = level is not self.level
        self.level = level
        return changed


class TapPeak(Copied):
    """The pressure taps are judged by: the peak of each contact, kept until the next one.

    Attributes:
        tapping: whether a tap is going on or was, a moment ago.
        value_kpa: the peak of the newest contact, or of the present one once it is higher.
    """

    def __init__(self) -> None:
        self.tapping = False
        self.value_kpa = 0.0
        self._present_kpa: float | None = None
        self._last_us = 0

    def step(self, t_us: int, pressure_kpa: float, *, touching: bool) -> None:
        """Take one sample of the bare pressure."""
        if touching:
            present = self._present_kpa
            if present is None or pressure_kpa > present:
                self._present_kpa = present = pressure_kpa
            self._last_us = t_us
            self.value_kpa = max(self.value_kpa, present) if self.tapping else present
            self.tapping = True
            return
        if self._present_kpa is not None:
            self.value_kpa = self._present_kpa
            self._present_kpa = None
        if self.tapping and t_us - self._last_us >= BETWEEN_TAPS_US:
            self.tapping = False

    def forget(self, pressure_kpa: float, *, touching: bool) -> None:
        """Let go of the kept peak: its warning is over, and the tap counts from now."""
        self.tapping = touching
        self.value_kpa = pressure_kpa if touching else 0.0
        self._present_kpa = pressure_kpa if touching else None
