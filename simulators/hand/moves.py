"""What a hand does, one movement after the other; times in seconds from the performance's start."""

from dataclasses import dataclass

from simulators.hand.curves import Floats


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
    """The tool is held still in the air."""

    start_s: float
    end_s: float
    pose: Pose


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Pressure beyond the usual, held from ``start_s`` to ``end_s`` between two ramps."""

    start_s: float
    end_s: float
    ramp_s: float
    peak_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wander:
    """How pressure strays from its aim: two slow sines, as shares of the aim."""

    shares: tuple[float, float]
    rates_hz: tuple[float, float]
    phases: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contact:
    """The tool touches the skin and may glide.

    Attributes:
        start_s: first touch.
        end_s: lift-off.
        step: index of the planned step.
        side: left, right or both.
        points: the line it glides along, evenly spaced, face frame, shape (n, 3).
        rotations: the tool's attitude along that line, shape (n, 3, 3).
        normals: out of the skin along that line, shape (n, 3).
        glides: whether this is a stroke.
        aim_kpa: pressure aimed at; 0 where only the excess presses.
        ramp_s: rise, and fall, of the pressure.
        wander: how it strays from the aim.
        excess: pressing too hard, where the scenario says so.
    """

    start_s: float
    end_s: float
    step: int
    side: str
    points: Floats
    rotations: Floats
    normals: Floats
    glides: bool
    aim_kpa: float
    ramp_s: float
    wander: Wander
    excess: Excess | None

    @property
    def first(self) -> Pose:
        """The pose at first touch."""
        return Pose(self.points[0], self.rotations[0], self.normals[0])

    @property
    def last(self) -> Pose:
        """The pose at lift-off."""
        return Pose(self.points[-1], self.rotations[-1], self.normals[-1])


Move = Carry | Rest | Contact
