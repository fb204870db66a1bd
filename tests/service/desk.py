"""A service around a scripted tool, and everything a subscriber heard."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import TypeVar

from companion.coaching.events import (
    Event,
    Summary,
)
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from simulators.virtual_time import run_virtual
from tests.ble.scripted_tool import ScriptedTool

E = TypeVar("E", bound=Event)


@dataclass
class Desk:
    """A service with its scripted tool, and what a subscriber heard."""

    tool: ScriptedTool
    service: Service
    told: list[Event] = field(default_factory=list)
    _waiting: list[tuple[type[Event], asyncio.Future[Event]]] = field(default_factory=list)

    async def run(self) -> Summary:
        subscription = self.service.hub.subscribe("test", 4096)

        async def keep() -> None:
            async for event in subscription:
                self.told.append(event)
                for kind, future in self._waiting:
                    if isinstance(event, kind) and not future.done():
                        future.set_result(event)

        return await self.service.run(keep)

    async def next(self, kind: type[E]) -> E:
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, future))
        event = await future
        assert isinstance(event, kind)
        return event

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]


def desk(tool: ScriptedTool | None = None, options: ServiceOptions | None = None) -> Desk:
    care, routine = load_care(), load_routine("five-minutes")
    routine = replace(routine, steps=routine.steps[:1])
    tool = tool or ScriptedTool()
    options = replace(options or ServiceOptions(seed=1), oiled=True)
    return Desk(tool, Service(tool.adapter(), routine, care, options))


def play(main: Callable[[], Coroutine[object, object, None]]) -> None:
    """Run in virtual time; no task may be left, no error in a callback."""

    async def guarded() -> None:
        errors: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: errors.append(context))
        async with asyncio.timeout(900.0):
            await main()
        await asyncio.sleep(1.0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left
        assert not errors

    run_virtual(guarded())
