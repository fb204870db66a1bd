"""Where tones go: the audio library, the terminal's bell, or nowhere."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from companion.cues.tones import Tone
from companion.errors import CompanionError

BELLS_S: Final[dict[Tone, tuple[float, ...]]] = {
    Tone.RISING: (),
    Tone.FALLING: (0.0,),
    Tone.NOTE: (),
    Tone.STOP: (0.0, 0.25, 0.5),
}
"""Seconds at which a bell rings for a tone. It has one pitch: it is kept for what asks for less."""


class SoundRefused(CompanionError):
    """This computer cannot play tones, or cannot any longer."""


class Outlet(Protocol):
    """What tones are handed to; every call returns at once."""

    def play(self, tone: Tone) -> float:
        """Begin a tone in place of what sounds, and return how long it lasts in seconds.

        Raises:
            SoundRefused: it cannot be heard.
        """

    def cut(self) -> None:
        """Be silent now."""

    def close(self) -> None:
        """Let go of the device."""


class Nowhere:
    """No tones."""

    def play(self, tone: Tone) -> float:
        """Play nothing; it takes no time."""
        del tone
        return 0.0

    def cut(self) -> None:
        """There is nothing to silence."""

    def close(self) -> None:
        """There is no device."""


class Bell:
    """The terminal's bell; needs a running loop.

    Args:
        ring: rings it once.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._due: list[asyncio.TimerHandle] = []

    def play(self, tone: Tone) -> float:
        """Ring once for what asks for less, three times for a stop."""
        self.cut()
        rings, loop = BELLS_S[tone], asyncio.get_running_loop()
        if rings:
            self._once()
        self._due = [loop.call_later(after, self._once) for after in rings[1:]]
        return rings[-1] if rings else 0.0

    def cut(self) -> None:
        """Ring no more."""
        for handle in self._due:
            handle.cancel()
        self._due = []

    def close(self) -> None:
        """Ring no more."""
        self.cut()

    def _once(self) -> None:
        with suppress(OSError):
            self._ring()
