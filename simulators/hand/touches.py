"""How one repetition of each technique touches the skin: along which line, and for how long."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simulators.anatomy import SkinPath, sides_of, skin_path
from simulators.hand.chance import Chance
from simulators.hand.grip import Grip
from simulators.hand.moves import Line, Shift, Touch
from simulators.hand.strokes import once, stroked
from simulators.plan import PlannedStep
from simulators.scenario import Habits

if TYPE_CHECKING:
    from collections.abc import Callable

_KNEAD_M: Final = 0.008
_KNEAD_LOW: Final = (0.3, 0.45)
"""Share of the force that is left between two squeezes."""

_UNEVEN: Final = (0.88, 1.12)
"""From squeeze to squeeze: how their length and strength differ."""

_SHORTEST_S: Final = 0.15
"""No stroke is quicker, however short and fast it is meant."""

_TAP_RAMP_SHARE: Final = 0.45
_TAP_SPREAD_M: Final = 0.002
_QUICK_SHARE: Final = 0.5
"""Of the time from tap to tap in a pair: the longest that one of them touches."""

_CIRCLE_RAMP_S: Final = 0.4
_CIRCLES_HZ: Final = 2.0
"""A hand circles no faster, whatever its speed."""

_PINCH_LIFT_M: Final = (0.003, 0.006)
_PINCH_SLACK: Final = (0.3, 0.45)
"""Share of the squeeze that lets off while the fold is lifted."""

_LARGEST_RAMP: Final = 0.45


class CannotPerformError(ValueError):
    """A planned step that this hand cannot do with a tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the next contact is to be.

    Attributes:
        step: the planned step, as this person performs it.
        habits: how.
        contact: counted from 0 within the step; sides take turns.
        place: where along the path, 0 to 1, for what does not glide all of it.
        reverse: the stroke goes the other way.
        pace: factor on the usual speed.
        left: repetitions that are still to be made.
        quick: a tap in a pair.
    """

    step: PlannedStep
    habits: Habits
    contact: int
    place: float
    reverse: bool
    pace: float
    left: int
    quick: bool


class Touches:
    """Draws the touches of a plan's steps, with the natural variation of a person."""

    def __init__(self, grip: Grip, chance: Chance) -> None:
        self._grip = grip
        self._chance = chance
        self._draws: dict[str, Callable[[SkinPath, Turn], Touch]] = {
            "sweep": self._sweep,
            "tap": self._tap,
            "circle": self._circle,
            "knead": self._knead,
            "pinch": self._pinch,
            "press_hold": self._hold,
            "stretch": self._stretch,
        }

    def draw(self, turn: Turn) -> Touch:
        """Return the touch of one contact.

        Raises:
            CannotPerformError: the technique is not known.
            UnknownPlaceError: the body has no such zone, side or direction.
        """
        step = turn.step
        sides = sides_of(step.zone, step.side)
        path = skin_path(step.zone, sides[turn.contact % len(sides)], step.direction)
        path = path.reversed() if turn.reverse else path
        drawn = self._draws.get(step.technique)
        if drawn is None:
            raise CannotPerformError(
                f"step {step.id}: the simulated hand knows no technique {step.technique!r}"
            )
        return drawn(path, turn)

    def _sweep(self, path: SkinPath, turn: Turn) -> Touch:
        reach = self._chance.between(turn.habits.reach)
        start = self._chance.between((0.0, 1.0 - reach))
        speed_mps = self._chance.between(turn.habits.speed_cm_s) / 100 * turn.pace
        line = self._line(path, start, start + reach, turn)
        way_s = max(line.length_m / speed_mps, _SHORTEST_S)
        made = stroked(self._chance, turn.habits, way_s, turn.left)
        return Touch(
            technique="sweep",
            line=line,
            duration_s=made.duration_s,
            glide=made.glide,
            press=self._held(turn, made.duration_s, *made.press),
            glides=made.glides,
            repetitions=made.repetitions,
        )

    def _stretch(self, path: SkinPath, turn: Turn) -> Touch:
        start, end = _middle(turn.place, self._chance.between(turn.habits.stretch_cm) / 100, path)
        duration = self._chance.between(turn.habits.stretch_s) / turn.pace
        made = once(duration)
        return Touch(
            technique="stretch",
            line=self._line(path, start, end, turn),
            duration_s=duration,
            glide=made.glide,
            press=self._held(turn, duration),
            glides=made.glides,
        )

    def _circle(self, path: SkinPath, turn: Turn) -> Touch:
        around = round(self._chance.between(turn.habits.revolutions))
        radius = self._chance.between(turn.habits.circle_radius_cm) / 100
        speed_mps = self._chance.between(turn.habits.speed_cm_s) / 100 * turn.pace
        duration = 2 * np.pi * radius * around / speed_mps
        duration = max(duration, around / _CIRCLES_HZ + _CIRCLE_RAMP_S)
        made = once(duration, ramp=min(_CIRCLE_RAMP_S / duration, 0.5))
        return Touch(
            technique="circle",
            line=self._round(path, radius, around, turn),
            duration_s=duration,
            glide=made.glide,
            press=self._held(turn, duration),
            glides=made.glides,
            cycles=around,
        )

    def _round(self, path: SkinPath, radius_m: float, around: int, turn: Turn) -> Line:
        centre = self._line(path, turn.place, turn.place, turn)
        along, across = self._grip.across(path, turn.place)
        rows = around * (len(centre.points) - 1) + 1
        angle = np.linspace(0.0, 2 * np.pi * around, rows)[:, None]
        circle = radius_m * (np.cos(angle) * along + np.sin(angle) * across)
        return Line(
            path.side,
            centre.points[0] + circle,
            np.tile(centre.rotations[0], (rows, 1, 1)),
            np.tile(centre.normals[0], (rows, 1)),
        )

    def _knead(self, path: SkinPath, turn: Turn) -> Touch:
        start, end = _middle(turn.place, _KNEAD_M, path)
        squeezes = round(self._chance.between(turn.habits.squeezes))
        glide: list[Shift] = []
        press: list[Shift] = []
        now = level = 0.0
        for left in reversed(range(squeezes)):
            rate_hz = self._chance.between(turn.habits.knead_rate_hz) * turn.pace
            period, peak = self._chance.between(_UNEVEN) / rate_hz, self._chance.between(_UNEVEN)
            low = self._chance.between(_KNEAD_LOW) if left else 0.0
            turns, ends = now + period / 2, now + period
            press += [Shift(now, turns, peak - level), Shift(turns, ends, low - peak)]
            glide += [Shift(now, turns, 1.0), Shift(turns, ends, -1.0)]
            now, level = ends, low
        return Touch(
            technique="knead",
            line=self._line(path, start, end, turn),
            duration_s=now,
            glide=tuple(glide),
            press=tuple(press),
            cycles=squeezes,
        )

    def _pinch(self, path: SkinPath, turn: Turn) -> Touch:
        duration = self._chance.between(turn.habits.pinch_s) / turn.pace
        slack = self._chance.between(_PINCH_SLACK)
        pressed, lifted = 0.3 * duration, 0.75 * duration
        return Touch(
            technique="pinch",
            line=self._line(path, turn.place, turn.place, turn),
            duration_s=duration,
            glide=(),
            press=(
                Shift(0.0, pressed, 1.0),
                Shift(pressed, lifted, -slack),
                Shift(lifted, duration, slack - 1.0),
            ),
            lift=(Shift(pressed, lifted, self._chance.between(_PINCH_LIFT_M)),),
        )

    def _tap(self, path: SkinPath, turn: Turn) -> Touch:
        spread = _TAP_SPREAD_M / path.length_m
        spot = min(max(turn.place + self._chance.between((-spread, spread)), 0.0), 1.0)
        duration = self._chance.between(turn.habits.tap_contact_s)
        if turn.quick:
            duration = min(duration, _QUICK_SHARE / turn.habits.double_tap_rate_hz[1])
        ramp = duration * _TAP_RAMP_SHARE
        return Touch(
            technique="tap",
            line=self._line(path, spot, spot, turn),
            duration_s=duration,
            glide=(),
            press=(Shift(0.0, ramp, 1.0), Shift(duration - ramp, duration, -1.0)),
        )

    def _hold(self, path: SkinPath, turn: Turn) -> Touch:
        duration = self._chance.between(turn.habits.hold_s)
        return Touch(
            technique="press_hold",
            line=self._line(path, turn.place, turn.place, turn),
            duration_s=duration,
            glide=(),
            press=self._held(turn, duration),
        )

    def _line(self, path: SkinPath, start: float, end: float, turn: Turn) -> Line:
        habits = turn.habits
        beside_m = self._chance.between(habits.beside_cm) / 100
        yaw, tilt = self._chance.between(habits.yaw_deg), self._chance.between(habits.tilt_deg)
        lean = math.radians(yaw), math.radians(tilt)
        return self._grip.line(path, start, end, beside_m=beside_m, lean=lean)

    def _held(self, turn: Turn, duration_s: float, *between: Shift) -> tuple[Shift, ...]:
        """Return the force that rises, holds but for what happens between, and falls."""
        ramp = min(self._chance.between(turn.habits.ramp_s), _LARGEST_RAMP * duration_s)
        level = 1.0 + sum(shift.change for shift in between)
        return Shift(0.0, ramp, 1.0), *between, Shift(duration_s - ramp, duration_s, -level)


def _middle(place: float, length_m: float, path: SkinPath) -> tuple[float, float]:
    """Return where a short line about a place starts and ends on a path, as shares of it."""
    share = min(length_m / path.length_m, 1.0)
    start = min(max(place - share / 2, 0.0), 1.0 - share)
    return start, start + share
