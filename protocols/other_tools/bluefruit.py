"""Adafruit's Bluefruit Connect packets over the Nordic UART service.

Source: Adafruit's public guide to the app's controller: '!', a letter, values, and one byte of
checksum, the inverted sum of all bytes before it. The guide names no units; a file declares them.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from protocols.errors import EncodeError
from protocols.other_tools.readings import Reading
from protocols.telemetry import Sample, Vector

_MARK: Final = 0x21
_THREE: Final = struct.Struct("<3f")
_SIZES: Final = {"A": 15, "G": 15, "M": 15, "L": 15, "Q": 19, "C": 6, "B": 5}
"""Bytes of a packet with its mark, letter and checksum."""
_SIZE_OF: Final = {ord(letter): size for letter, size in _SIZES.items()}
_ACCEL, _GYRO, _BUTTON = b"AGB"
_BEGIN: Final = bytes([_MARK])
_WHOLE: Final = 0xFF
"""What the bytes of a packet with its checksum add up to."""
_MOST_BUTTON: Final = 9
_HELD: Final = 5
"""Readings for which the other sensor's newest values are still taken as present."""


def checksum(data: bytes) -> int:
    """Return the inverted sum of a packet's bytes."""
    return ~sum(data) & 0xFF


def write_packet(letter: str, payload: bytes) -> bytes:
    """Return a packet.

    Raises:
        EncodeError: there is no such letter, or the payload has another length.
    """
    size = _SIZES.get(letter)
    if size is None or len(payload) != size - 3:
        raise EncodeError(1, f"no packet '!{letter}' has {len(payload)} bytes of values")
    packet = bytes([_MARK, ord(letter)]) + payload
    return packet + bytes([checksum(packet)])


def write_vector(letter: str, values: Sequence[float]) -> bytes:
    """Return a packet of three floats.

    Raises:
        EncodeError: there is no such packet, or a value does not fit.
    """
    try:
        payload = _THREE.pack(*values)
    except (struct.error, OverflowError) as error:
        raise EncodeError(2, f"a value does not fit its layout: {error}") from error
    return write_packet(letter, payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the packets do not tell.

    Attributes:
        accel_unit_mps2: m/s2 of one, for packets '!A'.
        gyro_unit_radps: rad/s of one, for packets '!G'; None for a tool that sends none.
    """

    accel_unit_mps2: float
    gyro_unit_radps: float | None = None


class Decoder:
    """Bytes in any cut to motion readings, one at each '!A'; a '!G' joins the one after it.

    Attributes:
        rejected: times that a checksum was wrong or bytes belonged to no packet.
        pressed: the newest button, by number, and whether it is down; None before any.

    Args:
        settings: what the packets do not tell.
    """

    def __init__(self, settings: Settings) -> None:
        self.rejected = 0
        self.pressed: tuple[int, bool] | None = None
        self._settings = settings
        self._gyro: Vector = (None, None, None)
        self._gyro_age = _HELD
        self._rest = b""

    def receive_data(self, _characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`. Nothing is refused: what fits nowhere is skipped."""
        data, place = self._rest + value, 0
        readings: list[Reading] = []
        while place + 1 < len(data):
            size = _SIZE_OF.get(data[place + 1]) if data[place] == _MARK else None
            if size is None:
                place = self._skip(data, place)
                continue
            packet = data[place : place + size]
            if len(packet) < size:
                break
            if sum(packet) & 0xFF != _WHOLE:
                place = self._skip(data, place)
                continue
            self._take(packet, readings)
            place += size
        self._rest = data[place:] if data[place : place + 1] == _BEGIN else b""
        return readings

    def _skip(self, data: bytes, place: int) -> int:
        self.rejected += 1
        found = data.find(_MARK, place + 1)
        return len(data) if found < 0 else found

    def _take(self, packet: bytes, readings: list[Reading]) -> None:
        settings, letter = self._settings, packet[1]
        if letter == _ACCEL:
            accel = _scaled(packet, settings.accel_unit_mps2)
            readings.append(Reading(None, Sample((), accel, self._present_gyro(), None)))
        elif letter == _GYRO and settings.gyro_unit_radps is not None:
            self._gyro = _scaled(packet, settings.gyro_unit_radps)
            self._gyro_age = 0
        elif letter == _BUTTON and 0 <= packet[2] - ord("0") <= _MOST_BUTTON:
            self.pressed = (packet[2] - ord("0"), packet[3] == ord("1"))

    def _present_gyro(self) -> Vector | None:
        if self._settings.gyro_unit_radps is None:
            return None
        self._gyro_age += 1
        return self._gyro if self._gyro_age <= _HELD else (None, None, None)


def _scaled(packet: bytes, unit: float) -> Vector:
    x, y, z = _THREE.unpack_from(packet, 2)
    total = x + y + z
    if total - total == 0.0:
        return (x * unit, y * unit, z * unit)
    x, y, z = (value * unit if isfinite(value) else None for value in (x, y, z))
    return (x, y, z)
