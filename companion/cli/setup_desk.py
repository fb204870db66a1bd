"""What the Set-up screen arranges on this computer: answers, settings, and trials of them."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from companion.cli.loading import load
from companion.cli.settings import settled
from companion.coaching.person import Person
from companion.settings.faults import FaultsFound
from companion.settings.watched import Found, WatchedSettings
from companion.texts import text
from companion.tui.setup import News, Section

if TYPE_CHECKING:
    from companion.cli.setup_form import Form

_MOST_TROUBLE = 3
_FORM = "companion.cli.setup_form"
"""Loaded after the first picture, which is drawn without it."""

Done = TypeVar("Done")


class SetupDesk:
    """Arranges things for one person; files are read and written in a thread, one at a time.

    Args:
        arguments: the command's, whose flags win over the file.
        watched: the settings file.
        person: whose answers; None for the usual person's.
        is_free: no session runs.
    """

    def __init__(
        self,
        arguments: Namespace,
        watched: WatchedSettings,
        *,
        person: str | None = None,
        is_free: bool = True,
    ) -> None:
        self._arguments = arguments
        self._watched = watched
        self._person = person
        self._made: Form | None = None
        self._is_free = is_free
        self._lock = asyncio.Lock()

    @property
    def trouble(self) -> Sequence[str]:
        """What is to be mended in the settings file."""
        faults = self._watched.faults[:_MOST_TROUBLE]
        return [str(FaultsFound([fault])) for fault in faults]

    @property
    def _form(self) -> "Form":
        """The form; it is first asked for in a thread."""
        if self._made is None:
            load(_FORM)
            from companion.cli.setup_form import Form  # noqa: PLC0415 -- as above

            self._made = Form(self._person)
        return self._made

    async def sections(self) -> Sequence[Section]:
        """Return everything as it stands."""
        return await self._alone(self._sections)

    def _sections(self) -> list[Section]:
        held = settled(self._arguments, self._watched.good)
        return self._form.sections(held, is_free=self._is_free)

    def complaint(self, key: str, value: str) -> str:
        """Return why an entry cannot have a value; empty where it can."""
        return self._form.complaint(key, value)

    async def change(self, key: str, value: str) -> str:
        """Let an entry have a value: a setting at once, an answer when all of them are kept."""
        form = self._form
        if not form.is_setting(key):
            form.answer(key, value)
            return ""
        if refused := form.complaint(key, value):
            return refused
        await self._alone(lambda: self._put(key, value))
        return text("setup.saved")

    def _put(self, key: str, value: str) -> None:
        self._form.put(key, value)
        self._watched.take()

    async def do(self, key: str) -> AsyncIterator[str]:
        """Do what an entry names, and yield what is to be said."""
        form = self._form
        if form.is_of_person(key):
            for line in await self._alone(lambda: list(form.do(key))):
                yield line
        elif form.is_broker_trial(key):
            yield await self._broker_tried()
        elif form.is_sound_trial(key):
            async for line in self._sound_tried():
                yield line

    async def look(self) -> News | None:
        """Return what became of the settings file since the last look; None for nothing."""
        if self._lock.locked():
            return None
        found = await self._alone(self._looked)
        if found is None:
            return None
        if found.faults:
            words = text("setup.faulty", fault=FaultsFound(found.faults))
            return News(words, is_trouble=True)
        return News(
            text("setup.mended" if found.was_faulty else "setup.read_anew"), is_trouble=False
        )

    def _looked(self) -> Found | None:
        """Look at the file; the form is loaded meanwhile, so that it is there when it is wanted."""
        _ = self._form
        return self._watched.look()

    async def _alone(self, work: Callable[[], Done]) -> Done:
        async with self._lock:
            return await asyncio.to_thread(work)

    async def _broker_tried(self) -> str:
        from companion.cli.house import broker_in, topics_in  # noqa: PLC0415 -- as late as tried
        from companion.cli.mqtt import MESSAGES, tested  # noqa: PLC0415 -- as late as tried

        held = await self._alone(lambda: settled(self._arguments, self._watched.good))
        settings = held.settings.mqtt
        slowest_ms = await tested(broker_in(settings), topics_in(settings))
        return text("mqtt.tested", count=MESSAGES, ms=slowest_ms)

    async def _sound_tried(self) -> AsyncIterator[str]:
        """Let every sound be heard by a process of its own: a sound library may print, and worse.

        Raises:
            FileRefused: the settings that it would read cannot be used.
        """
        if self._watched.faults:
            raise FaultsFound(self._watched.faults)
        words = (sys.executable, "-m", "companion", "cues", "test")
        process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, env=os.environ
        )
        try:
            if process.stdout is not None:
                async for line in process.stdout:
                    yield line.decode(errors="replace").rstrip()
            if await process.wait() < 0:
                yield text("setup.sound_died")
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def desk_of(arguments: Namespace, person: Person | None = None) -> SetupDesk:
    """Return what can be arranged while a session of a command runs.

    Args:
        arguments: the command's.
        person: whom the session is for; None for nobody who is known.
    """
    name = None if person is None else person.name
    return SetupDesk(arguments, WatchedSettings(), person=name, is_free=False)
