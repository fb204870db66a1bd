"""A tool as its calibration makes it known: what a host multiplies, and how surely it knows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Final, TypeVar

from companion.sensing.tool import ForceChannel, GainTrust, Tool
from protocols.telemetry import Telemetry

WANDERS_A_YEAR: Final = 0.01
"""Standard error that a gain gains in a year, of it (assumption, grade D: load cells keep theirs to
a few tenths of a per cent, glued elastomers do not)."""

WARMTH_SHARE: Final = 0.005
"""Standard error of a gain away from the temperature it was found at, of it (assumption, grade D:
.02 to .05 % per kelvin, and a hand warms a tool by some ten)."""

_YEAR_DAYS: Final = 365.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGain:
    """One channel's calibration, as it was kept.

    Attributes:
        factor: what the host multiplies what the tool sends by; 1 where the tool has the gain.
        reported_ppm: the gain that the tool reported when this was made, parts per million of its
            nominal one; None for a tool that does not tell.
        uncertainty: relative standard uncertainty of the gain when it was found.
        residual_n: what the line left over, newtons; None for a line through two loads.
        age_days: days since it was found.
    """

    factor: float
    reported_ppm: int | None
    uncertainty: float
    residual_n: float | None
    age_days: int

    def trust(self) -> GainTrust:
        """Return what it is worth today (GUM 5.1: root of the sum of squares)."""
        wandered = WANDERS_A_YEAR * max(0, self.age_days) / _YEAR_DAYS
        share = hypot(self.uncertainty, wandered, WARMTH_SHARE)
        return GainTrust(share, self.residual_n or 0.0)


@dataclass(frozen=True, slots=True)
class KnownArea:
    """A contact area that a person measured.

    Attributes:
        area_m2: how large.
        share: relative standard uncertainty of the measurement.
    """

    area_m2: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is kept of one tool.

    Attributes:
        gains: by force channel; None for one that was not calibrated.
        area: the whole working surface; None where it was not measured.
        channel_areas: the area of single channels, by channel.
        is_void: whether the tool describes itself otherwise than when all this was found; then
            nothing of it is used.
    """

    gains: tuple[KnownGain | None, ...] = ()
    area: KnownArea | None = None
    channel_areas: tuple[KnownArea | None, ...] = ()
    is_void: bool = False

    def lapsed(self, reported_ppm: Sequence[int | None]) -> tuple[int, ...]:
        """Return the channels whose gain is not what it was when they were calibrated.

        Args:
            reported_ppm: what the tool reports now, by channel; empty where it does not tell.
        """
        return tuple(
            channel
            for channel, gain in enumerate(self.gains)
            if gain is not None and gain.reported_ppm != _at(reported_ppm, channel)
        )


@dataclass(frozen=True, slots=True)
class CalibrationUsed:
    """What was kept of a tool when it was used, and the gains it reported then, by channel."""

    calibration: Calibration
    reported_ppm: tuple[int | None, ...]


def calibrated(tool: Tool, calibration: Calibration, reported_ppm: Sequence[int | None]) -> Tool:
    """Return a tool as it is known.

    A calibration counts only where the tool still reports the gain that it reported then: another
    one means that somebody set it since, and what was found before is about another tool.

    Args:
        tool: as it describes itself.
        calibration: what is kept of it.
        reported_ppm: the gains it reports now, by channel; empty where it does not tell.
    """
    lapsed = calibration.lapsed(reported_ppm)
    gains = [
        None if channel in lapsed else _at(calibration.gains, channel)
        for channel in range(tool.force_channels)
    ]
    factors = tuple(1.0 if gain is None else gain.factor for gain in gains)
    has_factors = any(factor != 1.0 for factor in factors)
    largest = max(factors, default=1.0)
    return _with_areas(
        replace(
            tool,
            gain_factors=factors if has_factors else (),
            gains=tuple(GainTrust() if gain is None else gain.trust() for gain in gains),
            force_resolution_n=_times(tool.force_resolution_n, largest),
            force_full_scale_n=_times(tool.force_full_scale_n, largest),
        ),
        calibration,
    )


def scaled(telemetry: Telemetry, factors: Sequence[float]) -> Telemetry:
    """Return telemetry with each channel's force multiplied; as it is without factors."""
    if not factors:
        return telemetry
    samples = tuple(
        [
            sample._replace(
                force_n=tuple(
                    [
                        None if value is None else value * factor
                        for value, factor in zip(sample.force_n, factors, strict=True)
                    ]
                )
            )
            if len(sample.force_n) == len(factors)
            else sample
            for sample in telemetry.samples
        ]
    )
    return replace(telemetry, samples=samples)


def _with_areas(tool: Tool, calibration: Calibration) -> Tool:
    """Put measured areas in place of declared ones; all channels together make the whole."""
    count = max(len(tool.channels), len(calibration.channel_areas))
    channels = []
    for channel in range(min(count, tool.force_channels)):
        declared = _at(tool.channels, channel) or ForceChannel(None, None)
        measured = _at(calibration.channel_areas, channel)
        if measured is not None:
            declared = replace(declared, contact_area_m2=measured.area_m2)
        channels.append(declared)
    areas = [area for area in (*calibration.channel_areas, calibration.area) if area is not None]
    whole_m2 = tool.contact_area_m2 if calibration.area is None else calibration.area.area_m2
    return replace(
        tool,
        channels=tuple(channels),
        contact_area_m2=whole_m2,
        area_share=max((area.share for area in areas), default=0.0),
    )


def _at(values: Sequence[T | None], place: int) -> T | None:
    return values[place] if place < len(values) else None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
