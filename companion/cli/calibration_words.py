"""What is kept of a tool's calibration, in sentences and as fields."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from companion.cli.clock import local_time
from companion.sensing.calibrated import Calibration
from companion.service.correction import Recall
from companion.settings.calibrations import (
    KeptCalibration,
    KeptGain,
    calibration_of,
    described_as,
    load_calibrations,
)
from companion.settings.tools import Radio
from companion.texts import text
from protocols.massage_tool import ToolFeature

OLD_DAYS: Final = 365
"""A calibration older than this is worth doing again (engineering choice)."""

_CM2_PER_M2: Final = 1e4


class Standing(StrEnum):
    """How a calibration stands."""

    ABSENT = "absent"
    LAPSED = "lapsed"
    OLD = "old"
    GOOD = "good"


def found_lines(kept: KeptCalibration, today: date) -> list[str]:
    """Return what is kept of a tool, a line for each channel and area."""
    lines = [_gain_line(gain, today) for gain in kept.gains]
    for area in kept.areas:
        where = (
            "" if area.channel is None else text("calibration.of_channel", channel=area.channel + 1)
        )
        lines.append(
            text(
                "calibration.area_line",
                channel=where,
                area_cm2=area.area_m2 * _CM2_PER_M2,
                share=100 * area.share,
                day=area.day,
            )
        )
    return lines


def found_fields(kept: KeptCalibration) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "gains": [
            {
                "channel": gain.channel + 1,
                "kept_in": kept_in(gain),
                "factor": gain.factor,
                "reported_ppm": gain.reported_ppm,
                "uncertainty": gain.uncertainty,
                "residual_n": gain.residual_n,
                "loads": gain.loads,
                "heaviest_n": gain.heaviest_n,
                "day": gain.day,
                "temperature_c": gain.temperature_c,
                "reference": gain.reference,
            }
            for gain in kept.gains
        ],
        "areas": [
            {
                "channel": None if area.channel is None else area.channel + 1,
                "area_m2": area.area_m2,
                "share": area.share,
                "day": area.day,
            }
            for area in kept.areas
        ],
    }


def kept_in(gain: KeptGain) -> str:
    """Return where a gain is kept: ``tool`` or ``host``, never both."""
    return "tool" if gain.factor == 1.0 and gain.reported_ppm is not None else "host"


def recall_of(radio: Radio) -> Recall | None:
    """Return what tells a session of calibrations; None where none is kept for this radio.

    Raises:
        FileRefused: the file cannot be used.
    """
    if not any(kept.radio is radio for kept in load_calibrations()):
        return None

    def recall(address: str, feature: ToolFeature) -> Calibration | None:
        kept = calibration_of(radio, address)
        if kept is None:
            return None
        is_void = kept.feature != described_as(feature)
        return replace(kept.known(local_time().date()), is_void=is_void)

    return recall


def standing(
    kept: KeptCalibration | None, feature: str, reported_ppm: Sequence[int | None]
) -> Standing:
    """Return how a tool's calibration stands.

    Args:
        kept: what is kept of it; None for nothing.
        feature: what it describes itself as, `described_as`.
        reported_ppm: the gains it reports now.
    """
    if kept is None or not kept.gains:
        return Standing.ABSENT
    today = local_time().date()
    if kept.feature != feature or kept.known(today).lapsed(reported_ppm):
        return Standing.LAPSED
    return Standing.OLD if _age_days(kept, today) > OLD_DAYS else Standing.GOOD


def _age_days(kept: KeptCalibration, today: date) -> int:
    return (today - date.fromisoformat(kept.oldest_day or today.isoformat())).days


def _gain_line(gain: KeptGain, today: date) -> str:
    place = kept_in(gain)
    residual = "two_loads" if gain.residual_n is None else "residual"
    return text(
        f"calibration.line.{place}",
        channel=gain.channel + 1,
        day=gain.day,
        age=(today - date.fromisoformat(gain.day)).days,
        factor=gain.factor,
        ppm=gain.reported_ppm or 0,
        residual=text(f"calibration.{residual}", residual_mn=1e3 * (gain.residual_n or 0.0)),
        percent=100 * gain.uncertainty,
        heaviest=gain.heaviest_n,
        temperature=""
        if gain.temperature_c is None
        else text("calibration.temperature", degrees=gain.temperature_c),
        reference=text("calibration.scale") if gain.reference == "scale" else gain.reference,
    )
