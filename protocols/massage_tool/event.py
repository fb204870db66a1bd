"""Tool Event: what the tool says by itself, indicated."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final

from protocols.errors import DecodeError
from protocols.massage_tool.layout import at_least, named, whole

_HEADER: Final = struct.Struct("<BI")
_LIMIT: Final = struct.Struct("<Bh")


class LimitLevel(IntEnum):
    """State of the tool's own limit."""

    CLEARED = 0
    CAUTION = 1
    STOP = 2


class FaultKind(IntEnum):
    """What a tool can find wrong with itself."""

    FORCE_SENSOR = 1
    IMU = 2
    TARE_DRIFT = 3
    SATURATED = 4
    HOT = 5


class PowerState(IntEnum):
    """What a tool says of its supply."""

    LOW = 1
    CHARGING = 2
    SWITCHING_OFF = 3


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """The tool touches the skin, or no longer does; ``device_us`` is the u32 tool clock."""

    code: ClassVar[int] = 1
    device_us: int
    touching: bool

    def __bytes__(self) -> bytes:
        return _encode(self.code, self.device_us, bytes([self.touching]))


@dataclass(frozen=True, slots=True)
class LimitEvent:
    """The tool's own limit was passed or cleared; force in counts, sum of the channels."""

    code: ClassVar[int] = 2
    device_us: int
    level: LimitLevel | int
    force_counts: int

    def __bytes__(self) -> bytes:
        force = whole(self.force_counts, offset=6, low=-32768, high=32767, what="force")
        return _encode(self.code, self.device_us, _LIMIT.pack(self.level, force))


@dataclass(frozen=True, slots=True)
class ButtonEvent:
    """The tool's button was pressed ``presses`` times in a row."""

    code: ClassVar[int] = 3
    device_us: int
    presses: int

    def __bytes__(self) -> bytes:
        presses = whole(self.presses, offset=5, high=0xFF, what="presses")
        return _encode(self.code, self.device_us, bytes([presses]))


@dataclass(frozen=True, slots=True)
class FaultEvent:
    """A part of the tool stopped working rightly, or works again."""

    code: ClassVar[int] = 4
    device_us: int
    fault: FaultKind | int
    raised: bool

    def __bytes__(self) -> bytes:
        return _encode(self.code, self.device_us, bytes([self.fault, self.raised]))


@dataclass(frozen=True, slots=True)
class PowerEvent:
    """The tool's supply changed."""

    code: ClassVar[int] = 5
    device_us: int
    state: PowerState | int

    def __bytes__(self) -> bytes:
        return _encode(self.code, self.device_us, bytes([self.state]))


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event this version has no name for: to be ignored, never taken for another."""

    device_us: int
    event: int
    detail: bytes

    def __bytes__(self) -> bytes:
        return _encode(self.event, self.device_us, self.detail)


ToolEvent = ContactEvent | LimitEvent | ButtonEvent | FaultEvent | PowerEvent | UnknownEvent


def decode_event(data: bytes) -> ToolEvent:
    """Read a Tool Event; bytes after its layout are left alone.

    Raises:
        DecodeError: it is shorter than its layout, or a state is neither 0 nor 1.
    """
    at_least(data, _HEADER.size, "Tool Event's header")
    code, device_us = _HEADER.unpack_from(data)
    size = _DETAIL_SIZES.get(code)
    if size is None:
        return UnknownEvent(device_us, code, bytes(data[_HEADER.size :]))
    at_least(data, _HEADER.size + size, f"Tool Event {code}")
    detail = data[_HEADER.size :]
    match code:
        case ContactEvent.code:
            return ContactEvent(device_us, _state(detail[0], 5, "contact"))
        case LimitEvent.code:
            level, force = _LIMIT.unpack_from(detail)
            return LimitEvent(device_us, named(LimitLevel, level), force)
        case ButtonEvent.code:
            return ButtonEvent(device_us, detail[0])
        case FaultEvent.code:
            raised = _state(detail[1], 6, "fault state")
            return FaultEvent(device_us, named(FaultKind, detail[0]), raised)
        case _:
            return PowerEvent(device_us, named(PowerState, detail[0]))


_DETAIL_SIZES: Final = {
    ContactEvent.code: 1,
    LimitEvent.code: _LIMIT.size,
    ButtonEvent.code: 1,
    FaultEvent.code: 2,
    PowerEvent.code: 1,
}


def _encode(code: int, device_us: int, detail: bytes) -> bytes:
    clock = whole(device_us, offset=1, high=0xFFFFFFFF, what="timestamp")
    return _HEADER.pack(code, clock) + detail


def _state(value: int, offset: int, what: str) -> bool:
    if value > 1:
        raise DecodeError(offset, f"{what} is {value}, known are 0 and 1")
    return value == 1
