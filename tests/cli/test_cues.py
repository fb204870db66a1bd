"""What a session's cues are made with, and the command that plays each."""

import re
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli import cues, sounding
from companion.cli.sounding import means_of
from companion.cues.outlets import Bell, Nowhere, SoundRefused
from companion.cues.voice import Speech
from companion.settings.user import UserSettings
from tests.cli.terminal import terminal


@pytest.fixture(autouse=True)
def no_audio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without an audio library and without a voice."""

    def refuse(_volume: int) -> None:
        raise SoundRefused("cues.refused.library")

    def nobody(_volume: int) -> Speech:
        raise SoundRefused("cues.refused.voice")

    monkeypatch.setattr(sounding, "Speaker", refuse)
    monkeypatch.setattr(sounding, "find_speech", nobody)
    monkeypatch.setattr(cues, "BETWEEN_S", 0.0)


def ring() -> None:
    pass


def test_without_the_extra_the_bell_rings_and_nobody_complains() -> None:
    means = means_of(UserSettings(), ring)
    assert isinstance(means.outlet, Bell)
    assert means.refused == ()
    assert means.speech is None


def test_what_was_asked_for_and_cannot_be_had_is_said() -> None:
    means = means_of(UserSettings(sound="tones", voice=True), ring)
    assert isinstance(means.outlet, Bell)
    assert [error.key for error in means.refused] == [
        "cues.refused.library",
        "cues.refused.voice",
    ]


def test_a_machine_without_an_output_says_so_even_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_volume: int) -> None:
        raise SoundRefused("cues.refused.device", reason="none")

    monkeypatch.setattr(sounding, "Speaker", refuse)
    assert [error.key for error in means_of(UserSettings(), ring).refused] == [
        "cues.refused.device"
    ]


def test_off_is_off() -> None:
    assert isinstance(means_of(UserSettings(sound="off"), ring).outlet, Nowhere)


def has_rung(written: str) -> bool:
    """Say whether a bell is among what was written that ends no command to the terminal."""
    return "\x07" in re.sub(r"\x1b\][^\x07\x1b]*\x07", "", written)


def test_a_warning_on_the_dashboard_rings_the_bell_of_the_terminal(tmp_path: Path) -> None:
    folders = {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    demo = ("-m", "companion", "demo", "--oiled")
    with terminal(*demo, environment=folders) as screen:
        screen.until("NO CONTACT")
        assert not has_rung(screen.written)
        screen._read(lambda: has_rung(screen.written))
        screen.press("q")
        assert screen.ended()[0] == 0


@pytest.mark.usefixtures("home")
def test_the_trial_plays_each_and_says_what_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cues", "test", "--sound", "bell"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Tones: the terminal's bell")
    assert said[1] == "Voice: off (setting: voice)."
    assert [line.partition(":")[0] for line in said[2:]] == ["rising", "falling", "note", "stop"]


@pytest.mark.usefixtures("home")
def test_the_trial_fails_where_something_asked_for_is_missing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["cues", "test", "--sound", "tones", "--voice", "--volume", "10"]) == 1
    said = capsys.readouterr().out
    assert "Tones need the library sounddevice" in said
    assert "No program that speaks was found" in said


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--volume", "101"), "at most 100"),
        (("--sound", "loud"), "Accepted: auto, tones, bell, off."),
    ],
)
def test_settings_of_sound_are_checked(
    flags: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cues", "test", *flags]) == 2
    assert words in capsys.readouterr().err
