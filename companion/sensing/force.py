"""The contact force: tared by the tool, freed of gravity here, with its uncertainty."""

from collections.abc import Sequence
from itertools import pairwise
from math import hypot, inf, radians, sqrt
from statistics import median
from typing import cast

from companion.sensing.copied import Copied
from companion.sensing.faults import SANE_N
from companion.sensing.tool import Axis, Tool
from protocols.telemetry import STANDARD_GRAVITY_MPS2

DRIFT_SHARE = 0.005
"""Standard uncertainty of a zero whose tare is old, of full scale (assumption, grade D: strain
gauges move .02 to .1 % of full scale per kelvin, and a palm warms a tool by several)."""
WARMS_S = 300.0
"""Age of the tare at which that is reached, evenly from nothing: a tool has then taken the hand's
warmth (assumption, grade D; no tool of the profile states its own)."""
NOISE_FLOOR_COUNTS = 1.0
"""Noise believed at least: a reading that stands still in its last digit proves no silence."""
AXIS_TILT_RAD = radians(1.0)
"""Standard error of the press axis: i8 components round to .13 degree, assembly adds the rest
(assumption, grade D)."""
ACCELERATION_SHARE = 0.005
"""Standard error of an uncalibrated accelerometer's gain (data sheets of consumer parts; its
offset cancels between f and f0)."""
MASS_SHARE = 0.01
"""Standard error of the stated supported mass (assumption, grade D)."""
TARE_SAMPLES = 3
"""Known samples from which a zero can be told at all (engineering choice)."""
_TURN = sqrt(2.0)
"""|f - f0| / g after the tool was turned by 90 degrees from where it was tared."""
_QUARTILE = 0.6745
_MILLION = 1_000_000


def total_n(force_n: Sequence[float | None]) -> float | None:
    """Return the sum of the channels in newtons; None where one is missing or absurd."""
    total = 0.0
    for value in force_n:
        if value is None:
            return None
        total += value
    return total if force_n and -SANE_N < total < SANE_N else None


def known_n(force_n: Sequence[float | None]) -> tuple[float, ...]:
    """Return the channels; one that is not known counts as nothing."""
    return tuple([value or 0.0 for value in force_n])


def at_least_n(
    force_n: Sequence[float | None], from_n: float, full_scale_n: float
) -> tuple[float, ...]:
    """Return the channels with each saturated one at full scale: a lower bound.

    Args:
        force_n: the channels.
        from_n: reading from which a channel counts as saturated.
        full_scale_n: full scale of one channel.
    """
    return tuple(
        [max(value, full_scale_n) if value >= from_n else value for value in known_n(force_n)]
    )


class ContactForce(Copied):
    """What the skin feels: sent - m (f - f0) . p (tool profile, Force).

    Without an accelerometer or a press axis the gravity term cannot be formed; the force then
    stays as sent and its uncertainty carries the whole weight of the supported mass.

    Attributes:
        tared: whether the zero and, where needed, f0 are known.
        noise_n: standard deviation while taring, at least one count per channel.
        now_us: the newest sample's time; whoever feeds the force keeps it.
    """

    def __init__(self, tool: Tool) -> None:
        self.tared = tool.force_is_contact
        self.noise_n = tool.noise_n
        self.now_us = 0
        self._tared_us: int | None = None
        self._tool = tool
        is_sent_bare = tool.has_accelerometer and tool.press_axis is not None
        self._compensated = is_sent_bare and not tool.force_is_contact
        axis = tool.press_axis or (0.0, 0.0, 0.0)
        mass = tool.supported_mass_kg or 0.0
        self._pull = (mass * axis[0], mass * axis[1], mass * axis[2])
        self._weight_n = 0.0

    @property
    def age_s(self) -> float:
        """Seconds since the tare; infinite where its time is not known."""
        return inf if self._tared_us is None else (self.now_us - self._tared_us) / _MILLION

    def tare(
        self, samples: Sequence[tuple[float | None, Axis | None]], t_us: int | None = None
    ) -> bool:
        """Learn f0 and the noise from (sum of channels, specific force) seen while taring.

        Args:
            samples: of the time of the tare.
            t_us: when it was; None where that is not known.

        Returns:
            Whether the zero is known now: too few samples, or none with a specific force where
            one is needed, leave it unknown.
        """
        x, y, z = self._pull
        weights = [a[0] * x + a[1] * y + a[2] * z for _, a in samples if a is not None]
        forces = [force for force, _ in samples if force is not None]
        self.tared = len(forces) >= TARE_SAMPLES and (
            not self._compensated or len(weights) >= TARE_SAMPLES
        )
        self._tared_us = t_us
        if self.tared:
            self._weight_n = sum(weights) / len(weights) if weights else 0.0
            counts = NOISE_FLOOR_COUNTS * (self._tool.force_resolution_n or 0.0)
            floor = counts * sqrt(self._tool.force_channels)
            self.noise_n = max(_spread(forces), floor)
        return self.tared

    def untare(self) -> None:
        """Forget the zero: the tool restarted."""
        self.tared = False

    def contact_n(self, sent_n: float, accel: Axis | None) -> float | None:
        """Return the contact force in newtons; None where gravity cannot be taken out.

        Args:
            sent_n: sum of the channels as the tool sent it.
            accel: specific force in m/s2 in the sensor frame.
        """
        hanging_n = self.hanging_n(accel)
        if hanging_n is None:
            return None
        result = sent_n - hanging_n
        return result if -SANE_N < result < SANE_N else None

    def contacts_n(
        self, sents_n: Sequence[float], accels: Sequence[Axis | None]
    ) -> Sequence[float | None]:
        """Return the contact force of each sample of a frame, as ``contact_n`` does of one."""
        if not self._compensated or None in accels:
            return list(map(self.contact_n, sents_n, accels))
        x, y, z = self._pull
        weight_n = self._weight_n
        pairs = zip(sents_n, cast("Sequence[Axis]", accels), strict=True)
        return [
            told_n
            if -SANE_N < (told_n := n - (a * x + b * y + c * z - weight_n)) < SANE_N
            else None
            for n, (a, b, c) in pairs
        ]

    def hanging_n(self, accel: Axis | None) -> float | None:
        """Return the change of the supported mass's weight since the tare, in newtons.

        0 where gravity cannot be taken out at all, None where this sample does not tell it.
        """
        if not self._compensated:
            return 0.0
        if accel is None:
            return None
        x, y, z = self._pull
        return accel[0] * x + accel[1] * y + accel[2] * z - self._weight_n

    @property
    def most_hanging_n(self) -> float:
        """Most by which the supported mass's weight can have grown since the tare, newtons."""
        return (self._tool.supported_mass_kg or 0.0) * STANDARD_GRAVITY_MPS2 - self._weight_n

    @property
    def needs_gravity(self) -> bool:
        """Whether a weight is taken out of the force by the specific force."""
        return self._compensated and bool(self._tool.supported_mass_kg)

    @property
    def is_freed(self) -> bool:
        """Whether gravity can be taken out of the force, or none hangs on the sensor."""
        bare = self._tool.force_is_contact or self._tool.supported_mass_kg == 0.0
        return self._compensated or bare

    def standard_uncertainty_n(self, *, of_channels: int = 0, mass_share: float = 1.0) -> float:
        """Return the combined standard uncertainty of the contact force in newtons.

        Args:
            of_channels: of so many channels together; 0 for all.
            mass_share: the share of the supported mass that hangs on them.

        Root of the sum of squares of: resolution (reading and tare offset are each rounded:
        twice q / sqrt 12 per channel), noise while taring, drift of the zero by the age of the
        tare, and gravity.
        """
        channels = of_channels or self._tool.force_channels
        noise_n = self.noise_n * sqrt(channels / max(1, self._tool.force_channels))
        step = self._tool.force_resolution_n or 0.0
        resolution = step * sqrt(channels / 6.0)
        share = DRIFT_SHARE * min(1.0, max(0.0, self.age_s) / WARMS_S)
        drift = share * self._tool.full_scale_n * sqrt(channels)
        gravity = mass_share * self.gravity_uncertainty_n()
        return hypot(resolution, noise_n, drift, gravity)

    def gravity_uncertainty_n(self) -> float:
        """Return the standard uncertainty of gravity's part, newtons.

        For a tool turned by 90 degrees since the tare.
        """
        weight = (self._tool.supported_mass_kg or 0.0) * STANDARD_GRAVITY_MPS2
        if not self._compensated:
            return weight * _TURN
        return weight * _TURN * hypot(AXIS_TILT_RAD, ACCELERATION_SHARE, MASS_SHARE)


def _spread(values: Sequence[float]) -> float:
    """Return the standard deviation of noise, blind to the step that a new zero makes in it.

    From the median size of the differences between neighbours, which for normal noise is
    sqrt(2) x .6745 standard deviations.
    """
    differences = [abs(b - a) for a, b in pairwise(values)]
    return median(differences) / (sqrt(2.0) * _QUARTILE)
