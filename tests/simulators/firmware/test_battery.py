"""Battery, alerts and measurements of the firmware, on a given clock."""

import pytest

from protocols.massage_tool import NOT_KNOWN, Pattern, PowerEvent, PowerState
from simulators.firmware import Calibrated, Firmware, Measurement, Reason
from simulators.firmware.battery import Battery
from tests.simulators.firmware.scripted import Bench, Raw, ScriptedBody, ScriptedTool

HOUR_US = 3_600_000_000


def test_a_percent_is_told_when_it_is_gone_and_0_only_at_the_end() -> None:
    battery = Battery(2, 100.0)
    battery.advance(1_000)
    assert battery.next_us() == 1_000 + HOUR_US // 100
    battery.advance(1_000 + HOUR_US // 100 - 1)
    assert battery.percent == 2
    battery.advance(1_000 + HOUR_US // 100)
    assert battery.percent == 1
    battery.advance(1_000 + 2 * HOUR_US)
    assert (battery.percent, battery.next_us()) == (0, None)


def test_low_is_said_once_on_the_way_down() -> None:
    battery = Battery(16, 0.0)
    assert [battery.set(percent) for percent in (15.5, 15, 14, 20, 15)] == [
        False,
        True,
        False,
        False,
        True,
    ]
    assert battery.set(-5) is False
    assert battery.percent == 0


def test_the_firmware_wakes_for_its_battery_and_tells() -> None:
    body = ScriptedBody()
    firmware = Firmware(ScriptedTool(battery_percent=16), body, drain_percent_per_hour=3600.0)
    firmware.advance(0)
    assert firmware.next_us() == 1_000_000
    (event,) = firmware.advance(1_000_000).events
    assert event == bytes(PowerEvent(1_000_000, PowerState.LOW))
    assert firmware.battery_percent == 15
    firmware.plug(1_000_000, is_plugged=True)
    assert firmware.next_us() is None
    (event,) = firmware.advance(60_000_000).events
    assert event == bytes(PowerEvent(1_000_000, PowerState.CHARGING))
    assert firmware.battery_percent == 15


def test_an_alert_is_mild_or_high_and_nothing_else() -> None:
    bench = Bench()
    bench.firmware.alert(0, 1)
    bench.firmware.alert(1_000_000, 2)
    bench.firmware.alert(3_000_000, 0)
    with pytest.raises(ValueError, match="3"):
        bench.firmware.alert(3_000_000, 3)
    assert [
        (buzz.why, buzz.pattern, buzz.strength_percent, buzz.start_us, buzz.end_us)
        for buzz in bench.firmware.buzzes
    ] == [
        (Reason.ALERT, Pattern.CONTINUOUS, 50, 0, 1_000_000),
        (Reason.ALERT, Pattern.CONTINUOUS, 100, 1_000_000, 3_000_000),
    ]


def test_a_measurement_is_of_the_last_sample_or_not_known() -> None:
    firmware = Firmware(ScriptedTool(), ScriptedBody(lambda _us: Raw((2500,), gyro=(600, 800, 0))))
    assert firmware.measurement(0) == Measurement(None, None)
    firmware.connected(0)
    measured = firmware.measurement(50_000)
    assert measured.force_n == pytest.approx(2.5)
    assert measured.turning_dps == pytest.approx(61.0)
    unknown = Firmware(
        ScriptedTool(), ScriptedBody(lambda _us: Raw((NOT_KNOWN,), gyro=(NOT_KNOWN, 0, 0)))
    )
    unknown.connected(0)
    assert unknown.measurement(50_000) == Measurement(None, None)


def test_a_calibration_of_another_tool_is_not_taken_over() -> None:
    firmware = Firmware(ScriptedTool(), ScriptedBody())
    with pytest.raises(ValueError, match="2 force channels"):
        firmware.restore_calibration([Calibrated(1, 1), Calibrated(2, 2)])
    assert firmware.calibration == (Calibrated(1_000_000, 0),)
    firmware.restore_calibration([Calibrated(1_100_000, 7)])
    assert firmware.calibration == (Calibrated(1_100_000, 7),)
