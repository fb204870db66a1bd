"""What sensing must know about a tool."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, assert_never

from companion.sensing.types import RepetitionKind, Task, Technique
from protocols.massage_tool import Channel, Features, ToolFeature

Axis = tuple[float, float, float]
"""A unit vector in the frame of the IMU."""

MAXIMUM_COUNTS = 32_767
"""Largest force count of the profile: the range of a channel of unknown full scale."""
COUNTED_BY_PHASE: Final = (Technique.TAP, Technique.SWEEP)
"""Techniques of which a contact is one motion to the skin and back. How often a circle, a hold or a
squeeze touched cannot be known from motion, so it is not counted."""


@dataclass(frozen=True, slots=True)
class ForceChannel:
    """One force channel's own contact area (m2) and supported mass (kg); None: not known."""

    contact_area_m2: float | None
    supported_mass_kg: float | None


GAIN_SHARE = 0.03
"""Standard uncertainty of a gain that nobody checked, of itself (assumption, grade D: small load
cells leave the maker with 1 to 5 %, home-made ones with more)."""


@dataclass(frozen=True, slots=True)
class GainTrust:
    """How surely a force channel's newtons are newtons.

    Attributes:
        share: relative standard uncertainty of its gain.
        residual_n: what a straight line leaves over, newtons.
    """

    share: float = GAIN_SHARE
    residual_n: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The facts about a tool that judgements rest on, in SI units; None means not known.

    Attributes:
        force_channels: force sensors whose sum is the contact force; 0 for none.
        force_resolution_n: newtons per count.
        force_full_scale_n: force at which a channel saturates.
        contact_area_m2: the whole working surface.
        supported_mass_kg: the mass that hangs on the force sensor.
        press_axis: unit vector from the handle into the skin, in the IMU frame.
        tip_axis: unit vector along the tool from handle to tip, in the IMU frame.
        travel_axis: unit vector along which the wheel counts positive, in the IMU frame.
        has_accelerometer: whether specific force is measured.
        has_gyroscope: whether angular velocity is measured.
        has_wheel: whether travel is measured.
        has_touch_verdict: whether the tool says by itself if it touches.
        limit_freed_of_gravity: whether the tool's own limit takes gravity out.
        channels: what is known of each force channel; empty where nothing is.
        force_is_contact: whether the force comes zeroed and freed of gravity already, as in a
            recording: it is judged as it stands, and nothing is known about its uncertainty.
        has_targets: whether such a force comes with the targets of the steps in which it was
            recorded: contact then begins as it did live.
        noise_n: standard deviation of such a force while the tool was tared; 0 where not known.
        unfreed_n: weight that is still in such a force, because nothing tells where down is; it
            comes and goes as the tool turns.
        was_freed: whether weight was taken out of such a force by the accelerometer beside it: a
            force of which that is wrong is no zero that creeps.
        gain_factors: what the host has multiplied each channel by, because the tool cannot keep its
            gain; empty for nothing. The force comes multiplied; it is not done again.
        gains: how surely each channel's gain is known; empty where no calibration is.
        area_share: relative standard uncertainty of measuring the area; 0 for a declared one.
    """

    force_channels: int = 0
    force_resolution_n: float | None = None
    force_full_scale_n: float | None = None
    contact_area_m2: float | None = None
    supported_mass_kg: float | None = None
    press_axis: Axis | None = None
    tip_axis: Axis | None = None
    travel_axis: Axis | None = None
    has_accelerometer: bool = False
    has_gyroscope: bool = False
    has_wheel: bool = False
    has_touch_verdict: bool = False
    limit_freed_of_gravity: bool = False
    channels: tuple[ForceChannel, ...] = ()
    force_is_contact: bool = False
    has_targets: bool = False
    noise_n: float = 0.0
    unfreed_n: float = 0.0
    was_freed: bool = False
    gain_factors: tuple[float, ...] = ()
    gains: tuple[GainTrust, ...] = ()
    area_share: float = 0.0

    @classmethod
    def from_feature(cls, feature: ToolFeature, channels: Sequence[Channel] = ()) -> Self:
        """Take over what a tool says about itself, and about each of its force channels."""
        return cls(
            force_channels=feature.force_channels if feature.force_resolution_n else 0,
            force_resolution_n=feature.force_resolution_n or None,
            force_full_scale_n=feature.force_full_scale_n or None,
            contact_area_m2=feature.contact_area_m2 or None,
            supported_mass_kg=feature.supported_mass_kg or None,
            press_axis=feature.press_axis,
            tip_axis=feature.tip_axis,
            travel_axis=travel_axis(feature.wheel_axis, feature.press_axis, feature.tip_axis),
            has_accelerometer=Features.ACCELEROMETER in feature.features,
            has_gyroscope=Features.GYROSCOPE in feature.features,
            has_wheel=Features.WHEEL in feature.features,
            has_touch_verdict=Features.OWN_TOUCH_VERDICT in feature.features,
            limit_freed_of_gravity=Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY in feature.features,
            channels=tuple(
                ForceChannel(channel.contact_area_m2 or None, channel.supported_mass_kg)
                for channel in channels
            ),
        )

    @property
    def has_force(self) -> bool:
        """Whether the contact force is measured."""
        has_unit = self.force_is_contact or self.force_resolution_n is not None
        return self.force_channels > 0 and has_unit

    @property
    def is_free(self) -> bool:
        """Whether motion alone must tell: neither contact nor travel is measured."""
        has_motion = self.has_accelerometer and self.has_gyroscope
        return has_motion and not (self.has_force or self.has_touch_verdict or self.has_wheel)

    def can_count(self, task: Task) -> bool:
        """Return whether the repetitions of a task can be told.

        A cycle needs to know a way back: by force alone a contact is one stroke, and whether the
        tool came back within it, or through the air, is not known. A contact must be felt: by
        motion alone it is known of what moves to the skin and back, and of nothing else.
        """
        feels = self.has_force or self.has_touch_verdict
        match task.repetition:
            case RepetitionKind.STROKE:
                return feels or self.has_wheel or self.is_free
            case RepetitionKind.CYCLE:
                has_motion = self.has_accelerometer and self.has_gyroscope
                return self.has_wheel or has_motion
            case RepetitionKind.CONTACT:
                return feels or (self.is_free and task.technique in COUNTED_BY_PHASE)
            case _:
                assert_never(task.repetition)

    @property
    def rolls_untold(self) -> bool:
        """Whether the wheel alone must tell: what rolls then is taken to roll on the skin."""
        return self.has_wheel and not (self.has_force or self.has_touch_verdict)

    @property
    def full_scale_n(self) -> float:
        """Full scale of one channel in newtons; where not known, what its counts can carry.

        A contact force that comes without counts and full scale has none: 0.
        """
        if self.force_resolution_n is None:
            return self.force_full_scale_n or 0.0
        carried = MAXIMUM_COUNTS * self.force_resolution_n
        return min(self.force_full_scale_n or carried, carried)


def travel_axis(wheel_axis: int, press: Axis | None, tip: Axis | None) -> Axis | None:
    """Return the axis along which the wheel counts positive, or None where it is not known.

    Source: tool profile, Tool Feature, wheel axis (0 the tip axis, 1 press axis x tip axis).
    """
    if tip is None:
        return None
    if wheel_axis == 0:
        return tip
    if wheel_axis != 1 or press is None:
        return None
    return (
        press[1] * tip[2] - press[2] * tip[1],
        press[2] * tip[0] - press[0] * tip[2],
        press[0] * tip[1] - press[1] * tip[0],
    )
