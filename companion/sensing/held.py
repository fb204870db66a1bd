"""A tool held still on a load: the mean of one second, or why there is none yet."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, radians
from statistics import fmean, pstdev
from typing import Final

from companion.sensing.calibration import MOST_UNSTEADY_N, MOST_UNSTEADY_SHARE
from companion.sensing.tool import Axis
from protocols.telemetry import Telemetry, Vector

WINDOW_US: Final = 1_000_000
"""How long the tool has to be held still: some periods of a hand's sway (engineering choice)."""
LEAST_SAMPLES: Final = 10
"""Known readings that make a mean (engineering choice)."""
DRIFT_SHARE: Final = 0.03
"""How far the second half's mean may lie from the first one's, of it: more still rises or falls
(engineering choice)."""
DRIFT_N: Final = 0.02
"""The same for small loads, newtons."""
TURNING_RADPS: Final = radians(10)
"""Mean turning that is no holding: a hand that rests stays below a third of it (as simulated)."""
ROLLED_M: Final = 0.003
"""Travel of the wheel that is no holding (engineering choice)."""


class Unheld(StrEnum):
    """Why a tool is not held still."""

    SILENT = "silent"
    SATURATED = "saturated"
    UNSTEADY = "unsteady"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    LOADED = "loaded"


@dataclass(frozen=True, slots=True)
class Held:
    """One second of a tool that is held still.

    Attributes:
        sent_n: mean of each channel as sent, newtons.
        spread_n: standard deviation of each.
        samples: how many known readings there were.
        accel_mps2: mean specific force in the sensor frame; None where that is not known.
    """

    sent_n: tuple[float, ...]
    spread_n: tuple[float, ...]
    samples: int
    accel_mps2: Axis | None

    @property
    def total_n(self) -> float:
        """Sum of the channels."""
        return sum(self.sent_n)


@dataclass(frozen=True, slots=True)
class _Moment:
    t_us: int
    force_n: tuple[float | None, ...]
    accel: Axis | None
    turning: float
    travel_m: float
    is_saturated: bool

    @property
    def known_n(self) -> tuple[float, ...] | None:
        known = tuple(value for value in self.force_n if value is not None)
        return known if known and len(known) == len(self.force_n) else None


class Holding:
    """Takes telemetry and says whether the newest second was held still; pure."""

    def __init__(self) -> None:
        self._moments: deque[_Moment] = deque()
        self._since_us: int | None = None

    def clear(self) -> None:
        """Begin anew: what came so far does not count."""
        self._moments.clear()
        self._since_us = None

    def take(self, telemetry: Telemetry) -> None:
        """Take samples, in order of time."""
        for place, sample in enumerate(telemetry.samples):
            t_us = telemetry.device_us + place * telemetry.interval_us
            gyro = _known(sample.gyro_radps)
            self._moments.append(
                _Moment(
                    t_us,
                    sample.force_n,
                    _known(sample.accel_mps2),
                    0.0 if gyro is None else hypot(*gyro),
                    sample.travel_m or 0.0,
                    telemetry.saturated,
                )
            )
        if self._since_us is None:
            self._since_us = telemetry.device_us
        newest_us = self._moments[-1].t_us
        while self._moments[0].t_us <= newest_us - WINDOW_US:
            self._moments.popleft()

    def newest(self, span_us: int) -> list[tuple[float | None, Axis | None]]:
        """Return sum of the channels and specific force of the newest samples."""
        if not self._moments:
            return []
        from_us = self._moments[-1].t_us - span_us
        return [
            (None if each.known_n is None else sum(each.known_n), each.accel)
            for each in self._moments
            if each.t_us > from_us
        ]

    def held(self) -> Held | Unheld:
        """Return the newest second, or why it was not held."""
        known = [each.known_n for each in self._moments]
        forces = [force for force in known if force is not None]
        if not self._is_full() or len(forces) < LEAST_SAMPLES:
            return Unheld.SILENT
        if all(each.is_saturated for each in self._moments):
            return Unheld.SATURATED
        turning = fmean(each.turning for each in self._moments)
        rolled_m = abs(sum(each.travel_m for each in self._moments))
        if turning > TURNING_RADPS or rolled_m > ROLLED_M:
            return Unheld.MOVED
        is_cut = any(each.is_saturated for each in self._moments)
        if is_cut or not _is_steady([sum(force) for force in forces]):
            return Unheld.UNSTEADY
        columns = list(zip(*forces, strict=True))
        return Held(
            tuple(map(fmean, columns)),
            tuple(map(pstdev, columns)),
            len(forces),
            _mean([each.accel for each in self._moments if each.accel is not None]),
        )

    def _is_full(self) -> bool:
        if not self._moments or self._since_us is None:
            return False
        interval_us = WINDOW_US // LEAST_SAMPLES
        return self._moments[-1].t_us - self._since_us >= WINDOW_US - interval_us


def _is_steady(totals_n: Sequence[float]) -> bool:
    middle = len(totals_n) // 2
    mean_n = fmean(totals_n)
    moved_n = abs(fmean(totals_n[middle:]) - fmean(totals_n[:middle]))
    return pstdev(totals_n) <= max(MOST_UNSTEADY_N, MOST_UNSTEADY_SHARE * abs(mean_n)) and (
        moved_n <= max(DRIFT_N, DRIFT_SHARE * abs(mean_n))
    )


def _known(vector: Vector | None) -> Axis | None:
    if vector is None:
        return None
    x, y, z = vector
    return None if x is None or y is None or z is None else (x, y, z)


def _mean(vectors: Sequence[Axis]) -> Axis | None:
    if not vectors:
        return None
    x, y, z = (fmean(column) for column in zip(*vectors, strict=True))
    return (x, y, z)
