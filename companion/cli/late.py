"""A session that is shown before what guides it is loaded."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from companion.cli.loading import load
from companion.coaching.events import Command, Summary
from companion.coaching.routine import Routine
from companion.coaching.scaling import PLAIN_PERCENT
from companion.coaching.view import View
from companion.coaching.waiting import waiting_view
from companion.hub import Edge, Hub
from companion.live import LinkState, LinkView, Live
from companion.sensing.trace import Trace

_GUIDES: Final = "companion.cli.wiring"
"""What guides: the link to a tool, its decoder, and all that joins them."""

_ENDING: Final = frozenset({Command.QUIT, Command.STOP, Command.UNWELL})
"""What a person may ask for before there is a session, and wants at once."""


class Guides(Protocol):
    """A session as a screen and a loudspeaker need it: the service, or what stands for it."""

    hub: Hub
    """Where to subscribe."""

    @property
    def live(self) -> Live:
        """What a screen reads at its own frame rate."""

    @property
    def summary(self) -> Summary | None:
        """What was done; None before the end."""

    def command(self, command: Command) -> None:
        """Do what the person asks."""

    def request_stop(self) -> None:
        """End cleanly."""

    async def run(self, *edges: Edge) -> Summary:
        """Guide the session to its end, beside the subscribers' own tasks."""

    async def until_searching(self) -> None:
        """Wait until it looks for its tool."""


class LateGuide:
    """Stands for a session until there is a first picture; then that is made, and guides.

    Args:
        make: makes the session, whose events go to the hub that it is given.
        painted: set once there is a picture.
        routine: what is to be guided.
        percent: how much of it is to be done.
        is_muted: whether it begins without sound.

    Attributes:
        hub: where to subscribe.
    """

    def __init__(
        self,
        make: Callable[[Hub], Guides],
        painted: asyncio.Event,
        routine: Routine,
        *,
        percent: int = PLAIN_PERCENT,
        is_muted: bool = False,
    ) -> None:
        self.hub = Hub()
        self._make = make
        self._live = _LateLive(waiting_view(routine, percent), is_muted=is_muted)
        self._guide: Guides | None = None
        self._painted = painted
        self._made = asyncio.Event()
        self._ends = asyncio.Event()
        self._asked: list[Command] = []

    @property
    def live(self) -> Live:
        """What a screen reads at its own frame rate."""
        return self._live

    @property
    def summary(self) -> Summary | None:
        """What was done; None before the end."""
        return None if self._guide is None else self._guide.summary

    def command(self, command: Command) -> None:
        """Do what the person asks, as soon as there is a session that can."""
        if self._guide is not None:
            self._guide.command(command)
            return
        self._asked.append(command)
        if command in _ENDING:
            self._ends.set()

    def request_stop(self) -> None:
        """End cleanly, also before there is a picture."""
        if self._guide is not None:
            self._guide.request_stop()
            return
        self._asked.append(Command.QUIT)
        self._ends.set()

    async def run(self, *edges: Edge) -> Summary:
        """Make the session once there is a picture, and guide it to its end.

        Raises:
            LinkError: as the session's own.
        """
        await _first_of(self._painted, self._ends)
        await asyncio.to_thread(load, _GUIDES)
        self._guide = self._live.guide = guide = self._make(self.hub)
        for command in self._asked:
            guide.command(command)
        self._made.set()
        return await guide.run(*edges)

    async def until_searching(self) -> None:
        """Wait until the session looks for its tool."""
        await self._made.wait()
        if self._guide is not None:
            await self._guide.until_searching()


class _LateLive:
    """What a screen reads: a session that waits, and then the session itself."""

    def __init__(self, view: View, *, is_muted: bool) -> None:
        self.guide: Guides | None = None
        self._view = view
        self._trace = Trace()
        self._is_muted = is_muted

    def view(self) -> View:
        return self._view if self.guide is None else self.guide.live.view()

    def link(self) -> LinkView:
        waiting = LinkView(state=LinkState.SEARCHING)
        return waiting if self.guide is None else self.guide.live.link()

    @property
    def trace(self) -> Trace:
        return self._trace if self.guide is None else self.guide.live.trace

    @property
    def muted(self) -> bool:
        return self._is_muted if self.guide is None else self.guide.live.muted


async def _first_of(*events: asyncio.Event) -> None:
    """Wait for one of several events."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
