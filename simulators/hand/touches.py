"""How one repetition of each technique touches the skin: along which line, and for how long."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulators.anatomy import SkinPath, sides_of, skin_path
from simulators.hand.curves import Floats, attitude, unit
from simulators.plan import PlannedStep
from simulators.scenario import Habits, Range
from simulators.tool_data import Sensors

_LINE_POINTS: Final = 33
_CIRCLE_RADIUS_M: Final = 0.012
_STRETCH_M: Final = 0.02
_STRETCH_S: Final = (2.5, 3.5)
_KNEAD_M: Final = 0.008
_KNEAD_S: Final = (0.9, 1.4)
_TAP_RAMP_SHARE: Final = 0.45


class CannotPerformError(ValueError):
    """A planned step that this hand cannot do with a tool."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Touch:
    """One contact before it has a time: line, attitude, length in seconds and ramp."""

    side: str
    points: Floats
    rotations: Floats
    normals: Floats
    glides: bool
    duration_s: float
    ramp_s: float


class Touches:
    """Draws the touches of a plan's steps, with the natural variation of a person."""

    def __init__(self, habits: Habits, sensors: Sensors, random: np.random.Generator) -> None:
        self._habits = habits
        self._random = random
        tip, press = np.array(sensors.tip_axis), np.array(sensors.press_axis)
        self._tool_axes = np.stack([tip, press, np.cross(tip, press)], axis=-1)

    def pose_rotation(self, tip: Floats, press: Floats) -> Floats:
        """Return the attitude with the tip that way, pressing that way as far as it can."""
        tips = unit(tip)[None, :]
        presses = unit(press - tips[0] * (press @ tips[0]))[None, :]
        rotation: Floats = attitude(tips, presses, self._tool_axes)[0]
        return rotation

    def draw(self, step: PlannedStep, repetition: int) -> Touch:
        """Return the touch of one repetition, counted from 0.

        Raises:
            CannotPerformError: the technique needs fingers, or is not known.
            UnknownPlaceError: the body has no such zone, side or direction.
        """
        sides = sides_of(step.zone, step.side)
        path = skin_path(step.zone, sides[repetition % len(sides)], step.direction)
        place = (repetition + 0.5) / max(step.repetitions, 1)
        match step.technique:
            case "sweep":
                return self._sweep(path)
            case "circle":
                return self._circle(path, place)
            case "stretch":
                return self._shift(path, place, _STRETCH_M, _STRETCH_S)
            case "knead":
                return self._shift(path, place, _KNEAD_M, _KNEAD_S)
            case "tap" | "press_hold":
                return self._press(path, place, step.technique)
        raise CannotPerformError(
            f"step {step.id}: the simulated hand cannot {step.technique} with a tool"
        )

    def between(self, ends: Range) -> float:
        """Return a value drawn evenly from a range."""
        return float(self._random.uniform(*ends))

    def _sweep(self, path: SkinPath) -> Touch:
        reach = self.between(self._habits.reach)
        start = self.between((0.0, 1.0 - reach))
        duration = reach * path.length_m / self.between(self._habits.speed_mps)
        return self._along(path, start, start + reach, duration)

    def _shift(self, path: SkinPath, place: float, length_m: float, lasts: Range) -> Touch:
        share = min(length_m / path.length_m, 1.0)
        start = min(max(place - share / 2, 0.0), 1.0 - share)
        touch = self._along(path, start, start + share, self.between(lasts))
        return replace(touch, glides=length_m == _STRETCH_M)

    def _press(self, path: SkinPath, place: float, technique: str) -> Touch:
        spread = 0.2 / path.length_m * 0.01
        spot = min(max(place + self.between((-spread, spread)), 0.0), 1.0)
        if technique == "press_hold":
            touch = self._along(path, spot, spot, self.between(self._habits.hold_s))
            return replace(touch, glides=False)
        duration = self.between(self._habits.tap_contact_s)
        touch = self._along(path, spot, spot, duration, ramp_s=duration * _TAP_RAMP_SHARE)
        return replace(touch, glides=False)

    def _circle(self, path: SkinPath, place: float) -> Touch:
        centre = self._along(path, place, place, 1.0)
        index = round(place * (len(path.points) - 1))
        along, normal = path.tangents[index], path.normals[index]
        angle = np.linspace(0.0, 2 * np.pi, _LINE_POINTS)[:, None]
        across = np.cross(normal, along)
        radius = _CIRCLE_RADIUS_M * self.between(self._habits.reach)
        duration = 2 * np.pi * radius / self.between(self._habits.speed_mps)
        return Touch(
            side=path.side,
            points=centre.points + radius * (np.cos(angle) * along + np.sin(angle) * across),
            rotations=centre.rotations,
            normals=centre.normals,
            glides=True,
            duration_s=duration,
            ramp_s=self.between(self._habits.ramp_s),
        )

    def _along(
        self,
        path: SkinPath,
        start: float,
        end: float,
        duration_s: float,
        *,
        ramp_s: float | None = None,
    ) -> Touch:
        shares = np.linspace(start, end, _LINE_POINTS) * (len(path.points) - 1)
        normals = unit(_interpolated(path.normals, shares))
        tips = _tip_sign(path) * _interpolated(path.tangents, shares)
        return Touch(
            side=path.side,
            points=_interpolated(path.points, shares),
            rotations=self._held(tips, normals),
            normals=normals,
            glides=True,
            duration_s=duration_s,
            ramp_s=self.between(self._habits.ramp_s) if ramp_s is None else ramp_s,
        )

    def _held(self, tips: Floats, normals: Floats) -> Floats:
        """Return attitudes with this touch's own yaw about the skin and tilt about the axle."""
        yaw, tilt = self.between(self._habits.yaw_rad), self.between(self._habits.tilt_rad)
        tips = unit(tips - normals * np.sum(tips * normals, axis=1, keepdims=True))
        tips = np.cos(yaw) * tips + np.sin(yaw) * np.cross(normals, tips)
        leaning = np.cos(tilt) * tips + np.sin(tilt) * normals
        presses = np.sin(tilt) * tips - np.cos(tilt) * normals
        return attitude(leaning, presses, self._tool_axes)


def _tip_sign(path: SkinPath) -> float:
    """Return +1 where the tip leads the stroke, -1 where it trails: it points up and inward."""
    chord = path.points[-1] - path.points[0]
    inward = {"right": -1.0, "left": 1.0}.get(path.side, 0.0)
    return 1.0 if inward * chord[0] + chord[2] >= 0 else -1.0


def _interpolated(rows: Floats, at: Floats) -> Floats:
    known = np.arange(len(rows))
    return np.stack([np.interp(at, known, column) for column in rows.T], axis=1)
