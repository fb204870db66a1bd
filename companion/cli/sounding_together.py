"""The sounds of several sessions: one loudspeaker, one at a time, a stop of any tool at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from companion.cli.late import Guides
from companion.cli.sounding import Means
from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Event,
    LinkLost,
    Notice,
    SessionFinished,
)
from companion.cues.outlets import SoundRefused
from companion.cues.player import CuePlayer
from companion.cues.sounds import Sound, sound_of
from companion.cues.voice import Voice
from companion.hub import Edge
from companion.sensing.types import Level
from companion.texts import text

_QUEUE: Final = 1024


class Together(AsyncIterator[Event]):
    """The events of several sessions as one stream, in which no two warnings have one number.

    Args:
        names: what each session's tool is called.
        streams: the events of each, in the same order.
    """

    def __init__(self, names: Sequence[str], streams: Sequence[AsyncIterator[Event]]) -> None:
        self._names = tuple(names)
        self._place = 0
        self._stops: set[int] = set()
        self._pending: list[Event] = []
        self._queue: asyncio.Queue[tuple[int, Event | None]] = asyncio.Queue(_QUEUE)
        self._open = len(streams)
        self._tasks = [
            asyncio.create_task(self._read(place, events)) for place, events in enumerate(streams)
        ]

    async def __anext__(self) -> Event:
        """Return the next event of any session.

        Raises:
            StopAsyncIteration: all have ended.
        """
        while not self._pending:
            if not self._open:
                raise StopAsyncIteration
            self._place, event = await self._queue.get()
            if event is None:
                self._open -= 1
            else:
                self._pending = [*self._settled(event), self._numbered(event)]
        return self._pending.pop(0)

    def sound(self, event: Event) -> Sound | None:
        """Return what is heard for the event returned last: the words say of which tool."""
        sound = sound_of(event)
        if sound is None or not sound.words:
            return sound
        words = text("several.said", name=self._names[self._place], words=sound.words)
        return replace(sound, words=words)

    async def _read(self, place: int, events: AsyncIterator[Event]) -> None:
        async for event in events:
            await self._queue.put((place, event))
        await self._queue.put((place, None))

    def _numbered(self, event: Event) -> Event:
        match event:
            case AlertRaised() | AlertCleared() | AlertAcknowledged():
                alert = event.alert * len(self._names) + self._place
                if isinstance(event, AlertRaised) and event.level is Level.STOP:
                    self._stops.add(alert)
                return replace(event, alert=alert)
            case _:
                return event

    def _settled(self, event: Event) -> list[Event]:
        """Return that the stops of a session are settled, which has ended or lost its tool."""
        if not isinstance(event, SessionFinished | LinkLost):
            return []
        own = {alert for alert in self._stops if alert % len(self._names) == self._place}
        self._stops -= own
        return [AlertAcknowledged(device_s=event.device_s, alert=alert) for alert in sorted(own)]


def sounded_together(names: Sequence[str], services: Sequence[Guides], means: Means) -> Edge:
    """Return who makes the cues of several sessions heard; says once what cannot be.

    Args:
        names: what the tools are called.
        services: their sessions, not yet run.
        means: what cues are made with.
    """
    streams = [service.hub.subscribe("cues", _QUEUE) for service in services]

    def tell(refused: SoundRefused) -> None:
        notice = Notice(device_s=0.0, key=refused.key, values=refused.values)
        services[0].hub.publish(notice)

    async def sound() -> None:
        together = Together(names, streams)
        player = CuePlayer(
            means.outlet,
            means.spare,
            None if means.speech is None else Voice(means.speech),
            muted=lambda: all(service.live.muted for service in services),
            tell=tell,
            sounds=together.sound,
            is_alone=False,
        )
        for refused in means.refused:
            tell(refused)
        await player.run(together)

    return sound
