"""A session that is shown before it is made: what is asked meanwhile is done once it is there."""

import asyncio

import pytest

from companion.ble.adapter import Adapter
from companion.cli.guiding import Shown
from companion.cli.late import Guides, LateGuide
from companion.cli.wiring import service_for
from companion.coaching.events import Command, SessionFinished
from companion.coaching.view import Phase
from companion.hub import Hub
from companion.live import LinkState
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings

ROUTINE = load_routine("five-minutes")


async def never() -> Adapter:
    await asyncio.Event().wait()
    raise AssertionError


def made(hub: Hub) -> Guides:
    adapter = Adapter("one that does not open", opening=never)
    return service_for(adapter, UserSettings(), ROUTINE, Shown.SCREEN, hub=hub)


async def test_what_is_shown_before_it_is_made_is_what_is_shown_after() -> None:
    painted, there = asyncio.Event(), asyncio.Event()

    def making(hub: Hub) -> Guides:
        there.set()
        return made(hub)

    guide = LateGuide(making, painted, ROUTINE)
    view, link, muted = guide.live.view(), guide.live.link(), guide.live.muted
    assert (view.phase, link.state, muted) == (Phase.WAITING, LinkState.SEARCHING, False)
    running = asyncio.create_task(guide.run())
    guide.command(Command.MUTE)
    await asyncio.sleep(0)
    assert not guide.live.muted
    painted.set()
    await asyncio.wait_for(there.wait(), 10.0)
    assert guide.live.muted
    assert (guide.live.view(), guide.live.link()) == (view, link)
    assert guide.summary is None
    guide.request_stop()
    assert (await running).outcome == "interrupted"


@pytest.mark.parametrize(
    ("asked", "outcome"), [(Command.STOP, "interrupted"), (Command.UNWELL, "unwell")]
)
async def test_an_end_does_not_wait_for_a_picture(asked: Command, outcome: str) -> None:
    guide = LateGuide(made, asyncio.Event(), ROUTINE)
    events = guide.hub.subscribe("test", 16)
    guide.command(asked)
    if asked is Command.UNWELL:
        guide.command(Command.QUIT)
    summary = await asyncio.wait_for(guide.run(), 10.0)
    assert summary.outcome == outcome
    told = [event async for event in events]
    assert any(isinstance(event, SessionFinished) for event in told) == (outcome == "unwell")
