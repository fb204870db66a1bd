"""Rules of section "Tool Control Point", the on-tool limit: levels, times, lifetimes."""

from collections.abc import Sequence
from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import packed, result_of
from companion.conform.rule import Rule
from companion.conform.shifting import full_scale, newtons, shift, zero
from companion.conform.verdict import Broken, expect
from protocols.massage_tool import (
    Clock,
    Features,
    LimitEvent,
    LimitLevel,
    ReadClock,
    Result,
    SetLimit,
    ToolEvent,
)
from protocols.wrapping import nearest

_CAUTION: Final = 0.10
_STOP: Final = 0.20
"""Limits as shares of full scale."""
_OVER_CAUTION: Final = 0.15
_OVER_STOP: Final = 0.30
_NEAR: Final = 0.098
"""Between 95 and 100 % of the caution limit."""
_DELAY_S: Final = 0.3
_CLEARING_S: Final = 0.2
_SLACK_S: Final = 0.15
_EARLY_S: Final = 0.05
_WAIT_S: Final = 2.0
_QUIET_S: Final = 0.6
_ON_ITS_WAY_S: Final = 0.1
_WRAP: Final = 1 << 32


async def _caution(bench: Bench) -> None:
    await _armed(bench)
    await shift(bench, _counts(bench, _OVER_CAUTION))
    await expect_level(bench, LimitLevel.CAUTION)


async def _stop(bench: Bench) -> None:
    await _armed(bench)
    await shift(bench, _counts(bench, _OVER_STOP))
    while (event := await _next_level(bench, LimitLevel.STOP)).level != LimitLevel.STOP:
        expect(event.level == LimitLevel.CAUTION, "conform.seen.limit_level", level=event.level)


async def _delay(bench: Bench) -> None:
    await _armed(bench)
    before = await bench.get(ReadClock(), Clock)
    await shift(bench, _counts(bench, _OVER_CAUTION))
    after = await bench.get(ReadClock(), Clock)
    event = await _next_level(bench, LimitLevel.CAUTION)
    _expect_between(event, before, after, _DELAY_S)


async def _clears(bench: Bench) -> None:
    await raised(bench)
    before = await bench.get(ReadClock(), Clock)
    await shift(bench, 0)
    after = await bench.get(ReadClock(), Clock)
    event = await expect_level(bench, LimitLevel.CLEARED)
    _expect_between(event, before, after, _CLEARING_S)


async def _stays(bench: Bench) -> None:
    """Above 95 % of the limit nothing clears."""
    await raised(bench)
    await shift(bench, _counts(bench, _NEAR))
    events = limit_events(await bench.events_within(_QUIET_S))
    expect(not events, "conform.seen.limit_cleared_early")


async def _short(bench: Bench) -> None:
    """A force that is gone before the on-delay is over raises nothing."""
    await _armed(bench, delay_s=3 * _DELAY_S)
    await shift(bench, _counts(bench, _OVER_STOP))
    await shift(bench, 0)
    events = limit_events(await bench.events_within(4 * _DELAY_S))
    expect(not events, "conform.seen.limit_unasked", count=len(events))


async def _off(bench: Bench) -> None:
    await _armed(bench)
    await bench.do(SetLimit(0.0, 0.0, 0.0))
    await shift(bench, _counts(bench, _OVER_STOP))
    events = limit_events(await bench.events_within(_QUIET_S + _DELAY_S))
    expect(not events, "conform.seen.limit_unasked", count=len(events))


async def _level_off(bench: Bench) -> None:
    """A level of 0 is off, the other one is not."""
    await _armed(bench, stop=0.0)
    await shift(bench, _counts(bench, _OVER_STOP))
    await expect_level(bench, LimitLevel.CAUTION)
    more = limit_events(await bench.events_within(_QUIET_S))
    expect(not more, "conform.seen.limit_unasked", count=len(more))


async def _refusal(bench: Bench) -> None:
    """A refused limit leaves the one before in force."""
    await _armed(bench)
    top = 0xFFFF
    value = packed(SetLimit, top, top - 1, 0xFFFF)
    result_of(await bench.ask(value), value, Result.INVALID_PARAMETER)
    await shift(bench, _counts(bench, _OVER_CAUTION))
    await expect_level(bench, LimitLevel.CAUTION)


async def _survives_link(bench: Bench) -> None:
    await _armed(bench)
    await bench.again()
    await bench.events_within(_SLACK_S)
    await shift(bench, _counts(bench, _OVER_CAUTION))
    await expect_level(bench, LimitLevel.CAUTION)


async def _standing(bench: Bench) -> None:
    """What stands is told when Tool Event is switched on after a lost link."""
    await raised(bench)
    await bench.again()
    levels = [event.level for event in limit_events(await bench.events_within(_QUIET_S))]
    expect(LimitLevel.CAUTION in levels, "conform.seen.not_standing", level=_told(levels))


async def raised(bench: Bench) -> None:
    """Let the caution level stand."""
    await _caution(bench)


async def _armed(bench: Bench, *, stop: float = _STOP, delay_s: float = _DELAY_S) -> None:
    await zero(bench)
    # The end of what a rule before has raised may still be on its way.
    await bench.events_within(_ON_ITS_WAY_S)
    await bench.do(SetLimit(_newtons(bench, _CAUTION), _newtons(bench, stop), delay_s))
    await bench.events_within(0.0)


async def expect_level(bench: Bench, level: LimitLevel) -> LimitEvent:
    """Wait for the next limit event, which must be of a level.

    Raises:
        Broken: there is none, or it is of another.
    """
    event = await _next_level(bench, level)
    expect(event.level == level, "conform.seen.limit_level", level=event.level)
    return event


async def _next_level(bench: Bench, level: LimitLevel) -> LimitEvent:
    event = await bench.event(LimitEvent, _WAIT_S)
    if not isinstance(event, LimitEvent):
        raise Broken("conform.seen.no_limit", level=level.name.lower())
    return event


def _expect_between(event: LimitEvent, before: Clock, after: Clock, delay_s: float) -> None:
    """Compare an event's time with a delay that began between two readings of the clock."""
    earliest_s = (event.device_us - before.timestamp_us) % _WRAP / 1e6
    latest_s = nearest(event.device_us - after.timestamp_us) / 1e6
    expect(
        earliest_s >= delay_s - _EARLY_S and latest_s <= delay_s + _SLACK_S,
        "conform.seen.limit_delay",
        seconds=f"{earliest_s:.2f}",
        due=f"{delay_s:.2f}",
    )


def limit_events(events: Sequence[ToolEvent]) -> list[LimitEvent]:
    """Return what was told of the limit."""
    return [event for event in events if isinstance(event, LimitEvent)]


def _told(levels: Sequence[int]) -> str:
    return ", ".join(str(int(level)) for level in levels) or "-"


def _counts(bench: Bench, share: float) -> int:
    return round(share * full_scale(bench))


def _newtons(bench: Bench, share: float) -> float:
    return newtons(bench, share * full_scale(bench))


def _rules() -> tuple[Rule, ...]:
    checks = {
        "limit-caution": _caution,
        "limit-stop": _stop,
        "limit-delay": _delay,
        "limit-short": _short,
        "limit-clears": _clears,
        "limit-stays": _stays,
        "limit-off": _off,
        "limit-level-off": _level_off,
        "limit-refusal": _refusal,
        "limit-survives-link": _survives_link,
        "limit-standing": _standing,
    }
    return tuple(
        Rule(id=name, check=check, parts=Features.ON_TOOL_LIMIT, force=True)
        for name, check in checks.items()
    )


LIMIT = _rules()
