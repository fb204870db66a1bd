"""Watches all sensors of a tool for faults: sample by sample, and over tenths of a second."""

from collections.abc import Sequence

from companion.sensing.blocks import Block, Blocks
from companion.sensing.contact import ContactTracker
from companion.sensing.copied import Copied
from companion.sensing.felt_force import FeltForce
from companion.sensing.motion_faults import MotionFaults
from companion.sensing.motion_watch import NOISE_MPS2, MotionWatch
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import Doubt, SensingEvent
from companion.sensing.wheel_faults import WheelFaults
from protocols.telemetry import Sample

LOADED_N = 0.1
"""Force from which a wheel must follow the skin: above a zero that has begun to move (engineering
choice)."""


class SensorWatch(Copied):
    """Finds faults of force, motion and wheel, each where another sensor tells otherwise.

    Args:
        tool: whose.
        felt: its force, which knows its own faults.

    Attributes:
        touching: the tool's own verdict in the newest frame, None where it has none.
        blocks: what is looked at in tenths of a second; the engine fills it.
        motion_stands: whether the motion sensor cannot be believed.
        wheel_stands: whether what the wheel tells cannot be believed.
        is_blind: whether the tool's own weight cannot be taken out of the force.
        caveat: why no pressure may be called fine now, though one may be too much.
    """

    def __init__(self, tool: Tool, felt: FeltForce) -> None:
        has_imu = tool.has_accelerometer or tool.has_gyroscope
        self.touching: bool | None = None
        self.blocks = Blocks()
        self.motion_stands = self.wheel_stands = self.is_blind = False
        self.caveat: Doubt | None = None
        self._felt = felt if tool.has_force else None
        self._motion = MotionFaults() if has_imu else None
        self._consistency = MotionWatch()
        self._wheel = WheelFaults() if tool.has_wheel else None
        self._weighs = tool.has_force and felt.force.needs_gravity
        self._was_freed = tool.has_force and tool.was_freed
        self._has_contact = tool.has_force or tool.has_touch_verdict

    def settle(self) -> None:
        """Look again at what stands; after each finding."""
        motion, consistency = self._motion, self._consistency
        has_fault = motion is not None and motion.stands
        self.motion_stands = has_fault or consistency.stands
        self.wheel_stands = self._wheel is not None and self._wheel.stands
        spoils = consistency.is_noisy or (motion is not None and motion.spoils_accel)
        self.is_blind = self._weighs and spoils
        if self._felt is not None:
            self.caveat = Doubt.GRAVITY_UNKNOWN if self.is_blind else self._felt.caveat

    def restart(self) -> None:
        """Begin anew after silence."""
        self.blocks.restart()
        self._consistency.restart()
        for watch in (self._felt, self._motion, self._wheel):
            if watch is not None:
                watch.restart()

    def tare(self, newest_us: int, out: list[SensingEvent]) -> None:
        """Take the tool's new zero: the block that has begun is of the old one."""
        self.blocks.restart()
        if self._felt is not None:
            self._felt.tare(newest_us, out)

    def passes(
        self,
        last_us: int,
        accels: Sequence[Axis | None],
        gyros: Sequence[Axis | None],
        *,
        are_lively: bool,
    ) -> bool:
        """Take a whole frame if nothing can be wrong with its motion; else it is for ``sample``.

        Args:
            last_us: the time of its last sample.
            accels: specific force.
            gyros: angular velocity.
            are_lively: whether all of them were sent, none is loud, and each another than the one
                before it.
        """
        if self._motion is None or not are_lively:
            return self._motion is None
        return self._motion.passes(last_us, accels, gyros)

    def sample(self, t_us: int, sample: Sample, out: list[SensingEvent]) -> bool:
        """Take one sample as it was sent.

        Returns:
            Whether its weight cannot be told, if only for a moment.
        """
        motion = self._motion
        if motion is None:
            return False
        motion.step(t_us, sample.accel_mps2, sample.gyro_radps, out)
        return motion.hides_weight and self._weighs

    def end_block(self, t_us: int, contact: ContactTracker, out: list[SensingEvent]) -> None:
        """Look at the block that is over at ``t_us``, and begin the next.

        Args:
            t_us: the newest sample, which is not in it.
            contact: whether the tool touches.
            out: takes the events.
        """
        block = self.blocks.begin(t_us)
        if block is None:
            return
        said = len(out)
        if self._motion is not None and self._motion.stands:
            self._consistency.restart()
        else:
            self._consistency.take(block, out)
        if self.motion_stands or len(out) > said:
            self.settle()
        is_freed = self._weighs or self._was_freed
        is_rough = is_freed and (block.rough_mps2 or 0.0) > NOISE_MPS2
        misleads = is_rough or self.is_blind or (self._was_freed and self.motion_stands)
        misleads = misleads or (is_freed and self._may_be_frozen(t_us))
        if self._felt is not None and not misleads:
            stands = not self.wheel_stands
            self._felt.take(block, contact, touching=self.touching, wheel_stands=stands, out=out)
            contact.set_rest(self._felt.rest_n)
        if self._wheel is not None:
            touching = self._is_loaded(block, contact)
            self._wheel.take(block, touching=touching, turn_known=not self.motion_stands, out=out)

    def _may_be_frozen(self, t_us: int) -> bool:
        return self._motion is not None and self._motion.may_be_frozen(t_us)

    def _is_loaded(self, block: Block, contact: ContactTracker) -> bool | None:
        """Return whether the tool pressed all through a block, or not at all; else None."""
        felt = self._felt
        if not self._has_contact:
            return None
        if felt is not None and (felt.saturated or felt.may_be_frozen(block.end_us)):
            return None
        if self.touching is None and (felt is None or not felt.is_usable):
            return None
        if not contact.touching:
            is_air = contact.last_us < block.start_us and self.touching is not True
            return False if is_air and (felt is None or felt.offset_n >= 0.0) else None
        began_before = contact.began_us <= block.start_us
        return True if began_before and (felt is None or self._presses(felt, block)) else None

    def _presses(self, felt: FeltForce, block: Block) -> bool:
        """Return whether the force is more than a zero that creeps, and the tool is not lifted."""
        force_n = felt.pressed_n(block)
        is_lifted = felt.is_lifted(touching=self.touching)
        return force_n is not None and force_n >= LOADED_N and not is_lifted
