"""The sounds of a session, as the settings ask for them and as this computer can make them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from companion.cli.late import Guides
from companion.coaching.events import Notice
from companion.cues.outlets import Bell, Nowhere, Outlet, SoundRefused
from companion.cues.player import CuePlayer
from companion.cues.portaudio import Speaker
from companion.cues.voice import Speech, Voice, find_speech
from companion.hub import Edge
from companion.settings.user import UserSettings

_QUEUE = 1024
_WITHOUT_A_WORD = frozenset({"cues.refused.library"})
"""With `sound = "auto"` the bell rings where the extra is not installed: that is no trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What cues are made with.

    Attributes:
        outlet: where tones go.
        spare: where they go when that fails.
        speech: who speaks; None for nobody.
        refused: what was asked for and cannot be had.
    """

    outlet: Outlet
    spare: Outlet
    speech: Speech | None
    refused: tuple[SoundRefused, ...] = ()


def means_of(settings: UserSettings, ring: Callable[[], None]) -> Means:
    """Return what the settings ask for; to be called before a screen opens.

    Args:
        settings: the person's.
        ring: rings the bell once.
    """
    refused: list[SoundRefused] = []
    bell: Outlet = Bell(ring)
    outlet = {"off": Nowhere(), "bell": bell}.get(settings.sound)
    if outlet is None:
        outlet = bell
        try:
            outlet = Speaker(settings.volume)
        except SoundRefused as error:
            if settings.sound == "tones" or error.key not in _WITHOUT_A_WORD:
                refused.append(error)
    speech = None
    if settings.voice:
        try:
            speech = find_speech(settings.volume)
        except SoundRefused as error:
            refused.append(error)
    return Means(outlet=outlet, spare=bell, speech=speech, refused=tuple(refused))


def sounded(service: Guides, settings: UserSettings, ring: Callable[[], None]) -> Edge:
    """Return who makes a session's cues heard; says once what cannot be.

    Args:
        service: the session, not yet run.
        settings: the person's.
        ring: rings the bell once.
    """
    means = means_of(settings, ring)
    events = service.hub.subscribe("cues", _QUEUE)

    def tell(refused: SoundRefused) -> None:
        service.hub.publish(Notice(device_s=0.0, key=refused.key, values=refused.values))

    player = CuePlayer(
        means.outlet,
        means.spare,
        None if means.speech is None else Voice(means.speech),
        muted=lambda: service.live.muted,
        tell=tell,
    )

    async def sound() -> None:
        for refused in means.refused:
            tell(refused)
        await player.run(events)

    return sound


def heard_in_lines(service: Guides, settings: UserSettings, *, is_json: bool) -> list[Edge]:
    """Return who makes the cues of a session in lines heard.

    Args:
        service: the session, not yet run.
        settings: the person's.
        is_json: the lines are a program's: it makes its own sounds of them, and here is nobody.
    """
    return [] if is_json else [sounded(service, settings, ring_terminal)]


def ring_terminal() -> None:
    """Ring the bell of the terminal that errors go to, where there is one."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write("\a")
        sys.stderr.flush()
