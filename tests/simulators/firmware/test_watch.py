"""What the tool does by itself: limit, buzzes, events."""

from dataclasses import replace

import pytest

from protocols.massage_tool import (
    ButtonEvent,
    ContactEvent,
    FaultEvent,
    FaultKind,
    Features,
    Haptic,
    Identify,
    LimitEvent,
    LimitLevel,
    Pattern,
    PowerEvent,
    PowerState,
    SetLimit,
    Start,
    Tare,
    decode_event,
)
from simulators.firmware import Buzz, Reason
from tests.simulators.firmware.scripted import ALL_PARTS, G_COUNTS, ROLLER, Bench, Raw


def _pressing(bench: Bench, *spans: tuple[float, float, int]) -> None:
    """Read a force in counts during spans given in seconds, 0 elsewhere."""

    def script(device_us: int) -> Raw:
        for begin_s, end_s, force in spans:
            if begin_s * 1e6 <= device_us < end_s * 1e6:
                return Raw(force=(force,))
        return Raw()

    bench.body.script = script


def _limit_events(bench: Bench) -> list[LimitEvent]:
    return [event for event in bench.events if isinstance(event, LimitEvent)]


def test_the_limit_buzzes_within_its_on_delay_and_clears_200_ms_below_95_percent() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.06))
    _pressing(bench, (0.5, 1.0, 1000), (1.0, 1.3, 2500), (1.3, 2.0, 1901))
    bench.ask(Start(100))
    bench.wait(3)
    assert bench.firmware.buzzes == [
        Buzz(Pattern.DOUBLE, Reason.LIMIT, 100, 560_000, 1_060_000),
        Buzz(Pattern.CONTINUOUS, Reason.LIMIT, 100, 1_060_000, 2_200_000),
    ]
    assert _limit_events(bench) == [
        LimitEvent(560_000, LimitLevel.CAUTION, 1000),
        LimitEvent(1_060_000, LimitLevel.STOP, 2500),
        LimitEvent(2_200_000, LimitLevel.CLEARED, 0),
    ]


def test_from_stop_it_falls_back_to_caution() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.0))
    _pressing(bench, (0.5, 1.0, 2000), (1.0, 2.0, 1899))
    bench.wait(1.5)
    levels = [(event.device_us, event.level) for event in _limit_events(bench)]
    assert levels == [(500_000, LimitLevel.STOP), (1_200_000, LimitLevel.CAUTION)]


def test_a_press_shorter_than_the_on_delay_does_not_buzz() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.06))
    _pressing(bench, (0.5, 0.56, 3000), (0.57, 0.62, 3000))
    bench.wait(2)
    assert bench.firmware.buzzes == []


def test_a_dip_shorter_than_200_ms_does_not_clear() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 0.0, 0.0))
    _pressing(bench, (0.5, 1.0, 1500), (1.19, 1.5, 960))
    bench.wait(2)
    assert [(buzz.start_us, buzz.end_us) for buzz in bench.firmware.buzzes] == [
        (500_000, 1_700_000)
    ]


@pytest.mark.parametrize(
    ("caution_n", "stop_n", "levels"),
    [
        (0.0, 2.0, [LimitLevel.STOP]),
        (1.0, 0.0, [LimitLevel.CAUTION]),
        (0.0, 0.0, []),
    ],
)
def test_a_level_of_0_is_off(caution_n: float, stop_n: float, levels: list[LimitLevel]) -> None:
    bench = Bench()
    bench.ask(SetLimit(caution_n, stop_n, 0.0))
    bench.read(Raw(force=(5000,)))
    bench.wait(1)
    assert [event.level for event in _limit_events(bench)] == levels


def test_the_limit_is_judged_on_the_sum_of_calibrated_tared_channels() -> None:
    bench = Bench(replace(ROLLER, force_channels=2))
    bench.read(Raw(force=(100, -40)))
    bench.ask(Tare())
    bench.ask(SetLimit(1.0, 2.0, 0.0))
    bench.read(Raw(force=(600, 458)))
    bench.wait(0.1)
    assert _limit_events(bench) == []
    bench.read(Raw(force=(600, 460)))
    bench.wait(0.1)
    assert [event.force_counts for event in _limit_events(bench)] == [1000]


@pytest.mark.parametrize("freed", [False, True])
def test_gravity_is_taken_out_only_with_feature_bit_8(*, freed: bool) -> None:
    """Turned over after the tare: the 50 g weigh 0.49 N the other way, 0.98 N in all."""
    bit = Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY if freed else Features(0)
    bench = Bench(replace(ROLLER, features=ALL_PARTS | bit))
    bench.read(Raw(force=(-490,), accel=(0, 0, G_COUNTS)))
    bench.ask(Tare())
    bench.ask(SetLimit(0.9, 2.0, 0.0))
    bench.read(Raw(force=(490,), accel=(0, 0, -G_COUNTS)))
    bench.wait(0.5)
    assert bool(_limit_events(bench)) is not freed


def test_the_limit_survives_a_lost_link_but_not_a_restart() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.02))
    bench.lose_link()
    bench.wait(300)
    bench.read(Raw(force=(2500,)))
    bench.wait(1)
    assert bench.firmware.buzzes[-1].pattern is Pattern.CONTINUOUS
    bench.firmware.restart(bench.now_us, clock_start_us=0)
    bench.wait(1)
    assert bench.firmware.buzzes[-1].end_us is not None


def test_haptics_last_as_asked_and_no_longer_than_10_s() -> None:
    bench = Bench()
    bench.ask(Haptic(Pattern.DOUBLE, 40, 0.25))
    bench.wait(1)
    bench.ask(Haptic(Pattern.CONTINUOUS, 100, 0))
    bench.wait(20)
    bench.ask(Haptic(Pattern.SINGLE, 100, 0))
    bench.wait(1)
    bench.ask(Haptic(Pattern.OFF, 0, 0))
    bench.ask(Haptic(Pattern.SINGLE, 0, 1))
    assert bench.firmware.buzzes == [
        Buzz(Pattern.DOUBLE, Reason.HAPTIC, 40, 0, 250_000),
        Buzz(Pattern.CONTINUOUS, Reason.HAPTIC, 100, 1_000_000, 11_000_000),
        Buzz(Pattern.SINGLE, Reason.HAPTIC, 100, 21_000_000, 22_000_000),
    ]


def test_haptics_stop_at_disconnect_except_those_of_the_limit() -> None:
    bench = Bench()
    bench.ask(Haptic(Pattern.SINGLE, 100, 0))
    bench.wait(1)
    bench.lose_link()
    assert bench.firmware.buzzes[-1].end_us == 1_000_000
    bench.reconnect()
    bench.ask(SetLimit(1.0, 2.0, 0.0))
    bench.read(Raw(force=(1500,)))
    bench.wait(1)
    bench.lose_link()
    bench.wait(1)
    assert bench.firmware.buzzes[-1].why is Reason.LIMIT
    assert bench.firmware.buzzes[-1].end_us is None


def test_the_limit_wins_over_haptics() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.0))
    _pressing(bench, (0.5, 1.0, 1500))
    bench.ask(Haptic(Pattern.SINGLE, 30, 2))
    bench.wait(3)
    assert [(buzz.why, buzz.start_us, buzz.end_us) for buzz in bench.firmware.buzzes] == [
        (Reason.HAPTIC, 0, 500_000),
        (Reason.LIMIT, 500_000, 1_200_000),
        (Reason.HAPTIC, 1_200_000, 2_000_000),
    ]


def test_identify_buzzes_where_there_is_a_motor() -> None:
    bench = Bench()
    bench.ask(Identify())
    bench.wait(2)
    assert bench.firmware.buzzes == [Buzz(Pattern.DOUBLE, Reason.IDENTIFY, 100, 0, 1_000_000)]


def test_contact_is_told_by_a_tool_with_its_own_verdict_only() -> None:
    for bit, told in ((Features.OWN_TOUCH_VERDICT, True), (Features(0), False)):
        bench = Bench(replace(ROLLER, features=(ALL_PARTS & ~Features.OWN_TOUCH_VERDICT) | bit))
        bench.body.script = lambda us: Raw(touching=200_000 <= us < 400_000)
        bench.ask(Start(100, 1))
        bench.wait(1)
        assert bench.events == (
            [ContactEvent(200_000, touching=True), ContactEvent(400_000, touching=False)]
            if told
            else []
        )
        assert any(frame.touching for frame in bench.frames) is told


def test_saturation_is_a_fault_until_200_ms_without() -> None:
    bench = Bench()
    _pressing(bench, (0.5, 0.7, 20_000))
    bench.wait(2)
    assert bench.events == [
        FaultEvent(500_000, FaultKind.SATURATED, raised=True),
        FaultEvent(890_000, FaultKind.SATURATED, raised=False),
    ]


def test_button_power_and_faults_byte_for_byte() -> None:
    bench = Bench(clock_start_us=0x0A0B0C0D)
    bench.firmware.press_button(0, 2)
    bench.firmware.set_battery(0, 15)
    bench.firmware.set_battery(0, 14)
    bench.firmware.set_fault(0, FaultKind.HOT, raised=True)
    bench.firmware.set_fault(0, FaultKind.HOT, raised=True)
    bench.firmware.switching_off(0)
    assert [event.hex(" ") for event in bench.firmware.advance(0).events] == [
        "03 0d 0c 0b 0a 02",
        "05 0d 0c 0b 0a 01",
        "04 0d 0c 0b 0a 05 01",
        "05 0d 0c 0b 0a 03",
    ]
    assert bench.firmware.battery_percent == 14


def test_what_stands_is_told_to_a_new_listener() -> None:
    bench = Bench()
    bench.ask(SetLimit(1.0, 2.0, 0.0))
    bench.read(Raw(force=(20_000,), touching=True))
    bench.wait(0.5)
    bench.firmware.set_fault(bench.now_us, FaultKind.IMU, raised=True)
    assert [decode_event(event) for event in bench.firmware.standing_events(bench.now_us)] == [
        ContactEvent(500_000, touching=True),
        LimitEvent(500_000, LimitLevel.STOP, 20_000),
        FaultEvent(500_000, FaultKind.SATURATED, raised=True),
        FaultEvent(500_000, FaultKind.IMU, raised=True),
    ]
    assert bench.firmware.advance(bench.now_us).events == ()


def test_what_a_tool_cannot_know_is_not_told() -> None:
    bench = Bench(replace(ROLLER, features=Features.ACCELEROMETER))
    assert bench.firmware.standing_events(0) == ()
    bench.firmware.switching_off(0)
    assert bench.firmware.advance(0).events == (bytes(PowerEvent(0, PowerState.SWITCHING_OFF)),)
    bench.firmware.press_button(0)
    assert bench.firmware.advance(0).events == (bytes(ButtonEvent(0, 1)),)
