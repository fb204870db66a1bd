"""Movements on an even time grid: where the tool is, how it is turned, how hard it presses."""

from dataclasses import dataclass, replace
from typing import Final, assert_never

import numpy as np

from simulators.hand.curves import (
    Floats,
    cross_matrix,
    ease,
    hump,
    plateau,
    turn_vector,
    turned,
    unit,
)
from simulators.hand.drag import Skin, pushed_m, sticking_n
from simulators.hand.moves import Carry, Contact, Line, Move, Rest, shifted

GRID_HZ: Final = 250
"""Points per second of the grid; a hand's motion and its tremor lie below 15 Hz."""

TREMOR_PERIOD_S: Final = 20.0
"""After this long the tremor repeats, so that stillness can last for any time."""

UPRIGHT: Final = np.array([0.0, 0.0, 1.0])
"""Up in the face frame of a person who sits or stands."""

_SKIN_GIVES_M_PER_N: Final = 0.002
_SETTLE_S: Final = 0.08
"""Before lift-off a tool that dry skin shook comes to where the hand is."""

_DRAG_PRESSES: Final = 0.3
"""Share of the sticking that tilts the tool into the skin; engineering choice."""

_SLIP_RAMP_S: Final = 0.1
_TREMOR_HZ: Final = (7.0, 11.0)
_SWAY_HZ: Final = (0.15, 0.6)
_TREMOR_M: Final = 2.0e-5
_SWAY_M: Final = 4.0e-4
_TREMOR_RAD: Final = 1.5e-4
_SWAY_RAD: Final = 1.5e-3
_SINES: Final = 3


def up_when_reclined(degrees: float) -> Floats:
    """Return up in the face frame of a person who leans back: 0 upright, 90 lying on the back."""
    angle = np.radians(degrees)
    return np.array([0.0, np.sin(angle), np.cos(angle)])


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


def drawn(moves: tuple[Move, ...], skin: Skin, *, up: Floats, shares: tuple[float, ...]) -> Motion:
    """Return the motion of all movements, one after the other, without tremor.

    Args:
        moves: in order, each beginning where the one before ends.
        skin: what the tool glides on.
        up: against gravity, in the face frame.
        shares: how the load spreads over the force channels in the air.
    """
    count = int(moves[-1].end_s * GRID_HZ) + 1
    motion = _blank(count, shares, up)
    bounds = [int(np.ceil(move.start_s * GRID_HZ - 1e-9)) for move in moves] + [count]
    for move, first, last in zip(moves, bounds, bounds[1:], strict=False):
        part = slice(first, last)
        times = np.arange(first, last) / GRID_HZ
        match move:
            case Rest():
                motion.points[part], motion.rotations[part] = move.pose.point, move.pose.rotation
            case Carry():
                motion.points[part], motion.rotations[part] = _carried(move, times)
            case Contact():
                _touch(motion, part, move, times - move.start_s, skin)
            case _:
                assert_never(move)
    return motion


def _blank(count: int, shares: tuple[float, ...], up: Floats) -> Motion:
    return Motion(
        points=np.empty((count, 3)),
        rotations=np.empty((count, 3, 3)),
        force_n=np.zeros(count),
        shares=np.tile(shares, (count, 1)),
        slip=np.zeros(count),
        up=up,
    )


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


def pressure_kpa(contact: Contact, since_s: Floats) -> Floats:
    """Return the pressure of a contact at times after its first touch."""
    usual = contact.aim_kpa * (1.0 + contact.wander.at(since_s))
    pressure = usual * np.maximum(shifted(contact.touch.press, since_s), 0.0)
    if (excess := contact.excess) is not None:
        ramp = excess.ramp_s
        share = plateau(since_s, excess.start_s, excess.end_s, rise=ramp, fall=ramp)
        pressure = pressure * (1.0 - share) + excess.peak_kpa * share
    return pressure


def _touch(motion: Motion, part: slice, contact: Contact, since_s: Floats, skin: Skin) -> None:
    """Fill one contact into a motion: the tool glides along its line and presses."""
    touch, line = contact.touch, contact.touch.line
    rows = shifted(touch.glide, since_s) * (len(line.points) - 1)
    force = pressure_kpa(contact, since_s) * 1000.0 * contact.edge.area_m2
    out = shifted(touch.lift, since_s) - force * _SKIN_GIVES_M_PER_N
    points = _between_rows(line.points, rows)
    if touch.glides and skin.sticks:
        dragged, extra = _dragged(line, rows, points, force, skin)
        points, force = points + dragged, force + extra
    motion.points[part] = points + _between_rows(line.normals, rows) * out[:, None]
    motion.rotations[part] = _orthonormal(_between_rows(line.rotations, rows))
    motion.force_n[part] = force
    motion.shares[part] = _load_shares(contact, since_s)
    if (slip := contact.slip) is not None:
        course = plateau(since_s, slip.start_s, slip.end_s, rise=_SLIP_RAMP_S, fall=_SLIP_RAMP_S)
        motion.slip[part] = slip.share * course


def _dragged(
    line: Line, rows: Floats, points: Floats, force_n: Floats, skin: Skin
) -> tuple[Floats, Floats]:
    """Return how far dry skin shifts the tool, and how much harder it then presses."""
    steps = np.diff(points, axis=0, prepend=points[:1])
    lengths = np.linalg.norm(steps, axis=1)
    held = sticking_n(np.cumsum(lengths), force_n, skin, GRID_HZ)
    backwards = np.sign(np.diff(rows, prepend=rows[:1])) * -held
    tangents = unit(np.gradient(line.points, axis=0))
    along = unit(_between_rows(tangents, rows))
    seconds = np.arange(len(rows)) / GRID_HZ
    settled = ease(seconds[::-1] / _SETTLE_S)
    return along * (pushed_m(backwards, GRID_HZ) * settled)[:, None], held * _DRAG_PRESSES


def _load_shares(contact: Contact, since_s: Floats) -> Floats:
    """Return how the load spreads over the force channels while it wanders between them."""
    shares = np.tile(contact.edge.shares, (len(since_s), 1))
    if not contact.wobble:
        return shares
    shares *= 1.0 + np.stack([wander.at(since_s) for wander in contact.wobble], axis=1)
    spread: Floats = shares / shares.sum(axis=1, keepdims=True)
    return spread


def _carried(move: Carry, times: Floats) -> tuple[Floats, Floats]:
    u = (times - move.start_s) / (move.end_s - move.start_s)
    share = ease(u)
    outward = move.origin.outward + share[:, None] * (move.target.outward - move.origin.outward)
    straight = move.origin.point + share[:, None] * (move.target.point - move.origin.point)
    turn = turn_vector(move.origin.rotation, move.target.rotation)
    points = straight + move.lift_m * hump(u)[:, None] * outward
    return points, turned(move.origin.rotation, turn, share)


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


def _sines(random: np.random.Generator, band_hz: tuple[float, float], rms: float) -> Floats:
    """Return sums of sines on three axes whose periods divide the tremor's."""
    times = np.arange(round(TREMOR_PERIOD_S * GRID_HZ)) / GRID_HZ
    turns = np.round(random.uniform(*band_hz, (_SINES, 3)) * TREMOR_PERIOD_S)
    phases = random.uniform(0.0, 2 * np.pi, (_SINES, 3))
    angles = 2 * np.pi * turns / TREMOR_PERIOD_S * times[:, None, None] + phases
    total: Floats = rms * np.sqrt(2.0 / _SINES) * np.sin(angles).sum(axis=1)
    return total
