"""Which event sounds like what."""

from typing import get_args

import pytest

from companion.coaching.events import Cue, HintKind, LinkLost, Repetition
from companion.coaching.hints.desk import STOP_PRIORITY as DESK_STOP
from companion.cues.sounds import STOP_PRIORITY, sound_of, stop_again
from companion.cues.tones import Tone
from companion.sensing.types import Level
from companion.texts import speaking
from tests.cues.fakes import alert, hint, prompt


@pytest.mark.parametrize(
    ("level", "tone", "words"),
    [
        (Level.STOP, Tone.STOP, "Stop. Lift off."),
        (Level.CAUTION, Tone.FALLING, "Ease off."),
        (Level.LIGHT, Tone.RISING, "A little more."),
    ],
)
def test_a_warning_sounds_like_its_level(level: Level, tone: Tone, words: str) -> None:
    sound = sound_of(alert(level))
    assert sound is not None
    assert (sound.tone, sound.words, sound.is_stop) == (tone, words, level is Level.STOP)


@pytest.mark.parametrize("kind", HintKind)
def test_only_a_full_dose_is_a_stop_among_the_hints(kind: HintKind) -> None:
    sound = sound_of(hint(kind))
    assert sound is not None
    assert sound.words
    assert sound.is_stop is (kind is HintKind.DOSE_STOP)


def test_every_kind_of_cue_is_heard() -> None:
    kinds = {kind.__name__ for kind in Cue.__subclasses__()}
    assert kinds == {"AlertRaised", "Hint", "Prompt", "StepStarted"}
    assert get_args(sound_of.__annotations__["return"])


def test_what_is_no_cue_is_silent_but_for_a_lost_tool() -> None:
    lost = sound_of(LinkLost(device_s=1.0, tool="roller", reason=""))
    assert lost is not None
    assert lost.words == "The tool is not heard any more."
    assert sound_of(Repetition(device_s=1.0, step="a", count=1, goal=None)) is None


def test_the_priority_of_a_stop_is_coachings_own() -> None:
    assert STOP_PRIORITY == DESK_STOP == stop_again().priority


@pytest.mark.parametrize(
    ("language", "count", "stop"),
    [("en", "2 more.", "Stop. Lift off."), ("de", "Noch 2.", "Stopp. Abheben.")],
)
def test_words_are_of_the_language_that_is_spoken(language: str, count: str, stop: str) -> None:
    with speaking(language):
        sound = sound_of(prompt())
        again = stop_again()
    assert sound is not None
    assert (sound.words, again.words) == (count, stop)
