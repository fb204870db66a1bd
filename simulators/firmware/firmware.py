"""The tool's logic, sans-I/O: requests in, answers, frames and events out, on a given clock."""

from collections.abc import Sequence
from typing import Final

from protocols.massage_tool import (
    ButtonEvent,
    Channel,
    FaultKind,
    Features,
    PowerEvent,
    PowerState,
    Result,
)
from simulators.firmware.battery import Battery
from simulators.firmware.body import Body, Reading, Tool
from simulators.firmware.clock import ToolClock
from simulators.firmware.control_point import ControlPoint
from simulators.firmware.motor import Buzz, Motor, Reason, alert
from simulators.firmware.run import fresh
from simulators.firmware.self_check import SelfCheck
from simulators.firmware.sensors import Sensors
from simulators.firmware.stream import Stream
from simulators.firmware.values import Calibrated, Measurement, Outgoing, RunLook, measurement
from simulators.firmware.watch import Watch

_IDLE_RATE_HZ: Final = 100
"""How fast the sensors are read where no run says otherwise."""
_MOST_AT_ONCE: Final = 250
_MICROSECONDS: Final = 1_000_000


class Firmware:
    """One tool. All times given to it are microseconds of one true clock that never goes back.

    Every call first catches up: samples due by then are taken, with the tool's own timestamps,
    so results do not depend on how often it is called.

    Args:
        tool: what the maker wrote into it.
        body: its sensors and the hand that holds it.
        clock_start_us: what its clock shows at the first call.
        drift_ppm: how much too fast its clock runs.
        drain_percent_per_hour: how fast its battery drains while it is on.
        channels: area and mass of single force channels, where the maker knows them; a tool
            with one channel gives those of the whole.
    """

    def __init__(
        self,
        tool: Tool,
        body: Body,
        *,
        clock_start_us: int = 0,
        drift_ppm: float = 0.0,
        drain_percent_per_hour: float = 0.0,
        channels: Sequence[Channel] = (),
    ) -> None:
        self.tool = tool
        self._battery = Battery(tool.battery_percent, drain_percent_per_hour)
        self._body = body
        self._clock = ToolClock(clock_start_us, drift_ppm)
        self._sensors = Sensors(tool.feature)
        self._motor = Motor()
        self._stream = Stream(tool, self._clock, self._sensors.sample_bytes)
        self._watch = Watch(
            tool.feature, self._clock, self._motor, self._sensors.force_resolution_n
        )
        self._self_check = SelfCheck(tool.feature, self._watch, self._sensors.force_resolution_n)
        self._control_point = ControlPoint(
            tool,
            self._clock,
            self._sensors,
            self._motor,
            stream=self._stream,
            watch=self._watch,
            channels=channels,
        )
        self._last_us: int | None = None
        self._latest: tuple[Reading, float | None] | None = None
        self._is_connected = False
        self._has_begun = False
        self._is_zero_new = False
        self._answers: list[bytes] = []
        self._frames: list[bytes] = []

    @property
    def run_look(self) -> RunLook | None:
        """The present run; None where nothing streams."""
        run = self._stream.run
        return None if run is None else RunLook(run.rate_hz, run.taken)

    @property
    def is_buzzing(self) -> bool:
        """Whether the motor runs."""
        return bool(self.buzzes) and self.buzzes[-1].end_us is None

    def device_us(self, now_us: int) -> int:
        """Return the tool's continuous microseconds at a true moment."""
        return self._clock.read(now_us)

    @property
    def buzzes(self) -> list[Buzz]:
        """Everything the motor did, in the tool's continuous microseconds."""
        return self._motor.buzzes

    @property
    def battery_percent(self) -> int:
        """The charge as of the last call, 0 to 100."""
        return self._battery.percent

    @property
    def calibration(self) -> tuple[Calibrated, ...]:
        """The force channels' calibration; all else a power cycle takes away."""
        return tuple(
            Calibrated(channel.gain_ppm, channel.offset_counts)
            for channel in self._sensors.channels
        )

    def restore_calibration(self, calibration: Sequence[Calibrated]) -> None:
        """Take over what was set before this object was made.

        Raises:
            ValueError: it is of a tool with another number of force channels.
        """
        if len(calibration) != len(self._sensors.channels):
            raise ValueError(
                f"a calibration of {len(calibration)} force channels, "
                f"and the tool has {len(self._sensors.channels)}"
            )
        for channel, kept in zip(self._sensors.channels, calibration, strict=True):
            channel.gain_ppm, channel.offset_counts = kept

    @property
    def is_resending(self) -> bool:
        """Whether samples that were asked for are still to be fetched with `next_resent`."""
        return self._stream.is_resending

    def connected(self, now_us: int) -> None:
        """A central has connected."""
        self._catch_up(now_us)
        self._is_connected = True

    def disconnected(self, now_us: int) -> None:
        """The link has ended, however: the run goes on for a while, haptics stop."""
        device_us = self._catch_up(now_us)
        self._is_connected = False
        self._is_zero_new = False
        self._control_point.taring = None
        for why in Reason:
            if why is not Reason.LIMIT:
                self._motor.drop(why, device_us)
        if self._stream.run is not None:
            self._stream.run.lose_link(device_us)
        self._collect()

    def restart(self, now_us: int, *, clock_start_us: int) -> None:
        """Switch off and on: calibration stays; run, tare, limit and clock begin anew."""
        self._battery.rest(self._clock.read(now_us))
        device_us = self._catch_up(now_us)
        self._latest = None
        self._is_connected = False
        self._control_point.taring = None
        self._stream.stop()
        self._watch.restart()
        self._self_check.restart()
        self._sensors.forget_tare()
        for why in Reason:
            self._motor.drop(why, device_us)
        self._clock.restart(device_us, clock_start_us)
        self._collect()

    def standing_events(self, now_us: int) -> tuple[bytes, ...]:
        """Return what is indicated when Tool Event is switched on: all that stands.

        Events still waiting to be collected are dropped: the state includes them.
        """
        device_us = self._catch_up(now_us)
        self._watch.events.clear()
        return self._watch.standing(device_us)

    def press_button(self, now_us: int, presses: int = 1) -> None:
        """The user presses the tool's button, ``presses`` times in a row."""
        clock = self._clock.u32(self._catch_up(now_us))
        self._watch.tell(ButtonEvent(clock, presses))

    def switching_off(self, now_us: int) -> None:
        """The tool is about to switch itself off."""
        self._tell_power(self._catch_up(now_us), PowerState.SWITCHING_OFF)

    def set_battery(self, now_us: int, percent: float) -> None:
        """The charge is now ``percent``; passing `battery.LOW_PERCENT` downward is told."""
        device_us = self._catch_up(now_us)
        if self._battery.set(percent):
            self._tell_power(device_us, PowerState.LOW)

    def drain(self, now_us: int, percent_per_hour: float) -> None:
        """The battery drains so fast from now on."""
        self._catch_up(now_us)
        self._battery.drain(percent_per_hour)

    def plug(self, now_us: int, *, is_plugged: bool) -> None:
        """External power comes, which is told, or goes; while it is there nothing drains."""
        device_us = self._catch_up(now_us)
        if is_plugged and not self._battery.is_plugged:
            self._tell_power(device_us, PowerState.CHARGING)
        self._battery.is_plugged = is_plugged

    def alert(self, now_us: int, level: int) -> None:
        """Immediate Alert: 1 or 2 buzzes for at most 10 s, 0 ends that.

        Raises:
            ValueError: another level.
        """
        device_us = self._catch_up(now_us)
        if Features.HAPTIC_MOTOR in self.tool.feature.features:
            alert(self._motor, device_us, level)

    def measurement(self, now_us: int) -> Measurement:
        """Return what the sensors read last."""
        self._catch_up(now_us)
        if self._latest is None:
            return Measurement(None, None)
        reading, sum_counts = self._latest
        unit = self.tool.feature.angular_velocity_resolution_radps
        return measurement(reading, sum_counts, self._sensors.force_resolution_n, unit)

    def set_fault(self, now_us: int, fault: FaultKind, *, raised: bool) -> None:
        """Something in the tool stops working rightly, or works again."""
        self._watch.fault(self._catch_up(now_us), fault, raised=raised)

    def request(
        self, value: bytes, now_us: int, *, mtu: int, telemetry_on: bool, central: str = ""
    ) -> bytes | None:
        """Carry out a Control Point request.

        Args:
            value: as written.
            now_us: when.
            mtu: ATT_MTU of the link.
            telemetry_on: whether Telemetry notifications are on.
            central: who asks; only the central that began a run can resume it or have its
                samples again.

        Returns:
            The answer; None when it comes later, from `advance`.
        """
        device_us = self._catch_up(now_us)
        self._stream.central = central
        answer = self._control_point.request(value, device_us, mtu=mtu, telemetry_on=telemetry_on)
        self._begin_if_asked(device_us)
        return answer

    def forget_central(self, central: str) -> None:
        """A central's bond is another now, or gone: nobody can resume its run."""
        self._stream.disown(central)

    def begin(self, now_us: int) -> None:
        """Let the hand begin without a tare: nobody tells such a tool that it is to."""
        device_us = self._catch_up(now_us)
        if not self._has_begun:
            self._has_begun = True
            self._body.begin(device_us)

    def advance(self, now_us: int) -> Outgoing:
        """Let time pass, and take what is to be sent by now."""
        self._catch_up(now_us)
        return self._collect()

    def next_us(self) -> int | None:
        """Return when `advance` is next worth calling; None while nothing is under way."""
        moments = (self._next_sample_us(), self._battery.next_us())
        due = [moment for moment in moments if moment is not None]
        return self._clock.when(min(due)) if due else None

    def _next_sample_us(self) -> int | None:
        pace = self._pace()
        if pace is None:
            return None
        first_us, interval_us = pace
        samples = fresh(interval_us)
        if self._stream.run is not None:
            samples = min(samples, self._stream.run.samples_to_frame)
        due_us = first_us + (samples - 1) * interval_us
        if self._control_point.taring is not None:
            due_us = min(due_us, self._control_point.taring.end_us)
        return due_us

    def next_resent(self) -> bytes | None:
        """Return the next frame of a resend that runs; None when there is none."""
        return self._stream.run.next_resent() if self._stream.run is not None else None

    def _pace(self) -> tuple[int, int] | None:
        """Return when the next sample is due and the time between samples; None for none."""
        run = self._stream.run
        if run is not None:
            return run.next_us, run.interval_us
        is_needed = self._is_connected or self._watch.is_armed
        if self._last_us is None or not is_needed:
            return None
        rate_hz = min(_IDLE_RATE_HZ, self.tool.feature.maximum_rate_hz)
        interval_us = _MICROSECONDS // rate_hz
        return self._last_us + interval_us, interval_us

    def _catch_up(self, now_us: int) -> int:
        """Take all samples due by now; return the tool's continuous microseconds."""
        device_us = self._clock.read(now_us)
        taring = self._control_point.taring
        if taring is not None and taring.end_us <= device_us:
            self._sample_until(taring.end_us)
            self._finish_tare(taring.end_us)
        self._sample_until(device_us)
        if self._pace() is None:
            self._last_us = device_us
        self._stream.expire(device_us)
        self._motor.advance(device_us)
        if self._battery.advance(device_us):
            self._tell_power(device_us, PowerState.LOW)
        return device_us

    def _tell_power(self, device_us: int, state: PowerState) -> None:
        self._watch.tell(PowerEvent(self._clock.u32(device_us), state))

    def _sample_until(self, device_us: int) -> None:
        while (pace := self._pace()) is not None:
            first_us, interval_us = pace
            due = min((device_us - first_us) // interval_us + 1, _MOST_AT_ONCE)
            if due <= 0:
                return
            for place, reading in enumerate(self._body.sample(first_us, interval_us, due)):
                self._take(first_us + place * interval_us, reading)

    def _take(self, device_us: int, reading: Reading) -> None:
        self._last_us = device_us
        if self._control_point.taring is not None:
            self._control_point.taring.readings.append(reading)
        sample = self._sensors.measure(reading)
        self._latest = (reading, sample.sum_counts)
        self._watch.look(device_us, sample)
        self._self_check.look(device_us, reading, sample, tared=self._sensors.is_tared)
        frame = self._stream.run.take(sample) if self._stream.run is not None else None
        if frame is not None:
            self._frames.append(frame)

    def _finish_tare(self, device_us: int) -> None:
        answer = self._control_point.finish_tare()
        self._answers.append(bytes(answer))
        if answer.result == Result.SUCCESS:
            self._is_zero_new = True
            self._begin_if_asked(device_us)

    def _begin_if_asked(self, device_us: int) -> None:
        """Whoever tares and reads the tool wants the hand; who only pairs puts it down again."""
        is_zero = self._is_zero_new or not self._sensors.channels
        if is_zero and self._stream.run is not None and not self._has_begun:
            self._has_begun = True
            self._body.begin(device_us)

    def _collect(self) -> Outgoing:
        events = self._watch.events
        outgoing = Outgoing(tuple(self._answers), tuple(self._frames), tuple(events))
        self._answers.clear()
        self._frames.clear()
        events.clear()
        return outgoing
