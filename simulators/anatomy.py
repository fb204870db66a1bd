"""Face and neck as a hand knows them: where a zone's path runs, and which way its skin faces.

The face frame stands upright with its origin between the ears at eye height: x to the person's
right, y forward out of the face, z up, in metres. Sizes are those of an adult's head; the paths
are this simulator's own, drawn by eye, not measured.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_UP: Final = np.array([0.0, 0.0, 1.0])
_POINTS: Final = 1025
_CROSS_LENGTH_M: Final = 0.05

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Course:
    """A path through three points (cm) with the skin's outward direction at each.

    Attributes:
        direction: up or outward.
        bend_cm: radius of the skin across the path.
    """

    points: tuple[Triple, Triple, Triple]
    normals: tuple[Triple, Triple, Triple]
    direction: str
    bend_cm: float


_RIGHT: Final = {
    "forehead": _Course(
        ((3.2, 8.9, 2.6), (3.3, 8.6, 5.5), (3.3, 7.0, 8.1)),
        ((0.3, 0.95, 0.05), (0.3, 0.92, 0.25), (0.28, 0.75, 0.6)),
        "up",
        8.5,
    ),
    "temples": _Course(
        ((6.0, 6.0, 0.8), (6.8, 4.2, 1.4), (7.2, 2.4, 1.9)),
        ((0.7, 0.7, 0.1), (0.88, 0.45, 0.1), (0.97, 0.2, 0.12)),
        "outward",
        9.0,
    ),
    "under_eye": _Course(
        ((1.8, 8.8, -1.4), (3.2, 8.6, -1.8), (4.5, 7.9, -1.4)),
        ((0.1, 0.98, 0.15), (0.3, 0.94, 0.15), (0.55, 0.82, 0.15)),
        "outward",
        4.0,
    ),
    "cheek": _Course(
        ((1.8, 9.2, -3.2), (5.2, 6.6, -3.0), (7.2, 2.0, -2.0)),
        ((0.5, 0.86, 0.0), (0.8, 0.6, 0.05), (0.97, 0.25, 0.05)),
        "outward",
        6.0,
    ),
    "jawline": _Course(
        ((1.2, 8.6, -8.2), (5.0, 5.6, -7.4), (7.0, 1.6, -4.4)),
        ((0.5, 0.8, -0.3), (0.8, 0.5, -0.35), (0.95, 0.2, -0.2)),
        "outward",
        4.0,
    ),
    "neck_front": _Course(
        ((3.0, 4.0, -20.0), (3.4, 3.8, -14.6), (3.8, 4.8, -9.3)),
        ((0.5, 0.86, 0.0), (0.6, 0.8, 0.0), (0.6, 0.78, -0.15)),
        "up",
        5.5,
    ),
    "neck_back": _Course(
        ((2.2, -6.5, -16.0), (2.2, -6.2, -11.0), (2.4, -6.8, -6.0)),
        ((0.25, -0.97, 0.05), (0.25, -0.97, 0.0), (0.25, -0.96, -0.1)),
        "up",
        6.0,
    ),
    "decollete": _Course(
        ((1.5, 5.5, -23.0), (6.0, 5.4, -22.4), (11.0, 4.0, -21.4)),
        ((0.0, 0.93, 0.35), (0.1, 0.93, 0.35), (0.3, 0.88, 0.37)),
        "outward",
        20.0,
    ),
}

_MIDDLE: Final = {
    "forehead": _Course(
        ((0.0, 9.6, 2.6), (0.0, 9.3, 5.6), (0.0, 7.7, 8.3)),
        ((0.0, 1.0, 0.05), (0.0, 0.97, 0.25), (0.0, 0.8, 0.6)),
        "up",
        8.5,
    ),
    "neck_back": _Course(
        ((0.0, -6.8, -16.0), (0.0, -6.4, -11.0), (0.0, -7.0, -6.0)),
        ((0.0, -1.0, 0.05), (0.0, -1.0, 0.0), (0.0, -0.98, -0.1)),
        "up",
        6.0,
    ),
}


DIRECTIONS: Final = ("up", "outward", "down", "inward", "down_drain", "any")
"""The ways a hand can stroke; down_drain is down."""


class UnknownPlaceError(ValueError):
    """A zone, side or direction that this body does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class SkinPath:
    """A line on the skin, in evenly spaced points.

    Attributes:
        points: positions in the face frame, metres, one row each.
        tangents: unit vectors along the path.
        normals: unit vectors out of the skin, at right angles to the tangents.
        length_m: from the first point to the last.
        side: left, right or both (the middle).
    """

    points: Floats
    tangents: Floats
    normals: Floats
    length_m: float
    side: str

    def reversed(self) -> "SkinPath":
        """Return the same line the other way."""
        points, normals = self.points[::-1], self.normals[::-1]
        return SkinPath(points, -self.tangents[::-1], normals, self.length_m, self.side)


def zone_names() -> tuple[str, ...]:
    """Return the names of all zones."""
    return tuple(_RIGHT)


def sides_of(zone: str, side: str) -> tuple[str, ...]:
    """Return the sides a hand works on in turn: ``both`` is the middle where there is one.

    Raises:
        UnknownPlaceError: no such zone or side.
    """
    if zone not in _RIGHT:
        raise UnknownPlaceError(f"the simulated body has no zone {zone!r}")
    if side not in ("left", "right", "both"):
        raise UnknownPlaceError(f"the simulated body has no side {side!r}")
    return ("right", "left") if side == "both" and zone not in _MIDDLE else (side,)


@lru_cache(maxsize=128)
def skin_path(zone: str, side: str, direction: str) -> SkinPath:
    """Return the path of one stroke over a zone.

    Args:
        zone: one of ``zone_names()``.
        side: left, right, or both where the zone has a middle.
        direction: one of ``DIRECTIONS``; ``any`` is the zone's natural path. Across that path the
            stroke is an arc of 5 cm through its middle.

    Raises:
        UnknownPlaceError: no such zone, side or direction.
    """
    if sides_of(zone, side) != (side,):
        raise UnknownPlaceError(f"{zone} has no middle path")
    course = _MIDDLE[zone] if side == "both" else _RIGHT[zone]
    points, normals = _smooth(course.points) / 100, _smooth(course.normals)
    if side == "left":
        mirror = np.array([-1.0, 1.0, 1.0])
        points, normals = points * mirror, normals * mirror
    path = _spaced(points, normals, side)
    match direction:
        case "any":
            return path
        case "up" | "outward":
            return (
                path
                if direction == course.direction
                else _across(path, direction, course.bend_cm / 100)
            )
        case "down" | "down_drain":
            return skin_path(zone, side, "up").reversed()
        case "inward":
            return skin_path(zone, side, "outward").reversed()
    raise UnknownPlaceError(f"the simulated hand knows no direction {direction!r}")


def _smooth(three: tuple[Triple, Triple, Triple]) -> Floats:
    """Return a parabola through three rows."""
    start, middle, end = np.array(three)
    u = np.linspace(0.0, 1.0, 4 * _POINTS)[:, None]
    bend = 2 * middle - (start + end) / 2
    curve: Floats = (1 - u) ** 2 * start + 2 * u * (1 - u) * bend + u**2 * end
    return curve


def _spaced(points: Floats, normals: Floats, side: str) -> SkinPath:
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(lengths)))
    even = np.linspace(0.0, along[-1], _POINTS)
    points = _columns(even, along, points)
    normals = _columns(even, along, normals)
    tangents = _unit(np.gradient(points, even, axis=0))
    normals = _unit(normals - tangents * np.sum(normals * tangents, axis=1, keepdims=True))
    return SkinPath(points, tangents, normals, float(along[-1]), side)


def _across(path: SkinPath, direction: str, bend_m: float) -> SkinPath:
    """Return an arc over the skin through a path's middle."""
    middle = _POINTS // 2
    point, normal = path.points[middle], path.normals[middle]
    outward = np.array([-1.0 if path.side == "left" else 1.0, 0.0, 0.0])
    wanted = _UP if direction == "up" else outward
    tangent = _unit((wanted - normal * (wanted @ normal))[None, :])[0]
    angles = np.linspace(-0.5, 0.5, _POINTS)[:, None] * _CROSS_LENGTH_M / bend_m
    normals = np.cos(angles) * normal + np.sin(angles) * tangent
    return _spaced(point + bend_m * (normals - normal), normals, path.side)


def _columns(at: Floats, known_at: Floats, rows: Floats) -> Floats:
    return np.stack([np.interp(at, known_at, column) for column in rows.T], axis=1)


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
