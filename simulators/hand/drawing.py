"""From movements to motion: every move filled into the time grid."""

from dataclasses import replace
from typing import Final, assert_never

import numpy as np

from simulators.hand.curves import Floats, ease, hump, plateau, turn_vector, turned, unit
from simulators.hand.drag import Skin, pushed_m, sticking_n
from simulators.hand.motion import GRID_HZ, Motion
from simulators.hand.moves import Carry, Contact, Line, Move, Rest, shifted

_SKIN_GIVES_M_PER_N: Final = 0.002
_SETTLE_S: Final = 0.08
"""Before lift-off a tool that dry skin shook comes to where the hand is."""

_DRAG_PRESSES: Final = 0.3
"""Share of the sticking that tilts the tool into the skin; engineering choice."""

_SLIP_RAMP_S: Final = 0.1


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
                here = skin if move.friction is None else replace(skin, friction=move.friction)
                _touch(motion, part, move, times - move.start_s, here)
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
