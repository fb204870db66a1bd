"""``companion cues test``: what cues are made with here, and what each one sounds like."""

import asyncio
from argparse import Namespace

from companion.cli.endings import ExitCode
from companion.cli.settings import settled
from companion.cli.sounding import Means, means_of, ring_terminal
from companion.cues.outlets import Bell, SoundRefused
from companion.cues.portaudio import Speaker
from companion.cues.tones import Tone
from companion.cues.voice import Voice
from companion.log import open_log
from companion.settings.user import UserSettings
from companion.texts import text

BETWEEN_S = 0.4
"""Silence between two of them, in seconds."""


def execute(arguments: Namespace) -> ExitCode:
    """Play every tone and speak one sentence each.

    Returns:
        FAILED where something that the settings ask for cannot be heard.

    Raises:
        FileRefused: the settings cannot be used.
    """
    settings = settled(arguments).settings
    open_log(settings.log_level, verbose=arguments.verbose)
    return asyncio.run(_tested(settings))


async def _tested(settings: UserSettings) -> ExitCode:
    means = means_of(settings, ring_terminal)
    for line in described(means, settings):
        print(line)
    voice = None if means.speech is None else Voice(means.speech)
    failed = list(means.refused)
    try:
        for tone in Tone:
            print(text(f"cues.test.{tone}"), flush=True)
            await asyncio.sleep(means.outlet.play(tone) + BETWEEN_S)
            voice = await _spoken(voice, text(f"cues.sample.{tone}"), failed)
    except SoundRefused as error:
        failed.append(error)
        print(error)
    finally:
        means.outlet.close()
    return ExitCode.FAILED if failed else ExitCode.OK


async def _spoken(voice: Voice | None, words: str, failed: list[SoundRefused]) -> Voice | None:
    """Speak, and return who speaks next: nobody, once it failed and that was said."""
    try:
        if voice is not None:
            await voice.say(words)
    except SoundRefused as error:
        failed.append(error)
        print(error)
        return None
    return voice


def described(means: Means, settings: UserSettings) -> list[str]:
    """Return what cues are made with, one line each."""
    if isinstance(means.outlet, Speaker):
        tones = text("cues.used.tones", volume=settings.volume)
    elif isinstance(means.outlet, Bell):
        tones = text("cues.used.bell")
    else:
        tones = text("cues.used.nothing")
    voice = text("cues.used.no_voice")
    if means.speech is not None:
        voice = text("cues.used.voice", name=means.speech.name, volume=settings.volume)
    lines = [tones, voice, *map(str, means.refused)]
    return [*lines, text("cues.used.muted")] if settings.mute else lines
