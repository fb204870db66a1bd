"""The kinds of other tools that can be simulated."""

import math
import struct
from collections.abc import Mapping
from typing import Final

from protocols.massage_tool import FORCE
from protocols.other_tools import (
    bluefruit,
    industrial_measurement,
    tindeq,
    uart,
    uart_lines,
    witmotion,
)
from protocols.telemetry import Sample, Telemetry, Vector
from simulators.other_tools.dress import NOTHING, Act, Asked, Dress, Served, Value, cut

_KILOGRAM_FORCE_N: Final = 9.80665
_U32: Final = 0xFFFFFFFF
_UART_PIECE: Final = 20
"""What a serial service sends at once where nobody asked for a larger MTU."""
_WIT_PIECE: Final = 47
"""Not a multiple of a frame, so that frames are cut."""
_MILLIVOLTS: Final = 3987
_NOT_KNOWN: Final = -0x8000


class Tindeq(Dress):
    """The Progressor: force in kilograms with its clock."""

    service = tindeq.SERVICE
    served = (Served(tindeq.DATA, notifies=True), Served(tindeq.CONTROL_POINT, notifies=False))
    sends_unasked = False
    rate_hz = 80

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return one block with all samples."""
        weights = [
            tindeq.Weight(_known(sample.force_n) / _KILOGRAM_FORCE_N, time_us & _U32)
            for time_us, sample in _timed(telemetry)
        ]
        return [(tindeq.DATA, tindeq.write_weights(weights))]

    def written(self, uuid: str, value: bytes) -> Asked:  # noqa: ARG002 - there is only one
        """Take a command of one byte."""
        match value[:1]:
            case b"\x64":
                return Asked(Act.TARE)
            case b"\x65":
                return Asked(Act.START)
            case b"\x66":
                return Asked(Act.STOP)
            case b"\x6f":
                volts = _MILLIVOLTS.to_bytes(4, "little")
                return Asked(answers=((tindeq.DATA, tindeq.write_block(tindeq.Tag.REPLY, volts)),))
            case _:
                return NOTHING


class WitMotion(Dress):
    """A motion sensor whose frames are cut anywhere."""

    service = witmotion.SERVICE
    served = (Served(witmotion.DATA, notifies=True), Served(witmotion.COMMAND, notifies=False))
    rate_hz = 20

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return a frame per sample, cut; roll and pitch are those of the specific force."""
        frames = [
            bytes(witmotion.motion_frame(accel, _vector(sample.gyro_radps), _angles(accel)))
            for sample in telemetry.samples
            for accel in (_vector(sample.accel_mps2),)
        ]
        return cut(witmotion.DATA, b"".join(frames), _WIT_PIECE)

    def written(self, uuid: str, value: bytes) -> Asked:  # noqa: ARG002 - there is only one
        """Take the command that sets the rate."""
        return Asked(rate_hz=witmotion.rate_of(value))


class IndustrialMeasurement(Dress):
    """The SIG's service: force ten times a second."""

    service = industrial_measurement.SERVICE
    served = (Served(FORCE, notifies=True),)
    rate_hz = 20

    def __init__(self) -> None:
        self._is_second = False

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return every second sample."""
        values = []
        for sample in telemetry.samples:
            self._is_second = not self._is_second
            if self._is_second:
                value = industrial_measurement.write_force(_known(sample.force_n))
                values.append((FORCE, value))
        return values


class Bluefruit(Dress):
    """Adafruit's packets, in m/s2 and rad/s."""

    service = uart.SERVICE
    served = (Served(uart.TX, notifies=True), Served(uart.RX, notifies=False))
    rate_hz = 50

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return a gyroscope and an accelerometer packet per sample, cut."""
        packets = [
            bluefruit.write_vector(letter, _vector(vector))
            for sample in telemetry.samples
            for letter, vector in (("G", sample.gyro_radps), ("A", sample.accel_mps2))
        ]
        return cut(uart.TX, b"".join(packets), _UART_PIECE)


class LinesCsv(Dress):
    """Milliseconds, grams, g and degrees per second, as config/other-tools/lines-csv.toml."""

    service = uart.SERVICE
    served = (Served(uart.TX, notifies=True), Served(uart.RX, notifies=False))
    rate_hz = 50

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return a line per sample, cut."""
        lines = []
        for time_us, sample in _timed(telemetry):
            grams = _known(sample.force_n) / _KILOGRAM_FORCE_N * 1e3
            accel = [value / _KILOGRAM_FORCE_N for value in _vector(sample.accel_mps2)]
            gyro = map(math.degrees, _vector(sample.gyro_radps))
            numbers = [grams, *accel, *gyro]
            time_ms = str(time_us // 1000 & _U32).encode()
            lines.append(time_ms + b"," + uart_lines.write_csv(numbers))
        return cut(uart.TX, b"".join(lines), _UART_PIECE)


class LinesJson(Dress):
    """Microseconds and newtons, as config/other-tools/lines-json.toml."""

    service = uart.SERVICE
    served = (Served(uart.TX, notifies=True), Served(uart.RX, notifies=False))
    rate_hz = 50

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return a line per sample, cut."""
        lines = [
            uart_lines.write_json({"us": time_us & _U32, "n": round(_known(sample.force_n), 5)})
            for time_us, sample in _timed(telemetry)
        ]
        return cut(uart.TX, b"".join(lines), _UART_PIECE)


class Fields(Dress):
    """A made-up service, as config/other-tools/fields.toml describes it."""

    service = "5a1e0000-6d61-4373-8147-652d66696c65"
    served = (
        Served("5a1e0001-6d61-4373-8147-652d66696c65", notifies=True),
        Served("5a1e0002-6d61-4373-8147-652d66696c65", notifies=False),
    )
    sends_unasked = False
    rate_hz = 100
    _SAMPLE: Final = struct.Struct("<Ihhhhi")
    _FORCE_N: Final = 1e-4
    _ACCEL_MPS2: Final = 0.488e-3 * _KILOGRAM_FORCE_N

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return one value with all samples, after a byte that counts them."""
        samples = [self._packed(time_us, sample) for time_us, sample in _timed(telemetry)]
        return [(self.served[0].uuid, bytes([len(samples)]) + b"".join(samples))]

    def written(self, uuid: str, value: bytes) -> Asked:  # noqa: ARG002 - there is only one
        """Take a command of one byte."""
        return Asked({b"\1": Act.START, b"\0": Act.STOP, b"\2": Act.TARE}.get(value))

    def _packed(self, time_us: int, sample: Sample) -> bytes:
        force = [_counts(value, self._FORCE_N) for value in sample.force_n[:1]]
        accel = [_counts(value, self._ACCEL_MPS2) for value in sample.accel_mps2 or (None,) * 3]
        return self._SAMPLE.pack(time_us & _U32, *force, *accel, 0)


DRESSES: Final[Mapping[str, type[Dress]]] = {
    "tindeq": Tindeq,
    "witmotion": WitMotion,
    "industrial_measurement": IndustrialMeasurement,
    "bluefruit": Bluefruit,
    "lines_csv": LinesCsv,
    "lines_json": LinesJson,
    "fields": Fields,
}
"""The kinds by the word that a tool file has for them."""


def dress_of(word: str) -> Dress | None:
    """Return how a tool is dressed; None for one that speaks the profile."""
    return None if word == "massage_tool" else DRESSES[word]()


def _timed(telemetry: Telemetry) -> list[tuple[int, Sample]]:
    first_us, interval_us = telemetry.device_us, telemetry.interval_us
    return [(first_us + number * interval_us, s) for number, s in enumerate(telemetry.samples)]


def _known(force_n: tuple[float | None, ...]) -> float:
    """Return the sum of the channels; one that is not known reads nothing."""
    return sum(value or 0.0 for value in force_n)


def _vector(vector: Vector | None) -> tuple[float, float, float]:
    x, y, z = vector or (None, None, None)
    return (x or 0.0, y or 0.0, z or 0.0)


def _angles(accel: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = accel
    return (math.atan2(y, z), math.atan2(-x, math.hypot(y, z)), 0.0)


def _counts(value: float | None, unit: float) -> int:
    if value is None:
        return _NOT_KNOWN
    return max(-32767, min(32767, round(value / unit)))
