"""Speech by a program: found, spoken to over standard input, cut off, and mended where it fails."""

import asyncio
import shutil
import sys
import time
import wave
from pathlib import Path

import pytest

from companion.cues import voice as voice_module
from companion.cues.outlets import SoundRefused
from companion.cues.voice import Speech, Voice, find_speech
from companion.texts import speaking


def program(code: str, before: str = "") -> Speech:
    return Speech("talker", (sys.executable, "-c", code), before)


def found(*names: str, platform: str = "linux", volume: int = 50) -> Speech:
    return find_speech(
        volume,
        platform=platform,
        which=lambda name: f"/bin/{name}" if name in names else None,
    )


def test_each_platform_speaks_with_its_own() -> None:
    assert found("espeak-ng", "espeak", "say").command[0] == "/bin/espeak-ng"
    assert found("say", "espeak-ng", platform="darwin").command[0] == "/bin/say"
    assert found("powershell.exe", platform="win32").name == "SAPI"


def test_language_and_volume_reach_the_program_and_words_never_do() -> None:
    with speaking("de"):
        assert found("espeak-ng", volume=30).command[1:] == ("-v", "de", "-a", "60", "--stdin")
        say = found("say", platform="darwin", volume=30)
        assert (say.command[1:], say.before) == (("-v", "Anna", "-f", "-"), "[[volm 0.30]] ")
        script = found("powershell.exe", platform="win32").command[-1]
    assert "GetCultureInfo('de-DE')" in script
    assert "$voice.Volume = 50" in script


def test_without_a_program_that_is_said() -> None:
    with pytest.raises(SoundRefused, match="install espeak-ng"):
        found()


async def test_words_come_over_standard_input_and_obey_nobody(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    code = f"import sys; open({str(heard)!r}, 'wb').write(sys.stdin.buffer.read())"
    await Voice(program(code, "[[volm 0.5]] ")).say('-v; rm -rf ~ "[[rate 900]]" überall')
    assert heard.read_text() == '[[volm 0.5]] -v; rm -rf ~ "rate 900" überall\n'


async def test_a_stop_ends_the_sentence_and_the_next_one_waits_for_nothing(tmp_path: Path) -> None:
    began = tmp_path / "began"
    code = f"open({str(began)!r}, 'w').close(); import time; time.sleep(60)"
    voice = Voice(program(code))
    saying = asyncio.create_task(voice.say("a long hint"))
    async with asyncio.timeout(20):
        while not began.exists():  # noqa: ASYNC110 -- another process makes it
            await asyncio.sleep(0.01)
    cut_at = time.monotonic()
    voice.cut()
    saying.cancel()
    await asyncio.wait([saying])
    assert time.monotonic() - cut_at < 5


async def test_a_program_that_fails_says_why() -> None:
    voice = Voice(program("import sys; print('no such voice', file=sys.stderr); sys.exit(3)"))
    with pytest.raises(SoundRefused, match="talker could not speak \\(no such voice\\)"):
        await voice.say("hello")


@pytest.mark.service("espeak-ng")
async def test_a_voice_that_nobody_can_hear_says_so_though_its_program_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "alsa.conf"
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'none'}")
    voice = Voice(find_speech(0, platform="linux"))
    config.write_text("pcm.!default { type null }\nctl.!default { type null }\n")
    await voice.say("hello")
    config.write_text("pcm.!default { type hw card 7 }\n")
    with pytest.raises(SoundRefused, match="espeak-ng found no sound output"):
        await voice.say("hello")


async def test_a_program_that_cannot_be_started_says_why(tmp_path: Path) -> None:
    with pytest.raises(SoundRefused, match="No such file"):
        await Voice(Speech("talker", (str(tmp_path / "none"),))).say("hello")


async def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_module, "LONGEST_S", 0.2)
    with pytest.raises(SoundRefused, match="does not answer"):
        await Voice(program("import time; time.sleep(60)")).say("hello")


@pytest.mark.service("espeak-ng")
@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_real_voice_speaks_both_languages(language: str, tmp_path: Path) -> None:
    file = tmp_path / "said.wav"
    with speaking(language):
        place = shutil.which("espeak-ng")
        speech = find_speech(
            80, platform="linux", which=lambda name: place if name == "espeak-ng" else None
        )
    await Voice(Speech(speech.name, (*speech.command, "-w", str(file)))).say("Stopp. Abheben.")
    with wave.open(str(file)) as said:
        assert said.getnframes() / said.getframerate() > 0.5
        assert set(said.readframes(said.getnframes())) != {0}
