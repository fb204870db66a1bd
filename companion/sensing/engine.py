"""The engine: telemetry in, events out; pure, synchronous, on sample time."""

from collections import deque
from collections.abc import Sequence

from companion.sensing.attitude import Quaternion
from companion.sensing.channels import channel_pressure
from companion.sensing.contact import (
    ON_SHARE,
    ON_SIGMAS,
    UNJUDGED_ON_N,
    UNKNOWN_MASS_ON_N,
    ContactTracker,
)
from companion.sensing.faults import ForceFaults
from companion.sensing.force import ContactForce, at_least_n, known_n, total_n
from companion.sensing.free_motion import FreeMotion
from companion.sensing.handiwork import Handiwork, repeated
from companion.sensing.imu import Imu, Inertial
from companion.sensing.intake import Intake
from companion.sensing.judgement import Judge
from companion.sensing.motion_faults import MotionFaults
from companion.sensing.pressure import PressureScale
from companion.sensing.strokes import Leg
from companion.sensing.technique import TechniqueRecogniser
from companion.sensing.tool import Axis, Tool
from companion.sensing.trace import Trace
from companion.sensing.types import (
    Band,
    Doubt,
    Level,
    Recognised,
    SensingEvent,
    StepEnd,
    Task,
)
from protocols.telemetry import Sample, Telemetry

TARE_US = 500_000
"""Length of a tare (tool profile, control point)."""
MAXIMUM_TRAVEL_M = 1.0
"""Travel within one sample that no hand makes: such a count is not known."""
_RECENT_SAMPLES = 2_048
_MILLION = 1_000_000


class Engine:
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
        self.tool = tool
        self.intake = Intake()
        self._force = ContactForce(tool)
        self._channels = channel_pressure(tool)
        self._scale = PressureScale(tool, self._force, self._channels)
        self._judge = Judge(self._scale)
        self._imu = Imu()
        self._faults = ForceFaults(tool.force_channels)
        self._has_force = tool.has_force
        has_imu = tool.has_accelerometer or tool.has_gyroscope
        self._motion_faults = MotionFaults() if has_imu else None
        self._contact = ContactTracker()
        self._work = Handiwork(tool, self._contact)
        self._free = FreeMotion() if tool.is_free else None
        self._technique = TechniqueRecogniser() if names_technique else None
        self._read = Inertial((), (), ())
        self._read_us = (0, 0)
        self._band: Band | None = None
        self._recent: deque[tuple[int, float | None, Axis | None]] = deque(maxlen=_RECENT_SAMPLES)
        self._is_silent = True
        self._is_usable = self._force.tared
        self._trusts_verdict = tool.has_touch_verdict and not self._force.is_freed
        self._saturated_from_n: float | None = None
        self._judged_n: float | None = None

    @property
    def level(self) -> Level:
        """The level of pressure against the band of the step."""
        return self._judge.level

    @property
    def doubt(self) -> Doubt | None:
        """Why the level is unknown; None where it is known or nothing is to be judged."""
        return self._judge.doubt

    @property
    def pressure_kpa(self) -> float | None:
        """The newest pressure, low-passed; None where it is not known."""
        return self._judge.pressure_kpa

    @property
    def uncertainty_kpa(self) -> float | None:
        """Expanded uncertainty (k = 2) of the pressure; None where the area is not known."""
        return self._scale.uncertainty_kpa()

    @property
    def trace(self) -> Trace:
        """The newest points of pressure and level."""
        return self._judge.trace

    @property
    def technique(self) -> Recognised | None:
        """What the hand does by the newest contacts; None where none was felt, or not asked for."""
        return None if self._technique is None else self._technique.recognised

    @property
    def ups(self) -> list[tuple[float, Axis | None]]:
        """The samples of the newest frame: time, and the direction up in the sensor frame."""
        return self._read.ups(*self._read_us)

    def can_judge(self, band: Band) -> Doubt | None:
        """Return why this tool cannot judge a band now; None where it can."""
        return self._scale.doubt(band)

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
        does = self._work if self._free is None else self._free
        times_us = does.finish(t_us, out)
        return StepEnd(
            events=tuple(out), repetitions_s=tuple(time_us / _MILLION for time_us in times_us)
        )

    def tared(self, device_s: float) -> list[SensingEvent]:
        """Take the tool's word that it has tared: the newest half second was in air and still.

        Args:
            device_s: when the tool confirmed it.
        """
        newest_us = self.intake.last_us or 0
        self._force.tare(
            [(sent, accel) for t_us, sent, accel in self._recent if newest_us - t_us < TARE_US]
        )
        self._judge.rezero()
        self._set_threshold()
        return self._reconsider(device_s)

    def untared(self) -> list[SensingEvent]:
        """The tool restarted: its zero is not known any more."""
        self._force.untare()
        return self._reconsider((self.intake.last_us or 0) / _MILLION)

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
        self._judge.interval_us = interval_us
        self._take_saturation(telemetry, first_us, out)
        if self._motion_faults is not None and self._motion_faults.is_frozen:
            self._imu.restart()
        read = self._imu.read(samples, first_us, interval_us, missing=fresh.missing)
        self._read, self._read_us = read, (first_us, interval_us)
        if self._free is not None:
            self._free.run(read, first_us, interval_us, out)
        if fresh.missing:
            self._work.strokes.lost(first_us)
        self._run(samples, read, first_us, interval_us, out)
        if telemetry.touching is not None and (self._trusts_verdict or not self._is_usable):
            newest_us = first_us + (len(samples) - 1) * interval_us
            self._take_verdict(newest_us, touching=telemetry.touching, out=out)
        return out

    def _run(
        self,
        samples: Sequence[Sample],
        read: Inertial,
        t_us: int,
        interval_us: int,
        out: list[SensingEvent],
    ) -> None:
        """Take samples one by one: the only loop that runs at the rate of the tool."""
        contact, judge, work = self._contact, self._judge, self._work
        strokes, taps = work.strokes, work.taps
        held = None if self._technique is None else self._technique.samples
        legs: list[Leg] = []
        for sample, accel, attitude in zip(samples, read.accels, read.attitudes, strict=True):
            force_n = self._watch(t_us, sample, accel, out)
            judged_n = force_n if self._channels is None else self._judged_n
            if force_n is not None and not self._trusts_verdict:
                was_touching = contact.touching
                contact.by_force(t_us, force_n, out, judged_n)
                if contact.touching is not was_touching:
                    self._turn_contact(t_us, legs, attitude)
            judge.step(t_us, judged_n, touching=contact.touching, out=out)
            travel_m = sample.travel_m
            if travel_m is not None and not -MAXIMUM_TRAVEL_M < travel_m < MAXIMUM_TRAVEL_M:
                travel_m = None
            if held is not None and contact.touching:
                held.add(force_n, travel_m, accel, attitude)
            strokes.step(t_us, force_n, travel_m, accel, attitude, out=legs)
            if legs:
                work.say(t_us, legs, out)
            if taps is not None and taps.is_counted(t_us):
                out.append(repeated(t_us, taps.count))
            t_us += interval_us

    def _watch(
        self, t_us: int, sample: Sample, accel: Axis | None, out: list[SensingEvent]
    ) -> float | None:
        """Look for faults in one sample; return its contact force, None where not known."""
        if self._motion_faults is not None:
            self._motion_faults.step(t_us, sample.accel_mps2, sample.gyro_radps, out)
        tool, force_n = self.tool, sample.force_n
        if not self._has_force:
            return None
        sent_n = total_n(force_n) if len(force_n) == tool.force_channels else None
        if self._faults.step(t_us, force_n, known=sent_n is not None, out=out):
            self._judge.set_fault(self._faults.doubt, t_us, out)
            self._weigh_force(t_us, out)
        self._recent.append((t_us, sent_n, accel))
        self._judged_n = None
        if sent_n is None or not self._is_usable:
            return None
        if self._saturated_from_n is not None:
            force_n = at_least_n(force_n, self._saturated_from_n, tool.full_scale_n)
            sent_n = sum(force_n)
        contact_n = self._force.contact_n(sent_n, accel)
        if contact_n is not None:
            self._faults.zero(t_us, contact_n, out)
            if self._channels is not None:
                self._judged_n = self._channels.told_n(known_n(force_n), sent_n - contact_n)
        return contact_n

    def _take_saturation(
        self, telemetry: Telemetry, first_us: int, out: list[SensingEvent]
    ) -> None:
        """Find which readings of a saturated frame are only a lower bound: its highest."""
        if not self.tool.has_force:
            return
        self._faults.saturation(first_us, saturated=telemetry.saturated, out=out)
        self._judge.saturated = telemetry.saturated
        self._saturated_from_n = None
        if telemetry.saturated:
            values = [v for s in telemetry.samples for v in s.force_n if v is not None]
            step_n = self.tool.force_resolution_n or 0.0
            self._saturated_from_n = max(values, default=0.0) - 2 * step_n

    def _take_verdict(self, t_us: int, *, touching: bool, out: list[SensingEvent]) -> None:
        """Take the tool's own verdict where its force cannot say."""
        legs: list[Leg] = []
        was_touching = self._contact.touching
        self._contact.by_verdict(t_us, touching=touching, out=out)
        if self._contact.touching is not was_touching:
            self._turn_contact(t_us, legs)
        self._work.say(t_us, legs, out)

    def _turn_contact(self, t_us: int, legs: list[Leg], attitude: Quaternion | None = None) -> None:
        """Contact began or ended."""
        if not self._contact.touching:
            self._work.left(t_us, self._judge.interval_us, legs)
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
        self._faults.restart()
        if self._motion_faults is not None:
            self._motion_faults.restart()
        self._imu.restart()
        if self._free is not None:
            self._free.restart()
        self._recent.clear()
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
        self._weigh_force(t_us, out)
        self._judge.reconsider(t_us, out)
        return out

    def _weigh_force(self, t_us: int, out: list[SensingEvent]) -> None:
        """Ask whether the force can tell contact; where that changed, contact begins anew."""
        is_usable = self._force.tared and self._faults.doubt is None
        if is_usable is not self._is_usable:
            self._is_usable = is_usable
            self._lose_contact(t_us, out)
            if is_usable or self.tool.has_touch_verdict:
                self._work.see_again(t_us)

    def _set_threshold(self) -> None:
        scale = self._scale.kpa_per_n
        on_n = UNJUDGED_ON_N
        self._work.strokes.loaded_n = None
        if self._band is not None and scale is not None and not self.tool.force_is_contact:
            on_n = ON_SHARE * self._band.high_kpa / scale
            self._work.strokes.loaded_n = self._band.low_kpa / scale
        if self.tool.supported_mass_kg is None:
            on_n = max(on_n, UNKNOWN_MASS_ON_N)
        self._contact.set_threshold(max(on_n, ON_SIGMAS * self._scale.noise_n))


def _microseconds(device_s: float) -> int:
    return round(device_s * _MILLION)
