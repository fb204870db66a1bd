"""What is kept of a tool, put to use once."""

import pytest

from companion.sensing.calibrated import Calibration, CalibrationUsed, KnownGain
from companion.sensing.tool import Tool
from companion.service.correction import Correction
from protocols.telemetry import Sample, Telemetry
from tests.ble.scripted_tool import ADDRESS, a_feature

FRAME = Telemetry(0, 10_000, 0, False, False, None, (Sample((1.0, 2.0), None, None, None),))
STONE = a_feature(force_channels=2)


def gain(factor: float, reported_ppm: int | None = None) -> KnownGain:
    return KnownGain(
        factor=factor, reported_ppm=reported_ppm, uncertainty=0.01, residual_n=None, age_days=0
    )


def corrected(known: Calibration | None, *reported: int | None) -> tuple[Correction, list[str]]:
    correction = Correction(lambda address, _feature: known if address == ADDRESS else None)
    said = correction.know(ADDRESS, STONE, reported)
    correction.tool(Tool.from_feature(STONE))
    return correction, [key for key, _values in said]


def forces(correction: Correction) -> tuple[float | None, ...]:
    return correction.telemetry(FRAME).samples[0].force_n


def test_each_channel_is_multiplied_and_the_tools_own_limit_is_armed_for_the_weakest() -> None:
    correction, said = corrected(Calibration(gains=(gain(1.25), gain(0.9))))
    assert forces(correction) == (1.25, 1.8)
    assert correction.as_sent((1.0, 2.0)) == pytest.approx((0.8, 1.6))
    assert correction.as_sent(None) is None
    assert said == []
    assert correction.used == CalibrationUsed(Calibration(gains=(gain(1.25), gain(0.9))), ())


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (None, []),
        (Calibration(gains=(gain(1.0, 1_000_000), gain(1.0, 1_100_000))), []),
        (Calibration(gains=(gain(1.25), gain(0.9, 1))), ["calibration.lapsed"] * 2),
        (Calibration(gains=(gain(1.25),), is_void=True), ["calibration.changed"]),
    ],
)
def test_what_the_tool_keeps_or_reports_otherwise_is_left_alone(
    known: Calibration | None, said: list[str]
) -> None:
    correction, told = corrected(known, 1_000_000, 1_100_000)
    assert correction.telemetry(FRAME) is FRAME
    assert correction.as_sent((1.0, 2.0)) == (1.0, 2.0)
    assert told == said
