"""Tones as they are: pitch, direction, blows and loudness of the samples."""

from array import array
from itertools import pairwise

import pytest

from companion.cues.tones import RATE_HZ, Tone, lasts_s, samples


def wave(tone: Tone, volume: int = 100) -> "array[int]":
    return array("h", samples(tone, volume))


def pitch_hz(part: "array[int]") -> float:
    crossings = sum(1 for one, other in pairwise(part) if one < 0 <= other)
    return crossings * RATE_HZ / len(part)


def test_rising_rises_and_falling_falls() -> None:
    for tone, ratio in ((Tone.RISING, 1.5), (Tone.FALLING, 1 / 1.5)):
        made = wave(tone)
        tenth = len(made) // 10
        low, high = made[tenth : 3 * tenth], made[-3 * tenth : -tenth]
        assert pitch_hz(high) / pitch_hz(low) == pytest.approx(ratio, rel=0.05)


def test_a_stop_is_three_blows_of_one_pitch() -> None:
    made = wave(Tone.STOP)
    block = RATE_HZ // 100
    loud = [
        max(map(abs, made[at : at + block])) > 5000 for at in range(0, len(made) - block, block)
    ]
    begins = [now and not before for before, now in pairwise([False, *loud])]
    assert sum(begins) == 3


@pytest.mark.parametrize("tone", Tone)
def test_no_tone_clips_or_clicks_and_each_lasts_what_it_says(tone: Tone) -> None:
    made = wave(tone)
    assert 15000 < max(map(abs, made)) < 32767
    assert max(abs(one - other) for one, other in pairwise([0, *made[:40]])) < 1500
    assert abs(made[-1]) < 200
    assert len(made) / RATE_HZ == pytest.approx(lasts_s(tone), abs=0.001)


def test_volume_goes_by_its_square_down_to_silence() -> None:
    loudest, half = (max(map(abs, wave(Tone.NOTE, volume))) for volume in (100, 50))
    assert loudest / half == pytest.approx(4.0, rel=0.01)
    assert set(wave(Tone.NOTE, 0)) == {0}


def test_no_two_tones_are_alike() -> None:
    assert len({samples(tone, 60) for tone in Tone}) == len(Tone)
