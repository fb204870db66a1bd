"""A session's events as sounds: one at a time, a stop at once, silent when muted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Event,
    LinkLost,
    SessionFinished,
)
from companion.cues.outlets import Outlet, SoundRefused
from companion.cues.sounds import Sound, sound_of
from companion.cues.turns import Turns
from companion.cues.voice import Speaks
from companion.sensing.types import Level

TICK_S: Final = 0.1
"""How often it is looked whether sound was switched off, or a stop is to sound again."""

LAST_S: Final = 2.5
"""How long the last sound may go on after the session's events ended."""


class CuePlayer:
    """Plays and speaks the cues of one session.

    Args:
        outlet: where tones go.
        spare: where they go when that fails; this one never does.
        voice: who speaks; None for nobody.
        muted: whether sound is off now.
        tell: called once for each thing that cannot be heard any longer.
        sounds: which event sounds like what.
        is_alone: the events are those of one session, whose end settles every stop.
    """

    def __init__(
        self,
        outlet: Outlet,
        spare: Outlet,
        voice: Speaks | None,
        *,
        muted: Callable[[], bool],
        tell: Callable[[SoundRefused], None],
        sounds: Callable[[Event], Sound | None] = sound_of,
        is_alone: bool = True,
    ) -> None:
        self._outlet = outlet
        self._spare = spare
        self._voice = voice
        self._muted = muted
        self._tell = tell
        self._sounds = sounds
        self._is_alone = is_alone
        self._turns = Turns()
        self._task: asyncio.Task[None] | None = None

    async def run(self, events: AsyncIterator[Event]) -> None:
        """Take events until there are no more; then the last sound is heard to its end."""
        ticking = asyncio.create_task(self._tick())
        try:
            async for event in events:
                self._take(event)
            await self._last()
        finally:
            ticking.cancel()
            self._cut()
            self._outlet.close()
            await asyncio.gather(ticking, return_exceptions=True)

    def _take(self, event: Event) -> None:
        match event:
            case AlertRaised(level=Level.STOP, alert=alert):
                self._turns.stand(alert)
            case AlertAcknowledged(alert=alert) | AlertCleared(alert=alert, level=Level.STOP):
                self._settle(alert)
            case SessionFinished() | LinkLost() if self._is_alone:
                self._turns.settle_all()
            case _:
                pass
        sound = self._sounds(event)
        if sound is not None and not self._muted():
            self._begin(self._turns.offer(sound, self._now()))

    def _settle(self, alert: int) -> None:
        """A stop was seen or is over: it is not heard any longer."""
        self._turns.settle(alert)
        sounding = self._turns.sounding
        if sounding is not None and sounding.is_stop and not self._turns.insists:
            self._hush()

    def _begin(self, sound: Sound | None) -> None:
        """Let a sound begin in place of what sounds; its first sample is handed over in here."""
        if sound is None:
            return
        self._cut()
        lasts_s = self._play(sound)
        self._task = asyncio.create_task(self._go_on(sound, lasts_s))

    def _play(self, sound: Sound) -> float:
        try:
            return self._outlet.play(sound.tone)
        except SoundRefused as refused:
            self._outlet.close()
            self._outlet = self._spare
            self._tell(refused)
            return self._outlet.play(sound.tone)

    async def _go_on(self, sound: Sound, lasts_s: float) -> None:
        await asyncio.sleep(lasts_s)
        if self._voice is not None and sound.words:
            try:
                await self._voice.say(sound.words)
            except SoundRefused as refused:
                self._voice = None
                self._tell(refused)
        self._task = None
        self._begin(self._turns.over(self._now()))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            if self._muted():
                if self._turns.sounding is not None:
                    self._hush()
            else:
                self._begin(self._turns.due(self._now()))

    def _hush(self) -> None:
        self._cut()
        self._turns.hush(self._now())

    def _cut(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._outlet.cut()
        if self._voice is not None:
            self._voice.cut()

    async def _last(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                while self._task is not None:
                    await asyncio.wait([self._task])

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
