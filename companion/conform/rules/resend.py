"""Rules of section "Telemetry", Loss: samples given again on request."""

import asyncio
from itertools import pairwise
from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import result_of
from companion.conform.frames import Frame
from companion.conform.rule import Rule
from companion.conform.verdict import Broken, NotRun, expect
from protocols.massage_tool import Features, RawSample, Resend, Resending, Result

_WANTED: Final = 40
_MOST: Final = 0xFFFF
_STREAM_S: Final = 1.0
_ENOUGH_S: Final = 0.4
_LATE_S: Final = 0.5
_LONGEST_S: Final = 30.0
_BUSY_SAMPLES: Final = 500
"""Enough that sending them again takes longer than the next request needs."""
_MOST_WAIT_S: Final = 3.0
_FUTURE: Final = 1_000_000


async def _same(bench: Bench) -> None:
    """Ask for samples that came, and compare them with what came."""
    await bench.start()
    live = _samples(await bench.stream(_STREAM_S))
    first = min(live)
    answer, frames = await _resent(bench, Resend(first, _WANTED))
    expect(
        (answer.first_sample, answer.count) == (first, _WANTED),
        "conform.seen.resend_answer",
        first=answer.first_sample,
        count=answer.count,
        wanted=f"{first}, {_WANTED}",
    )
    again = _samples(frames)
    wanted = set(range(first, first + _WANTED))
    expect(set(again) == wanted, "conform.seen.resent_numbers", count=len(again), wanted=_WANTED)
    for number in wanted & set(live):
        expect(again[number] == live[number], "conform.seen.resent_other", number=number)


async def _nothing(bench: Bench) -> None:
    await bench.start()
    await bench.stream(_STREAM_S / 2)
    answer, frames = await _resent(bench, Resend(_FUTURE, _WANTED))
    expect(answer.count == 0, "conform.seen.resend_invented", count=answer.count)
    expect(not frames, "conform.seen.resend_invented", count=len(frames))


async def _part(bench: Bench) -> None:
    """Ask for more than there can be: what is told to follow must follow."""
    await bench.start()
    newest = (await bench.stream(_STREAM_S))[-1].after
    answer, frames = await _resent(bench, Resend(0, _MOST))
    last = answer.first_sample + answer.count
    # What the link carried by then may be a frame or two ahead of what came here.
    expect(
        0 < answer.count <= newest + bench.feature.maximum_rate_hz,
        "conform.seen.resend_answer",
        first=answer.first_sample,
        count=answer.count,
        wanted=f"0, {newest}",
    )
    again = set(_samples(frames))
    wanted = set(range(answer.first_sample, last))
    expect(again == wanted, "conform.seen.resent_numbers", count=len(again), wanted=len(wanted))


async def _gap(bench: Bench) -> None:
    """Lose the link, come back, and ask for what was missed."""
    await bench.start()
    last = (await bench.stream(_STREAM_S / 2))[-1].after
    await bench.again()
    started = await bench.start()
    if started.first_sample <= last:
        raise NotRun("conform.why.not_resumed")
    missed = min(started.first_sample - last, _MOST)
    answer, frames = await _resent(bench, Resend(last, missed))
    kept = min(missed, bench.feature.resend_depth)
    again = set(_samples(frames))
    expect(
        answer.count >= kept and len(again) == answer.count,
        "conform.seen.resent_numbers",
        count=len(again),
        wanted=kept,
    )


async def _busy(bench: Bench) -> None:
    """Ask for a second resend while the first is running."""
    started = await bench.start(bench.feature.maximum_rate_hz)
    await bench.stream(min(_MOST_WAIT_S, _BUSY_SAMPLES / started.rate_hz))
    request = Resend(0, _MOST)
    first = await bench.get(request, Resending)
    answer = await bench.ask(request)
    came = sum(len(frame.telemetry.samples) for frame in _only_resent(bench))
    if answer.result == Result.SUCCESS and came >= first.count:
        raise NotRun("conform.why.resend_over")
    result_of(answer, request, Result.BUSY)


async def _live_first(bench: Bench) -> None:
    """Live frames go on, in order and in time, while samples are sent again."""
    started = await bench.start()
    newest = (await bench.stream(_STREAM_S))[-1]
    _, frames = await _resent(bench, Resend(0, _MOST), keep_live=True)
    live = [frame for frame in frames if not frame.telemetry.resent]
    expect(bool(live), "conform.seen.no_live")
    for before, after in pairwise([newest, *live]):
        missing = after.telemetry.first_sample - before.after
        expect(missing == 0, "conform.seen.live_missing", count=missing)
        waited_s = after.at - before.at
        allowed_s = len(after.telemetry.samples) / started.rate_hz + _LATE_S
        expect(waited_s <= allowed_s, "conform.seen.live_late", seconds=f"{waited_s:.2f}")


async def _depth(bench: Bench) -> None:
    """Let the buffer fill, and see whether it holds what the tool says."""
    depth = bench.feature.resend_depth
    started = await bench.start(bench.feature.maximum_rate_hz)
    wait_s = depth / started.rate_hz + 1.0
    if wait_s > 3 * _LONGEST_S:
        raise NotRun("conform.why.deep", seconds=round(wait_s))
    newest = (await bench.stream(wait_s))[-1].after
    request = Resend(max(0, newest - depth), min(depth, _MOST))
    answer = await bench.get(request, Resending)
    # Samples taken while the request travelled have pushed as many out.
    lost = started.rate_hz // 2
    expect(
        answer.count >= request.count - lost, "conform.seen.depth", count=answer.count, told=depth
    )


async def _resent(
    bench: Bench, request: Resend, *, keep_live: bool = False
) -> tuple[Resending, list[Frame]]:
    """Return the answer and the frames that came for it (with the live ones, where asked)."""
    bench.frames = []
    answer = await bench.get(request, Resending)
    loop = asyncio.get_running_loop()
    until = loop.time() + _LONGEST_S
    resent = _only_resent(bench)
    while loop.time() < until:
        before = len(resent)
        await asyncio.sleep(_ENOUGH_S)
        resent = _only_resent(bench)
        if len(resent) == before:
            break
    else:
        raise Broken("conform.seen.resend_endless")
    return answer, bench.readable(bench.frames) if keep_live else resent


def _only_resent(bench: Bench) -> list[Frame]:
    return [frame for frame in bench.readable(bench.frames) if frame.telemetry.resent]


def _samples(frames: list[Frame]) -> dict[int, tuple[int, RawSample]]:
    """Return timestamp and content of each sample by its number."""
    return {
        frame.telemetry.first_sample + place: (
            frame.telemetry.timestamp_us + place * frame.telemetry.interval_us,
            sample,
        )
        for frame in frames
        for place, sample in enumerate(frame.telemetry.samples)
    }


_BUFFER: Final = Features.RESEND_BUFFER
RESEND = (
    Rule(id="resend-same", check=_same, parts=_BUFFER),
    Rule(id="resend-nothing", check=_nothing, parts=_BUFFER),
    Rule(id="resend-part", check=_part, parts=_BUFFER),
    Rule(id="resend-gap", check=_gap, parts=_BUFFER),
    Rule(id="resend-live-first", check=_live_first, parts=_BUFFER),
    Rule(id="resend-busy", check=_busy, parts=_BUFFER),
    Rule(id="resend-depth", check=_depth, parts=_BUFFER, is_slow=True),
)
