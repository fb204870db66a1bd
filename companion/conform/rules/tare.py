"""Rules of section "Tool Control Point", tare: in air and still, and what it outlives."""

import asyncio
from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import result_of
from companion.conform.person import Action
from companion.conform.rule import Rule, Severity
from companion.conform.shifting import full_scale, mean_force, shift, tare
from companion.conform.verdict import expect
from protocols.massage_tool import Result, Tare, Tared

_SHARE: Final = 0.02
"""Of full scale: what is left after a tare, and what we shift by, is told apart by half of it."""
_SHORTEST_S: Final = 0.45


async def _answer(bench: Bench) -> None:
    answer = await bench.ask(Tare())
    result_of(answer, Tare(), Result.SUCCESS)
    count = len(answer.values.offset_counts) if isinstance(answer.values, Tared) else 0
    expect(
        count == bench.feature.force_channels,
        "conform.seen.tare_channels",
        count=count,
        channels=bench.feature.force_channels,
    )


async def _duration(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    await tare(bench)
    lasted_s = loop.time() - began_at
    expect(lasted_s >= _SHORTEST_S, "conform.seen.tare_short", seconds=f"{lasted_s:.2f}")


async def _zero(bench: Bench) -> None:
    await tare(bench)
    await bench.start()
    mean = await mean_force(bench)
    allowed = _SHARE / 2 * full_scale(bench)
    expect(abs(mean) <= allowed, "conform.seen.not_at_zero", counts=round(mean))


async def _survives_link(bench: Bench) -> None:
    """Tare away a shift, lose the link, and see whether it is still away."""
    step = round(_SHARE * full_scale(bench))
    await shift(bench, step)
    try:
        await tare(bench)
        await bench.again()
        await bench.start()
        mean = await mean_force(bench)
        expect(abs(mean) <= step / 2, "conform.seen.tare_forgotten", counts=round(mean))
    finally:
        bench.is_zero = False
        await shift(bench, 0)


async def _loaded(bench: Bench) -> None:
    await tare(bench)
    await bench.start()
    before = await mean_force(bench)
    await bench.please(Action.PRESS)
    await _refused(bench)
    await bench.please(Action.HOLD_STILL)
    after = await mean_force(bench)
    allowed = _SHARE / 2 * full_scale(bench)
    expect(
        abs(after - before) <= allowed, "conform.seen.tare_changed", counts=round(after - before)
    )


async def _sign(bench: Bench) -> None:
    await bench.start()
    before = await mean_force(bench)
    await bench.please(Action.PRESS)
    rose = await mean_force(bench) - before
    await bench.please(Action.HOLD_STILL)
    expect(rose >= _SHARE * full_scale(bench), "conform.seen.force_sign", counts=round(rose))


async def _moving(bench: Bench) -> None:
    await bench.please(Action.SHAKE)
    await _refused(bench)
    await bench.please(Action.HOLD_STILL)


async def _refused(bench: Bench) -> None:
    result_of(await bench.ask(Tare()), Tare(), Result.OPERATION_FAILED)


TARE = (
    Rule(id="tare-answer", check=_answer, force=True),
    Rule(id="tare-duration", check=_duration, force=True, severity=Severity.SHOULD),
    Rule(id="tare-zero", check=_zero, force=True),
    Rule(id="tare-survives-link", check=_survives_link, force=True),
    Rule(id="force-sign", check=_sign, force=True, is_attended=True),
    Rule(id="tare-loaded", check=_loaded, force=True, is_attended=True),
    Rule(id="tare-moving", check=_moving, force=True, is_attended=True),
)
