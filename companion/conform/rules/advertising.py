"""Rules of section "Advertising": as far as a computer is told what is on the air."""

import asyncio
import itertools
import statistics
from typing import Final

from companion.ble.errors import LinkError
from companion.ble.probe import Heard, Probe
from companion.conform.bench import Bench
from companion.conform.rule import Need, Rule
from companion.conform.verdict import Broken, NotRun, expect
from protocols.massage_tool import MANUFACTURER_NAME, MASSAGE_TOOL_SERVICE

LONGEST_NAME_BYTES: Final = 29
FAST_S: Final = 0.1
SLOW_S: Final = 1.0
SLACK: Final = 1.15
"""The link layer adds up to 10 ms at random to each interval (Core Vol 6 B 4.4.2.2)."""
_SLOW_LISTEN_S: Final = 6.0
_FAST_LISTEN_S: Final = 1.0
_FAST_FOR_S: Final = 30.0
_REFUSED_S: Final = 1.5
_FEWEST: Final = 3


async def _service(bench: Bench) -> None:
    named = {uuid for heard in await _heard(bench) for uuid in heard.services}
    expect(MASSAGE_TOOL_SERVICE in named, "conform.seen.not_advertised")


async def _name(bench: Bench) -> None:
    names = {heard.name for heard in await _heard(bench) if heard.name}
    expect(bool(names), "conform.seen.no_name")
    size = max(len(name.encode()) for name in names)
    expect(size <= LONGEST_NAME_BYTES, "conform.seen.long_name", size=size)


async def _interval(bench: Bench) -> None:
    _expect_interval(bench, await bench.first_heard(), SLOW_S)


async def _not_while_connected(bench: Bench) -> None:
    heard = await bench.listen(_FAST_LISTEN_S)
    # A platform may repeat once what it heard before the connection.
    allowed = 1 if bench.pairs_by_itself else 0
    expect(len(heard) <= allowed, "conform.seen.advertises_connected", count=len(heard))


async def _one_central(bench: Bench) -> None:
    if bench.second is None:
        raise NotRun("conform.why.second")
    other = Probe(bench.second, bench.heard.device, bench.label)
    try:
        await other.connect(pair=False, timeout_s=_REFUSED_S)
        await other.read(MANUFACTURER_NAME)
    except LinkError:
        expect(bench.link.is_connected, "conform.seen.second_displaced")
        return
    finally:
        await other.disconnect()
    raise Broken("conform.seen.second_let_in")


async def _fast_after_link(bench: Bench) -> None:
    await bench.in_air()
    _expect_interval(bench, await bench.listen(_FAST_LISTEN_S), FAST_S)


async def _slow_later(bench: Bench) -> None:
    await bench.in_air()
    await asyncio.sleep(_FAST_FOR_S + 1.0)
    _expect_interval(bench, await bench.listen(_SLOW_LISTEN_S), SLOW_S)


async def _heard(bench: Bench) -> list[Heard]:
    """Return what was heard when the tool was found, and afterwards."""
    return [bench.heard, *await bench.first_heard()]


def _expect_interval(bench: Bench, heard: list[Heard], longest_s: float) -> None:
    times = [one.at for one in heard]
    if len(times) < _FEWEST:
        if bench.pairs_by_itself:
            raise NotRun("conform.why.interval")
        raise Broken("conform.seen.advertised_seldom", count=len(times))
    gap_s = statistics.median(after - before for before, after in itertools.pairwise(times))
    if bench.pairs_by_itself and gap_s > longest_s * SLACK:
        raise NotRun("conform.why.interval")
    expect(
        gap_s <= longest_s * SLACK,
        "conform.seen.interval",
        milliseconds=round(gap_s * 1000),
        longest=round(longest_s * 1000),
    )


ADVERTISING = (
    Rule(id="adv-service", check=_service, need=Need.AIR),
    Rule(id="adv-name", check=_name, need=Need.AIR),
    Rule(id="adv-interval", check=_interval, need=Need.AIR),
)
CONNECTED_ADVERTISING = (
    Rule(id="adv-connected", check=_not_while_connected),
    Rule(id="one-central", check=_one_central),
    Rule(id="adv-after-link", check=_fast_after_link),
    Rule(id="adv-slow", check=_slow_later, is_slow=True),
)
