"""Each op of the control point: right, short, long, out of range, and without the part."""

from dataclasses import replace

import pytest

from protocols.massage_tool import (
    Answer,
    Calibration,
    Channel,
    Clock,
    Features,
    Haptic,
    Identify,
    Op,
    Pattern,
    ReadCalibration,
    ReadChannel,
    ReadClock,
    Resend,
    Resending,
    Result,
    SetCalibration,
    SetLimit,
    Start,
    Started,
    Stop,
    Tare,
    Tared,
)
from simulators.firmware import Reason
from tests.simulators.firmware.scripted import ALL_PARTS, ROLLER, Bench, Raw


def test_start_is_answered_with_what_is_granted_byte_for_byte() -> None:
    bench = Bench(rates=(52, 104, 208), clock_start_us=0x01020304 - 9615)
    answer = bench.firmware.request(bytes.fromhex("01 64 00 00"), 0, mtu=247, telemetry_on=True)
    assert answer == bytes.fromhex("80 01 01 68 00 06 04 03 02 01 00 00 00 00")


RIGHT = {
    Op.START: "01 64 00 00",
    Op.STOP: "02",
    Op.TARE: "03",
    Op.SET_LIMIT: "04 e8 03 d0 07 14 00",
    Op.HAPTIC: "05 01 64 c8 00",
    Op.READ_CLOCK: "06",
    Op.RESEND: "07 00 00 00 00 01 00",
    Op.IDENTIFY: "08",
    Op.SET_CALIBRATION: "09 00 40 42 0f 00 0a 00",
    Op.READ_CALIBRATION: "0a 00",
    Op.READ_CHANNEL: "0b 00",
}


@pytest.mark.parametrize("op", Op)
def test_every_op_works(op: Op) -> None:
    assert Bench().ask(bytes.fromhex(RIGHT[op])).result is Result.SUCCESS


WRONG_LENGTHS = [value + " 00" for value in RIGHT.values()] + [
    value[:-3] for value in RIGHT.values() if len(value) > 2
]


@pytest.mark.parametrize("value", WRONG_LENGTHS)
def test_a_wrong_length_is_an_invalid_parameter_and_changes_nothing(value: str) -> None:
    _assert_refused(bytes.fromhex(value), Result.INVALID_PARAMETER)


@pytest.mark.parametrize(
    "value",
    [
        "01 0f 00 00",  # 15 Hz
        "01 a1 01 00",  # 417 Hz of 416
        "04 d1 07 d0 07 14 00",  # caution above stop
        "05 04 64 c8 00",  # pattern 4
        "05 01 65 c8 00",  # 101 %
        "05 01 64 11 27",  # 10 001 ms
        "07 00 00 00 00 00 00",  # nothing to resend
        "09 01 40 42 0f 00 0a 00",  # channel 1 of 1
        "09 00 00 00 00 00 0a 00",  # gain 0
        "0a 01",
        "0b 01",
        "0b ff",
    ],
)
def test_out_of_range_is_an_invalid_parameter_and_changes_nothing(value: str) -> None:
    _assert_refused(bytes.fromhex(value), Result.INVALID_PARAMETER)


def _assert_refused(value: bytes, result: Result) -> None:
    bench = Bench()
    bench.ask(SetCalibration(0, 1.5, 7))
    bench.ask(SetLimit(1.0, 2.0, 0.02))
    bench.ask(Start(100))
    bench.ask(Haptic(Pattern.SINGLE, 50, 0))
    assert bench.ask(value) == Answer(value[0], result)
    assert bench.ask(ReadCalibration(0)).values == Calibration(1.5, 7)
    bench.wait(1)
    assert bench.frames[-1].first_sample == 95
    assert [buzz.why for buzz in bench.firmware.buzzes] == [Reason.HAPTIC]
    assert bench.firmware.buzzes[0].end_us is None
    bench.read(Raw(force=(3000,)))
    bench.wait(0.1)
    assert bench.firmware.buzzes[-1].why is Reason.LIMIT


@pytest.mark.parametrize("op", [0x00, 0x0C, 0x7F, 0x80, 0xFF])
def test_an_unknown_op_is_not_supported(op: int) -> None:
    assert Bench().ask(bytes([op, 1, 2])) == Answer(op, Result.OP_CODE_NOT_SUPPORTED)


def test_an_empty_request_is_refused() -> None:
    assert Bench().ask(b"") == Answer(0, Result.INVALID_PARAMETER)


@pytest.mark.parametrize(
    ("op", "part"),
    [
        (Op.SET_LIMIT, Features.ON_TOOL_LIMIT),
        (Op.HAPTIC, Features.HAPTIC_MOTOR),
        (Op.RESEND, Features.RESEND_BUFFER),
    ],
)
def test_a_part_that_the_tool_lacks_is_not_supported(op: Op, part: Features) -> None:
    bench = Bench(replace(ROLLER, features=ALL_PARTS & ~part))
    assert bench.ask(bytes.fromhex(RIGHT[op])) == Answer(op, Result.OP_CODE_NOT_SUPPORTED)


@pytest.mark.parametrize(
    "op", [Op.TARE, Op.SET_LIMIT, Op.SET_CALIBRATION, Op.READ_CALIBRATION, Op.READ_CHANNEL]
)
def test_a_tool_without_force_has_nothing_to_tare_or_calibrate(op: Op) -> None:
    bench = Bench(
        replace(ROLLER, force_channels=0, force_resolution_n=None, force_full_scale_n=None)
    )
    assert bench.ask(bytes.fromhex(RIGHT[op])) == Answer(op, Result.OP_CODE_NOT_SUPPORTED)


def test_start_and_resend_are_not_permitted_while_telemetry_is_off() -> None:
    bench = Bench()
    bench.telemetry_on = False
    assert bench.ask(Start(100)).result is Result.NOT_PERMITTED
    assert bench.ask(Resend(0, 1)).result is Result.NOT_PERMITTED
    bench.wait(1)
    assert bench.frames == []


def test_start_fails_where_not_one_sample_fits() -> None:
    bench = Bench(mtu=3 + 12 + 15)
    assert bench.ask(Start(100)).result is Result.OPERATION_FAILED
    bench.mtu += 1
    assert bench.ask(Start(100)).values == Started(100, 1, 10_000, 0)


@pytest.mark.parametrize(
    ("rate", "asked", "granted"),
    [(100, 0, 5), (100, 3, 3), (100, 200, 14), (416, 0, 14), (20, 0, 1), (16, 0, 1)],
)
def test_samples_per_frame(rate: int, asked: int, granted: int) -> None:
    """0: the oldest stays under 50 ms; 16-byte samples, so 14 fit into 244."""
    values = Bench().ask(Start(rate, asked)).values
    assert isinstance(values, Started)
    assert values.samples_per_frame == granted


@pytest.mark.parametrize(("asked", "granted"), [(16, 52), (100, 104), (104, 104), (300, 208)])
def test_the_granted_rate_is_what_the_sensors_do(asked: int, granted: int) -> None:
    values = Bench(rates=(52, 104, 208)).ask(Start(asked)).values
    assert isinstance(values, Started)
    assert values.rate_hz == granted


def test_read_clock_wraps_and_drifts() -> None:
    bench = Bench(clock_start_us=0xFFFFFFFF, drift_ppm=100)
    assert bench.ask(ReadClock()).values == Clock(0xFFFFFFFF)
    bench.wait(10)
    assert bench.ask(ReadClock()).values == Clock(10_001_000 - 1)


def test_calibration_is_kept_and_applied() -> None:
    bench = Bench()
    bench.read(Raw(force=(1000,)))
    assert bench.ask(ReadCalibration(0)).values == Calibration(1.0, 0)
    bench.ask(SetCalibration(0, 1.25, 200))
    assert bench.ask(ReadCalibration(0)).values == Calibration(1.25, 200)
    bench.ask(Start(100, 1))
    bench.wait(0.01)
    assert bench.frames[0].samples[0].force == (1000,)
    bench.firmware.restart(bench.now_us, clock_start_us=0)
    assert bench.ask(ReadCalibration(0)).values == Calibration(1.25, 200)


def test_read_channel_gives_what_the_maker_knows() -> None:
    assert Bench().ask(ReadChannel(0)).values == Channel(120e-6, 0.05)
    three = replace(ROLLER, force_channels=3)
    edge = Channel(40e-6, None)
    bench = Bench(three, channels=(edge,))
    assert bench.ask(ReadChannel(0)).values == edge
    assert bench.ask(bytes([0x0B, 2])).values == Channel(None, None)
    assert bench.ask(bytes([0x0B, 3])).result is Result.INVALID_PARAMETER


def test_tare_takes_half_a_second_and_with_a_run_it_begins_the_hand_once() -> None:
    bench = Bench()
    bench.read(Raw(force=(123,)))
    assert bench.ask(Tare()) == Answer(Op.TARE, Result.SUCCESS, Tared((123,)))
    assert bench.now_us == 500_000
    assert bench.body.begun_us == []
    bench.ask(Start(100, 1))
    assert bench.body.begun_us == [500_000]
    bench.ask(Tare())
    assert bench.body.begun_us == [500_000]
    bench.frames.clear()
    bench.wait(0.01)
    assert bench.frames[0].samples[0].force == (0,)


@pytest.mark.parametrize(
    "script",
    [
        lambda _us: Raw(force=(3000,)),
        lambda _us: Raw(force=(123,), touching=True),
        lambda us: Raw(force=(500 * (us // 10_000 % 2),)),
        lambda _us: Raw(gyro=(500, 0, 0)),
        lambda us: Raw(accel=(0, 800 * (us // 10_000 % 2), 4000)),
        lambda _us: Raw(wheel=1),
        lambda _us: Raw(force=(-32768,)),
    ],
    ids=["loaded", "touching", "shaken", "turning", "jolted", "rolling", "not known"],
)
def test_a_tare_that_is_not_in_air_and_still_fails_and_the_old_offset_stays(script: object) -> None:
    bench = Bench()
    bench.read(Raw(force=(50,)))
    bench.ask(Tare())
    bench.body.script = script  # type: ignore[assignment]  # one signature for all lambdas
    assert bench.ask(Tare()) == Answer(Op.TARE, Result.OPERATION_FAILED)
    bench.read(Raw(force=(60,)))
    bench.ask(Start(100, 1))
    bench.wait(0.01)
    assert bench.frames[0].samples[0].force == (10,)


def test_requests_during_a_tare_find_the_tool_busy() -> None:
    bench = Bench()
    assert bench.firmware.request(b"\x03", 0, mtu=247, telemetry_on=True) is None
    assert bench.ask(Identify()).result is Result.BUSY
    bench.wait(1)
    assert bench.answers == [Answer(Op.TARE, Result.SUCCESS, Tared((0,)))]


def test_a_lost_link_ends_a_tare() -> None:
    bench = Bench()
    bench.firmware.request(b"\x03", 0, mtu=247, telemetry_on=True)
    bench.wait(0.2)
    bench.lose_link()
    bench.wait(1)
    assert bench.answers == []
    assert bench.body.begun_us == []


def test_resend_without_a_run_gives_nothing() -> None:
    bench = Bench()
    assert bench.ask(Resend(5, 3)).values == Resending(5, 0)
    bench.ask(Start(100))
    bench.wait(1)
    bench.ask(Stop())
    assert bench.ask(Resend(5, 3)).values == Resending(5, 0)


def test_without_a_force_sensor_the_first_run_begins_the_hand() -> None:
    bench = Bench(
        replace(
            ROLLER,
            features=Features.ACCELEROMETER,
            force_channels=0,
            force_resolution_n=None,
            force_full_scale_n=None,
        )
    )
    bench.read(Raw(force=()))
    assert bench.ask(Tare()).result is Result.OP_CODE_NOT_SUPPORTED
    bench.wait(0.1)
    assert bench.body.begun_us == []
    bench.ask(Start(100, 1))
    bench.ask(Stop())
    bench.ask(Start(50, 1))
    assert bench.body.begun_us == [100_000]


def test_who_only_tares_and_leaves_does_not_begin_the_hand() -> None:
    bench = Bench()
    bench.ask(Tare())
    bench.lose_link()
    bench.reconnect()
    bench.ask(Start(100, 1))
    assert bench.body.begun_us == []
    bench.ask(Tare())
    assert bench.body.begun_us == [bench.now_us]
