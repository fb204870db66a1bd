"""What is known of a tool by its calibration: factors, areas, and how surely."""

from math import hypot

import pytest

from companion.sensing.calibrated import Calibration, KnownArea, KnownGain, calibrated, scaled
from companion.sensing.force import ContactForce
from companion.sensing.pressure import AREA_SHARE, COVERAGE, PressureScale
from companion.sensing.tool import GAIN_SHARE, ForceChannel, GainTrust, Tool
from companion.sensing.types import Band, Doubt
from protocols.telemetry import Sample, Telemetry

TOOL = Tool(
    force_channels=1,
    force_resolution_n=1e-4,
    force_full_scale_n=3.0,
    contact_area_m2=1e-4,
    supported_mass_kg=0.0,
)
STONE = Tool(
    force_channels=2,
    force_resolution_n=1e-4,
    force_full_scale_n=3.0,
    contact_area_m2=2e-4,
    supported_mass_kg=0.0,
    channels=(ForceChannel(1e-4, 0.0), ForceChannel(1e-4, 0.0)),
)


def known(factor: float = 1.0, reported_ppm: int | None = None, *, age_days: int = 0) -> KnownGain:
    return KnownGain(
        factor=factor,
        reported_ppm=reported_ppm,
        uncertainty=0.01,
        residual_n=0.02,
        age_days=age_days,
    )


def scale(tool: Tool) -> PressureScale:
    force = ContactForce(tool)
    force.tare([(0.0, None)] * 50, 0)
    return PressureScale(tool, force)


def spread(tool: Tool, kpa: float) -> float:
    """Expanded uncertainty that comes on top of a tool's own at no pressure and no residual."""
    told, bare = scale(tool).uncertainty_kpa(kpa), scale(tool).uncertainty_kpa(0.0)
    assert told is not None
    assert bare is not None
    return float((told**2 - bare**2) ** 0.5)


def test_what_the_host_keeps_is_multiplied_and_the_scale_of_the_tool_with_it() -> None:
    tool = calibrated(TOOL, Calibration(gains=(known(1.25),)), ())
    assert tool.gain_factors == (1.25,)
    assert (tool.force_resolution_n, tool.force_full_scale_n) == (1.25e-4, 3.75)
    samples = (Sample((2.0,), None, None, None), Sample((None,), None, None, None))
    sent = Telemetry(0, 10_000, 0, False, False, None, samples)
    assert [sample.force_n for sample in scaled(sent, tool.gain_factors).samples] == [
        (2.5,),
        (None,),
    ]
    assert scaled(sent, ()) is sent


def test_what_the_tool_keeps_is_not_multiplied_again() -> None:
    tool = calibrated(TOOL, Calibration(gains=(known(1.0, 1_250_000),)), (1_250_000,))
    assert tool.gain_factors == ()
    assert (tool.force_resolution_n, tool.force_full_scale_n) == (1e-4, 3.0)
    assert tool.gains[0].share < GAIN_SHARE


@pytest.mark.parametrize("reported", [(), (None,), (1_000_000,)])
@pytest.mark.parametrize("factor", [1.0, 1.25])
def test_a_gain_that_the_tool_does_not_report_any_more_counts_for_nothing(
    reported: tuple[int | None, ...], factor: float
) -> None:
    calibration = Calibration(gains=(known(factor, 1_250_000),))
    assert calibration.lapsed(reported) == (0,)
    tool = calibrated(TOOL, calibration, reported)
    assert tool.gain_factors == ()
    assert tool.gains == (GainTrust(),)


def test_the_uncertainty_of_the_gain_grows_with_its_age_and_the_pressure() -> None:
    unchecked = spread(TOOL, 8.0)
    assert unchecked == pytest.approx(COVERAGE * 8.0 * hypot(AREA_SHARE, GAIN_SHARE))
    # Worked by hand: 1 % found, 0.5 % warmth, and 1 % a year.
    for age_days, share in ((0, hypot(0.01, 0.005)), (730, hypot(0.01, 0.005, 0.02))):
        tool = calibrated(TOOL, Calibration(gains=(known(age_days=age_days),)), ())
        assert spread(tool, 8.0) == pytest.approx(COVERAGE * 8.0 * hypot(AREA_SHARE, share))


def test_what_the_line_left_over_is_in_every_verdict() -> None:
    tool = calibrated(TOOL, Calibration(gains=(known(),)), ())
    plain, bent = scale(TOOL).uncertainty_kpa(), scale(tool).uncertainty_kpa()
    assert plain is not None
    # 20 mN on 1 cm2 are 0.2 kPa.
    assert bent == pytest.approx(hypot(plain, COVERAGE * 0.2))
    narrow = Band(1.0, 2.0, 2.5, 3.0)
    assert scale(TOOL).doubt(narrow) is None
    worse = KnownGain(factor=1.0, reported_ppm=None, uncertainty=0.01, residual_n=0.03, age_days=0)
    assert scale(calibrated(TOOL, Calibration(gains=(worse,)), ())).doubt(narrow) is (
        Doubt.TOO_UNCERTAIN
    )


def test_a_measured_area_takes_the_place_of_the_declared_one() -> None:
    tool = calibrated(TOOL, Calibration(area=KnownArea(2e-4, 0.1)), ())
    assert (tool.contact_area_m2, tool.area_share) == (2e-4, 0.1)
    assert scale(tool).kpa_per_n == pytest.approx(5.0)
    both = hypot(AREA_SHARE, 0.1, GAIN_SHARE)
    assert spread(tool, 8.0) == pytest.approx(COVERAGE * 8.0 * both)


def test_channels_are_known_one_by_one() -> None:
    calibration = Calibration(
        gains=(known(1.2), None), channel_areas=(None, KnownArea(0.5e-4, 0.05))
    )
    tool = calibrated(STONE, calibration, ())
    assert tool.gain_factors == (1.2, 1.0)
    assert tool.gains[0].share < tool.gains[1].share == GAIN_SHARE
    assert [channel.contact_area_m2 for channel in tool.channels] == [1e-4, 0.5e-4]
