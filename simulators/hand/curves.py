"""Smooth courses in time and turns in space, the mathematics of a moving hand."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PEAK_OVER_MEAN: Final = 1.875
"""A minimum-jerk movement's highest speed over its mean speed (its derivative at one half)."""


def ease(u: Floats) -> Floats:
    """Return the minimum-jerk course from 0 to 1 over ``u`` from 0 to 1, clipped outside.

    Speed and acceleration are zero at both ends: Flash and Hogan, J Neurosci 1985;5:1688.
    """
    v = np.clip(u, 0.0, 1.0)
    course: Floats = v * v * v * (10.0 + v * (6.0 * v - 15.0))
    return course


def hump(u: Floats) -> Floats:
    """Return a smooth rise from 0 to 1 at ``u`` = 0.5 and back, at rest at both ends."""
    v = np.clip(u, 0.0, 1.0)
    course: Floats = 64.0 * (v * (1.0 - v)) ** 3
    return course


def steady(u: Floats, ramp: float) -> Floats:
    """Return a course from 0 to 1 at an even speed between two eased ramps.

    Args:
        u: 0 to 1, clipped outside.
        ramp: share of the time that each ramp takes, above 0 up to one half.
    """
    v = np.clip(u, 0.0, 1.0)
    course: Floats = _reached(v, ramp) - _reached(v - (1.0 - ramp), ramp)
    return course / (1.0 - ramp)


def _reached(v: Floats, ramp: float) -> Floats:
    """Return the way made since 0 at a speed that eases from 0 to 1 within ``ramp``."""
    x = np.clip(v / ramp, 0.0, 1.0)
    eased = x**4 * (2.5 - x * (3.0 - x))
    way: Floats = ramp * eased + np.maximum(v - ramp, 0.0)
    return way


def plateau(t: Floats, start: float, end: float, *, rise: float, fall: float) -> Floats:
    """Return 0 up to ``start``, 1 between the ramps, and 0 from ``end`` on; all in seconds."""
    course: Floats = ease((t - start) / rise) * ease((end - t) / fall)
    return course


def unit(rows: Floats) -> Floats:
    """Return vectors scaled to length one, along the last axis."""
    scaled: Floats = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return scaled


def attitude(tips: Floats, presses: Floats, tool_axes: Floats) -> Floats:
    """Return rotations from the IMU frame to the face frame.

    Args:
        tips: where the tip points, unit vectors in the face frame, shape (n, 3).
        presses: where the tool presses, unit vectors at right angles to ``tips``, shape (n, 3).
        tool_axes: tip axis, press axis and their right-handed third as columns, in the IMU frame.
    """
    frames = np.stack([tips, presses, np.cross(tips, presses)], axis=-1)
    rotations: Floats = frames @ tool_axes.T
    return rotations


def turn_vector(start: Floats, end: Floats) -> Floats:
    """Return the shortest turn from one rotation matrix to another: axis times angle, radians.

    The axis comes from the largest eigenvector of the quaternion form (Bar-Itzhack, J Guid
    Control Dyn 2000;23:1085), which stays exact up to half a turn.
    """
    r = start.T @ end
    k = np.array(
        [
            [r[0, 0] - r[1, 1] - r[2, 2], 0.0, 0.0, 0.0],
            [r[1, 0] + r[0, 1], r[1, 1] - r[0, 0] - r[2, 2], 0.0, 0.0],
            [r[2, 0] + r[0, 2], r[2, 1] + r[1, 2], r[2, 2] - r[0, 0] - r[1, 1], 0.0],
            [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], np.trace(r)],
        ]
    )
    x, y, z, w = np.linalg.eigh(k, UPLO="L")[1][:, -1]
    axis = np.array([x, y, z]) * (1.0 if w >= 0 else -1.0)
    sine = float(np.linalg.norm(axis))
    if sine == 0.0:
        return np.zeros(3)
    vector: Floats = axis / sine * (2.0 * np.arctan2(sine, abs(w)))
    return vector


def turned(start: Floats, vector: Floats, share: Floats) -> Floats:
    """Return ``start`` turned by a share of a turn vector, shape (n, 3, 3)."""
    angle = float(np.linalg.norm(vector))
    if angle == 0.0:
        return np.broadcast_to(start, (len(share), 3, 3))
    cross = cross_matrix(vector / angle)
    sine, cosine = np.sin(angle * share), np.cos(angle * share)
    turns = np.eye(3) + sine[:, None, None] * cross + (1 - cosine)[:, None, None] * (cross @ cross)
    rotations: Floats = start @ turns
    return rotations


def cross_matrix(vectors: Floats) -> Floats:
    """Return the matrices that form the cross product with vectors of shape (..., 3)."""
    matrices = np.zeros((*vectors.shape[:-1], 3, 3))
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    matrices[..., 0, 1], matrices[..., 0, 2], matrices[..., 1, 2] = -z, y, -x
    matrices[..., 1, 0], matrices[..., 2, 0], matrices[..., 2, 1] = z, -y, x
    return matrices
