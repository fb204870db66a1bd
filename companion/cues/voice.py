"""The platform's own speech, by its command: no shell, one at a time, cut off by a stop."""

import asyncio
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from companion.cues.outlets import SoundRefused
from companion.texts import text

LONGEST_S: Final = 20.0
"""No sentence of ours takes this long; a program that does hangs, and is ended."""

_SCRIPT: Final = (
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; "
    "Add-Type -AssemblyName System.Speech; "
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "$voice.SelectVoiceByHints('NotSet', 'NotSet', 0, "
    "[Globalization.CultureInfo]::GetCultureInfo('{culture}')); "
    "$voice.Volume = {volume}; "
    "$voice.Speak([Console]::In.ReadToEnd())"
)
"""What PowerShell is asked: the words come over standard input and are never part of it."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A program that speaks what it reads on standard input.

    Attributes:
        name: what it is called.
        command: the program and its arguments.
        before: what it is to read before the words.
        complaint: how a line begins on standard error with which it says that nothing was heard,
            though it ends as if all were well; empty for a program that does not.
    """

    name: str
    command: tuple[str, ...]
    before: str = ""
    complaint: str = ""


def find_speech(
    volume: int,
    *,
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Speech:
    """Return this computer's speech, in the language that is spoken.

    Args:
        volume: 0 to 100.
        platform: as ``sys.platform`` has it.
        which: finds programs.

    Raises:
        SoundRefused: there is none.
    """
    for name, make in _PROGRAMS:
        place = which(name)
        if place is not None and (name != "say" or platform == "darwin"):
            return make(place, volume)
    raise SoundRefused("cues.refused.voice")


def _say(place: str, volume: int) -> Speech:
    voice = text("cues.speech.say")
    return Speech("say", (place, "-v", voice, "-f", "-"), f"[[volm {volume / 100:.2f}]] ")


def _espeak(place: str, volume: int) -> Speech:
    command = (place, "-v", text("cues.speech.espeak"), "-a", str(2 * volume), "--stdin")
    return Speech("espeak-ng", command, complaint="error:")


def _sapi(place: str, volume: int) -> Speech:
    script = _SCRIPT.format(culture=text("cues.speech.sapi"), volume=volume)
    return Speech("SAPI", (place, "-NoProfile", "-NonInteractive", "-Command", script))


_PROGRAMS: Final = (
    ("say", _say),
    ("espeak-ng", _espeak),
    ("espeak", _espeak),
    ("powershell.exe", _sapi),
)
"""Tried in this order. ``say`` is macOS's, PowerShell is Windows's own; eSpeak runs everywhere."""


class Speaks(Protocol):
    """Who speaks."""

    async def say(self, words: str) -> None:
        """Speak words, and return when they are said."""

    def cut(self) -> None:
        """Be silent now."""


class Voice:
    """Speaks one sentence at a time.

    Args:
        speech: how.
    """

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def say(self, words: str) -> None:
        """Speak words, and return when they are said; whoever is cancelled is silent at once.

        Raises:
            SoundRefused: the program cannot be started, failed, hangs, or has no output.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(LONGEST_S):
                    status, said = await self._spoken(words)
            except TimeoutError:
                raise SoundRefused("cues.refused.voice_hangs", name=self._speech.name) from None
        lines, complaint = said.strip().splitlines(), self._speech.complaint
        if status == 0 and complaint and any(line.startswith(complaint) for line in lines):
            raise SoundRefused("cues.refused.voice_unheard", name=self._speech.name)
        if status > 0:
            reason = lines[-1] if lines else str(status)
            raise SoundRefused("cues.refused.voice_failed", name=self._speech.name, reason=reason)

    def cut(self) -> None:
        """End the sentence now."""
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()

    async def _spoken(self, words: str) -> tuple[int, str]:
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self._speech.command, stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=pipe
            )
        except OSError as error:
            reason = error.strerror or str(error)
            name = self._speech.name
            raise SoundRefused("cues.refused.voice_failed", name=name, reason=reason) from None
        self._process = process
        try:
            _, said = await process.communicate(self._read_out(words))
        finally:
            self.cut()
            await process.wait()
            self._process = None
        return process.returncode or 0, said.decode(errors="replace")

    def _read_out(self, words: str) -> bytes:
        """Return what the program is to read: no square brackets, which ``say`` obeys."""
        plain = words.replace("[[", "").replace("]]", "")
        return f"{self._speech.before}{plain}\n".encode()
