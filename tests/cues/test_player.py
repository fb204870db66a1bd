"""Events as sounds, in virtual time: a stop at once, one at a time, silent when muted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from companion.coaching.events import AlertAcknowledged, AlertCleared, Event, HintKind
from companion.cues.outlets import SoundRefused
from companion.cues.player import CuePlayer
from companion.cues.tones import Tone
from companion.hub import Hub
from companion.sensing.types import Level
from simulators.virtual_time import run_virtual
from tests.cues.fakes import NullDevice, NullVoice, alert, hint, now, prompt

BY_S = 0.150
"""Within this long of its decision the first sample of a stop is handed over."""


@dataclass
class Room:
    """A player on a hub, with a null device and a null voice."""

    hub: Hub = field(default_factory=Hub)
    device: NullDevice = field(default_factory=NullDevice)
    spare: NullDevice = field(default_factory=NullDevice)
    voice: NullVoice = field(default_factory=NullVoice)
    is_muted: bool = False
    refused: list[SoundRefused] = field(default_factory=list)

    def tell(self, *events: Event) -> None:
        for event in events:
            self.hub.publish(event)

    @property
    def tones(self) -> list[Tone]:
        return [tone for _, tone in self.device.played]

    def no_two_sound_at_once(self) -> bool:
        spans = sorted([*self.device.spans, *self.voice.spans])
        return all(one[1] <= other[0] + 1e-9 for one, other in pairwise(spans))


def play(script: Callable[[Room], Coroutine[Any, Any, None]]) -> Room:
    room = Room()

    async def session() -> None:
        player = CuePlayer(
            room.device,
            room.spare,
            room.voice,
            muted=lambda: room.is_muted,
            tell=room.refused.append,
        )
        events: AsyncIterator[Event] = room.hub.subscribe("cues")
        playing = asyncio.create_task(player.run(events))
        await asyncio.sleep(0)
        await script(room)
        room.hub.close()
        await playing

    run_virtual(session())
    return room


def cleared(number: int = 1) -> AlertCleared:
    return AlertCleared(
        device_s=2.0,
        alert=number,
        kind="over_pressure",
        level=Level.STOP,
        step="cheek-left",
        reason="ended",
        onset_s=0.8,
        duration_s=1.0,
        peak_kpa=9.9,
    )


def test_a_stop_cuts_off_whatever_sounds_and_is_handed_over_at_once() -> None:
    decided: list[float] = []

    async def script(room: Room) -> None:
        room.tell(hint(HintKind.WRONG_DIRECTION))
        await asyncio.sleep(0.6)
        decided.append(now())
        room.tell(alert(Level.STOP))
        await asyncio.sleep(0.3)
        room.tell(cleared())

    room = play(script)
    (at,) = [at for at, tone in room.device.played if tone is Tone.STOP]
    assert at - decided[0] <= BY_S
    assert room.voice.spans[0][1] <= at
    assert room.no_two_sound_at_once()


def test_tone_and_voice_follow_each_other_and_hints_wait_for_both() -> None:
    async def script(room: Room) -> None:
        room.tell(alert(Level.CAUTION), prompt())
        await asyncio.sleep(5)

    room = play(script)
    assert room.tones == [Tone.FALLING, Tone.NOTE]
    assert [words for _, words in room.voice.said] == ["Ease off.", "2 more."]
    assert room.no_two_sound_at_once()


def test_a_stop_sounds_until_it_is_seen() -> None:
    async def script(room: Room) -> None:
        room.tell(alert(Level.STOP))
        await asyncio.sleep(10)
        room.tell(AlertAcknowledged(device_s=11.0, alert=1))
        await asyncio.sleep(10)

    room = play(script)
    assert 3 <= room.tones.count(Tone.STOP) <= 4
    assert all(at <= 10.0 for at, _ in room.device.played)
    assert room.no_two_sound_at_once()


def test_a_stop_that_is_over_falls_silent() -> None:
    async def script(room: Room) -> None:
        room.tell(alert(Level.STOP))
        await asyncio.sleep(0.2)
        room.tell(cleared())
        await asyncio.sleep(10)

    room = play(script)
    assert room.tones == [Tone.STOP]
    assert room.device.spans[0][1] < 0.25
    assert not room.voice.said


def test_muted_nothing_sounds_not_even_what_sounds_already() -> None:
    async def script(room: Room) -> None:
        room.tell(alert(Level.STOP))
        await asyncio.sleep(0.2)
        room.is_muted = True
        await asyncio.sleep(10)
        room.tell(hint(HintKind.RUSHING))
        await asyncio.sleep(1)
        room.is_muted = False
        await asyncio.sleep(0.5)

    room = play(script)
    assert room.tones == [Tone.STOP, Tone.STOP]
    assert room.device.spans[0][1] <= 0.31
    assert room.device.played[1][0] >= 11.2


def test_a_device_that_goes_is_said_once_and_the_spare_takes_that_very_stop() -> None:
    async def script(room: Room) -> None:
        room.device.is_broken = True
        room.voice.is_broken = True
        room.tell(alert(Level.STOP))
        await asyncio.sleep(5)

    room = play(script)
    assert [error.key for error in room.refused] == [
        "cues.refused.gone",
        "cues.refused.voice_failed",
    ]
    assert room.spare.played[0] == (0.0, Tone.STOP)
    assert len(room.spare.played) > 1
    assert room.device.is_closed


def test_the_last_words_are_heard_and_the_device_is_let_go() -> None:
    async def script(room: Room) -> None:
        room.tell(hint(HintKind.SESSION_LONG))

    room = play(script)
    assert [words for _, words in room.voice.said] == ["That is enough for one session."]
    assert room.voice.spans[0][1] - room.voice.spans[0][0] == 1.0
    assert room.device.is_closed
