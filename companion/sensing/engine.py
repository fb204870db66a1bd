"""The engine: telemetry in, events out; pure, synchronous, on sample time."""

from collections.abc import Sequence

from companion.sensing.attitude import Quaternion
from companion.sensing.columns import Columns, believable
from companion.sensing.contact import (
    ON_SHARE,
    ON_SIGMAS,
    ON_WEIGHTS,
    UNJUDGED_ON_N,
    UNKNOWN_MASS_ON_N,
    ContactTracker,
)
from companion.sensing.free_motion import FreeMotion
from companion.sensing.handiwork import Handiwork, repeated
from companion.sensing.imu import Imu, Inertial
from companion.sensing.intake import Fresh, Intake
from companion.sensing.repetitions import RepetitionCounter
from companion.sensing.strokes import Leg
from companion.sensing.technique import TechniqueRecogniser
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import (
    Band,
    Doubt,
    Recognised,
    SensingEvent,
    StepEnd,
    Task,
)
from companion.sensing.verdicts import Verdicts
from companion.sensing.watch import SensorWatch
from protocols.telemetry import Sample, Telemetry

_MILLION = 1_000_000


class Engine(Verdicts):
    """Turns the telemetry of one tool into contact, strokes, repetitions, levels and warnings.

    It knows no clock but the samples' own, does no I/O, and raises on no telemetry. Everything
    it says is fixed when said.

    Args:
        tool: the tool that sends.
        names_technique: whether ``technique`` will be asked for; costs time at each sample in
            contact, and at the end of each contact.

    Attributes:
        tool: the tool that sends.
        intake: what became of the frames.
    """

    def __init__(self, tool: Tool, *, names_technique: bool = False) -> None:
        super().__init__(tool)
        self.intake = Intake()
        self._has_force = tool.has_force
        self._imu = Imu()
        self._watch = SensorWatch(tool, self._felt)
        self._contact = ContactTracker()
        self._work = Handiwork(tool, self._contact, self._drag)
        self._free = FreeMotion() if tool.is_free else None
        self._does = self._free or self._work
        self._technique = TechniqueRecogniser() if names_technique else None
        self._read = Inertial((), (), (), ())
        self._read_us = (0, 0)
        self._is_calm = self._is_heard = False
        self._band: Band | None = None
        self._is_silent = True
        self._doubt: Doubt | None = None
        was_unfreed = tool.has_targets and tool.unfreed_n > 0.0
        feels = tool.has_force and self._felt.force.is_freed and not was_unfreed
        self._trusts_verdict = tool.has_touch_verdict and not feels

    @property
    def technique(self) -> Recognised | None:
        """What the hand does by the newest contacts; None where none was felt, or not asked for."""
        if self._technique is None:
            return None
        return (self._free or self._technique).recognised

    @property
    def ups(self) -> list[tuple[float, Axis | None]]:
        """The samples of the newest frame: time, and the direction up in the sensor frame."""
        return self._read.ups(*self._read_us)

    def begin(self, task: Task | None) -> list[SensingEvent]:
        """Begin a step: count from 0 and judge by its band; None: judge and count nothing."""
        out: list[SensingEvent] = []
        last_us = self.intake.last_us
        self._work.begin(task, last_us)
        self._band = None if task is None else task.band
        if self._free is not None:
            self._free.begin(task)
        if self._technique is not None:
            self._technique.restart()
        self._set_threshold()
        self._judge.begin(task, last_us or 0, out)
        return out

    def finish(self) -> StepEnd:
        """End the step: fix what is under way, and look at its repetitions again."""
        out: list[SensingEvent] = []
        t_us = self.intake.last_us or 0
        if self._contact.touching:
            self._judge_technique()
        times_us = self._does.finish(t_us, out)
        times_s = tuple(time_us / _MILLION for time_us in times_us)
        return StepEnd(events=tuple(out), repetitions_s=times_s, unseen=self._does.unseen)

    def tared(self, device_s: float) -> list[SensingEvent]:
        """Take the tool's word that it has tared: the newest half second was in air and still.

        Args:
            device_s: when the tool confirmed it.
        """
        out: list[SensingEvent] = []
        self._watch.tare(self.intake.last_us or 0, out)
        self._judge.rezero()
        self._set_threshold()
        return out + self._reconsider(device_s)

    def untared(self) -> list[SensingEvent]:
        """The tool restarted: its zero is not known any more."""
        self._felt.untare()
        return self._reconsider((self.intake.last_us or 0) / _MILLION)

    def oiled(self) -> None:
        """Take the person's word that the skin is oiled: the next strokes say what that is like."""
        self._drag.oiled()

    def zero_drifted(self, device_s: float, *, drifted: bool) -> list[SensingEvent]:
        """Take the tool's own word that its zero has drifted, or is right again."""
        out: list[SensingEvent] = []
        self._felt.told_drift(_microseconds(device_s), drifted=drifted, out=out)
        return out + self._reconsider(device_s)

    def silence(self, device_s: float) -> list[SensingEvent]:
        """No samples come: nothing is known until they do."""
        out: list[SensingEvent] = []
        self._fall_silent(_microseconds(device_s), out)
        return out

    def receive(self, telemetry: Telemetry) -> list[SensingEvent]:
        """Take one frame of any shape; return what it brought, in order of time."""
        out: list[SensingEvent] = []
        fresh = self.intake.accept(telemetry)
        if fresh is None:
            return out
        interval_us = telemetry.interval_us
        samples = telemetry.samples[fresh.skip :] if fresh.skip else telemetry.samples
        first_us = telemetry.device_us + fresh.skip * interval_us
        if fresh.is_gap and not self._is_silent:
            self._fall_silent(first_us, out)
        if self._is_silent:
            self._resume(first_us, out)
        if fresh.hole_us:
            self._lose_samples(fresh, first_us)
        self._judge.interval_us = self._work.interval_us = interval_us
        if self._has_force:
            self._take_saturation(telemetry, first_us, out)
        if self._watch.motion_stands:
            self._imu.restart()
        forces, accels, gyros, travels = zip(*samples, strict=True)
        read = self._imu.read(accels, gyros, first_us, interval_us, missing=fresh.missing)
        self._read, self._read_us = read, (first_us, interval_us)
        if self._free is not None:
            self._free.run(read, first_us, interval_us, out)
        self._listen(forces, read, first_us, interval_us)
        self._run(samples, travels, read, first_us, out)
        self._take_verdict(telemetry, first_us + (len(samples) - 1) * interval_us, out)
        return out

    def _lose_samples(self, fresh: Fresh, first_us: int) -> None:
        """Samples are missing just before ``first_us``."""
        self._does.lost(first_us - fresh.hole_us, first_us)
        if fresh.missing:
            self._work.strokes.lost(first_us)

    def _listen(
        self,
        forces: Sequence[tuple[float | None, ...]],
        read: Inertial,
        first_us: int,
        interval_us: int,
    ) -> None:
        """Look for faults in a whole frame; what may hold one is taken sample by sample."""
        last_us = first_us + (len(forces) - 1) * interval_us
        self._is_calm = self._watch.passes(
            last_us, read.accels, read.gyros, are_lively=self._imu.are_lively
        )
        self._is_heard = (
            self._is_calm
            and self._has_force
            and self._felt.hear(first_us, interval_us, forces, read.accels)
        )

    def _run(
        self,
        samples: Sequence[Sample],
        travels: Sequence[float | None],
        read: Inertial,
        t_us: int,
        out: list[SensingEvent],
    ) -> None:
        """Take samples one by one: the only loop that runs at the rate of the tool."""
        contact, judge, work, felt = self._contact, self._judge, self._work, self._felt
        watch, strokes, taps = self._watch, work.strokes, work.taps
        is_heard, next_n = self._is_heard, felt.next_n
        tells_contact, interval_us = not self._trusts_verdict, judge.interval_us
        columns = Columns([], believable(travels), read.accels, read.gyros)
        legs: list[Leg] = []
        for sample, rolled_m, accel, attitude, freed in zip(
            samples, columns.travels, read.accels, read.attitudes, read.freed, strict=True
        ):
            force_n = next_n(t_us) if is_heard else self._feel(t_us, sample, accel, out)
            if force_n is not None and tells_contact:
                was_touching = contact.touching
                contact.by_force(t_us, force_n, out, felt.judged_n)
                if contact.touching is not was_touching:
                    self._turn_contact(t_us, legs, attitude)
            judge.step(t_us, felt.judged_n, touching=contact.touching, out=out)
            if t_us >= watch.blocks.end_us:
                self._end_block(t_us, columns, out)
            columns.forces.append(felt.raw_n)
            travel_m = None if watch.wheel_stands else rolled_m
            if contact.touching:
                self._hold(t_us, (force_n, travel_m), (accel, freed), attitude)
            strokes.step(t_us, force_n, travel_m, freed, attitude, out=legs)
            if legs or taps is not None:
                self._count(t_us, legs, taps, out)
            t_us += interval_us
        columns.give(watch.blocks)

    def _count(
        self,
        t_us: int,
        legs: list[Leg],
        taps: RepetitionCounter | None,
        out: list[SensingEvent],
    ) -> None:
        if legs:
            self._work.say(t_us, legs, out)
        if taps is not None and taps.is_counted(t_us):
            out.append(repeated(t_us, taps.count))

    def _hold(
        self,
        t_us: int,
        felt: tuple[float | None, float | None],
        accels: tuple[Axis | None, Axis | None],
        attitude: Quaternion | None,
    ) -> None:
        """Keep one sample in contact: force and travel, specific force as it is and freed."""
        self._drag.add(t_us, felt[0], accels[0])
        if self._technique is not None:
            self._technique.samples.add(*felt, accels[1], attitude)

    def _feel(
        self, t_us: int, sample: Sample, accel: Axis | None, out: list[SensingEvent]
    ) -> float | None:
        """Look for faults in one sample; return its contact force, None where not known."""
        watch = self._watch
        said = len(out)
        is_shaken = not self._is_calm and watch.sample(t_us, sample, out)
        if not self._has_force:
            if len(out) > said:
                watch.settle()
            return None
        self._felt.step(t_us, sample.force_n, accel, out)
        if len(out) > said:
            self._heed(t_us, out)
        return self._felt.contact_n(at_least=is_shaken or watch.is_blind)

    def _end_block(self, t_us: int, columns: Columns, out: list[SensingEvent]) -> None:
        """Look at the block that is over with the samples before this one."""
        said = len(out)
        columns.give(self._watch.blocks)
        self._watch.end_block(t_us, self._contact, out)
        if len(out) > said:
            self._heed(t_us, out)

    def _heed(self, t_us: int, out: list[SensingEvent]) -> None:
        """Let the verdicts follow what stands against them."""
        watch = self._watch
        watch.settle()
        self._judge.set_caveat(watch.caveat, t_us, out)
        if self._felt.doubt is not self._doubt:
            self._doubt = self._felt.doubt
            self._judge.set_fault(self._doubt, t_us, out)
        self._weigh_force(t_us, out)

    def _take_saturation(
        self, telemetry: Telemetry, first_us: int, out: list[SensingEvent]
    ) -> None:
        """Take one frame's word on saturation before its samples."""
        self._felt.begin_frame(telemetry, first_us, out)
        if telemetry.saturated or self._judge.saturated:
            self._judge.saturated = telemetry.saturated
            self._heed(first_us, out)

    def _take_verdict(self, telemetry: Telemetry, t_us: int, out: list[SensingEvent]) -> None:
        """Take the tool's own verdict: contact where its force cannot say, and air."""
        touching = telemetry.touching
        self._watch.touching = touching if self.tool.has_touch_verdict else None
        if touching is None or not (self._trusts_verdict or not self._felt.is_usable):
            return
        legs: list[Leg] = []
        was_touching = self._contact.touching
        self._contact.by_verdict(t_us, touching=touching, out=out)
        if self._contact.touching is not was_touching:
            self._turn_contact(t_us, legs)
        self._work.say(t_us, legs, out)

    def _turn_contact(self, t_us: int, legs: list[Leg], attitude: Quaternion | None = None) -> None:
        """Contact began or ended."""
        if not self._contact.touching:
            self._work.left(t_us, legs)
            self._judge_technique()
            return
        if self._technique is not None:
            self._technique.samples.clear()
        self._work.touched(t_us, attitude)

    def _judge_technique(self) -> None:
        if self._technique is None:
            return
        lasted_s = (self._contact.last_us - self._contact.began_us) / _MILLION
        self._technique.contact_ended(lasted_s, self._judge.interval_us / _MILLION)

    def _lose_contact(self, t_us: int, out: list[SensingEvent]) -> None:
        """Nothing tells contact any more: what was under way has no known end."""
        was_touching = self._contact.touching
        self._contact.end(t_us, out)
        self._work.lose(t_us, out, was_touching=was_touching)

    def _fall_silent(self, t_us: int, out: list[SensingEvent]) -> None:
        if self._is_silent:
            return
        self._is_silent = True
        self._lose_contact(t_us, out)
        self._watch.restart()
        self._imu.restart()
        if self._free is not None:
            self._free.lose(t_us, out)
        self._judge.silence(t_us, out)

    def _resume(self, t_us: int, out: list[SensingEvent]) -> None:
        self._is_silent = False
        self._judge.resume(t_us, out)
        self._work.see_again(t_us)
        if self.tool.rolls_untold:
            self._work.strokes.begin(t_us, t_us)

    def _reconsider(self, device_s: float) -> list[SensingEvent]:
        out: list[SensingEvent] = []
        t_us = _microseconds(device_s)
        self._watch.settle()
        self._judge.set_caveat(self._watch.caveat, t_us, out)
        self._weigh_force(t_us, out)
        self._judge.reconsider(t_us, out)
        return out

    def _weigh_force(self, t_us: int, out: list[SensingEvent]) -> None:
        """Ask whether the force can tell contact; where that changed, contact begins anew."""
        self._contact.set_rest(self._felt.rest_n)
        if self._felt.weigh(is_blind=self._watch.is_blind):
            self._lose_contact(t_us, out)
            if self._felt.is_usable or self.tool.has_touch_verdict:
                self._work.see_again(t_us)

    def _set_threshold(self) -> None:
        scale, on_n = self._scale.kpa_per_n, UNJUDGED_ON_N
        self._work.strokes.loaded_n = None
        is_bare = self.tool.force_is_contact and not self.tool.has_targets
        if self._band is not None and scale is not None and not is_bare:
            on_n = ON_SHARE * self._band.high_kpa / scale
            self._work.strokes.loaded_n = self._band.low_kpa / scale
        if self.tool.supported_mass_kg is None:
            on_n = max(on_n, UNKNOWN_MASS_ON_N)
        weighed_n = ON_WEIGHTS * self.tool.unfreed_n
        self._contact.set_threshold(max(on_n, weighed_n, ON_SIGMAS * self._scale.noise_n))


def _microseconds(device_s: float) -> int:
    return round(device_s * _MILLION)
