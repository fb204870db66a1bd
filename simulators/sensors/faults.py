"""Parts of a tool that stop working rightly: frozen, missing, saturated, drifting, noisy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from protocols.massage_tool import NOT_KNOWN
from simulators.hand.curves import Floats

FAULT_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "force": ("frozen", "missing", "saturated", "drifting", "noisy"),
    "imu": ("frozen", "missing", "saturated", "drifting", "noisy"),
    "wheel": ("frozen", "missing", "drifting", "noisy"),
}
"""Which part can fail how. A wheel's counter has no end that it could reach."""

_WORDS: Final = {"force_drifting": "tare_drift"}
_FORCE_DRIFT_PER_S: Final = 0.005
_FORCE_NOISE: Final = 0.02
"""Shares of full scale, where a fault gives no amount."""
_GYRO_DRIFT_RADPS2: Final = 0.005
_ACCEL_NOISE_MPS2: Final = 1.0
_GYRO_NOISE_PER_ACCEL: Final = 0.1
"""rad/s of noise that a noisy IMU has per m/s2."""
_WHEEL_DRIFT_MPS: Final = 0.01
_WHEEL_NOISE_COUNTS: Final = 3.0
_MOST_COUNTS: Final = 32767

ACCEL: Final = slice(0, 3)
GYRO: Final = slice(3, 6)
IMU: Final = slice(0, 6)
FORCE: Final = slice(6, -1)
WHEEL: Final = slice(-1, None)
"""Where a row of readings has its parts."""
_PARTS: Final = {"force": FORCE, "imu": IMU, "wheel": WHEEL}


@dataclass(frozen=True, slots=True)
class SensorFault:
    """One part that fails for a while.

    Attributes:
        part: force, imu or wheel; the force fault is one of all channels.
        kind: one of ``FAULT_KINDS``.
        start_s: from when, seconds of the performance.
        end_s: until when; None while it lasts.
        amount: how fast it drifts (N/s; rad/s2 of the gyroscope; m/s of the wheel) or the standard
            deviation of its noise (N; m/s2; counts); 0: an amount that is plainly seen.

    Raises:
        ValueError: there is no such part, it cannot fail so, or it ends before it starts.
    """

    part: str
    kind: str
    start_s: float
    end_s: float | None = None
    amount: float = 0.0

    def __post_init__(self) -> None:
        kinds = FAULT_KINDS.get(self.part)
        if kinds is None:
            raise ValueError(f"no part {self.part!r}; there are {', '.join(FAULT_KINDS)}")
        if self.kind not in kinds:
            raise ValueError(f"{self.part} cannot be {self.kind!r}, only {', '.join(kinds)}")
        if self.end_s is not None and self.end_s < self.start_s:
            raise ValueError(f"ends at {self.end_s:g} s, before it starts")

    @property
    def word(self) -> str:
        """What labelled recordings call it: force_frozen, motion_missing, tare_drift, ..."""
        name = f"{'motion' if self.part == 'imu' else self.part}_{self.kind}"
        return _WORDS.get(name, name)

    def covers(self, time_s: float) -> bool:
        """Return whether it stands at a moment."""
        return self.start_s <= time_s and (self.end_s is None or time_s < self.end_s)


class Breakage:
    """What faults do to one tool's readings.

    Args:
        random: for the noise of what is noisy; drawn from only then.
        full_scale_n: of the force sensor.
        full_scale_counts: the same in counts.
        wheel_m: travel per count.
    """

    def __init__(
        self,
        random: np.random.Generator,
        *,
        full_scale_n: float,
        full_scale_counts: int,
        wheel_m: float,
    ) -> None:
        self._random = random
        self._full_scale_n = full_scale_n
        self._full_scale_counts = full_scale_counts
        self._wheel_m = wheel_m
        self._held: dict[str, list[int]] = {}

    @property
    def is_holding(self) -> bool:
        """Whether a part was frozen at the last reading."""
        return bool(self._held)

    def upset(self, values: Floats, times_s: Floats, faults: Sequence[SensorFault]) -> None:
        """Add to readings in SI units what drifts and what is noisy.

        Args:
            values: one row per time: accelerometer, gyroscope, force channels; changed.
            times_s: of the rows.
            faults: in force at some of them.
        """
        for fault in faults:
            covered = np.array([fault.covers(time) for time in times_s.tolist()])
            since_s = np.where(covered, times_s - fault.start_s, 0.0)[:, None]
            match fault.part, fault.kind:
                case "force", "drifting":
                    rate = fault.amount or _FORCE_DRIFT_PER_S * self._full_scale_n
                    values[:, 6:] += rate * since_s / max(values.shape[1] - 6, 1)
                case "imu", "drifting":
                    values[:, GYRO] += (fault.amount or _GYRO_DRIFT_RADPS2) * since_s
                case "force", "noisy":
                    spread = fault.amount or _FORCE_NOISE * self._full_scale_n
                    self._shake(values[:, 6:], covered, spread)
                case "imu", "noisy":
                    spread = fault.amount or _ACCEL_NOISE_MPS2
                    self._shake(values[:, ACCEL], covered, spread)
                    self._shake(values[:, GYRO], covered, spread * _GYRO_NOISE_PER_ACCEL)

    def _shake(self, columns: Floats, covered: Floats, spread: float) -> None:
        columns += covered[:, None] * spread * self._random.standard_normal(columns.shape)

    def stop(
        self, rows: Sequence[list[int]], times_s: Sequence[float], faults: Sequence[SensorFault]
    ) -> None:
        """Change counts as faults do that leave nothing of the reading.

        Args:
            rows: accelerometer, gyroscope, force channels, wheel; changed.
            times_s: of the rows, with the time before the first one at its front.
            faults: in force at some of them.
        """
        for row, before_s, time_s in zip(rows, times_s, times_s[1:], strict=False):
            standing = [fault for fault in faults if fault.covers(time_s)]
            frozen = {fault.part for fault in standing if fault.kind == "frozen"}
            self._held = {part: held for part, held in self._held.items() if part in frozen}
            for fault in standing:
                if fault.part == "wheel":
                    counts = self._turned(row[-1], fault, before_s, time_s)
                    row[-1] = max(NOT_KNOWN, min(_MOST_COUNTS, counts))
                else:
                    self._stop(row, fault)

    def _stop(self, row: list[int], fault: SensorFault) -> None:
        part = _PARTS[fault.part]
        match fault.kind:
            case "frozen":
                row[part] = self._held.setdefault(fault.part, row[part])
            case "missing":
                row[part] = [NOT_KNOWN] * len(row[part])
            case "saturated" if fault.part == "force":
                row[part] = [self._full_scale_counts] * len(row[part])
            case "saturated":
                row[part] = [_MOST_COUNTS if count >= 0 else -_MOST_COUNTS for count in row[part]]

    def _turned(self, counts: int, fault: SensorFault, before_s: float, time_s: float) -> int:
        """Return what a faulty wheel counts; a frozen one is blocked."""
        match fault.kind:
            case "frozen":
                return 0
            case "missing":
                return NOT_KNOWN
            case "noisy":
                spread = fault.amount or _WHEEL_NOISE_COUNTS
                return counts + round(spread * self._random.standard_normal())
            case _:
                rate = (fault.amount or _WHEEL_DRIFT_MPS) / self._wheel_m
                start_s = fault.start_s
                began_s = max(before_s - start_s, 0.0)
                return counts + floor(rate * (time_s - start_s)) - floor(rate * began_s)
