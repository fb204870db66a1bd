"""A radio that is opened late: when a link first needs it, and once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import Link, LinkOptions
from companion.live import LinkState
from simulators.virtual_time import run_virtual
from tests.ble.recorder import Recorder
from tests.ble.scripted_tool import ScriptedTool

_OPENS_AFTER_S = 5.0


def link_on(opening: Callable[[], Awaitable[Adapter]], recorder: Recorder) -> Link:
    return Link(Adapter("closed", opening=opening), recorder, LinkOptions(seed=1))


def test_a_link_opens_its_radio_when_it_runs_and_only_once() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        opened_at: list[float] = []

        async def opening() -> Adapter:
            await asyncio.sleep(_OPENS_AFTER_S)
            opened_at.append(asyncio.get_running_loop().time() - began)
            return tool.adapter()

        link, began = link_on(opening, recorder), asyncio.get_running_loop().time()
        task = asyncio.create_task(link.run())
        await asyncio.sleep(_OPENS_AFTER_S / 2)
        assert (opened_at, tool.steps, recorder.states) == ([], [], [])
        await recorder.up.wait()
        recorder.up.clear()
        tool.client.drop()
        await recorder.up.wait()
        task.cancel()
        await asyncio.wait([task])
        assert opened_at == pytest.approx([_OPENS_AFTER_S])
        assert recorder.states[0] is LinkState.SEARCHING
        assert len(tool.clients) == 2

    run_virtual(asyncio.wait_for(main(), 900.0))


async def test_a_radio_that_cannot_be_opened_ends_the_link_with_its_reason() -> None:
    async def opening() -> Adapter:
        raise LinkError(LinkFault.NO_ADAPTER)

    with pytest.raises(LinkError) as caught:
        await link_on(opening, Recorder()).run()
    assert caught.value.key == LinkError(LinkFault.NO_ADAPTER).key


async def test_an_adapter_that_is_open_is_the_one_to_use() -> None:
    adapter = ScriptedTool().adapter()
    assert await adapter.opened() is adapter
