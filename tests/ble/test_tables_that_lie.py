"""GATT tables that lie: each ends in bounded time with one sentence, or is borne."""

import asyncio

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import FINAL_ATTEMPTS
from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
)
from tests.ble.recorder import Recorder
from tests.ble.scripted_tool import TABLE, ScriptedTool, Table
from tests.ble.test_link import ended, linked, play

VITAL = {TOOL_FEATURE: "read", TELEMETRY: "notify", CONTROL_POINT: "write", TOOL_EVENT: "indicate"}
LIES = [
    *((uuid, None) for uuid in VITAL),
    *VITAL.items(),
    (CONTROL_POINT, "indicate"),
]
"""What a table leaves out: a characteristic, or one of its properties."""


def lying(uuid: str, lacks: str | None, service: str = MASSAGE_TOOL_SERVICE) -> Table:
    """A table without a characteristic, or without one property of it."""
    own = dict(TABLE[service])
    had = own.pop(uuid)
    if lacks is not None:
        own[uuid] = [name for name in had if name != lacks]
    return {**TABLE, service: own}


@pytest.mark.parametrize(("uuid", "lacks"), LIES)
def test_a_table_without_what_a_tool_must_offer_is_no_tool(uuid: str, lacks: str | None) -> None:
    async def main() -> None:
        tool = ScriptedTool(table=lying(uuid, lacks))
        error = await ended(linked(tool, Recorder()), 10.0)
        assert error.fault is LinkFault.NOT_A_TOOL
        assert uuid in error.detail
        assert (lacks or "") in error.detail
        assert len(tool.clients) == 1
        assert tool.client.was_disconnected

    play(main())


@pytest.mark.parametrize("lacks", ["read", "notify"])
def test_a_battery_that_cannot_be_asked_or_heard_is_done_without(lacks: str) -> None:
    async def main() -> None:
        tool = ScriptedTool(table=lying(BATTERY_LEVEL, lacks, BATTERY_SERVICE))
        recorder = await streamed(tool)
        assert recorder.batteries == ([] if lacks == "read" else [81])

    play(main())


def test_huge_values_are_cut_or_left_out_and_the_tool_is_used() -> None:
    async def main() -> None:
        tool = ScriptedTool(values={BATTERY_LEVEL: bytes(512), MANUFACTURER_NAME: b"W" * 512})
        recorder = await streamed(tool)
        assert recorder.batteries == [0]
        assert recorder.identities[0].manufacturer == "W" * 40
        absurd = ScriptedTool(values={BATTERY_LEVEL: b"\xff" * 512})
        assert (await streamed(absurd)).batteries == []

    play(main())


def test_a_service_that_stands_there_empty_first_hides_nothing() -> None:
    async def main() -> None:
        assert (await streamed(ScriptedTool(is_hollow=True))).batteries == [81]

    play(main())


async def streamed(tool: ScriptedTool) -> Recorder:
    """Have a tool stream for a second; return what it told."""
    recorder = Recorder()
    task = asyncio.create_task(linked(tool, recorder).run())
    async with asyncio.timeout(10):
        await recorder.up.wait()
    await asyncio.sleep(1.0)
    task.cancel()
    await asyncio.wait([task])
    assert len(recorder.frames) == 20
    return recorder


def test_a_table_that_says_everything_twice_is_read_once() -> None:
    async def main() -> None:
        assert (await streamed(ScriptedTool(copies=2))).batteries == [81]

    play(main())


@pytest.mark.parametrize("lacks", [None, "notify"])
def test_a_table_that_an_update_changed_in_a_session_ends_it_in_one_sentence(
    lacks: str | None,
) -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        task = asyncio.create_task(linked(tool, recorder).run())
        await recorder.up.wait()
        tool.table = lying(TELEMETRY, lacks)
        tool.client.drop()
        with pytest.raises(LinkError) as caught:
            async with asyncio.timeout(60):
                await task
        assert caught.value.fault is LinkFault.NOT_A_TOOL
        assert len(tool.clients) <= 1 + FINAL_ATTEMPTS

    play(main())
