"""Rules on the motor: it is weak and short, and only a person can tell."""

import asyncio
from typing import Final

from companion.conform.bench import Bench
from companion.conform.person import Question
from companion.conform.rule import Rule
from companion.conform.rules.limit import raised
from companion.conform.shifting import shift
from companion.conform.verdict import expect
from protocols.massage_tool import Features, Haptic, Identify, Pattern

_STRENGTH: Final = 30
_LONG_S: Final = 8.0
_LONGEST_S: Final = 10.0


async def _buzzes(bench: Bench) -> None:
    await bench.do(Haptic(Pattern.CONTINUOUS, _STRENGTH, _LONG_S))
    expect(await bench.sees(Question.BUZZES), "conform.seen.no_buzz")
    await bench.do(Haptic(Pattern.OFF, 0, 0.0))
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _stops_with_link(bench: Bench) -> None:
    await bench.do(Haptic(Pattern.CONTINUOUS, _STRENGTH, _LONG_S))
    await bench.in_air()
    await asyncio.sleep(0.5)
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _ends(bench: Bench) -> None:
    await bench.do(Haptic(Pattern.CONTINUOUS, _STRENGTH, 0.0))
    await asyncio.sleep(_LONGEST_S + 0.5)
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _shows_itself(bench: Bench) -> None:
    await bench.ask(Identify())
    expect(await bench.sees(Question.SHOWS_ITSELF), "conform.seen.not_shown")


async def _limit_away(bench: Bench) -> None:
    """The limit buzzes though the host is away, and what stands outlives the link."""
    await raised(bench)
    await bench.in_air()
    try:
        await asyncio.sleep(0.5)
        expect(await bench.sees(Question.BUZZES), "conform.seen.no_buzz")
    finally:
        await bench.ready()
        await shift(bench, 0)


HAPTICS = (
    Rule(id="haptic-buzzes", check=_buzzes, parts=Features.HAPTIC_MOTOR, is_attended=True),
    Rule(
        id="haptic-stops-with-link",
        check=_stops_with_link,
        parts=Features.HAPTIC_MOTOR,
        is_attended=True,
    ),
    Rule(id="haptic-ends", check=_ends, parts=Features.HAPTIC_MOTOR, is_attended=True),
    Rule(id="identify-shows", check=_shows_itself, is_attended=True),
    Rule(
        id="limit-buzzes-away",
        check=_limit_away,
        parts=Features.HAPTIC_MOTOR | Features.ON_TOOL_LIMIT,
        force=True,
        is_attended=True,
    ),
)
