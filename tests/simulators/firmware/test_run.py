"""Runs: bytes, numbers, lost links, resending, restarts."""

from dataclasses import replace
from itertools import pairwise

import pytest

from protocols.massage_tool import (
    Answer,
    Features,
    Op,
    RawTelemetry,
    Resend,
    Resending,
    Result,
    Start,
    Started,
    Stop,
    Tare,
)
from tests.simulators.firmware.scripted import ROLLER, Bench, Raw


def test_the_worked_bytes_of_the_profile() -> None:
    """Sample 300 at 1 000 000 us, in a run that begins before the clock wraps."""
    force_and_wheel = replace(ROLLER, features=Features.WHEEL | Features.RESEND_BUFFER)
    start_us = (1 << 32) - 3_000_000 + 1_000_000 - 10_000
    bench = Bench(force_and_wheel, clock_start_us=start_us)
    worked = {(1 << 32) + 1_000_000: (1250, 12), (1 << 32) + 1_010_000: (1275, -3)}

    def script(device_us: int) -> Raw:
        force, wheel = worked.get(device_us, (0, 0))
        return Raw(force=(force,), wheel=wheel)

    bench.body.script = script
    bench.ask(Start(100, 2))
    bench.wait(3.02)
    assert bench.values[-1] == bytes.fromhex(
        "09 02 10 27 40 42 0f 00 2c 01 00 00 e2 04 0c 00 fb 04 fd ff"
    )


def _numbers(frames: list[RawTelemetry]) -> list[int]:
    return [frame.first_sample + place for frame in frames for place in range(len(frame.samples))]


def test_samples_are_numbered_and_spaced_without_gaps() -> None:
    bench = Bench(drift_ppm=-50)
    bench.ask(Start(104))
    bench.wait(2)
    assert _numbers(bench.frames) == list(range(len(_numbers(bench.frames))))
    assert len(_numbers(bench.frames)) >= 200
    assert {frame.interval_us for frame in bench.frames} == {9615}
    for before, after in pairwise(bench.frames):
        assert after.timestamp_us - before.timestamp_us == 9615 * len(before.samples)


def test_each_frame_is_ready_when_its_last_sample_is_taken() -> None:
    bench = Bench()
    bench.ask(Start(100))
    assert bench.firmware.next_us() == 50_000
    assert bench.firmware.advance(49_999).frames == ()
    assert len(bench.firmware.advance(50_000).frames) == 1


def test_stop_ends_the_run_and_the_next_one_begins_at_0() -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    bench.ask(Stop())
    bench.frames.clear()
    bench.wait(1)
    assert bench.frames == []
    assert bench.ask(Start(100)).values == Started(100, 5, 2_010_000, 0)


def test_start_with_the_same_rate_after_a_lost_link_resumes() -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    bench.lose_link()
    bench.wait(59)
    assert len(bench.frames) == 20
    bench.reconnect()
    assert bench.ask(Start(100, 2)).values == Started(100, 2, 60_010_000, 6000)
    bench.wait(0.02)
    assert bench.frames[-1].first_sample == 6000
    assert bench.frames[-1].timestamp_us == 60_010_000


@pytest.mark.parametrize("why", ["60 s", "rate", "restart"])
def test_otherwise_start_begins_anew(why: str) -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    bench.lose_link()
    if why == "restart":
        bench.firmware.restart(bench.now_us, clock_start_us=123)
    bench.wait(60 if why == "60 s" else 1)
    bench.reconnect()
    values = bench.ask(Start(200 if why == "rate" else 100)).values
    assert isinstance(values, Started)
    assert values.first_sample == 0


def test_after_a_restart_the_clock_begins_anywhere_and_tare_is_gone() -> None:
    bench = Bench()
    bench.read(Raw(force=(100,)))
    bench.ask(Tare())
    bench.firmware.restart(bench.now_us, clock_start_us=77)
    bench.reconnect()
    assert bench.ask(Start(100, 1)).values == Started(100, 1, 10_077, 0)
    bench.wait(0.01)
    assert bench.frames[0].samples[0].force == (100,)
    assert bench.body.asked_us == sorted(bench.body.asked_us)


def test_tare_survives_a_lost_link() -> None:
    bench = Bench()
    bench.read(Raw(force=(100,)))
    bench.ask(Tare())
    bench.lose_link()
    bench.wait(120)
    bench.reconnect()
    bench.ask(Start(100, 1))
    bench.wait(0.01)
    assert bench.frames[0].samples[0].force == (0,)


def test_force_is_clipped_and_saturation_is_judged_on_the_raw_reading() -> None:
    bench = Bench()
    bench.ask(bytes.fromhex("09 00 80 84 1e 00 00 00"))  # gain 2
    for raw, sent, saturated in [
        (19_999, 32_767, False),
        (20_000, 32_767, True),
        (-20_000, -32_767, True),
        (100, 200, False),
    ]:
        bench.read(Raw(force=(raw,)))
        bench.ask(Start(100, 1))
        bench.wait(0.01)
        assert bench.frames[-1].samples[0].force == (sent,)
        assert bench.frames[-1].saturated is saturated


def test_not_known_stays_not_known() -> None:
    bench = Bench(replace(ROLLER, force_channels=2))
    bench.read(Raw(force=(-32768, 5), accel=(-32768, 1, 2), gyro=None, wheel=None))
    bench.ask(Start(100, 1))
    bench.wait(0.01)
    sample = bench.frames[0].samples[0]
    assert sample.force == (-32768, 5)
    assert sample.accel == (-32768, 1, 2)
    assert sample.gyro == (-32768, -32768, -32768)
    assert sample.wheel == -32768


def test_resend_gives_the_part_that_is_still_kept_with_its_own_numbers_and_times() -> None:
    bench = Bench(replace(ROLLER, resend_depth=50))
    bench.body.script = lambda us: Raw(force=(us // 10_000,))
    bench.ask(Start(100))
    bench.wait(1)
    assert bench.ask(Resend(40, 30)).values == Resending(50, 20)
    assert bench.firmware.is_resending
    frames = bench.resent()
    assert _numbers(frames) == list(range(50, 70))
    assert [len(frame.samples) for frame in frames] == [14, 6]
    assert all(frame.resent for frame in frames)
    assert [sample.force[0] for frame in frames for sample in frame.samples] == list(range(51, 71))
    assert frames[1].timestamp_us == 650_000
    assert not bench.firmware.is_resending


def test_resend_covers_a_lost_link() -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    bench.lose_link()
    bench.wait(2)
    bench.reconnect()
    bench.ask(Start(100))
    bench.wait(1)
    assert bench.ask(Resend(100, 200)).values == Resending(100, 200)
    assert _numbers(bench.resent()) == list(range(100, 300))


def test_a_resend_that_runs_refuses_another_and_ends_with_the_link() -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    bench.ask(Resend(0, 90))
    assert bench.ask(Resend(0, 1)) == Answer(Op.RESEND, Result.BUSY)
    assert bench.ask(Start(100)) == Answer(Op.START, Result.BUSY)
    bench.wait(0.5)
    assert bench.frames[-1].first_sample == 145
    bench.lose_link()
    assert bench.firmware.next_resent() is None


@pytest.mark.parametrize("first", [100, 5000, 0xFFFFFFF0])
def test_samples_that_never_were_are_not_resent(first: int) -> None:
    bench = Bench()
    bench.ask(Start(100))
    bench.wait(1)
    assert bench.ask(Resend(first, 10)).values == Resending(first, 0)


def test_results_do_not_depend_on_how_often_the_firmware_is_called() -> None:
    def script(us: int) -> Raw:
        return Raw(force=(us // 1000 % 777,), touching=us // 300_000 % 2 == 1)

    values = []
    for step_s in (0.003, 3.0):
        bench = Bench(drift_ppm=31)
        bench.body.script = script
        bench.ask(bytes.fromhex("04 2c 01 f4 01 14 00"))
        bench.ask(Start(100))
        for _ in range(round(3 / step_s)):
            bench.now_us += round(step_s * 1_000_000)
            bench.collect()
        values.append((bench.values, bench.events, bench.firmware.buzzes))
    assert values[0] == values[1]
    assert values[0][1]
