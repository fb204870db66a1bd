"""Movements on an even time grid: where the tool is, how it is turned, how hard it presses."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

import numpy as np

from simulators.hand.curves import Floats, cross_matrix, ease, hump, plateau, turn_vector, turned
from simulators.hand.moves import Carry, Contact, Move, Rest, Wander

GRID_HZ: Final = 250
"""Points per second of the grid; a hand's motion and its tremor lie below 15 Hz."""

TREMOR_PERIOD_S: Final = 20.0
"""After this long the tremor repeats, so that stillness can last for any time."""

UPRIGHT: Final = np.array([0.0, 0.0, 1.0])
"""Up in the face frame of a person who sits or stands."""

_SKIN_GIVES_M_PER_N: Final = 0.002
_SETTLE_S: Final = 0.04
_TREMOR_HZ: Final = (7.0, 11.0)
_SWAY_HZ: Final = (0.15, 0.6)
_TREMOR_M: Final = 2.0e-5
_SWAY_M: Final = 4.0e-4
_TREMOR_RAD: Final = 1.5e-4
_SWAY_RAD: Final = 1.5e-3
_SINES: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A hand's doing, sampled at ``GRID_HZ`` from time 0.

    Attributes:
        points: the working surface in the face frame, metres, (n, 3).
        rotations: from the IMU frame to the face frame, (n, 3, 3).
        force_n: force of the skin on the tool, newtons, (n,).
        shares: how that force spreads over the tool's force channels, (n, channels), 1 in sum;
            no columns for a tool without channels.
        slip: share of the gliding that a wheel does not follow, 0 to 1, (n,).
        up: unit vector against gravity in the face frame: (0, 0, 1) for a person who is upright,
            (0, 1, 0) for one who lies on the back.
        repeats: whether the motion starts again after its end.
    """

    points: Floats
    rotations: Floats
    force_n: Floats
    shares: Floats
    slip: Floats
    up: Floats
    repeats: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Tremor:
    """Small involuntary motion: displacement (m) and turn vector (rad) over one period, (n, 3)."""

    shift: Floats
    turn: Floats

    @classmethod
    def drawn(cls, random: np.random.Generator) -> "Tremor":
        """Return one person's tremor."""
        return cls(
            _sines(random, _TREMOR_HZ, _TREMOR_M) + _sines(random, _SWAY_HZ, _SWAY_M),
            _sines(random, _TREMOR_HZ, _TREMOR_RAD) + _sines(random, _SWAY_HZ, _SWAY_RAD),
        )

    def over(self, motion: Motion) -> Motion:
        """Return the motion with the tremor on it."""
        turns = cross_matrix(self.turn)
        shaken = np.eye(3) + turns + turns @ turns / 2
        points, rotations = motion.points.copy(), motion.rotations.copy()
        for first in range(0, len(points), len(shaken)):
            part = slice(first, first + len(shaken))
            points[part] += self.shift[: len(points[part])]
            rotations[part] = rotations[part] @ shaken[: len(points[part])]
        return replace(motion, points=points, rotations=rotations)


def drawn(moves: tuple[Move, ...], contact_area_m2: float, shares: tuple[float, ...]) -> Motion:
    """Return the motion of all movements, one after the other, without tremor.

    Args:
        moves: in order, each beginning where the one before ends.
        contact_area_m2: turns a pressure into a force.
        shares: how the load spreads over the force channels.
    """
    count = int(moves[-1].end_s * GRID_HZ) + 1
    times = np.arange(count) / GRID_HZ
    points, rotations = np.empty((count, 3)), np.empty((count, 3, 3))
    force = np.zeros(count)
    bounds = [int(np.ceil(move.start_s * GRID_HZ - 1e-9)) for move in moves] + [count]
    for move, first, last in zip(moves, bounds, bounds[1:], strict=False):
        part = slice(first, last)
        if isinstance(move, Contact):
            force[part] = pressure_kpa(move, times[part]) * 1000.0 * contact_area_m2
        points[part], rotations[part] = _placed(move, times[part])
        points[part] -= _outward(move) * (force[part] * _SKIN_GIVES_M_PER_N)[:, None]
    return Motion(points, rotations, force, np.tile(shares, (count, 1)), np.zeros(count), UPRIGHT)


def held_still(motion: Motion) -> Motion:
    """Return one tremor period of the tool held as at the end of a motion, in the air."""
    count = round(TREMOR_PERIOD_S * GRID_HZ)
    return Motion(
        np.tile(motion.points[-1], (count, 1)),
        np.tile(motion.rotations[-1], (count, 1, 1)),
        np.zeros(count),
        np.tile(motion.shares[-1], (count, 1)),
        np.zeros(count),
        motion.up,
        repeats=True,
    )


def pressure_kpa(contact: Contact, times: Floats) -> Floats:
    """Return the pressure of a contact at the given times."""
    usual = contact.aim_kpa * (1.0 + _strayed(contact.wander, times - contact.start_s))
    ramp = contact.ramp_s
    pressure = usual * plateau(times, contact.start_s, contact.end_s, rise=ramp, fall=ramp)
    if (excess := contact.excess) is not None:
        share = plateau(times, excess.start_s, excess.end_s, rise=excess.ramp_s, fall=excess.ramp_s)
        pressure = pressure * (1.0 - share) + excess.peak_kpa * share
    return pressure


def _strayed(wander: Wander, since_s: Floats) -> Floats:
    total = np.zeros_like(since_s)
    for share, rate, phase in zip(wander.shares, wander.rates_hz, wander.phases, strict=True):
        total += share * np.sin(2 * np.pi * rate * since_s + phase)
    return total


def _placed(move: Move, times: Floats) -> tuple[Floats, Floats]:
    match move:
        case Rest():
            return (
                np.tile(move.pose.point, (len(times), 1)),
                np.tile(move.pose.rotation, (len(times), 1, 1)),
            )
        case Carry():
            return _carried(move, times)
        case Contact():
            return _glided(move, times)
        case _:
            assert_never(move)


def _carried(move: Carry, times: Floats) -> tuple[Floats, Floats]:
    u = (times - move.start_s) / (move.end_s - move.start_s)
    share = ease(u)
    outward = move.origin.outward + share[:, None] * (move.target.outward - move.origin.outward)
    straight = move.origin.point + share[:, None] * (move.target.point - move.origin.point)
    turn = turn_vector(move.origin.rotation, move.target.rotation)
    points = straight + move.lift_m * hump(u)[:, None] * outward
    return points, turned(move.origin.rotation, turn, share)


def _glided(move: Contact, times: Floats) -> tuple[Floats, Floats]:
    """Glide along the line; between its points place and attitude are interpolated."""
    span = move.end_s - move.start_s - 2 * _SETTLE_S
    at = ease((times - move.start_s - _SETTLE_S) / span) * (len(move.points) - 1)
    return _between_rows(move.points, at), _orthonormal(_between_rows(move.rotations, at))


def _between_rows(rows: Floats, at: Floats) -> Floats:
    """Return rows at places between them, by Catmull and Rom's cubic: speeds stay continuous."""
    inner = np.concatenate([[_beyond(rows)], rows, [_beyond(rows[::-1])]])
    first = np.minimum(at.astype(int), len(rows) - 2)
    u = (at - first).reshape(-1, *(1,) * (rows.ndim - 1))
    p0, p1, p2, p3 = (inner[first + offset] for offset in range(4))
    bend = 2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)
    mixed: Floats = p1 + 0.5 * u * (p2 - p0 + u * bend)
    return mixed


def _beyond(rows: Floats) -> Floats:
    """Return the row before the first, where a parabola through three would put it."""
    row: Floats = 3 * (rows[0] - rows[1]) + rows[2]
    return row


def _orthonormal(near: Floats) -> Floats:
    """Return the rotations next to matrices that nearly are ones (one Newton step)."""
    squared = np.swapaxes(near, 1, 2) @ near
    rotations: Floats = near @ (1.5 * np.eye(3) - 0.5 * squared)
    return rotations


def _outward(move: Move) -> Floats:
    return move.normals[len(move.normals) // 2] if isinstance(move, Contact) else np.zeros(3)


def _sines(random: np.random.Generator, band_hz: tuple[float, float], rms: float) -> Floats:
    """Return sums of sines on three axes whose periods divide the tremor's."""
    times = np.arange(round(TREMOR_PERIOD_S * GRID_HZ)) / GRID_HZ
    turns = np.round(random.uniform(*band_hz, (_SINES, 3)) * TREMOR_PERIOD_S)
    phases = random.uniform(0.0, 2 * np.pi, (_SINES, 3))
    angles = 2 * np.pi * turns / TREMOR_PERIOD_S * times[:, None, None] + phases
    total: Floats = rms * np.sqrt(2.0 / _SINES) * np.sin(angles).sum(axis=1)
    return total
