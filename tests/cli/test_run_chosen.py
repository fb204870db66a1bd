"""``companion run`` with a routine that was chosen from the house: said, done, and used up."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode
from companion.coaching.events import Event, Notice, SessionStarted, StepStarted
from companion.service import Service
from companion.settings.next_routine import choose_routine, chosen_routine
from tests.cli.room import AIR, Room, room_for

RUN = ("run", *AIR, "--json", "--oiled", "--pair", "--mqtt", "mqtt://localhost")


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    """A room without a broker."""

    @asynccontextmanager
    async def alone(*_: object) -> AsyncIterator[list[None]]:
        yield [None]

    monkeypatch.setattr("companion.cli.run.housed", alone)
    return room_for(monkeypatch, home)


def until(monkeypatch: pytest.MonkeyPatch, last: type[Event] | None) -> list[Event]:
    """Let sessions end at an event, at once for None, and keep what they told."""
    told: list[Event] = []

    async def guide(
        service: Service, _shown: object, first: Iterable[Event], *_more: object
    ) -> ExitCode:
        told.extend(first)
        events = service.hub.subscribe("test", 4096)
        asyncio.get_running_loop().call_later(60.0, service.request_stop)

        async def listen() -> None:
            async for event in events:
                told.append(event)
                if last is not None and isinstance(event, last):
                    service.request_stop()

        if last is None:
            service.request_stop()
        await service.run(listen)
        return ExitCode.OK

    monkeypatch.setattr("companion.cli.run.guide_in_lines", guide)
    return told


def titles(told: list[Event]) -> list[str]:
    return [event.title for event in told if isinstance(event, SessionStarted)]


def test_a_session_that_begins_says_that_it_was_chosen_and_uses_it_up(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = until(monkeypatch, StepStarted)
    choose_routine("slow")
    assert main([*RUN]) == 0
    assert main([*RUN]) == 0
    assert room.tools
    chosen = [e for e in told if isinstance(e, Notice) and e.key == "mqtt.routine_chosen"]
    assert [notice.values for notice in chosen] == [{"routine": "slow"}]
    first, second = titles(told)
    assert first != second


def test_a_session_that_never_began_leaves_the_choice(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = until(monkeypatch, None)
    choose_routine("slow")
    assert main([*RUN]) == 0
    assert room.tools
    assert titles(told) == []
    choice = chosen_routine()
    assert choice is not None
    assert choice.routine == "slow"
