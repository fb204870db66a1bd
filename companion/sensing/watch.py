"""Watches all sensors of a tool for faults: sample by sample, and over tenths of a second."""

from companion.sensing.blocks import Block, Blocks
from companion.sensing.contact import ContactTracker
from companion.sensing.felt_force import FeltForce
from companion.sensing.motion_faults import MotionFaults
from companion.sensing.motion_watch import MotionWatch
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import Doubt, SensingEvent
from companion.sensing.wheel_faults import WheelFaults
from protocols.telemetry import Sample

LOADED_N = 0.1
"""Force from which a wheel must follow the skin: above a zero that has begun to move (engineering
choice)."""


class SensorWatch:
    """Finds faults of force, motion and wheel, each where another sensor tells otherwise.

    Args:
        tool: whose.
        felt: its force, which knows its own faults.

    Attributes:
        touching: the tool's own verdict in the newest frame, None where it has none.
    """

    def __init__(self, tool: Tool, felt: FeltForce) -> None:
        has_imu = tool.has_accelerometer or tool.has_gyroscope
        self.touching: bool | None = None
        self._felt = felt if tool.has_force else None
        self._motion = MotionFaults() if has_imu else None
        self._consistency = MotionWatch()
        self._wheel = WheelFaults() if tool.has_wheel else None
        self._blocks = Blocks()
        self._weighs = tool.has_force and felt.force.needs_gravity
        self._has_contact = tool.has_force or tool.has_touch_verdict

    @property
    def motion_stands(self) -> bool:
        """Whether the motion sensor cannot be believed."""
        return self._consistency.stands or (self._motion is not None and self._motion.stands)

    @property
    def wheel_stands(self) -> bool:
        """Whether the wheel cannot be believed."""
        return self._wheel is not None and self._wheel.stands

    @property
    def is_blind(self) -> bool:
        """Whether the tool's own weight cannot be taken out of the force."""
        return self._weighs and (
            self._consistency.is_noisy or (self._motion is not None and self._motion.spoils_accel)
        )

    @property
    def is_shaken(self) -> bool:
        """Whether the newest sample's weight cannot be told, but for a moment perhaps."""
        return self._weighs and self._motion is not None and self._motion.is_loud

    @property
    def caveat(self) -> Doubt | None:
        """Why no pressure may be called fine now, though one may be too much."""
        if self._felt is None:
            return None
        return Doubt.GRAVITY_UNKNOWN if self.is_blind else self._felt.caveat

    def restart(self) -> None:
        """Begin anew after silence."""
        self._blocks.restart()
        self._consistency.restart()
        for watch in (self._felt, self._motion, self._wheel):
            if watch is not None:
                watch.restart()

    def tare(self, newest_us: int, out: list[SensingEvent]) -> None:
        """Take the tool's new zero: the block that has begun is of the old one."""
        self._blocks.restart()
        if self._felt is not None:
            self._felt.tare(newest_us, out)

    def sample(self, t_us: int, sample: Sample, out: list[SensingEvent]) -> None:
        """Take one sample as it was sent."""
        if self._motion is not None:
            self._motion.step(t_us, sample.accel_mps2, sample.gyro_radps, out)

    def step(
        self,
        t_us: int,
        travel_m: float | None,
        vectors: tuple[Axis | None, Axis | None],
        contact: ContactTracker,
        out: list[SensingEvent],
    ) -> bool:
        """Take one sample after its force is known; return whether a tenth of a second is over.

        Args:
            t_us: its time.
            travel_m: of the wheel.
            vectors: specific force and angular velocity.
            contact: whether the tool touches.
            out: takes the events.
        """
        raw_n = None if self._felt is None else self._felt.raw_n
        block = self._blocks.step(t_us, (raw_n, travel_m, *vectors))
        if block is None:
            return False
        if self._motion is not None and self._motion.stands:
            self._consistency.restart()
        else:
            self._consistency.take(block, out)
        if self._felt is not None and not self.is_blind:
            self._felt.take(
                block, touching=self.touching, wheel_stands=not self.wheel_stands, out=out
            )
        if self._wheel is not None:
            touching = self._is_loaded(block, contact)
            self._wheel.take(block, touching=touching, turn_known=not self.motion_stands, out=out)
        return True

    def _is_loaded(self, block: Block, contact: ContactTracker) -> bool | None:
        """Return whether the tool pressed all through a block, or not at all; else None."""
        felt = self._felt
        if not self._has_contact or (felt is not None and felt.saturated):
            return None
        if self.touching is None and (felt is None or not felt.is_usable):
            return None
        if not contact.touching:
            is_air = contact.last_us < block.start_us and self.touching is not True
            return False if is_air and (felt is None or felt.offset_n >= 0.0) else None
        if contact.began_us > block.start_us:
            return None
        force_n = None if felt is None or block.force_n is None else block.force_n - felt.offset_n
        return True if force_n is None or force_n >= LOADED_N else None
