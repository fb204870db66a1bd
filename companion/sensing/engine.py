"""The engine: telemetry in, events out; pure, synchronous, on sample time."""

from collections.abc import Sequence

from companion.sensing.attitude import Levelled
from companion.sensing.columns import Columns
from companion.sensing.contact import ON_WEIGHTS
from companion.sensing.free_motion import FreeMotion
from companion.sensing.imu import Imu, Inertial
from companion.sensing.intake import Fresh, Intake
from companion.sensing.sample_taker import SampleTaker
from companion.sensing.steady_contact import begins_at_n
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import (
    Band,
    Recognised,
    SensingEvent,
    StepEnd,
    Task,
)
from protocols.telemetry import Telemetry

_MILLION = 1_000_000


class Engine(SampleTaker):
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
        super().__init__(tool, names_technique=names_technique)
        self.intake = Intake()
        self._imu = Imu()
        self._free = FreeMotion() if tool.is_free else None
        self._does = self._free or self._work
        self._read = Inertial((), (), Levelled())
        self._read_us = (0, 0)
        self._band: Band | None = None
        self._is_silent = True

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
            self._resume(first_us, out, came_late=not (fresh.is_gap or fresh.hole_us))
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
        times_us = range(first_us, first_us + len(samples) * interval_us, interval_us)
        self._run(samples, Columns(times_us, travels, read), out)
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
        self._is_smooth = self._is_heard or (self._is_calm and not self._has_force)

    def _take_saturation(
        self, telemetry: Telemetry, first_us: int, out: list[SensingEvent]
    ) -> None:
        """Take one frame's word on saturation before its samples."""
        self._felt.begin_frame(telemetry, first_us, out)
        if telemetry.saturated or self._judge.saturated:
            self._judge.saturated = telemetry.saturated
            self._heed(first_us, out)

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

    def _resume(self, t_us: int, out: list[SensingEvent], *, came_late: bool) -> None:
        self._is_silent = False
        self._judge.resume(t_us, out, came_late=came_late)
        self._work.see_again(t_us, came_late=came_late)
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

    def _set_threshold(self) -> None:
        on_n, self._work.strokes.loaded_n = begins_at_n(self.tool, self._scale, self._band)
        self._contact.set_threshold(on_n, ON_WEIGHTS * self.tool.unfreed_n)


def _microseconds(device_s: float) -> int:
    return round(device_s * _MILLION)
