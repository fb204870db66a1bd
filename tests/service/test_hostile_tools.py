"""Tools that lie about themselves and send anything: the service ends or goes on, never breaks."""

import asyncio
import random

import pytest

from companion.ble.errors import LinkError
from companion.coaching.events import LinkUp
from companion.service import ServiceOptions
from protocols.massage_tool import CONTROL_POINT, TELEMETRY, TOOL_EVENT, Features
from tests.ble.scripted_tool import ScriptedTool, a_feature
from tests.service.desk import Desk, desk, play

OPTIONS = ServiceOptions(max_search_s=8.0, scan_timeout_s=2.0, seed=1)


def mutated(chance: random.Random) -> bytes:
    """A Tool Feature with up to four wrong bytes."""
    everything = Features((1 << len(Features)) - 1)
    feature = bytearray(
        bytes(
            a_feature(
                features=everything,
                acceleration_resolution_mps2=0.0024,
                angular_velocity_resolution_radps=0.001,
                wheel_resolution_m=50e-6,
                press_axis=(0.0, 0.0, -1.0),
                tip_axis=(1.0, 0.0, 0.0),
            )
        )
    )
    for _ in range(chance.randint(1, 4)):
        feature[chance.randrange(1, len(feature))] = chance.randrange(256)
    return bytes(feature)


async def pester(at: Desk, chance: random.Random) -> None:
    """Send nonsense on every characteristic, some of it with a plausible header."""
    for number in range(120):
        subscribed = at.tool.client.subscribed
        if not subscribed:
            return
        value = bytearray(chance.randbytes(chance.choice([0, 1, 3, 12, 14, 40, 92, 244])))
        if number % 3 == 0 and len(value) > 12:
            header = at.tool.frame(5 * number)[:12]
            value[: len(header)] = header
            value[0] = chance.randrange(128)
        await asyncio.sleep(0.01)
        for uuid in (TELEMETRY, TOOL_EVENT, CONTROL_POINT):
            if uuid in subscribed:
                subscribed[uuid](bytearray(value))


@pytest.mark.parametrize("seed", range(25))
def test_whatever_a_tool_says_it_is_and_sends(seed: int) -> None:
    async def main() -> None:
        chance = random.Random(seed)  # noqa: S311  # test data, no secret
        at = desk(ScriptedTool(feature=mutated(chance)), OPTIONS)
        running = asyncio.create_task(at.run())
        up = asyncio.create_task(at.next(LinkUp))
        await asyncio.wait([running, up], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            assert isinstance(running.exception(), LinkError)
            up.cancel()
            return
        await pester(at, chance)
        at.service.request_stop()
        summary = await running
        assert summary.outcome == "interrupted"
        assert at.service.rejected > 0

    play(main)


@pytest.mark.parametrize("rate_hz", [1, 15])
def test_a_tool_slower_than_the_profile_allows_is_asked_for_the_slowest_rate(rate_hz: int) -> None:
    async def main() -> None:
        at = desk(ScriptedTool(feature=bytes(a_feature(maximum_rate_hz=rate_hz))), OPTIONS)
        running = asyncio.create_task(at.run())
        await at.next(LinkUp)
        at.service.request_stop()
        await running

    play(main)
