"""Tool Control Point, requests: op code and parameters, written with response."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, get_args

from protocols.errors import DecodeError
from protocols.massage_tool.layout import counts, named, whole

_PER_MILLE: Final = 1000
_PER_MILLION: Final = 1_000_000
LOWEST_RATE_HZ: Final = 16
"""The interval field ends at 65 535 microseconds, which is 15.3 Hz."""
LONGEST_HAPTIC_MS: Final = 10_000
MOST_CHANNELS: Final = 8


class Op(IntEnum):
    """Op codes."""

    START = 0x01
    STOP = 0x02
    TARE = 0x03
    SET_LIMIT = 0x04
    HAPTIC = 0x05
    READ_CLOCK = 0x06
    RESEND = 0x07
    IDENTIFY = 0x08
    SET_CALIBRATION = 0x09
    READ_CALIBRATION = 0x0A
    READ_CHANNEL = 0x0B


class Result(IntEnum):
    """What a request came to."""

    SUCCESS = 1
    OP_CODE_NOT_SUPPORTED = 2
    INVALID_PARAMETER = 3
    OPERATION_FAILED = 4
    NOT_PERMITTED = 5
    BUSY = 6


class Pattern(IntEnum):
    """How the motor buzzes."""

    OFF = 0
    SINGLE = 1
    DOUBLE = 2
    CONTINUOUS = 3


class RequestError(DecodeError):
    """A request that a tool refuses; ``op`` and ``result`` are the answer it owes."""

    def __init__(self, offset: int, reason: str, *, op: int, result: Result) -> None:
        super().__init__(offset, reason)
        self.op = op
        self.result = result


@dataclass(frozen=True, slots=True)
class Start:
    """Begin or resume a run; 0 samples per frame lets the tool choose (oldest under 50 ms)."""

    op: ClassVar[Op] = Op.START
    layout: ClassVar[struct.Struct] = struct.Struct("<HB")
    rate_hz: int
    samples_per_frame: int = 0

    def __bytes__(self) -> bytes:
        rate = whole(self.rate_hz, offset=1, low=LOWEST_RATE_HZ, high=0xFFFF, what="rate")
        samples = whole(self.samples_per_frame, offset=3, high=0xFF, what="samples per frame")
        return _encode(self.op, self.layout.pack(rate, samples))


@dataclass(frozen=True, slots=True)
class Stop:
    """End the run."""

    op: ClassVar[Op] = Op.STOP
    layout: ClassVar[struct.Struct] = struct.Struct("")

    def __bytes__(self) -> bytes:
        return _encode(self.op)


@dataclass(frozen=True, slots=True)
class Tare:
    """Take the present force as zero: half a second in air and still."""

    op: ClassVar[Op] = Op.TARE
    layout: ClassVar[struct.Struct] = struct.Struct("")

    def __bytes__(self) -> bytes:
        return _encode(self.op)


@dataclass(frozen=True, slots=True)
class SetLimit:
    """Arm the tool's own limit: newtons on the sum of the channels, 0 is off; delay in s."""

    op: ClassVar[Op] = Op.SET_LIMIT
    layout: ClassVar[struct.Struct] = struct.Struct("<HHH")
    caution_n: float
    stop_n: float
    on_delay_s: float

    def __bytes__(self) -> bytes:
        fields = (
            (self.caution_n, 1, "caution"),
            (self.stop_n, 3, "stop"),
            (self.on_delay_s, 5, "on-delay"),
        )
        caution, stop, delay = (
            counts(value, _PER_MILLE, offset=offset, top=0xFFFF, what=what)
            for value, offset, what in fields
        )
        if stop:
            whole(caution, offset=1, high=stop, what="caution in mN")
        return _encode(self.op, self.layout.pack(caution, stop, delay))


@dataclass(frozen=True, slots=True)
class Haptic:
    """Buzz; a duration of 0 s lasts until off, at most 10 s."""

    op: ClassVar[Op] = Op.HAPTIC
    layout: ClassVar[struct.Struct] = struct.Struct("<BBH")
    pattern: Pattern
    strength_percent: int
    duration_s: float

    def __bytes__(self) -> bytes:
        strength = whole(self.strength_percent, offset=2, high=100, what="strength")
        duration = counts(
            self.duration_s, _PER_MILLE, offset=3, top=LONGEST_HAPTIC_MS, what="duration"
        )
        return _encode(self.op, self.layout.pack(self.pattern, strength, duration))


@dataclass(frozen=True, slots=True)
class ReadClock:
    """Ask for the tool's clock."""

    op: ClassVar[Op] = Op.READ_CLOCK
    layout: ClassVar[struct.Struct] = struct.Struct("")

    def __bytes__(self) -> bytes:
        return _encode(self.op)


@dataclass(frozen=True, slots=True)
class Resend:
    """Ask for samples again, by number."""

    op: ClassVar[Op] = Op.RESEND
    layout: ClassVar[struct.Struct] = struct.Struct("<IH")
    first_sample: int
    count: int

    def __bytes__(self) -> bytes:
        first = whole(self.first_sample, offset=1, high=0xFFFFFFFF, what="first sample")
        count = whole(self.count, offset=5, low=1, high=0xFFFF, what="count")
        return _encode(self.op, self.layout.pack(first, count))


@dataclass(frozen=True, slots=True)
class Identify:
    """Let the tool show which one it is."""

    op: ClassVar[Op] = Op.IDENTIFY
    layout: ClassVar[struct.Struct] = struct.Struct("")

    def __bytes__(self) -> bytes:
        return _encode(self.op)


@dataclass(frozen=True, slots=True)
class SetCalibration:
    """Set one channel's gain (1.0 is nominal, sent in parts per million) and offset in counts."""

    op: ClassVar[Op] = Op.SET_CALIBRATION
    layout: ClassVar[struct.Struct] = struct.Struct("<BIh")
    channel: int
    gain: float
    offset_counts: int

    def __bytes__(self) -> bytes:
        channel = whole(self.channel, offset=1, high=MOST_CHANNELS - 1, what="channel")
        gain = counts(self.gain, _PER_MILLION, offset=2, top=0xFFFFFFFF, what="gain")
        whole(gain, offset=2, low=1, high=0xFFFFFFFF, what="gain in parts per million")
        offset = whole(self.offset_counts, offset=6, low=-32768, high=32767, what="offset")
        return _encode(self.op, self.layout.pack(channel, gain, offset))


@dataclass(frozen=True, slots=True)
class ReadCalibration:
    """Ask for one channel's calibration."""

    op: ClassVar[Op] = Op.READ_CALIBRATION
    layout: ClassVar[struct.Struct] = struct.Struct("<B")
    channel: int

    def __bytes__(self) -> bytes:
        channel = whole(self.channel, offset=1, high=MOST_CHANNELS - 1, what="channel")
        return _encode(self.op, self.layout.pack(channel))


@dataclass(frozen=True, slots=True)
class ReadChannel:
    """Ask for one channel's own contact area and supported mass."""

    op: ClassVar[Op] = Op.READ_CHANNEL
    layout: ClassVar[struct.Struct] = struct.Struct("<B")
    channel: int

    def __bytes__(self) -> bytes:
        channel = whole(self.channel, offset=1, high=MOST_CHANNELS - 1, what="channel")
        return _encode(self.op, self.layout.pack(channel))


Request = (
    Start
    | Stop
    | Tare
    | SetLimit
    | Haptic
    | ReadClock
    | Resend
    | Identify
    | SetCalibration
    | ReadCalibration
    | ReadChannel
)

_REQUESTS: Final[dict[Op, type[Request]]] = {kind.op: kind for kind in get_args(Request)}


def decode_request(data: bytes) -> Request:
    """Read a request as a tool does: any wrong length or range is refused.

    Raises:
        RequestError: unknown op code (result 2), or wrong length or range (result 3).
    """
    if not data:
        raise RequestError(
            0, "a request has at least its op code", op=0, result=Result.INVALID_PARAMETER
        )
    op = named(Op, data[0])
    if not isinstance(op, Op):
        raise RequestError(
            0,
            f"op code 0x{data[0]:02x} is not known",
            op=op,
            result=Result.OP_CODE_NOT_SUPPORTED,
        )
    kind = _REQUESTS[op]
    size = 1 + kind.layout.size
    if len(data) != size:
        reason = f"{op.name.lower()} has {size} bytes, this value has {len(data)}"
        raise RequestError(min(len(data), size), reason, op=op, result=Result.INVALID_PARAMETER)
    fields = kind.layout.unpack_from(data, 1)
    return _READERS[op](*fields) if op in _READERS else kind(*fields)


def _encode(op: Op, parameters: bytes = b"") -> bytes:
    return bytes([op]) + parameters


def _within(value: int, low: int, high: int, *, op: Op, offset: int, what: str) -> int:
    if not low <= value <= high:
        reason = f"{what} is {value}, not within {low} to {high}"
        raise RequestError(offset, reason, op=op, result=Result.INVALID_PARAMETER)
    return value


def _start(rate: int, samples: int) -> Start:
    _within(rate, LOWEST_RATE_HZ, 0xFFFF, op=Op.START, offset=1, what="rate in Hz")
    return Start(rate, samples)


def _set_limit(caution: int, stop: int, delay: int) -> SetLimit:
    if stop:
        _within(caution, 0, stop, op=Op.SET_LIMIT, offset=1, what="caution in mN")
    return SetLimit(caution / _PER_MILLE, stop / _PER_MILLE, delay / _PER_MILLE)


def _haptic(pattern: int, strength: int, duration: int) -> Haptic:
    _within(pattern, 0, max(Pattern), op=Op.HAPTIC, offset=1, what="pattern")
    _within(strength, 0, 100, op=Op.HAPTIC, offset=2, what="strength in percent")
    _within(duration, 0, LONGEST_HAPTIC_MS, op=Op.HAPTIC, offset=3, what="duration in ms")
    return Haptic(Pattern(pattern), strength, duration / _PER_MILLE)


def _resend(first: int, count: int) -> Resend:
    _within(count, 1, 0xFFFF, op=Op.RESEND, offset=5, what="count")
    return Resend(first, count)


def _channel(op: Op, channel: int) -> int:
    return _within(channel, 0, MOST_CHANNELS - 1, op=op, offset=1, what="channel")


def _set_calibration(channel: int, gain: int, offset: int) -> SetCalibration:
    _channel(Op.SET_CALIBRATION, channel)
    _within(gain, 1, 0xFFFFFFFF, op=Op.SET_CALIBRATION, offset=2, what="gain")
    return SetCalibration(channel, gain / _PER_MILLION, offset)


_READERS: Final[dict[Op, Callable[..., Request]]] = {
    Op.START: _start,
    Op.SET_LIMIT: _set_limit,
    Op.HAPTIC: _haptic,
    Op.RESEND: _resend,
    Op.SET_CALIBRATION: _set_calibration,
    Op.READ_CALIBRATION: lambda channel: ReadCalibration(_channel(Op.READ_CALIBRATION, channel)),
    Op.READ_CHANNEL: lambda channel: ReadChannel(_channel(Op.READ_CHANNEL, channel)),
}
