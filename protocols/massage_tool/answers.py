"""Tool Control Point, answers: indicated, one to each request."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from protocols.errors import DecodeError
from protocols.massage_tool.layout import at_least, counts, named, whole
from protocols.massage_tool.requests import MOST_CHANNELS, Op, Result

ANSWER_CODE: Final = 0x80
_HEADER_SIZE: Final = 3
_PER_MILLION: Final = 1_000_000
_MASSES_PER_KG: Final = 10_000
_STARTED: Final = struct.Struct("<HBII")
_CLOCK: Final = struct.Struct("<I")
_RESENDING: Final = struct.Struct("<IH")
_CALIBRATION: Final = struct.Struct("<Ih")
_CHANNEL: Final = struct.Struct("<HH")


@dataclass(frozen=True, slots=True)
class Started:
    """What was granted, and clock (u32 microseconds) and number of the first sample to come."""

    rate_hz: int
    samples_per_frame: int
    timestamp_us: int
    first_sample: int

    def __bytes__(self) -> bytes:
        return _STARTED.pack(
            whole(self.rate_hz, offset=3, low=1, high=0xFFFF, what="rate"),
            whole(self.samples_per_frame, offset=5, low=1, high=0xFF, what="samples per frame"),
            whole(self.timestamp_us, offset=6, high=0xFFFFFFFF, what="timestamp"),
            whole(self.first_sample, offset=10, high=0xFFFFFFFF, what="first sample"),
        )


@dataclass(frozen=True, slots=True)
class Tared:
    """The new tare offset of each channel, in counts."""

    offset_counts: tuple[int, ...]

    def __bytes__(self) -> bytes:
        whole(len(self.offset_counts), offset=3, high=MOST_CHANNELS, what="channels")
        for place, offset in enumerate(self.offset_counts):
            whole(offset, offset=3 + 2 * place, low=-32768, high=32767, what="tare offset")
        return struct.pack(f"<{len(self.offset_counts)}h", *self.offset_counts)


@dataclass(frozen=True, slots=True)
class Clock:
    """The tool's clock, u32 microseconds."""

    timestamp_us: int

    def __bytes__(self) -> bytes:
        return _CLOCK.pack(whole(self.timestamp_us, offset=3, high=0xFFFFFFFF, what="timestamp"))


@dataclass(frozen=True, slots=True)
class Resending:
    """Which samples follow; a count of 0 means that none is kept any more."""

    first_sample: int
    count: int

    def __bytes__(self) -> bytes:
        return _RESENDING.pack(
            whole(self.first_sample, offset=3, high=0xFFFFFFFF, what="first sample"),
            whole(self.count, offset=7, high=0xFFFF, what="count"),
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """One channel's gain (1.0 is nominal) and offset in counts."""

    gain: float
    offset_counts: int

    def __bytes__(self) -> bytes:
        return _CALIBRATION.pack(
            counts(self.gain, _PER_MILLION, offset=3, top=0xFFFFFFFF, what="gain"),
            whole(self.offset_counts, offset=7, low=-32768, high=32767, what="offset"),
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel's contact area (m2) and supported mass (kg); None where not known."""

    contact_area_m2: float | None
    supported_mass_kg: float | None

    def __bytes__(self) -> bytes:
        return _CHANNEL.pack(
            counts(self.contact_area_m2, _PER_MILLION, offset=3, top=0xFFFF, what="contact area"),
            counts(
                self.supported_mass_kg, _MASSES_PER_KG, offset=5, top=0xFFFF, what="supported mass"
            ),
        )


AnswerValues = Started | Tared | Clock | Resending | Calibration | Channel


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to.

    Attributes:
        op: op code of the request, or its bare number where it is not known.
        result: the result, or its bare number where it is not known.
        values: what the tool gives, only with success and only for the ops that give something.
    """

    op: Op | int
    result: Result | int
    values: AnswerValues | None = None

    def __bytes__(self) -> bytes:
        header = bytes([ANSWER_CODE, self.op, self.result])
        return header if self.values is None else header + bytes(self.values)


def decode_answer(data: bytes) -> Answer:
    """Read an answer; bytes after its layout are left alone.

    Raises:
        DecodeError: it is no answer, or shorter than its layout.
    """
    at_least(data, _HEADER_SIZE, "an answer's header")
    if data[0] != ANSWER_CODE:
        raise DecodeError(0, f"an answer begins with 0x80, this value with 0x{data[0]:02x}")
    op, result = named(Op, data[1]), named(Result, data[2])
    reader = _READERS.get(op) if result == Result.SUCCESS else None
    return Answer(op, result, reader(data[_HEADER_SIZE:]) if reader else None)


def _unpack(layout: struct.Struct, parameters: bytes, what: str) -> tuple[int, ...]:
    if len(parameters) < layout.size:
        raise DecodeError(
            _HEADER_SIZE + len(parameters),
            f"the answer to {what} has {_HEADER_SIZE + layout.size} bytes",
        )
    return layout.unpack_from(parameters)


def _started(parameters: bytes) -> Started:
    rate, samples, timestamp, number = _unpack(_STARTED, parameters, "start")
    if not rate:
        raise DecodeError(_HEADER_SIZE, "the granted rate is 0 Hz")
    return Started(rate, samples, timestamp, number)


def _tared(parameters: bytes) -> Tared:
    if len(parameters) % 2 or len(parameters) > 2 * MOST_CHANNELS:
        raise DecodeError(
            _HEADER_SIZE + len(parameters), "the answer to tare has two bytes for each channel"
        )
    return Tared(struct.unpack(f"<{len(parameters) // 2}h", parameters))


def _calibration(parameters: bytes) -> Calibration:
    gain, offset = _unpack(_CALIBRATION, parameters, "read calibration")
    return Calibration(gain / _PER_MILLION, offset)


def _channel(parameters: bytes) -> Channel:
    area, mass = _unpack(_CHANNEL, parameters, "read channel")
    return Channel(area / _PER_MILLION if area else None, mass / _MASSES_PER_KG if mass else None)


_READERS: Final[dict[int, Callable[[bytes], AnswerValues]]] = {
    Op.START: _started,
    Op.TARE: _tared,
    Op.READ_CLOCK: lambda parameters: Clock(*_unpack(_CLOCK, parameters, "read clock")),
    Op.RESEND: lambda parameters: Resending(*_unpack(_RESENDING, parameters, "resend")),
    Op.READ_CALIBRATION: _calibration,
    Op.READ_CHANNEL: _channel,
}
