"""A null audio device and a voice that says nothing, both with a record of when."""

import asyncio
from dataclasses import dataclass, field

from companion.coaching.events import AlertRaised, Hint, HintKind, Prompt, PromptKind
from companion.coaching.routine import Side, Zone
from companion.cues.outlets import SoundRefused
from companion.cues.tones import Tone, lasts_s
from companion.sensing.types import Level


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class NullDevice:
    """Takes tones, and tells when each was handed over, and when it was cut off."""

    played: list[tuple[float, Tone]] = field(default_factory=list)
    spans: list[list[float]] = field(default_factory=list)
    is_broken: bool = False
    is_closed: bool = False

    def play(self, tone: Tone) -> float:
        if self.is_broken:
            raise SoundRefused("cues.refused.gone")
        self.played.append((now(), tone))
        self.spans.append([now(), now() + lasts_s(tone)])
        return lasts_s(tone)

    def cut(self) -> None:
        if self.spans:
            self.spans[-1][1] = min(self.spans[-1][1], now())

    def close(self) -> None:
        self.is_closed = True


@dataclass
class NullVoice:
    """Speaks for so many seconds a sentence."""

    seconds: float = 1.0
    said: list[tuple[float, str]] = field(default_factory=list)
    spans: list[list[float]] = field(default_factory=list)
    is_broken: bool = False

    async def say(self, words: str) -> None:
        if self.is_broken:
            raise SoundRefused("cues.refused.voice_failed", name="null", reason="broken")
        self.said.append((now(), words))
        self.spans.append([now(), now() + self.seconds])
        await asyncio.sleep(self.seconds)

    def cut(self) -> None:
        if self.spans:
            self.spans[-1][1] = min(self.spans[-1][1], now())


def alert(level: Level, number: int = 1) -> AlertRaised:
    return AlertRaised(
        device_s=1.0,
        alert=number,
        kind="over_pressure",
        level=level,
        step="cheek-left",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        onset_s=0.8,
        pressure_kpa=9.5,
        limit_kpa=9.0,
        priority={Level.STOP: 100, Level.CAUTION: 90}.get(level, 10),
        spacing_s=4.0,
    )


def hint(kind: HintKind, priority: int = 40) -> Hint:
    return Hint(
        device_s=1.0,
        kind=kind,
        priority=priority,
        spacing_s=4.0,
        step="cheek-left",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        onset_s=0.8,
    )


def prompt(kind: PromptKind = PromptKind.LAST) -> Prompt:
    return Prompt(
        device_s=1.0,
        kind=kind,
        priority=12,
        spacing_s=4.0,
        step="cheek-left",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        count=2,
    )
