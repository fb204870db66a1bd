"""Where the pressure is going: what is said of pressures that are written down."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from companion.coaching.events import Command, LevelChanged
from companion.coaching.routine import Step
from companion.coaching.trend import Trend, TrendWatch
from companion.output import sentences
from companion.sensing.filters import LowPass
from companion.sensing.types import Band, Doubt, Level, LevelMoved, Point, Technique
from tests.coaching.scripted import Bench, Scripted, frame, step

UNDER_EYE = Band(0.5, 1.5, 2.7, 4.0)
CHEEK = Band(2.0, 6.0, 8.0, 13.3)
LOWERED = Band(0.5, 0.6, 1.1, 1.6)


def on(band: Band = CHEEK, technique: Technique = Technique.SWEEP) -> Step:
    return replace(step(), band=band, technique=technique)


def course(pressure_kpa: Callable[[float], float], seconds: float) -> list[Point]:
    times = [at / 100 for at in range(round(seconds * 100))]
    return [Point(at_s, pressure_kpa(at_s), Level.ON_TARGET) for at_s in times]


def said(
    points: Iterable[Point], one: Step, doubt: Doubt | None = None
) -> list[tuple[float, Trend | None]]:
    """Return each change of the trend, with its time."""
    watch, found = TrendWatch(), [(0.0, TrendWatch().trend)]
    for point in points:
        watch.take([point], one, doubt, is_least=False)
        if watch.trend is not found[-1][1]:
            found.append((point.device_s, watch.trend))
    return found[1:]


def ramp(share_per_s: float, unit_kpa: float, from_s: float = 1.0) -> Callable[[float], float]:
    """Return half of a target's end, and from a moment on a slope in shares of it."""
    return lambda at_s: unit_kpa * (0.5 + share_per_s * max(0.0, at_s - from_s))


@pytest.mark.parametrize("band", [UNDER_EYE, CHEEK])
@pytest.mark.parametrize(
    ("slope", "then"),
    [(0.6, Trend.RISING), (0.2, Trend.RISING), (0.1, None), (-0.1, None), (-0.2, Trend.FALLING)],
)
def test_a_slope_means_the_same_in_every_band(band: Band, slope: float, then: Trend | None) -> None:
    found = said(course(ramp(slope, band.high_kpa), 2.5), on(band))
    assert found[0] == (0.65, Trend.STEADY)
    assert [trend for _, trend in found[1:]] == ([] if then is None else [then])
    if then is not None:
        assert 1.15 <= found[1][0] <= 1.65


def test_once_it_rises_a_slope_goes_on_that_would_not_have_begun_it() -> None:
    slow = ramp(0.1, 6.0)
    assert said(course(slow, 4.0), on())[1:] == []

    def steep_then_slow(at_s: float) -> float:
        return slow(at_s) + 6.0 * 0.3 * min(max(0.0, at_s - 1.0), 1.0)

    assert [trend for _, trend in said(course(steep_then_slow, 4.0), on())] == [
        Trend.STEADY,
        Trend.RISING,
    ]
    held = said(course(lambda at_s: min(ramp(0.3, 6.0)(at_s), 5.0), 4.0), on())
    assert [trend for _, trend in held] == [Trend.STEADY, Trend.RISING, Trend.STEADY]


def test_a_hand_that_eases_off_rises_no_more_within_a_quarter_of_a_second() -> None:
    found = said(course(lambda at_s: 3.0 + 2.0 * (1.0 - abs(at_s - 2.0)), 3.0), on())
    assert [trend for _, trend in found] == [Trend.RISING, None, Trend.FALLING]
    assert 2.0 < found[1][0] <= 2.25
    assert found[2][0] <= 2.5


@pytest.mark.parametrize("band", [CHEEK, UNDER_EYE, LOWERED])
def test_the_noise_of_a_force_sensor_has_no_trend(band: Band) -> None:
    draw, low_pass = random.Random(3), LowPass(10.0)  # noqa: S311 - a seeded script, not a secret
    low_pass.prime(band.high_kpa)

    def held(_: float) -> float:  # 5 mN on a square centimetre, as the shipped tools have it
        return low_pass.step(band.high_kpa + draw.gauss(0.0, 0.05), 10_000)

    assert said(course(held, 60.0), on(band)) == [(0.65, Trend.STEADY)]


def test_what_is_not_known_has_no_trend() -> None:
    rising = course(ramp(0.3, 6.0), 2.0)
    end_s = rising[-1].device_s
    assert said(rising, on())[-1][1] is Trend.RISING
    assert said(rising, on(), Doubt.TOO_UNCERTAIN) == said(rising, on())
    for doubt in set(Doubt) - {Doubt.TOO_UNCERTAIN}:
        assert said(rising, on(), doubt) == []
    for technique in (Technique.TAP, Technique.KNEAD, Technique.PINCH):
        assert said(rising, on(technique=technique)) == []
    assert said(rising, step(hand=True)) == []
    for off in (
        Point(end_s + 0.01, None, Level.UNKNOWN),
        Point(end_s + 0.01, 0.1, Level.NO_CONTACT),
        Point(end_s + 0.01, 0.1, Level.UNKNOWN),
        Point(end_s + 0.3, 5.0, Level.ON_TARGET),
    ):
        assert said([*rising, off], on())[-1] == (off.device_s, None)


def test_a_contact_begins_with_none_and_a_quick_one_has_none() -> None:
    put_down = course(lambda at_s: min(4.0, 20.0 * at_s), 1.0)
    ((steady_s, trend),) = said(put_down, on())
    assert trend is Trend.STEADY
    assert steady_s == pytest.approx(0.67, abs=0.03)
    assert said(course(lambda at_s: 2.0 + 3.0 * at_s, 0.4), on()) == []
    assert said(course(lambda at_s: 2.0 + 3.0 * at_s, 0.6), on()) == [(0.45, Trend.RISING)]
    watch = TrendWatch()
    watch.take(course(ramp(0.3, 6.0), 2.0), on(), None, is_least=False)
    watch.take([Point(2.0, 5.0, Level.ON_TARGET)], on(UNDER_EYE), None, is_least=False)
    assert watch.trend is None


def test_frames_of_any_length_say_the_same() -> None:
    points, watch = course(ramp(0.3, 6.0), 2.0), TrendWatch()
    one = on()
    for at in range(0, len(points), 7):
        watch.take(points[at : at + 7], one, None, is_least=False)
        alone = said(points[: at + 7], one)
        assert watch.trend is (alone[-1][1] if alone else None)


def test_neither_a_jerk_nor_lifting_the_tool_is_a_trend() -> None:
    def jerk(at_s: float) -> float:
        return 4.8 if 2.0 <= at_s < 2.06 else 4.0

    assert said(course(jerk, 3.0), on()) == [(0.65, Trend.STEADY)]
    lifted = course(lambda at_s: min(4.0, max(0.0, 4.0 - 30.0 * (at_s - 2.0))), 3.0)
    assert [trend for _, trend in said(lifted, on())] == [Trend.STEADY, None]


def pressed_harder(bench: Bench) -> None:
    """Press ever harder for a second and a half."""
    for tenth in range(15):
        bench.press(Level.ON_TARGET, 3.0 + 0.2 * tenth)
        bench.pass_s(0.1)


def test_a_session_shows_it_says_it_with_the_level_and_forgets_it() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    pressed_harder(bench)
    assert bench.session.view().trend is Trend.RISING
    moved = LevelMoved(device_s=1.5, level=Level.FIRM, doubt=None, pressure_kpa=6.2)
    (changed,) = bench.pass_s(0.1, moved)
    assert isinstance(changed, LevelChanged)
    assert changed.trend is Trend.RISING
    assert sentences.sentence(changed) == "pressure: firm, about 6.2 kPa, rising"
    assert sentences.sentence(replace(changed, trend=Trend.STEADY)).endswith("about 6.2 kPa")
    bench.command(Command.SKIP)
    assert bench.session.view().trend is None
    pressed_harder(bench)
    assert bench.session.view().trend is Trend.RISING
    bench.session.silence(bench.now_s)
    assert bench.session.view().trend is None


def test_what_is_at_least_so_much_is_not_said_to_stand_still() -> None:
    bench = Bench(step("one"), engine=Scripted())
    bench.start()
    pressed_harder(bench)
    bench.session.receive(replace(frame(bench.now_s), saturated=True))
    assert bench.session.view().trend is None
    watch = TrendWatch()
    watch.take(course(ramp(0.3, 6.0), 2.0), on(), None, is_least=False)
    assert watch.trend is Trend.RISING
    watch.take([Point(2.0, 5.0, Level.ON_TARGET)], on(), None, is_least=True)
    assert watch.trend is None
