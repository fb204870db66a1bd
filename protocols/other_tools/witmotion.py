"""WitMotion's BLE IMUs: frames of 20 bytes without checksum, cut anywhere by the transport.

Sources: the maker's published protocol of its BLE sensors (header 0x55, flag 0x61, nine i16: 16 g,
2000 degrees per second and 180 degrees are 32768), and bytes that an owner posted.
"""

import struct
from collections.abc import Sequence
from math import pi
from typing import Final, NamedTuple

from protocols.errors import EncodeError
from protocols.other_tools.readings import Reading
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Sample

SERVICE: Final = "0000ffe5-0000-1000-8000-00805f9a34fb"
"""Note 9a34fb: not the Bluetooth base UUID."""
DATA: Final = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND: Final = "0000ffe9-0000-1000-8000-00805f9a34fb"

FRAME_BYTES: Final = 20
_HEADER: Final = 0x55
_MOTION: Final = 0x61
_REGISTERS: Final = 0x71
_FLAGS: Final = (_MOTION, _REGISTERS)
_HEADS: Final = tuple(bytes([_HEADER, flag]) for flag in _FLAGS)
_NINE: Final = struct.Struct("<9h")
_HALF_RANGE: Final = 32768
_MPS2: Final = 16 * STANDARD_GRAVITY_MPS2 / _HALF_RANGE
_RADPS: Final = 2000 * pi / 180 / _HALF_RANGE
_RAD: Final = pi / _HALF_RANGE

RATES: Final = {1: 3, 2: 4, 5: 5, 10: 6, 20: 7, 50: 8, 100: 9, 200: 11}
"""Hertz -> the value of the rate register (0x03)."""


class MotionFrame(NamedTuple):
    """A frame with flag 0x61 in counts: specific force, angular velocity and angles, x, y, z."""

    accel: tuple[int, int, int]
    gyro: tuple[int, int, int]
    angle: tuple[int, int, int]

    @property
    def angle_rad(self) -> tuple[float, float, float]:
        """Roll, pitch and yaw in radians, as the tool worked them out."""
        return (self.angle[0] * _RAD, self.angle[1] * _RAD, self.angle[2] * _RAD)

    def __bytes__(self) -> bytes:
        try:
            counts = _NINE.pack(*self.accel, *self.gyro, *self.angle)
        except struct.error as error:
            raise EncodeError(2, f"a count does not fit its layout: {error}") from error
        return bytes([_HEADER, _MOTION]) + counts


def motion_frame(
    accel_mps2: Sequence[float], gyro_radps: Sequence[float], angle_rad: Sequence[float]
) -> MotionFrame:
    """Return the frame of three vectors in SI units, cut to what a count can carry."""
    return MotionFrame(
        _counts(accel_mps2, _MPS2), _counts(gyro_radps, _RADPS), _counts(angle_rad, _RAD)
    )


def rate_command(rate_hz: int) -> bytes:
    """Return the bytes that set the return rate: FF AA 03, value, 00.

    Raises:
        EncodeError: the register has no value for this rate.
    """
    if rate_hz not in RATES:
        raise EncodeError(3, f"the rate is {', '.join(map(str, RATES))} Hz, not {rate_hz}")
    return bytes([0xFF, 0xAA, 0x03, RATES[rate_hz], 0x00])


def rate_of(command: bytes) -> int | None:
    """Return the rate in hertz that a command sets; None for any other command."""
    by_command = {rate_command(rate_hz): rate_hz for rate_hz in RATES}
    return by_command.get(command)


class Decoder:
    """Bytes in any cut to motion readings; the tool tells no time.

    A frame counts where another header or the end of what came follows it. After bytes were lost
    the next two headers in a row begin anew. A frame whose lost part was replaced by bytes that
    fit by chance cannot be told: there is no checksum.

    Attributes:
        rejected: times that the stream was lost and bytes were left out.
    """

    def __init__(self) -> None:
        self.rejected = 0
        self._newest: bytes | None = None
        self._rest = b""

    @property
    def frame(self) -> MotionFrame | None:
        """The newest motion frame in counts; None before any."""
        if self._newest is None:
            return None
        counts = _NINE.unpack(self._newest)
        return MotionFrame(counts[:3], counts[3:6], counts[6:])

    def receive_data(self, _characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`. Nothing is refused: what fits nowhere is skipped."""
        data, place = self._rest + value, 0
        readings: list[Reading] = []
        while len(data) - place >= FRAME_BYTES:
            if not _is_frame(data, place):
                place = self._search(data, place + 1)
                continue
            if data[place + 1] == _MOTION:
                self._newest = data[place + 2 : place + FRAME_BYTES]
                readings.append(_reading(self._newest))
            place += FRAME_BYTES
        if place < len(data) and not _may_begin(data, place):
            place = self._search(data, place + 1)
        self._rest = data[place:]
        return readings

    def _search(self, data: bytes, place: int) -> int:
        """Return where a frame may begin next: the end where nowhere."""
        self.rejected += 1
        while (found := data.find(_HEADER, place)) >= 0:
            if _may_begin(data, found) and _is_followed(data, found):
                return found
            place = found + 1
        return len(data)


def _reading(counts: bytes) -> Reading:
    ax, ay, az, gx, gy, gz, _, _, _ = _NINE.unpack(counts)
    accel = (ax * _MPS2, ay * _MPS2, az * _MPS2)
    return Reading(None, Sample((), accel, (gx * _RADPS, gy * _RADPS, gz * _RADPS), None))


def _may_begin(data: bytes, place: int) -> bool:
    """Whether a frame's header is there, as far as the bytes go."""
    if data[place] != _HEADER:
        return False
    return place + 1 >= len(data) or data[place + 1] in _FLAGS


def _is_followed(data: bytes, place: int) -> bool:
    """Whether a header, or nothing yet, follows where a frame would end."""
    end = place + FRAME_BYTES
    return end >= len(data) or _may_begin(data, end)


def _is_frame(data: bytes, place: int) -> bool:
    head = data[place : place + 2]
    return head in _HEADS and _is_followed(data, place)


def _counts(values: Sequence[float], unit: float) -> tuple[int, int, int]:
    x, y, z = (max(-_HALF_RANGE, min(_HALF_RANGE - 1, round(value / unit))) for value in values)
    return (x, y, z)
