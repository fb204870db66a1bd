"""What there is to feel for a tool in a hand, before any sensor errs about it."""

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from simulators.hand.curves import Floats
from simulators.hand.motion import GRID_HZ, Motion
from simulators.tool_data import ToolData

_GRAVITY_MPS2: Final = 9.81
"""Free fall on this simulator's bench, in m/s2; Europe's values run from 9.78 to 9.83."""

_WHEEL_TURNS_FROM_N: Final = 0.002
"""Load from which the wheel is carried along by the skin."""


@dataclass(frozen=True, slots=True, eq=False)
class Felt:
    """What a tool feels on the hand's time grid, in SI units and without any noise.

    Attributes:
        motion: specific force (m/s2) and angular velocity (rad/s) in the IMU frame, (n, 6).
        load_n: what presses on each force channel, after its lag, (n, channels).
        contact_n: the true contact force, (n,).
        travel_m: how far the wheel has rolled, slip left out, (n,).
        repeats: whether the grid starts again after its end.
    """

    motion: Floats
    load_n: Floats
    contact_n: Floats
    travel_m: Floats
    repeats: bool = False
    _columns: Floats | None = field(default=None, repr=False)

    @classmethod
    def _of(cls, columns: Floats, *, repeats: bool = False) -> Self:
        """Return what is felt from one table: six of motion, the channels, contact, travel."""
        return cls(
            columns[:, :6], columns[:, 6:-2], columns[:, -2], columns[:, -1], repeats, columns
        )

    @classmethod
    def from_motion(cls, motion: Motion, data: ToolData) -> Self:
        """Return what the tool feels.

        Specific force is acceleration against free fall. The weight of what hangs on the force
        sensor rests on its channels evenly, the skin's force as the motion's shares say.
        """
        sensors = data.sensors
        imu_frame = np.swapaxes(motion.rotations, 1, 2)
        press = np.array(sensors.press_axis)
        imu_points = motion.points - motion.rotations @ press * sensors.imu_behind_m
        gravity = motion.up * _GRAVITY_MPS2
        at_imu = _acceleration(imu_points, repeats=motion.repeats) + gravity
        at_head = _acceleration(motion.points, repeats=motion.repeats) + gravity
        weight = _rotated(imu_frame, at_head) @ press * sensors.supported_mass_kg
        rolling = _rotated(imu_frame, _rate(motion.points)) @ _rolling_axis(data)
        followed = rolling * (1.0 - motion.slip)
        rolled = np.where(motion.force_n > _WHEEL_TURNS_FROM_N, followed, 0.0)
        load = motion.force_n[:, None] * motion.shares
        load += weight[:, None] / max(motion.shares.shape[1], 1)
        felt = (
            _rotated(imu_frame, at_imu),
            _turning(motion),
            _lagged(load, sensors.force_lag_s),
            motion.force_n,
            np.cumsum(rolled) / GRID_HZ,
        )
        return cls._of(np.column_stack(felt), repeats=motion.repeats)

    def at(self, times: Floats) -> Self:
        """Return what is felt at the given times; what repeats does so for ever."""
        count = len(self.load_n)
        if self.repeats:
            places = np.mod(times * GRID_HZ, count)
        else:
            places = np.clip(times * GRID_HZ, 0, count - 1)
        before = places.astype(np.intp)
        after = (before + 1) % count if self.repeats else np.minimum(before + 1, count - 1)
        share = (places - before)[:, None]
        columns = self._columns
        if columns is None:
            columns = np.column_stack([self.motion, self.load_n, self.contact_n, self.travel_m])
        return self._of(columns[before] * (1.0 - share) + columns[after] * share)


def _rate(rows: Floats) -> Floats:
    rate: Floats = np.gradient(rows, 1.0 / GRID_HZ, axis=0)
    return rate


def _acceleration(points: Floats, *, repeats: bool) -> Floats:
    before, after = _neighbours(points, repeats=repeats)
    acceleration: Floats = (before - 2.0 * points + after) * GRID_HZ**2
    return acceleration


def _turning(motion: Motion) -> Floats:
    """Return the angular velocity in the IMU frame: central differences of the attitude."""
    before, after = _neighbours(motion.rotations, repeats=motion.repeats)

    def twice_sine(row: int, column: int) -> Floats:
        """Return the turn's antisymmetric part without forming its matrices."""
        part: Floats = np.einsum("nk,nk->n", before[:, :, row], after[:, :, column])
        part -= np.einsum("nk,nk->n", before[:, :, column], after[:, :, row])
        return part

    turns = np.stack([twice_sine(2, 1), twice_sine(0, 2), twice_sine(1, 0)], axis=1)
    velocity: Floats = turns / 2.0 / (2.0 / GRID_HZ)
    return velocity


def _neighbours(rows: Floats, *, repeats: bool) -> tuple[Floats, Floats]:
    """Return the rows one step before and after; where nothing repeats the ends stand still."""
    first, last = (rows[-1:], rows[:1]) if repeats else (rows[:1], rows[-1:])
    padded = np.concatenate([first, rows, last])
    return padded[:-2], padded[2:]


def _rotated(rotations: Floats, rows: Floats) -> Floats:
    rotated: Floats = (rotations @ rows[:, :, None])[:, :, 0]
    return rotated


def _rolling_axis(data: ToolData) -> Floats:
    tip, press = np.array(data.sensors.tip_axis), np.array(data.sensors.press_axis)
    axis: Floats = np.cross(press, tip) if data.feature.wheel_axis else tip
    return axis


def _lagged(columns: Floats, time_constant_s: float) -> Floats:
    """Return first-order answers: each step closes 1 - exp(-dt / tau) of what is missing."""
    if time_constant_s == 0.0:
        return columns
    keep = float(np.exp(-1.0 / (GRID_HZ * time_constant_s)))
    lagged = np.empty_like(columns)
    for place, column in enumerate(columns.T.tolist()):
        state = column[0]
        for row, value in enumerate(column):
            column[row] = state = value + keep * (state - value)
        lagged[:, place] = column
    return lagged
