"""Tones through PortAudio, by the library sounddevice: one stream, open for a whole session.

An open stream takes the first sample of a tone at its next block. Opening one for each tone, or
starting a player program, takes longer than a stop may wait.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from companion.cues.outlets import SoundRefused
from companion.cues.tones import RATE_HZ, SAMPLE_BYTES, Tone, lasts_s, samples

BLOCK_S: Final = 0.02
"""How much the library asks for at a time, in seconds; a tone begins at the next block."""

_STANDARD_ERROR: Final = 2
_ALSA_FILE: Final = Path("/usr/share/alsa/alsa.conf")
_TRIED_WITHIN_S: Final = 10.0


class Buffer(Protocol):
    """The bytes the library wants filled."""

    def __len__(self) -> int:
        """Return how many."""

    def __setitem__(self, place: slice, content: bytes, /) -> None:
        """Fill some."""


class Wave:
    """What is left of a tone; read by the library's own thread."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes, silence after the end."""
        taken = self._content[self._at : self._at + count]
        self._at += count
        return taken.ljust(count, b"\0")


class Stream(Protocol):
    """The part of the library's stream that is used."""

    @property
    def active(self) -> bool:
        """Whether it takes samples."""

    def start(self) -> object:
        """Begin to take samples."""

    def close(self) -> object:
        """End."""


Open = Callable[[Callable[[Buffer], None]], Stream]
"""Opens a stream that has its buffers filled by what it is given."""


class Speaker:
    """Tones on the computer's default output.

    Args:
        opened: opens the stream; None takes the library's.
        volume: 0 to 100.

    Raises:
        SoundRefused: there is no such library, or no output.
    """

    def __init__(self, volume: int, opened: Open | None = None) -> None:
        self._volume = volume
        self._wave = Wave(b"")
        self._stream = (opened or _open_stream)(self._fill)
        for tone in Tone:
            samples(tone, volume)
        self._stream.start()

    def play(self, tone: Tone) -> float:
        """Begin a tone in place of what sounds.

        Raises:
            SoundRefused: the output is gone.
        """
        if not self._stream.active:
            raise SoundRefused("cues.refused.gone")
        self._wave = Wave(samples(tone, self._volume))
        return lasts_s(tone)

    def cut(self) -> None:
        """Be silent from the next block on."""
        self._wave = Wave(b"")

    def close(self) -> None:
        """Let go of the output."""
        with _quiet():
            self._stream.close()

    def _fill(self, buffer: Buffer) -> None:
        buffer[: len(buffer)] = self._wave.take(len(buffer))


def _open_stream(fill: Callable[[Buffer], None]) -> Stream:
    """Open a stream of the library.

    Raises:
        SoundRefused: it is not installed, PortAudio is not, it would abort, or there is no output.
    """
    if not _is_configured() and _aborts():
        raise SoundRefused("cues.refused.alsa")

    def callback(buffer: Buffer, _frames: int, _time: object, _status: object) -> None:
        fill(buffer)

    with _quiet():
        try:
            import sounddevice  # noqa: PLC0415 -- an extra: it is there or not
        except ImportError:
            raise SoundRefused("cues.refused.library") from None
        except OSError:
            raise SoundRefused("cues.refused.portaudio") from None
        try:
            stream: Stream = sounddevice.RawOutputStream(
                samplerate=RATE_HZ,
                blocksize=round(BLOCK_S * RATE_HZ),
                channels=1,
                dtype=f"int{8 * SAMPLE_BYTES}",
                latency="low",
                callback=callback,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundRefused("cues.refused.device", reason=_reason(error)) from None
    return stream


def _is_configured() -> bool:
    """Say whether ALSA finds anything to read where it usually looks, or is not needed."""
    if sys.platform != "linux":
        return True
    said = os.environ.get("ALSA_CONFIG_PATH")
    files = [_ALSA_FILE] if said is None else [Path(name) for name in said.split(":") if name]
    return any(file.is_file() and file.stat().st_size for file in files)


def _aborts() -> bool:
    """Say whether loading the library ends a process; another one tries it.

    PortAudio asks ALSA for its devices as soon as it is loaded. Where ALSA has no configuration at
    all, an assertion of PortAudio's ends the process, which no ``except`` can catch.
    """
    if find_spec("sounddevice") is None:
        return False
    try:
        tried = subprocess.run(
            (sys.executable, "-c", "import sounddevice"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIED_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return True
    return tried.returncode < 0


def _reason(error: Exception) -> str:
    said: tuple[Any, ...] = error.args
    return str(said[0]) if said else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the system's sound libraries print off the terminal; no screen is open yet."""
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        with suppress(OSError):
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
