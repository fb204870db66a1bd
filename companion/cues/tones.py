"""Tones made while the program runs: no sound file anywhere."""

import math
import sys
from array import array
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

RATE_HZ: Final = 44100
"""Samples per second."""

SAMPLE_BYTES: Final = 2
"""One channel of signed 16 bit."""

_ATTACK_S: Final = 0.005
_RELEASE_S: Final = 0.02
_LOUDEST: Final = 26000
_OVERTONE: Final = 0.35
"""Share of the third partial in a stop: harsher than the rest, and heard through small speakers."""


class Tone(StrEnum):
    """What is to be heard; a stop sounds like nothing else."""

    RISING = "rising"
    FALLING = "falling"
    NOTE = "note"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Beep:
    """One sound of a tone: its pitch (0 for silence), how long, and how much of the overtone."""

    hz: float
    seconds: float
    overtone: float = 0.0


BEEPS: Final[dict[Tone, tuple[Beep, ...]]] = {
    Tone.RISING: (Beep(523.25, 0.09), Beep(783.99, 0.14)),
    Tone.FALLING: (Beep(783.99, 0.12), Beep(523.25, 0.18)),
    Tone.NOTE: (Beep(659.26, 0.1),),
    Tone.STOP: (
        Beep(987.77, 0.14, _OVERTONE),
        Beep(0.0, 0.06),
        Beep(987.77, 0.14, _OVERTONE),
        Beep(0.0, 0.06),
        Beep(987.77, 0.14, _OVERTONE),
    ),
}
"""C5, E5, G5 and B5: small steps that differ in direction, and a stop of three equal blows."""


def lasts_s(tone: Tone) -> float:
    """Return how long a tone lasts, in seconds."""
    return sum(beep.seconds for beep in BEEPS[tone])


@cache
def samples(tone: Tone, volume: int) -> bytes:
    """Return a tone as samples, least significant byte first.

    Args:
        tone: which.
        volume: 0 to 100; its square is the amplitude, as hearing goes by ratios.
    """
    loudest = _LOUDEST * (volume / 100) ** 2
    wave = array("h")
    for beep in BEEPS[tone]:
        wave.extend(_beep(beep, loudest))
    if sys.byteorder == "big":
        wave.byteswap()
    return wave.tobytes()


@cache
def _beep(beep: Beep, loudest: float) -> "array[int]":
    count = round(beep.seconds * RATE_HZ)
    if not beep.hz:
        return array("h", bytes(SAMPLE_BYTES * count))
    turn, scale = 2 * math.pi * beep.hz / RATE_HZ, loudest / (1 + beep.overtone)
    wave = [math.sin(turn * at) for at in range(count)]
    if beep.overtone:
        partial = 3 * turn
        wave = [one + beep.overtone * math.sin(partial * at) for at, one in enumerate(wave)]
    heard = array("h", [round(scale * one) for one in wave])
    swelling, fading = round(_ATTACK_S * RATE_HZ) + 1, count - round(_RELEASE_S * RATE_HZ) - 1
    for at in (*range(swelling), *range(fading, count)):
        heard[at] = round(scale * _envelope(at / RATE_HZ, beep.seconds) * wave[at])
    return heard


def _envelope(at_s: float, seconds: float) -> float:
    """Return the loudness within a beep, 0 to 1: without edges that click."""
    return max(0.0, min(1.0, at_s / _ATTACK_S, (seconds - at_s) / _RELEASE_S))
