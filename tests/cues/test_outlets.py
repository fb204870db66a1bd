"""Where tones go: a bell with a pattern, and the audio library with its refusals."""

import asyncio
import builtins
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from companion.cues.outlets import Bell, Nowhere, SoundRefused
from companion.cues.portaudio import Buffer, Speaker, Wave
from companion.cues.tones import Tone, samples
from simulators.virtual_time import run_virtual

ROOT = Path(__file__).parents[2]


@dataclass
class NullStream:
    """A stream that takes a block when a test says so."""

    fill: Callable[[Buffer], None]
    active: bool = False
    is_closed: bool = False
    calls: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.active = True

    def close(self) -> None:
        self.is_closed = True

    def block(self, size: int = 64) -> bytes:
        buffer = bytearray(b"\xff" * size)
        self.fill(buffer)
        return bytes(buffer)


def speaker() -> tuple[Speaker, NullStream]:
    opened: list[NullStream] = []

    def open_null(fill: Callable[[Buffer], None]) -> NullStream:
        opened.append(NullStream(fill))
        return opened[0]

    return Speaker(60, open_null), opened[0]


def test_the_next_block_is_the_beginning_of_the_tone_and_the_end_is_silence() -> None:
    made, stream = speaker()
    assert set(stream.block()) == {0}
    made.play(Tone.STOP)
    assert stream.block(64) == samples(Tone.STOP, 60)[:64]
    assert stream.block(32) == samples(Tone.STOP, 60)[64:96]
    made.play(Tone.NOTE)
    whole = samples(Tone.NOTE, 60)
    assert stream.block(len(whole) + 10) == whole + bytes(10)
    made.play(Tone.STOP)
    made.cut()
    assert set(stream.block()) == {0}
    made.close()
    assert stream.is_closed


def test_an_output_that_is_gone_is_told() -> None:
    made, stream = speaker()
    stream.active = False
    with pytest.raises(SoundRefused, match="output is gone"):
        made.play(Tone.STOP)


def test_a_wave_ends_in_silence_for_ever() -> None:
    wave = Wave(b"\1\2")
    assert [wave.take(3), wave.take(3)] == [b"\1\2\0", b"\0\0\0"]


def without(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> ModuleType:  # noqa: ANN401 -- as Python has it
        if name == "sounddevice":
            raise error
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_without_the_extra_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, ImportError("sounddevice"))
    with pytest.raises(SoundRefused, match="the library sounddevice, which is not installed"):
        Speaker(60)


def test_without_portaudio_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, OSError("PortAudio library not found"))
    with pytest.raises(SoundRefused, match="libportaudio2"):
        Speaker(60)


PROGRAM = """
import asyncio, time
from companion.cues.outlets import Nowhere, SoundRefused
from companion.cues.player import CuePlayer
from companion.cues.portaudio import Speaker
from companion.hub import Hub
from companion.sensing.types import Level
from tests.cues.fakes import alert
class Heard(Speaker):
    taken = []
    def _fill(self, buffer):
        super()._fill(buffer)
        if any(bytes(buffer)):
            self.taken.append(time.monotonic())
async def session(heard):
    hub = Hub()
    player = CuePlayer(heard, Nowhere(), None, muted=lambda: False, tell=print)
    playing = asyncio.create_task(player.run(hub.subscribe("cues")))
    await asyncio.sleep(0.1)
    decided = time.monotonic()
    hub.publish(alert(Level.STOP))
    while not heard.taken and time.monotonic() < decided + 10:
        await asyncio.sleep(0.002)
    print(round(1e3 * (heard.taken[0] - decided)))
    hub.close()
    await playing
try:
    heard = Heard(60)
except SoundRefused as refused:
    print(refused)
else:
    asyncio.run(session(heard))
"""


def real(tmp_path: Path, config: str) -> str:
    """Return what a process says that plays a stop through PortAudio with ALSA's own devices."""
    file = tmp_path / "alsa.conf"
    file.write_text(config, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ | {"ALSA_CONFIG_PATH": str(file)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="needs ALSA")
def test_portaudio_takes_the_first_sample_of_a_stop_within_150_ms_of_its_decision(
    tmp_path: Path,
) -> None:
    assert int(real(tmp_path, "pcm.!default { type null }\nctl.!default { type null }\n")) <= 150


@pytest.mark.skipif(sys.platform != "linux", reason="needs ALSA")
def test_a_machine_without_audio_says_so(tmp_path: Path) -> None:
    assert real(tmp_path, "pcm.!default { type hw card 7 }\n").startswith(
        "This computer has no sound output that can be used"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs ALSA")
def test_where_alsa_has_no_configuration_the_process_survives_and_says_so(tmp_path: Path) -> None:
    assert real(tmp_path, "").startswith("The sound library cannot start")


def test_a_bell_rings_for_less_and_three_times_for_a_stop() -> None:
    rung: list[float] = []

    async def ring() -> None:
        loop = asyncio.get_running_loop()
        bell = Bell(lambda: rung.append(loop.time()))
        for tone in (Tone.RISING, Tone.NOTE, Tone.FALLING):
            bell.play(tone)
        await asyncio.sleep(1)
        bell.play(Tone.STOP)
        await asyncio.sleep(1)
        bell.play(Tone.STOP)
        bell.cut()
        await asyncio.sleep(1)
        bell.close()

    run_virtual(ring())
    assert rung == pytest.approx([0.0, 1.0, 1.25, 1.5, 2.0])


def test_nowhere_takes_no_time() -> None:
    nowhere = Nowhere()
    assert nowhere.play(Tone.STOP) == 0.0
    nowhere.cut()
    nowhere.close()


def test_the_buffer_of_the_library_is_what_is_filled() -> None:
    content = bytearray(4)
    buffer: Buffer = content
    buffer[:4] = b"abcd"
    assert content == b"abcd"
