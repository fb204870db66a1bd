"""Telemetry: force, motion and wheel samples, notified; bytes to counts to SI units."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple, Self

from protocols.errors import DecodeError, EncodeError
from protocols.massage_tool.feature import Features, ToolFeature
from protocols.massage_tool.layout import NOT_KNOWN, PROFILE_VERSION, at_least, whole
from protocols.telemetry import Sample, Telemetry, Vector
from protocols.wrapping import Unwrapper

HEADER: Final = struct.Struct("<BBHII")
_MOST_CHANNELS: Final = 8


class Flags(IntFlag):
    """The flags byte: which groups each sample has, and verdicts on the value as a whole."""

    FORCE = 1 << 0
    ACCELERATION = 1 << 1
    ANGULAR_VELOCITY = 1 << 2
    WHEEL = 1 << 3
    RESENT = 1 << 4
    SATURATED = 1 << 5
    TOUCHING = 1 << 6


class RawSample(NamedTuple):
    """One sample in counts; a field of -32768 is not known, a group of None is absent."""

    force: tuple[int, ...]
    accel: tuple[int, int, int] | None
    gyro: tuple[int, int, int] | None
    wheel: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTelemetry:
    """A Telemetry value in counts.

    Attributes:
        interval_us: microseconds between samples.
        timestamp_us: tool clock at the first sample, u32.
        first_sample: number of the first sample in its run, u32.
        resent: sent on request, for a second time.
        saturated: some force sample was at or past full scale.
        touching: the tool's verdict at the last sample; means something only where the Tool
            Feature says that it has one.
        samples: at least one, all with the same groups.
    """

    interval_us: int
    timestamp_us: int
    first_sample: int
    resent: bool = False
    saturated: bool = False
    touching: bool = False
    samples: tuple[RawSample, ...]

    @classmethod
    def from_bytes(
        cls,
        data: bytes,
        *,
        force_channels: int | None = None,
        profile_version: int = PROFILE_VERSION,
    ) -> Self:
        """Read a Telemetry value.

        Args:
            data: the value as notified.
            force_channels: as the Tool Feature says; None infers it from the length.
            profile_version: bytes after the last sample are left alone above version 1.

        Raises:
            DecodeError: wrong length, no samples, or no interval between them.
        """
        flags, count, interval_us, timestamp_us, first_sample = _header(data)
        if force_channels is None:
            force_channels = _infer_channels(flags, count, len(data))
        layout = _layout(flags & _GROUPS, force_channels)
        _check_length(data, count, layout.size, profile_version)
        body = data[HEADER.size : HEADER.size + count * layout.size]
        return cls(
            interval_us=interval_us,
            timestamp_us=timestamp_us,
            first_sample=first_sample,
            resent=bool(flags & Flags.RESENT),
            saturated=bool(flags & Flags.SATURATED),
            touching=bool(flags & Flags.TOUCHING),
            samples=tuple(layout.raw(fields) for fields in layout.struct.iter_unpack(body))
            if layout.size
            else (RawSample((), None, None, None),) * count,
        )

    def __bytes__(self) -> bytes:
        flags = self._flags()
        header = HEADER.pack(
            flags,
            whole(len(self.samples), offset=1, low=1, high=0xFF, what="count"),
            whole(self.interval_us, offset=2, low=1, high=0xFFFF, what="interval"),
            whole(self.timestamp_us, offset=4, high=0xFFFFFFFF, what="timestamp"),
            whole(self.first_sample, offset=8, high=0xFFFFFFFF, what="first sample"),
        )
        pack = _layout(flags & _GROUPS, len(self.samples[0].force)).struct.pack
        try:
            return header + b"".join([pack(*_fields(sample)) for sample in self.samples])
        except struct.error as error:
            raise EncodeError(HEADER.size, f"a sample does not fit its layout: {error}") from error

    def _flags(self) -> Flags:
        first = self.samples[0] if self.samples else RawSample((), None, None, None)
        flags = Flags.RESENT if self.resent else Flags(0)
        flags |= Flags.SATURATED if self.saturated else Flags(0)
        flags |= Flags.TOUCHING if self.touching else Flags(0)
        flags |= Flags.FORCE if first.force else Flags(0)
        flags |= Flags.ACCELERATION if first.accel is not None else Flags(0)
        flags |= Flags.ANGULAR_VELOCITY if first.gyro is not None else Flags(0)
        return flags | (Flags.WHEEL if first.wheel is not None else Flags(0))


# Plain integers: an IntFlag on either side of & costs more than unpacking a sample.
_GROUPS: Final = int(Flags.FORCE | Flags.ACCELERATION | Flags.ANGULAR_VELOCITY | Flags.WHEEL)
_RESENT: Final = int(Flags.RESENT)
_SATURATED: Final = int(Flags.SATURATED)
_TOUCHING: Final = int(Flags.TOUCHING)


class _Layout(NamedTuple):
    """One sample's bytes, and where its groups lie among the unpacked fields."""

    struct: struct.Struct
    size: int
    force: slice
    accel: int | None
    gyro: int | None
    wheel: int | None

    def raw(self, fields: tuple[Any, ...]) -> RawSample:
        return RawSample(
            fields[self.force],
            None if self.accel is None else fields[self.accel : self.accel + 3],
            None if self.gyro is None else fields[self.gyro : self.gyro + 3],
            None if self.wheel is None else fields[self.wheel],
        )


@lru_cache(maxsize=256)
def _layout(groups: int, force_channels: int) -> _Layout:
    """Return the layout of one sample: i16 fields, each group only if its flag is set."""
    end = force_channels if groups & Flags.FORCE else 0
    force, places = slice(0, end), []
    for flag, width in ((Flags.ACCELERATION, 3), (Flags.ANGULAR_VELOCITY, 3), (Flags.WHEEL, 1)):
        places.append(end if groups & flag else None)
        end += width if groups & flag else 0
    return _Layout(struct.Struct(f"<{end}h"), 2 * end, force, *places)


def _fields(sample: RawSample) -> chain[int]:
    wheel = () if sample.wheel is None else (sample.wheel,)
    return chain(sample.force, sample.accel or (), sample.gyro or (), wheel)


def _header(data: bytes) -> tuple[int, int, int, int, int]:
    at_least(data, HEADER.size, "Telemetry's header")
    header: tuple[int, int, int, int, int] = HEADER.unpack_from(data)
    if header[1] == 0:
        raise DecodeError(1, "count is 0, a value holds at least one sample")
    if header[2] == 0:
        raise DecodeError(2, "interval is 0 microseconds")
    return header


def _infer_channels(flags: int, count: int, length: int) -> int:
    if not flags & Flags.FORCE:
        return 0
    others = _layout(flags & _GROUPS & ~Flags.FORCE, 0).size
    force_size, surplus = divmod(length - HEADER.size - count * others, 2 * count)
    if surplus or not 1 <= force_size <= _MOST_CHANNELS:
        raise DecodeError(
            length, f"{length} bytes hold no {count} equal samples of 1 to {_MOST_CHANNELS} forces"
        )
    return force_size


def _check_length(data: bytes, count: int, sample_size: int, profile_version: int) -> None:
    size = HEADER.size + count * sample_size
    if len(data) < size:
        at_least(data, size, f"Telemetry of {count} samples of {sample_size} bytes")
    if len(data) > size and profile_version <= PROFILE_VERSION:
        raise DecodeError(size, f"{len(data) - size} bytes after the last of {count} samples")


class Decoder:
    """Telemetry of one tool: bytes in, samples in SI units on one continued clock out.

    Args:
        feature: the tool's own Tool Feature.
    """

    def __init__(self, feature: ToolFeature) -> None:
        self._feature = feature
        self._clock = Unwrapper()
        self._numbers = Unwrapper()
        self._shift_us = 0
        self._has_touch = bool(feature.features & Features.OWN_TOUCH_VERDICT)
        self._converters: dict[int, Callable[[tuple[Any, ...]], Sample]] = {}

    def begin_run(
        self, timestamp_us: int, first_sample: int, *, device_us: int | None = None
    ) -> None:
        """Follow a run that begins or resumes, as the answer to ``start`` says.

        Args:
            timestamp_us: u32 clock of the first sample to come.
            first_sample: u32 number of that sample.
            device_us: where that moment lies on the continued clock; None lets the clock go on
                from where it was (at the very first run: from the tool's own reading).
        """
        self._numbers.restart(first_sample)
        if device_us is None:
            self._clock.unwrap(timestamp_us)
            return
        self._clock.restart(timestamp_us)
        self._shift_us = device_us - timestamp_us

    def receive_data(self, value: bytes) -> Telemetry:
        """Read one notification.

        Raises:
            DecodeError: the value breaks the layout; the decoder is as it was before.
        """
        flags, count, interval_us, timestamp_us, first_sample = _header(value)
        groups = flags & _GROUPS
        layout = _layout(groups, self._feature.force_channels)
        _check_length(value, count, layout.size, self._feature.profile_version)
        convert = self._converters.get(groups)
        if convert is None:
            convert = self._converters[groups] = _converter(layout, self._feature)
        body = value[HEADER.size : HEADER.size + count * layout.size]
        rows = layout.struct.iter_unpack(body) if layout.size else ((),) * count
        return Telemetry(
            self._clock.unwrap(timestamp_us) + self._shift_us,
            interval_us,
            self._numbers.unwrap(first_sample),
            bool(flags & _RESENT),
            bool(flags & _SATURATED),
            bool(flags & _TOUCHING) if self._has_touch else None,
            tuple(map(convert, rows)),
        )


def _converter(layout: _Layout, feature: ToolFeature) -> Callable[[tuple[Any, ...]], Sample]:
    """Return the function from one sample's unpacked counts to SI units."""
    force_unit, travel_unit = feature.force_resolution_n, feature.wheel_resolution_m
    accel_unit = feature.acceleration_resolution_mps2
    gyro_unit = feature.angular_velocity_resolution_radps
    channels, accel, gyro, wheel = layout.force, layout.accel, layout.gyro, layout.wheel

    def convert(fields: tuple[Any, ...]) -> Sample:
        return Sample(
            tuple([_scaled(count, force_unit) for count in fields[channels]]),
            None if accel is None else _vector(fields[accel : accel + 3], accel_unit),
            None if gyro is None else _vector(fields[gyro : gyro + 3], gyro_unit),
            None if wheel is None else _scaled(fields[wheel], travel_unit),
        )

    return convert


def _scaled(count: int, unit: float | None) -> float | None:
    return None if unit is None or count == NOT_KNOWN else count * unit


def _vector(counts: tuple[int, int, int], unit: float | None) -> Vector:
    if unit is None or NOT_KNOWN in counts:
        return (_scaled(counts[0], unit), _scaled(counts[1], unit), _scaled(counts[2], unit))
    return (counts[0] * unit, counts[1] * unit, counts[2] * unit)
