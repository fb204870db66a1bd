"""Requests: decoded, refused or carried out, and answered."""

from collections.abc import Sequence
from typing import Final, assert_never

from protocols.massage_tool import (
    Answer,
    AnswerValues,
    Calibration,
    Channel,
    Clock,
    Features,
    Haptic,
    Identify,
    Op,
    Pattern,
    ReadCalibration,
    ReadChannel,
    ReadClock,
    Request,
    RequestError,
    Resend,
    Result,
    SetCalibration,
    SetLimit,
    Start,
    Stop,
    Tare,
    Tared,
    decode_request,
)
from simulators.firmware.body import Tool
from simulators.firmware.clock import ToolClock
from simulators.firmware.motor import Motor, Reason
from simulators.firmware.refusal import Refused
from simulators.firmware.sensors import PPM, Sensors
from simulators.firmware.stream import Stream
from simulators.firmware.taring import DURATION_US, Taring
from simulators.firmware.watch import Watch

LONGEST_BUZZ_US: Final = 10_000_000
"""The longest haptic, also for a duration of 0 (tool-profile.md, Tool Control Point)."""
_IDENTIFY_US: Final = 1_000_000
_MICROSECONDS: Final = 1_000_000
_PARTS: Final[dict[int, Features]] = {
    Op.SET_LIMIT: Features.ON_TOOL_LIMIT,
    Op.HAPTIC: Features.HAPTIC_MOTOR,
    Op.RESEND: Features.RESEND_BUFFER,
}
_FORCE_OPS: Final = frozenset(
    {Op.TARE, Op.SET_LIMIT, Op.SET_CALIBRATION, Op.READ_CALIBRATION, Op.READ_CHANNEL}
)


class ControlPoint:
    """Carries requests out on the tool's parts.

    Attributes:
        taring: the tare under way; its answer comes later.

    Args:
        tool: what the maker wrote into it.
        clock: the tool's.
        sensors: for tare and calibration.
        motor: for haptics.
        channels: area and mass of single force channels, where known.
    """

    def __init__(
        self,
        tool: Tool,
        clock: ToolClock,
        sensors: Sensors,
        motor: Motor,
        *,
        stream: Stream,
        watch: Watch,
        channels: Sequence[Channel],
    ) -> None:
        self.taring: Taring | None = None
        self._feature = tool.feature
        self._clock = clock
        self._sensors = sensors
        self._motor = motor
        self._stream = stream
        self._watch = watch
        self._channels = tuple(channels)

    def request(
        self, value: bytes, device_us: int, *, mtu: int, telemetry_on: bool
    ) -> bytes | None:
        """Carry a request out; return its answer, or None while a tare is under way."""
        try:
            request = self._accept(value)
            if isinstance(request, Tare):
                self.taring = Taring(device_us + DURATION_US)
                return None
            values = self._carry_out(request, device_us, mtu=mtu, telemetry_on=telemetry_on)
        except (RequestError, Refused) as refusal:
            return bytes(Answer(value[0] if value else 0, refusal.result))
        return bytes(Answer(value[0], Result.SUCCESS, values))

    def finish_tare(self) -> Answer:
        """Judge the tare that is under way."""
        taring, self.taring = self.taring, None
        offsets = taring.finish(self._feature, self._sensors) if taring is not None else None
        if offsets is None:
            return Answer(Op.TARE, Result.OPERATION_FAILED)
        return Answer(Op.TARE, Result.SUCCESS, Tared(offsets))

    def _accept(self, value: bytes) -> Request:
        op = value[0] if value else 0
        lacks_force = op in _FORCE_OPS and not self._sensors.channels
        if lacks_force or _PARTS.get(op, Features(0)) not in self._feature.features:
            raise Refused(Result.OP_CODE_NOT_SUPPORTED)
        request = decode_request(value)
        if self.taring is not None:
            raise Refused(Result.BUSY)
        return request

    def _carry_out(
        self,
        request: Start
        | Resend
        | Stop
        | ReadClock
        | SetLimit
        | Haptic
        | Identify
        | ReadCalibration
        | ReadChannel
        | SetCalibration,
        device_us: int,
        *,
        mtu: int,
        telemetry_on: bool,
    ) -> AnswerValues | None:
        match request:
            case Start():
                return self._stream.start(request, device_us, mtu=mtu, telemetry_on=telemetry_on)
            case Resend():
                return self._stream.resend(request, mtu=mtu, telemetry_on=telemetry_on)
            case ReadClock():
                return Clock(self._clock.u32(device_us))
            case ReadCalibration() | ReadChannel() | SetCalibration():
                return self._on_channel(request)
            case Stop() | SetLimit() | Haptic() | Identify():
                self._act(request, device_us)
                return None
            case _:
                assert_never(request)

    def _act(self, request: Stop | SetLimit | Haptic | Identify, device_us: int) -> None:
        match request:
            case Stop():
                self._stream.stop()
            case SetLimit():
                self._watch.arm(request, device_us)
            case Haptic():
                self._haptic(request, device_us)
            case Identify():
                self._identify(device_us)
            case _:
                assert_never(request)

    def _haptic(self, request: Haptic, device_us: int) -> None:
        lasting_us = round(request.duration_s * _MICROSECONDS) or LONGEST_BUZZ_US
        self._motor.ask(
            Reason.HAPTIC,
            device_us,
            pattern=request.pattern,
            strength_percent=request.strength_percent,
            until_us=device_us + lasting_us,
        )

    def _identify(self, device_us: int) -> None:
        """Buzz; a tool without a motor shows a light that nobody here sees."""
        if Features.HAPTIC_MOTOR in self._feature.features:
            until_us = device_us + _IDENTIFY_US
            self._motor.ask(Reason.IDENTIFY, device_us, pattern=Pattern.DOUBLE, until_us=until_us)

    def _on_channel(
        self, request: ReadCalibration | ReadChannel | SetCalibration
    ) -> AnswerValues | None:
        if request.channel >= len(self._sensors.channels):
            raise Refused(Result.INVALID_PARAMETER)
        channel = self._sensors.channels[request.channel]
        match request:
            case SetCalibration():
                channel.gain_ppm = round(request.gain * PPM)
                channel.offset_counts = request.offset_counts
                return None
            case ReadCalibration():
                return Calibration(channel.gain_ppm / PPM, channel.offset_counts)
            case ReadChannel():
                return self._known(request.channel)
            case _:
                assert_never(request)

    def _known(self, place: int) -> Channel:
        if place < len(self._channels):
            return self._channels[place]
        if len(self._sensors.channels) == 1:
            return Channel(self._feature.contact_area_m2, self._feature.supported_mass_kg)
        return Channel(None, None)
