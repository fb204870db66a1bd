"""Rules on the services that a tool may have: Immediate Alert and Industrial Measurement."""

import asyncio
import itertools
from typing import Final

from companion.ble.probe import Offered
from companion.conform.bench import Bench
from companion.conform.person import Question
from companion.conform.rule import Need, Rule
from companion.conform.rules.security import refused
from companion.conform.verdict import NotRun, expect
from protocols.massage_tool import (
    ALERT_LEVEL,
    FORCE,
    INSUFFICIENT_AUTHENTICATION,
    ROTATIONAL_SPEED,
    Features,
)

_SIZE: Final = 4
_LISTEN_S: Final = 0.7
_WAY_S: Final = 0.3
_SHORTEST_S: Final = 0.1
_ALERT_S: Final = 10.0
_MILD: Final = b"\x01"
_OFF: Final = b"\x00"
_WRITES: Final = frozenset({"write", "write-without-response"})


def _find(bench: Bench, uuid: str) -> Offered:
    for one in bench.link.offered():
        if one.uuid == uuid:
            return one
    raise NotRun("conform.why.optional")


async def _alert_properties(bench: Bench) -> None:
    alert = _find(bench, ALERT_LEVEL)
    has = ", ".join(sorted(alert.properties)) or "-"
    expect(
        bool(alert.properties & _WRITES),
        "conform.seen.properties",
        uuid=ALERT_LEVEL,
        has=has,
        wanted="write-without-response",
    )


async def _alert_buzzes(bench: Bench) -> None:
    await _alert(bench, _MILD)
    expect(await bench.sees(Question.BUZZES), "conform.seen.no_buzz")
    await _alert(bench, _OFF)
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _alert_ends(bench: Bench) -> None:
    await _alert(bench, _MILD)
    await asyncio.sleep(_ALERT_S + 0.5)
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _alert_link(bench: Bench) -> None:
    await _alert(bench, _MILD)
    await bench.in_air()
    await asyncio.sleep(0.5)
    expect(await bench.sees(Question.SILENT), "conform.seen.buzz_goes_on")


async def _alert(bench: Bench, level: bytes) -> None:
    response = "write" in _find(bench, ALERT_LEVEL).properties
    await bench.link.write(ALERT_LEVEL, level, response=response)
    await asyncio.sleep(_WAY_S)


async def _closed(bench: Bench) -> None:
    for uuid in _measured(bench):
        subscribing = bench.link.subscribe(uuid, lambda _value: None)
        await refused(bench, subscribing, INSUFFICIENT_AUTHENTICATION)


async def _values(bench: Bench) -> None:
    """Notifications of four bytes, not more than ten in a second."""
    for uuid in _measured(bench):
        came = await _notified(bench, uuid)
        sizes = {len(value) for _, value in came}
        expect(sizes == {_SIZE}, "conform.seen.industrial", sizes=sorted(sizes) or "-")
        gaps = [after - before for (before, _), (after, _) in itertools.pairwise(came)]
        mean_s = sum(gaps) / len(gaps) if gaps else _LISTEN_S
        expect(mean_s >= 0.9 * _SHORTEST_S, "conform.seen.industrial_fast", hz=round(1 / mean_s))


async def _notified(bench: Bench, uuid: str) -> list[tuple[float, bytes]]:
    loop = asyncio.get_running_loop()
    came: list[tuple[float, bytes]] = []
    await bench.link.subscribe(uuid, lambda value: came.append((loop.time(), value)))
    await asyncio.sleep(_LISTEN_S)
    await bench.link.unsubscribe(uuid)
    return came


def _measured(bench: Bench) -> list[str]:
    """Return what of the Industrial Measurement service is there."""
    there = {one.uuid for one in bench.link.offered()}
    uuids = [uuid for uuid in (FORCE, ROTATIONAL_SPEED) if uuid in there]
    if not uuids:
        raise NotRun("conform.why.optional")
    return uuids


OPTIONAL = (
    Rule(id="alert-properties", check=_alert_properties, need=Need.PAIRED),
    Rule(id="alert-buzzes", check=_alert_buzzes, parts=Features.HAPTIC_MOTOR, is_attended=True),
    Rule(id="alert-ends", check=_alert_ends, parts=Features.HAPTIC_MOTOR, is_attended=True),
    Rule(
        id="alert-stops-with-link",
        check=_alert_link,
        parts=Features.HAPTIC_MOTOR,
        is_attended=True,
    ),
    Rule(id="industrial-values", check=_values),
)
CLOSED_OPTIONAL = (Rule(id="closed-industrial", check=_closed, need=Need.OPEN),)
