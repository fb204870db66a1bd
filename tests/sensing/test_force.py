from dataclasses import replace
from math import cos, pi, radians, sin

import pytest

from companion.sensing.force import ContactForce, at_least_n, total_n
from companion.sensing.pressure import PressureScale
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import Band, Doubt
from tests.sensing.rig import CHEEK, ROLLER, UNDER_EYE, G

STILL: Axis = (0.0, 0.0, G)


def tared(tool: Tool, accel: Axis | None = STILL) -> ContactForce:
    force = ContactForce(tool)
    force.tare([(0.0, accel)] * 50)
    return force


@pytest.mark.parametrize("angle", [0, 30, 90, 150, 180])
def test_gravity_of_the_supported_mass_is_taken_out_in_every_attitude(angle: int) -> None:
    # press axis -z: tared with z up, the 40 g pull the sensor by +m g; turned over they push.
    force = tared(ROLLER)
    turn = radians(angle)
    accel = (G * sin(turn), 0.0, G * cos(turn))
    contact = 0.25
    sent = contact + 0.04 * G * (1 - cos(turn))
    assert force.contact_n(sent, accel) == pytest.approx(contact, abs=1e-12)


def test_acceleration_of_the_hand_is_taken_out_like_gravity() -> None:
    sent = 0.1 - 0.04 * 2.0
    assert tared(ROLLER).contact_n(sent, (0.0, 0.0, G + 2.0)) == pytest.approx(0.1)


def test_without_accelerometer_the_force_stays_as_sent_and_the_doubt_carries_the_weight() -> None:
    blind = replace(ROLLER, has_accelerometer=False)
    force = tared(blind, None)
    assert force.tared
    assert force.contact_n(0.3, None) == 0.3
    assert force.standard_uncertainty_n() > 0.04 * G
    assert PressureScale(blind, force).doubt(CHEEK) is Doubt.TOO_UNCERTAIN


def test_force_is_unknown_without_specific_force_and_where_values_are_absurd() -> None:
    force = tared(ROLLER)
    assert force.contact_n(0.3, None) is None
    assert force.contact_n(0.3, (0.0, 0.0, 1e300)) is None
    assert force.contact_n(0.3, (0.0, 0.0, float("nan"))) is None


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ((0.5,), 0.5),
        ((0.5, 0.25), 0.75),
        ((0.5, None), None),
        ((), None),
        ((float("nan"),), None),
        ((float("inf"),), None),
        ((-0.1,), -0.1),
    ],
)
def test_channels_add_up_and_one_unknown_makes_the_sum_unknown(
    channels: tuple[float | None, ...], expected: float | None
) -> None:
    assert total_n(channels) == expected


def test_a_saturated_channel_counts_at_least_full_scale() -> None:
    assert at_least_n((2.9, 0.4, None), 2.8, 3.0) == (3.0, 0.4, 0.0)
    assert at_least_n((3.1,), 2.8, 3.0) == (3.1,)


def test_tare_needs_force_and_specific_force() -> None:
    force = ContactForce(ROLLER)
    assert not force.tare([])
    assert not force.tare([(0.0, None)] * 50)
    assert not force.tare([(None, STILL)] * 50)
    assert force.tare([(0.0, STILL)] * 50)
    force.untare()
    assert not force.tared


def test_noise_while_taring_is_measured_blind_to_the_new_zero() -> None:
    # Noise of +-1 mN in steps 1, 0, 1, 0: every difference is 2 mN; the zero moves by 0.4 N.
    values = [0.4 + 0.001 * (-1) ** i for i in range(25)] + [0.001 * (-1) ** i for i in range(25)]
    force = ContactForce(ROLLER)
    force.tare([(value, STILL) for value in values])
    assert force.noise_n == pytest.approx(0.002 / (2**0.5 * 0.6745), rel=1e-6)


def test_noise_is_at_least_a_count_per_channel() -> None:
    four = replace(ROLLER, force_channels=4)
    assert tared(four).noise_n == pytest.approx(2e-4)


def test_uncertainty_is_the_root_of_its_terms() -> None:
    # Worked by hand for the small roller: resolution 1e-4 sqrt(1/6), noise 1e-4, drift .5 % of
    # 3 N, gravity .04 g sqrt(2) x hypot(1 degree, .5 %, 1 %).
    terms = [1e-4 * (1 / 6) ** 0.5, 1e-4, 0.015]
    terms.append(0.04 * G * 2**0.5 * ((pi / 180) ** 2 + 0.005**2 + 0.01**2) ** 0.5)
    expected = sum(term**2 for term in terms) ** 0.5
    assert tared(ROLLER).standard_uncertainty_n() == pytest.approx(expected, rel=1e-9)


def test_the_zero_is_surer_the_younger_its_tare_is() -> None:
    force = ContactForce(ROLLER)
    force.tare([(0.0, (0.0, 0.0, G))] * 50, 1_000_000)
    others = [1e-4 * (1 / 6) ** 0.5, 1e-4]
    others.append(0.04 * G * 2**0.5 * ((pi / 180) ** 2 + 0.005**2 + 0.01**2) ** 0.5)
    for age_s, drift in ((0.0, 0.0), (60.0, 0.003), (300.0, 0.015), (3000.0, 0.015)):
        force.now_us = 1_000_000 + round(age_s * 1e6)
        expected = (sum(term**2 for term in others) + drift**2) ** 0.5
        assert force.standard_uncertainty_n() == pytest.approx(expected, rel=1e-9)


def test_the_area_is_a_part_of_the_uncertainty_that_grows_with_the_pressure() -> None:
    scale = PressureScale(ROLLER, tared(ROLLER))
    none, some = scale.uncertainty_kpa(), scale.uncertainty_kpa(8.0)
    assert none is not None
    # The area's 5 %, and 3 % of a gain that nobody checked.
    shares = 0.05**2 + 0.03**2
    assert some == pytest.approx((none**2 + shares * (2 * 8.0) ** 2) ** 0.5)


def judge(tool: Tool, band: Band) -> Doubt | None:
    return PressureScale(tool, tared(tool)).doubt(band)


def test_the_small_roller_can_judge_the_under_eye() -> None:
    assert judge(ROLLER, UNDER_EYE) is None


@pytest.mark.parametrize("full_scale", [5.0, 10.0, 50.0])
def test_a_coarse_sensor_on_a_small_edge_cannot(full_scale: float) -> None:
    coarse = replace(
        ROLLER,
        force_resolution_n=0.02,
        force_full_scale_n=full_scale,
        contact_area_m2=0.5e-4,
        supported_mass_kg=0.02,
    )
    assert judge(coarse, UNDER_EYE) is Doubt.TOO_UNCERTAIN


def test_a_large_roller_judges_by_its_own_figures() -> None:
    large = replace(
        ROLLER,
        force_resolution_n=1e-3,
        force_full_scale_n=20.0,
        contact_area_m2=3e-4,
        supported_mass_kg=0.02,
    )
    # Drift .1 N and little else: 2 x .1 N / 3 cm2 = .67 kPa against a gap of 1.2 kPa.
    scale = PressureScale(large, tared(large))
    assert scale.uncertainty_kpa() == pytest.approx(0.67, abs=0.01)
    assert scale.doubt(UNDER_EYE) is None
    assert scale.doubt(Band(0.3, 1.5, 2.1, 4.0)) is Doubt.TOO_UNCERTAIN
    assert scale.doubt(Band(0.3, 1.5, 2.7, 3.3)) is Doubt.TOO_UNCERTAIN


def test_every_reason_not_to_judge_in_its_order() -> None:
    assert judge(replace(ROLLER, force_channels=0), CHEEK) is Doubt.NO_FORCE_SENSOR
    assert judge(replace(ROLLER, force_resolution_n=None), CHEEK) is Doubt.NO_FORCE_SENSOR
    assert judge(replace(ROLLER, contact_area_m2=None), CHEEK) is Doubt.AREA_UNKNOWN
    assert judge(replace(ROLLER, supported_mass_kg=None), CHEEK) is Doubt.MASS_UNKNOWN
    untared = ContactForce(ROLLER)
    assert PressureScale(ROLLER, untared).doubt(CHEEK) is Doubt.NOT_TARED
    assert PressureScale(ROLLER, tared(ROLLER)).doubt(None) is None


def test_without_area_there_is_no_pressure_and_no_uncertainty_of_it() -> None:
    tool = replace(ROLLER, contact_area_m2=None)
    scale = PressureScale(tool, tared(tool))
    assert scale.kpa_per_n is None
    assert scale.uncertainty_kpa() is None


def test_one_newton_on_one_square_centimetre_is_ten_kilopascal() -> None:
    assert PressureScale(ROLLER, tared(ROLLER)).kpa_per_n == pytest.approx(10.0)
