"""Rules of section "Telemetry": one short run, judged from every side."""

import asyncio
import math
import statistics
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from companion.conform.bench import Bench
from companion.conform.frames import Frame, read_frame
from companion.conform.rule import Rule, Severity
from companion.conform.verdict import Broken, NotRun, expect
from protocols.massage_tool import NOT_KNOWN, Clock, Features, ReadClock
from protocols.massage_tool.telemetry import HEADER, Flags
from protocols.telemetry import STANDARD_GRAVITY_MPS2
from protocols.wrapping import nearest

_ATT_HEADER: Final = 3
_WRAP: Final = 1 << 32
_SHARE: Final = 0.05
_FRESH_US: Final = 50_000
_SLACK_US: Final = 1000
_CLOCK_SLACK_US: Final = 1_000_000
_G_SHARE: Final = 0.1
_TURNING_DPS: Final = 20.0
_RESERVED: Final = 0x80
_GROUPS: Final = (
    (Flags.ACCELERATION, Features.ACCELEROMETER, "acceleration"),
    (Flags.ANGULAR_VELOCITY, Features.GYROSCOPE, "angular velocity"),
    (Flags.WHEEL, Features.WHEEL, "wheel"),
)


async def _length(bench: Bench) -> None:
    values = (await bench.recording()).values
    expect(bool(values), "conform.seen.no_frames")
    for came in values:
        read_frame(came.value, bench.feature)


async def _fits(bench: Bench) -> None:
    room = bench.link.mtu - _ATT_HEADER
    if bench.pairs_by_itself and room <= HEADER.size + _ATT_HEADER:
        raise NotRun("conform.why.mtu")
    for frame in await _frames(bench):
        expect(
            len(frame.value) <= room, "conform.seen.frame_size", size=len(frame.value), room=room
        )


async def _groups(bench: Bench) -> None:
    has = bench.feature.features
    for flags in {frame.value[0] for frame in await _frames(bench)}:
        is_forced = bool(flags & Flags.FORCE)
        expect(is_forced is (bench.feature.force_channels > 0), "conform.seen.group", group="force")
        for flag, part, group in _GROUPS:
            expect(bool(flags & flag) is bool(has & part), "conform.seen.group", group=group)


async def _reserved(bench: Bench) -> None:
    for frame in await _frames(bench):
        bits = frame.value[0] & (_RESERVED | Flags.RESENT)
        expect(not bits, "conform.seen.flags", bits=f"0x{bits:02X}")


async def _count(bench: Bench) -> None:
    granted = (await bench.recording()).started.samples_per_frame
    for frame in await _frames(bench):
        count = len(frame.telemetry.samples)
        expect(count == granted, "conform.seen.count", count=count, granted=granted)


async def _numbers(bench: Bench) -> None:
    for before, after in pairwise(await _frames(bench)):
        missing = nearest(after.telemetry.first_sample - before.after)
        expect(missing >= 0, "conform.seen.number_back", number=after.telemetry.first_sample)
        expect(missing == 0, "conform.seen.missing", count=missing, number=before.after % _WRAP)


async def _timestamps(bench: Bench) -> None:
    for before, after in pairwise(await _frames(bench)):
        one, other = before.telemetry, after.telemetry
        told_us = nearest(other.timestamp_us - one.timestamp_us)
        samples = nearest(other.first_sample - one.first_sample)
        due_us = samples * one.interval_us
        expect(
            abs(told_us - due_us) <= _SLACK_US + _SHARE * abs(due_us),
            "conform.seen.timestamp",
            told=told_us,
            due=due_us,
        )


async def _interval(bench: Bench) -> None:
    rate_hz = (await bench.recording()).started.rate_hz
    due_us = round(1e6 / rate_hz)
    for frame in await _frames(bench):
        told_us = frame.telemetry.interval_us
        fits = abs(told_us - due_us) <= 1 + due_us // 100
        expect(fits, "conform.seen.interval_us", told=told_us, due=due_us, rate=rate_hz)


async def _rate(bench: Bench) -> None:
    frames = await _frames(bench)
    rate_hz = (await bench.recording()).started.rate_hz
    if len(frames) < 3:  # noqa: PLR2004 -- two gaps are the least to speak of a rate
        raise Broken("conform.seen.no_frames")
    passed_s = frames[-1].at - frames[0].at
    came = sum(len(frame.telemetry.samples) for frame in frames[1:])
    real_hz = came / passed_s if passed_s else math.inf
    fits = abs(real_hz - rate_hz) <= _SHARE * rate_hz
    expect(fits, "conform.seen.rate", real=f"{real_hz:.1f}", granted=rate_hz)


async def _announced(bench: Bench) -> None:
    started = (await bench.recording()).started
    first = (await _frames(bench))[0].telemetry
    expect(
        (first.first_sample, first.timestamp_us) == (started.first_sample, started.timestamp_us),
        "conform.seen.announced",
        number=first.first_sample,
        promised=started.first_sample,
        timestamp=first.timestamp_us,
        time=started.timestamp_us,
    )


async def _from_zero(bench: Bench) -> None:
    number = (await bench.recording()).started.first_sample
    expect(number == 0, "conform.seen.not_zero", number=number)


async def _fresh(bench: Bench) -> None:
    started = (await bench.recording()).started
    age_us = (started.samples_per_frame - 1) * 1_000_000 // started.rate_hz
    expect(age_us < _FRESH_US, "conform.seen.stale", milliseconds=age_us // 1000)


async def _fewer(bench: Bench) -> None:
    started = await bench.start(samples=0xFF)
    room = bench.link.mtu - _ATT_HEADER
    frames = await bench.stream(0.2 + 2.5 * started.samples_per_frame / started.rate_hz)
    size = max(len(frame.value) for frame in frames)
    # A platform may not tell the MTU.
    fits = size <= room or bench.pairs_by_itself
    expect(fits, "conform.seen.frame_size", size=size, room=room)
    counts = {len(frame.telemetry.samples) for frame in frames}
    granted = started.samples_per_frame
    expect(counts == {granted}, "conform.seen.count", count=max(counts), granted=granted)


async def _clock(bench: Bench) -> None:
    await bench.start()
    frame = (await bench.stream(0.3))[-1]
    clock = await bench.get(ReadClock(), Clock)
    ahead_us = nearest(clock.timestamp_us - frame.telemetry.timestamp_us)
    fits = 0 <= ahead_us <= _CLOCK_SLACK_US
    expect(fits, "conform.seen.clocks", ahead=ahead_us)


async def _rest(bench: Bench) -> None:
    unit = bench.feature.acceleration_resolution_mps2 or 0.0
    lengths = [math.hypot(*accel) * unit for accel in _vectors(await _frames(bench), "accel")]
    if not lengths:
        raise Broken("conform.seen.unknown_values")
    mean = statistics.fmean(lengths)
    fits = abs(mean - STANDARD_GRAVITY_MPS2) <= _G_SHARE * STANDARD_GRAVITY_MPS2
    expect(fits, "conform.seen.gravity", mps2=f"{mean:.2f}")


async def _turning(bench: Bench) -> None:
    unit = math.degrees(bench.feature.angular_velocity_resolution_radps or 0.0)
    speeds = [math.hypot(*gyro) * unit for gyro in _vectors(await _frames(bench), "gyro")]
    if not speeds:
        raise Broken("conform.seen.unknown_values")
    mean = statistics.fmean(speeds)
    expect(mean <= _TURNING_DPS, "conform.seen.turning", dps=f"{mean:.1f}")


async def _untouched(bench: Bench) -> None:
    touching = any(frame.telemetry.touching for frame in await _frames(bench))
    expect(not touching, "conform.seen.touching")


async def _frames(bench: Bench) -> list[Frame]:
    return bench.decoded((await bench.recording()).values)


def _vectors(frames: list[Frame], group: str) -> Iterator[tuple[int, int, int]]:
    for frame in frames:
        for sample in frame.telemetry.samples:
            vector: tuple[int, int, int] | None = getattr(sample, group)
            if vector is not None and NOT_KNOWN not in vector:
                yield vector


async def pause() -> None:
    """Wait until nothing of an ended run can be on its way any more."""
    await asyncio.sleep(0.5)


TELEMETRY = (
    Rule(id="frame-length", check=_length),
    Rule(id="frame-fits", check=_fits),
    Rule(id="frame-groups", check=_groups),
    Rule(id="frame-reserved", check=_reserved),
    Rule(id="frame-count", check=_count),
    Rule(id="frame-numbers", check=_numbers),
    Rule(id="frame-timestamps", check=_timestamps),
    Rule(id="frame-interval", check=_interval),
    Rule(id="frame-rate", check=_rate),
    Rule(id="start-announces", check=_announced),
    Rule(id="start-from-zero", check=_from_zero),
    Rule(id="start-fresh", check=_fresh),
    Rule(id="start-fewer", check=_fewer),
    Rule(id="clocks-agree", check=_clock),
    Rule(id="gravity", check=_rest, parts=Features.ACCELEROMETER),
    Rule(id="turning", check=_turning, parts=Features.GYROSCOPE, severity=Severity.SHOULD),
    Rule(
        id="untouched",
        check=_untouched,
        parts=Features.OWN_TOUCH_VERDICT,
        severity=Severity.SHOULD,
    ),
)
