"""What a hand does, one movement after the other; times in seconds from the performance's start."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from simulators.hand.curves import Floats, ease, steady
from simulators.hand.motion import GRID_HZ
from simulators.tool_data import Edge


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where the tool is held.

    Attributes:
        point: the working surface's place in the face frame, metres.
        rotation: from the IMU frame to the face frame, 3 x 3.
        outward: direction away from the skin, or up in the air.
    """

    point: Floats
    rotation: Floats
    outward: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Carry:
    """The tool moves through the air, in an arc of ``lift_m`` above the straight line."""

    start_s: float
    end_s: float
    origin: Pose
    target: Pose
    lift_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """The tool is held still in the air, or lies on a table."""

    start_s: float
    end_s: float
    pose: Pose
    is_laid_down: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A smooth change of some value, from rest to rest; times in seconds after first touch.

    Attributes:
        start_s: until here nothing has changed.
        end_s: from here on all has.
        change: by how much.
        ramp: share of the time to come up to an even speed; None: a minimum-jerk course.
    """

    start_s: float
    end_s: float
    change: float
    ramp: float | None = None

    def at(self, times: Floats) -> Floats:
        """Return how much has changed at some times."""
        u = (times - self.start_s) / (self.end_s - self.start_s)
        course: Floats = self.change * (ease(u) if self.ramp is None else steady(u, self.ramp))
        return course


def shifted(shifts: Iterable[Shift], times: Floats) -> Floats:
    """Return the sum of changes at some times."""
    total = np.zeros_like(times)
    for shift in shifts:
        total += shift.at(times)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Glide:
    """One way along a contact's line, between two moments of rest or reversal.

    Attributes:
        start_s: seconds after first touch.
        end_s: seconds after first touch.
        origin: where on the line it starts, 0 to 1.
        goal: where it ends.
        repetition: which of the contact's repetitions this is part of, from 0; None on a light
            way back, which is no repetition.
    """

    start_s: float
    end_s: float
    origin: float
    goal: float
    repetition: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line on the skin with the tool's attitude along it.

    Attributes:
        side: left, right or both (the middle).
        points: evenly spaced, face frame, metres, shape (n, 3).
        rotations: from the IMU frame to the face frame, shape (n, 3, 3).
        normals: out of the skin, shape (n, 3).
    """

    side: str
    points: Floats
    rotations: Floats
    normals: Floats

    @property
    def length_m(self) -> float:
        """The way along it."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Touch:
    """One contact before it has a time and a force; times in seconds after first touch.

    Attributes:
        technique: what is really performed.
        line: where.
        duration_s: from first touch to lift-off.
        glide: the place on the line, as a share of it.
        press: the share of the aimed pressure.
        lift: metres out of the skin, the fold with it.
        glides: the strokes on the line; empty for what is no stroke.
        repetitions: how many of the step's repetitions it makes.
        cycles: revolutions or squeezes.
    """

    technique: str
    line: Line
    duration_s: float
    glide: tuple[Shift, ...]
    press: tuple[Shift, ...]
    lift: tuple[Shift, ...] = ()
    glides: tuple[Glide, ...] = ()
    repetitions: int = 1
    cycles: int = 1

    def lasting(self, duration_s: float) -> "Touch":
        """Return the same touch with all its times stretched to a duration."""
        factor = duration_s / self.duration_s

        def stretched(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
            return tuple(
                replace(shift, start_s=shift.start_s * factor, end_s=shift.end_s * factor)
                for shift in shifts
            )

        return replace(
            self,
            duration_s=duration_s,
            glide=stretched(self.glide),
            press=stretched(self.press),
            lift=stretched(self.lift),
            glides=tuple(
                replace(glide, start_s=glide.start_s * factor, end_s=glide.end_s * factor)
                for glide in self.glides
            ),
        )

    def pose(self, share: float, lift_m: float = 0.0) -> Pose:
        """Return the pose at a row of the line, 0 the first and 1 the last."""
        line = self.line
        row = round(share * (len(line.points) - 1))
        outward = line.normals[row]
        return Pose(line.points[row] + lift_m * outward, line.rotations[row], outward)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Pressure beyond the usual between two ramps; times in seconds after first touch."""

    start_s: float
    end_s: float
    ramp_s: float
    peak_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wander:
    """How a value strays from its aim: two slow sines, as shares of the aim."""

    shares: tuple[float, float]
    rates_hz: tuple[float, float]
    phases: tuple[float, float]

    def at(self, since_s: Floats) -> Floats:
        """Return by what share the value strays."""
        total = np.zeros_like(since_s)
        for share, rate, phase in zip(self.shares, self.rates_hz, self.phases, strict=True):
            total += share * np.sin(2 * np.pi * rate * since_s + phase)
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """The wheel does not follow ``share`` of the way between two times after first touch."""

    start_s: float
    end_s: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contact:
    """The tool touches the skin.

    Attributes:
        start_s: first touch.
        step: index of the planned step.
        repetition: the first of the step's repetitions that it makes, from 0.
        touch: where and how.
        edge: the part of the tool that touches.
        aim_kpa: pressure aimed at; 0 where only the excess presses.
        wander: how it strays from the aim.
        wobble: how each channel's share of the load strays; empty where there is one or none.
        excess: pressing too hard, where the scenario says so.
        slip: the wheel loses the skin, where it does.
        friction: of the skin here, where it is not that of all the skin.
    """

    start_s: float
    step: int
    repetition: int
    touch: Touch
    edge: Edge
    aim_kpa: float
    wander: Wander
    wobble: tuple[Wander, ...]
    excess: Excess | None
    slip: Slip | None
    friction: float | None

    @property
    def end_s(self) -> float:
        """Lift-off."""
        return self.start_s + self.touch.duration_s

    @property
    def rows(self) -> slice:
        """Its part of the time grid."""
        return slice(int(self.start_s * GRID_HZ), int(self.end_s * GRID_HZ) + 1)

    @property
    def first(self) -> Pose:
        """The pose at first touch."""
        return self.touch.pose(0.0)

    @property
    def last(self) -> Pose:
        """The pose at lift-off."""
        touch = self.touch
        share = sum(shift.change for shift in touch.glide)
        return touch.pose(share, sum(shift.change for shift in touch.lift))


Move = Carry | Rest | Contact
