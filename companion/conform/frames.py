"""Telemetry as it came: values with their arrival, and how they read."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from companion.conform.verdict import Broken
from protocols.errors import DecodeError
from protocols.massage_tool import RawTelemetry, Started, ToolFeature


@dataclass(frozen=True, slots=True)
class Arrived:
    """A value and when it came, loop time in seconds."""

    at: float
    value: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A Telemetry value as it came and as it reads."""

    at: float
    value: bytes
    telemetry: RawTelemetry

    @property
    def after(self) -> int:
        """The number after its last sample's."""
        return self.telemetry.first_sample + len(self.telemetry.samples)


@dataclass(frozen=True, slots=True)
class Recording:
    """A short run with the tool still in the air."""

    started: Started
    began_at: float
    values: tuple[Arrived, ...]


def read_frame(value: bytes, feature: ToolFeature) -> RawTelemetry:
    """Read one frame.

    Raises:
        Broken: it breaks its layout.
    """
    try:
        return RawTelemetry.from_bytes(
            value, force_channels=feature.force_channels, profile_version=feature.profile_version
        )
    except DecodeError as error:
        raise Broken("conform.seen.frame", offset=error.offset, reason=error.reason) from error


def readable(values: Iterable[Arrived], feature: ToolFeature) -> list[Frame]:
    """Read those frames that can be read."""
    frames = []
    for came in values:
        with suppress(Broken):
            frames.append(Frame(came.at, came.value, read_frame(came.value, feature)))
    return frames
