"""Rules of section "Telemetry", Runs: what begins, ends, outlives a lost link, and resumes."""

import asyncio
from typing import Final

from companion.conform.bench import Bench
from companion.conform.rule import Rule
from companion.conform.rules.telemetry import pause
from companion.conform.verdict import NotRun, expect
from protocols.massage_tool import Started, Stop
from protocols.massage_tool.requests import LOWEST_RATE_HZ

_OUTLIVES_S: Final = 60.0
_AWAY_S: Final = 1.0
_SHARE: Final = 0.1
_WRAP: Final = 1 << 32


async def _stop_ends(bench: Bench) -> None:
    await bench.start()
    await bench.stream(0.3)
    await bench.do(Stop())
    await pause()
    bench.frames = []
    await pause()
    expect(not bench.frames, "conform.seen.frames_after_stop", count=len(bench.frames))


async def _anew(bench: Bench) -> None:
    await bench.start()
    await bench.stream(0.3)
    await bench.do(Stop())
    started = await bench.start()
    expect(started.first_sample == 0, "conform.seen.not_zero", number=started.first_sample)


async def _resume(bench: Bench) -> None:
    before, after, passed_s = await _interrupted(bench)
    samples = after.first_sample - before.first_sample
    due = passed_s * before.rate_hz
    expect(after.first_sample != 0, "conform.seen.not_resumed")
    expect(
        abs(samples - due) <= 2 + _SHARE * due, "conform.seen.resumed", told=samples, due=round(due)
    )
    told_s = (after.timestamp_us - before.timestamp_us) % _WRAP / 1e6
    due_s = samples / before.rate_hz
    fits = abs(told_s - due_s) <= _SHARE * due_s
    expect(fits, "conform.seen.resumed_clock", told=f"{told_s:.3f}", due=f"{due_s:.3f}")
    first = (await bench.stream(0.3))[0].telemetry.first_sample
    is_live = first >= after.first_sample
    expect(is_live, "conform.seen.number_back", number=first)


async def _interrupted(bench: Bench) -> tuple[Started, Started, float]:
    """Return two answers of ``start`` with a lost link between, and the time between them."""
    loop = asyncio.get_running_loop()
    await bench.do(Stop())
    before, began_at = await bench.start(), loop.time()
    await bench.stream(0.3)
    await bench.in_air()
    await asyncio.sleep(_AWAY_S)
    await bench.ready()
    after = await bench.start()
    return before, after, loop.time() - began_at


async def _other_rate(bench: Bench) -> None:
    """Come back and ask for the slowest rate, which is another, if the tool has two."""
    usual = await bench.start()
    await bench.stream(0.3)
    await bench.again()
    other = await bench.start(LOWEST_RATE_HZ)
    if other.rate_hz == usual.rate_hz:
        raise NotRun("conform.why.one_rate")
    expect(other.first_sample == 0, "conform.seen.not_zero", number=other.first_sample)


async def _expires(bench: Bench) -> None:
    await bench.start()
    await bench.stream(0.3)
    await bench.in_air()
    await asyncio.sleep(_OUTLIVES_S + 1.0)
    await bench.ready()
    started = await bench.start()
    expect(started.first_sample == 0, "conform.seen.not_zero", number=started.first_sample)


async def _outlives(bench: Bench) -> None:
    await bench.start()
    await bench.stream(0.3)
    await bench.in_air()
    await asyncio.sleep(_OUTLIVES_S - 8.0)
    await bench.ready()
    started = await bench.start()
    expect(started.first_sample != 0, "conform.seen.not_resumed")


RUNS = (
    Rule(id="stop-ends", check=_stop_ends),
    Rule(id="start-anew", check=_anew),
    Rule(id="resume", check=_resume),
    Rule(id="resume-other-rate", check=_other_rate),
    Rule(id="run-outlives-link", check=_outlives, is_slow=True),
    Rule(id="run-expires", check=_expires, is_slow=True),
)
