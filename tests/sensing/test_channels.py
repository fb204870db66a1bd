"""Several channels with areas of their own: the one that presses hardest decides."""

from dataclasses import replace

import pytest

from companion.sensing.channels import channel_pressure
from companion.sensing.engine import Engine
from companion.sensing.tool import ForceChannel
from companion.sensing.types import (
    Band,
    Doubt,
    Level,
    LevelMoved,
    OverPressureRaised,
    RepetitionKind,
    SensingEvent,
    Task,
    Technique,
)
from protocols.telemetry import Sample, Telemetry
from tests.sensing.rig import CHEEK, NO_WHEEL, G, of

EDGE, CORNER = 75e-6, 50e-6
COUNT_N = 1e-4
STONE = replace(
    NO_WHEEL,
    force_channels=3,
    contact_area_m2=2e-4,
    force_full_scale_n=3.2,
    supported_mass_kg=0.06,
    channels=(ForceChannel(EDGE, None), ForceChannel(EDGE, None), ForceChannel(CORNER, None)),
)
COARSE = replace(STONE, force_full_scale_n=8.0, force_resolution_n=2.5e-4)
"""Its drift is .04 N: .8 kPa on the corner, .53 on the edge, doubled by the coverage."""
UP_M_S2 = (0.0, 0.0, G)


def pressed(
    engine: Engine, force_n: tuple[float, float, float], seconds: float, *, from_s: float
) -> list[SensingEvent]:
    """Feed frames of five samples at 100 Hz with the given channels, upright and at rest."""
    events = []
    for frame in range(round(seconds * 20)):
        alive_n = tuple(value + COUNT_N * (frame % 2) for value in force_n)
        samples = tuple(Sample(alive_n, UP_M_S2, (0.0, 0.0, 0.0), None) for _ in range(5))
        events += engine.receive(
            Telemetry(
                first_sample=round(from_s * 100) + frame * 5,
                device_us=round(from_s * 1e6) + frame * 50_000,
                interval_us=10_000,
                samples=samples,
                saturated=False,
                touching=None,
                resent=False,
            )
        )
    return events


def tared(tool: object = STONE) -> Engine:
    assert isinstance(tool, type(STONE))
    engine = Engine(tool)
    pressed(engine, (0.0, 0.0, 0.0), 1.0, from_s=0.0)
    engine.tared(1.0)
    engine.begin(Task(RepetitionKind.CONTACT, Technique.PRESS_HOLD, CHEEK))
    return engine


def test_the_hardest_channel_is_told_over_the_area_of_all() -> None:
    judged = channel_pressure(STONE)
    assert judged is not None
    assert judged.area_m2 == pytest.approx(2e-4)
    corner_n = judged.told_n((0.1, 0.1, 0.4), 0.0)
    assert corner_n / judged.area_m2 == pytest.approx(0.4 / CORNER)
    edge_n = judged.told_n((0.6, 0.3, 0.0), 0.0)
    assert edge_n / judged.area_m2 == pytest.approx(0.6 / EDGE)


def test_gravity_is_taken_from_each_channel_as_the_mass_hangs() -> None:
    even = channel_pressure(STONE)
    assert even is not None
    assert even.told_n((0.3, 0.2, 0.2), 0.3) == pytest.approx(0.2 * 2e-4 / EDGE)
    heavy = replace(
        STONE,
        channels=(ForceChannel(EDGE, 0.04), ForceChannel(EDGE, 0.02), ForceChannel(CORNER, 0.0)),
    )
    uneven = channel_pressure(heavy)
    assert uneven is not None
    assert uneven.mass_shares == pytest.approx((2 / 3, 1 / 3, 0.0))
    assert uneven.told_n((0.3, 0.0, 0.0), 0.3) == pytest.approx(0.1 * 2e-4 / EDGE)


@pytest.mark.parametrize(
    "channels",
    [
        (),
        (ForceChannel(EDGE, None), ForceChannel(None, None), ForceChannel(CORNER, None)),
    ],
)
def test_where_an_area_is_not_known_the_sum_is_judged(channels: tuple[ForceChannel, ...]) -> None:
    assert channel_pressure(replace(STONE, channels=channels)) is None
    engine = tared(replace(STONE, channels=channels))
    pressed(engine, (0.0, 0.0, 1.0), 1.0, from_s=1.0)
    assert engine.pressure_kpa == pytest.approx(5.0, abs=0.05)


def test_a_corner_that_presses_too_hard_is_warned_of_though_the_sum_is_light() -> None:
    engine = tared()
    events = pressed(engine, (0.0, 0.0, 0.5), 1.0, from_s=1.0)
    (raised,) = of(OverPressureRaised, events)
    assert raised.level is Level.CAUTION
    assert engine.pressure_kpa == pytest.approx(10.0, abs=0.05)


def test_an_edge_within_its_band_is_on_target_though_its_sum_would_be_firm_on_one_channel() -> None:
    engine = tared()
    events = pressed(engine, (0.33, 0.33, 0.0), 1.0, from_s=1.0)
    assert of(OverPressureRaised, events) == []
    assert engine.level is Level.ON_TARGET
    assert engine.pressure_kpa == pytest.approx(4.4, abs=0.05)


def test_a_light_touch_of_the_corner_is_contact() -> None:
    engine = tared()
    pressed(engine, (0.0, 0.0, 0.06), 1.0, from_s=1.0)
    assert engine.level is Level.LIGHT
    assert engine.pressure_kpa == pytest.approx(1.2, abs=0.05)


STRICT = Band(0.3, 1.5, 2.7, 4.0)
OLD_S = 400.0
CORNER_N = (0.0, 0.0, 0.05)
EDGE_N = (0.075, 0.075, 0.0)


def strict(tool: object = COARSE) -> Engine:
    engine = tared(tool)
    engine.begin(Task(RepetitionKind.CONTACT, Technique.PRESS_HOLD, STRICT))
    return engine


def test_after_a_fresh_tare_every_edge_can_judge_a_strict_zone() -> None:
    for force_n in (CORNER_N, EDGE_N):
        engine = strict()
        pressed(engine, force_n, 1.0, from_s=1.0)
        assert (engine.level, engine.doubt) == (Level.ON_TARGET, None)


def test_with_an_old_tare_only_the_edge_that_is_read_finely_enough_can() -> None:
    engine = strict()
    pressed(engine, EDGE_N, 1.0, from_s=OLD_S)
    assert (engine.level, engine.doubt) == (Level.ON_TARGET, None)
    pressed(engine, CORNER_N, 1.0, from_s=OLD_S + 1.0)
    assert (engine.level, engine.doubt) == (Level.UNKNOWN, Doubt.TOO_UNCERTAIN)
    assert engine.can_judge(STRICT) is Doubt.TOO_UNCERTAIN
    pressed(engine, EDGE_N, 1.0, from_s=OLD_S + 2.0)
    assert (engine.level, engine.doubt) == (Level.ON_TARGET, None)


def test_in_the_air_a_zone_is_refused_only_where_no_edge_can_judge_it() -> None:
    engine = strict()
    pressed(engine, (0.0, 0.0, 0.0), 1.0, from_s=OLD_S)
    assert engine.can_judge(STRICT) is None
    assert engine.can_judge(Band(0.3, 1.5, 2.0, 4.0)) is Doubt.TOO_UNCERTAIN


@pytest.mark.unmeasured
def test_a_tare_that_grows_old_in_the_hand_is_noticed() -> None:
    engine = strict()
    pressed(engine, CORNER_N, 1.0, from_s=1.0)
    uncertainty = engine.uncertainty_kpa
    events = pressed(engine, CORNER_N, OLD_S, from_s=2.0)
    doubts = [event.doubt for event in of(LevelMoved, events)]
    assert doubts == [Doubt.TOO_UNCERTAIN]
    assert uncertainty is not None
    assert engine.uncertainty_kpa is not None
    assert engine.uncertainty_kpa > 2 * uncertainty


def test_without_gravity_taken_out_the_tools_own_touch_tells_contact() -> None:
    blind = replace(
        STONE, channels=(), has_accelerometer=False, has_touch_verdict=True, press_axis=None
    )
    assert Engine(blind)._trusts_verdict
    assert not Engine(replace(blind, supported_mass_kg=0.0))._trusts_verdict
    assert not Engine(STONE)._trusts_verdict
