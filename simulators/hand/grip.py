"""How a hand holds the tool: which way the tip points, and how it leans."""

from typing import Final

import numpy as np

from protocols.massage_tool import Features
from simulators.anatomy import SkinPath
from simulators.hand.curves import Floats, attitude, unit
from simulators.hand.moves import Line, Pose
from simulators.tool_data import ToolData

_LINE_POINTS: Final = 33
_UP: Final = np.array([0.0, 0.0, 1.0])

_READY: Final = ((0.10, 0.32, -0.12), (-0.3, -0.5, 0.8), (0.0, -0.85, -0.5))
"""Held before the face in the right hand: point, tip and press direction in the face frame."""

_OTHER_HAND: Final = ((-0.16, 0.26, -0.34), (0.2, 0.9, 0.3), (0.1, 0.2, -1.0))
"""Resting in the left hand while the right one works without it."""

_ON_THE_TABLE: Final = ((0.2, 0.38, -0.42), (-0.9, 0.3, 0.05), (0.0, -0.1, -1.0))
"""Laid down."""


class Grip:
    """One tool in one person's hand.

    The tip points away from the hand: for the right hand to the person's left, and up. So the same
    cheek sees the tool from another side in the left hand: everything is the mirror image.
    """

    def __init__(self, tool: ToolData, hand: str) -> None:
        tip, press = np.array(tool.sensors.tip_axis), np.array(tool.sensors.press_axis)
        self._tool_axes = np.stack([tip, press, np.cross(tip, press)], axis=-1)
        self._sideways = Features.WHEEL in tool.feature.features and tool.feature.wheel_axis == 1
        self.handed = 1.0 if hand == "right" else -1.0

    @property
    def ready(self) -> Pose:
        """The pose before the face, in the air."""
        return self._pose(_READY)

    @property
    def put_aside(self) -> Pose:
        """The pose in the other hand."""
        return self._pose(_OTHER_HAND)

    @property
    def laid_down(self) -> Pose:
        """The pose on the table."""
        return self._pose(_ON_THE_TABLE)

    def _pose(self, held: tuple[tuple[float, float, float], ...]) -> Pose:
        point, tip, press = np.array(held) * [self.handed, 1.0, 1.0]
        tips = unit(tip)[None, :]
        presses = unit(press - tips[0] * (press @ tips[0]))[None, :]
        return Pose(point, attitude(tips, presses, self._tool_axes)[0], _UP)

    def line(
        self,
        path: SkinPath,
        start: float,
        end: float,
        *,
        beside_m: float,
        lean: tuple[float, float],
    ) -> Line:
        """Return a line along a path.

        Args:
            path: on the skin.
            start: where on it the line begins, 0 to 1.
            end: where it ends.
            beside_m: how far beside the path the line runs.
            lean: yaw about the skin's normal and tilt towards the tip, radians.
        """
        shares = np.linspace(start, end, _LINE_POINTS) * (len(path.points) - 1)
        normals = unit(_interpolated(path.normals, shares))
        along = _interpolated(path.tangents, shares)
        points = _interpolated(path.points, shares)
        points += self.handed * beside_m * np.cross(normals, along)
        tips = self._tip_sign(path) * (np.cross(normals, along) if self._sideways else along)
        return Line(path.side, points, self._held(tips, normals, *lean), normals)

    def across(self, path: SkinPath, share: float) -> tuple[Floats, Floats]:
        """Return two directions in the skin at a place: along the path, and to one side of it."""
        row = round(share * (len(path.points) - 1))
        along = path.tangents[row]
        return along, self.handed * np.cross(path.normals[row], along)

    def _held(self, tips: Floats, normals: Floats, yaw: float, tilt: float) -> Floats:
        tips = unit(tips - normals * np.sum(tips * normals, axis=1, keepdims=True))
        aside = self.handed * np.cross(normals, tips)
        tips = np.cos(yaw) * tips + np.sin(yaw) * aside
        leaning = np.cos(tilt) * tips + np.sin(tilt) * normals
        presses = np.sin(tilt) * tips - np.cos(tilt) * normals
        return attitude(leaning, presses, self._tool_axes)

    def _tip_sign(self, path: SkinPath) -> float:
        """Return +1 where the tip points along its line, -1 where against it."""
        middle = len(path.points) // 2
        tip = path.points[-1] - path.points[0]
        if self._sideways:
            tip = np.cross(path.normals[middle], path.tangents[middle])
        return 1.0 if tip[2] - self.handed * tip[0] >= 0 else -1.0


def _interpolated(rows: Floats, at: Floats) -> Floats:
    known = np.arange(len(rows))
    return np.stack([np.interp(at, known, column) for column in rows.T], axis=1)
