"""Whose turn it is: a stop never waits behind a hint, nothing sounds at once, nothing is stale."""

from companion.cues.sounds import Sound
from companion.cues.tones import Tone
from companion.cues.turns import STALE_S, STOP_AGAIN_S, Turns

STOP = Sound(Tone.STOP, "stop", 100)
DOSE = Sound(Tone.STOP, "enough", 70)
CAUTION = Sound(Tone.FALLING, "ease off", 90)
HINT = Sound(Tone.NOTE, "slower", 20)
STEP = Sound(Tone.RISING, "cheek", 35)


def test_what_matters_more_takes_the_place_of_what_sounds() -> None:
    turns = Turns()
    assert turns.offer(HINT, 0.0) == HINT
    assert turns.offer(CAUTION, 0.1) == CAUTION
    assert turns.offer(STOP, 0.2) == STOP
    assert turns.over(1.0) is None


def test_what_matters_less_waits_for_its_turn_and_the_gravest_of_those() -> None:
    turns = Turns()
    turns.offer(CAUTION, 0.0)
    assert turns.offer(STEP, 0.5) is None
    assert turns.offer(HINT, 0.6) is None
    assert turns.over(1.0) == STEP
    assert turns.over(2.0) is None


def test_what_waited_too_long_is_not_said() -> None:
    turns = Turns()
    turns.offer(CAUTION, 0.0)
    turns.offer(STEP, 0.5)
    assert turns.over(0.5 + STALE_S + 0.1) is None
    assert turns.sounding is None


def test_a_stop_goes_before_a_louder_priority_that_is_no_stop() -> None:
    turns = Turns()
    turns.offer(CAUTION, 0.0)
    assert turns.offer(DOSE, 0.1) == DOSE


def test_a_second_stop_does_not_break_off_a_graver_one() -> None:
    turns = Turns()
    turns.offer(STOP, 0.0)
    assert turns.offer(DOSE, 0.1) is None
    assert turns.over(1.0) == DOSE


def test_a_stop_that_stands_sounds_again_and_nothing_else_does() -> None:
    turns = Turns()
    turns.stand(1)
    turns.offer(STOP, 0.0)
    turns.over(1.0)
    assert turns.offer(STEP, 1.1) is None
    assert turns.due(1.0 + STOP_AGAIN_S - 0.1) is None
    again = turns.due(1.0 + STOP_AGAIN_S)
    assert again is not None
    assert again.is_stop
    assert turns.due(9.0) is None
    turns.over(9.0)
    turns.settle(1)
    assert turns.due(20.0) is None
    assert turns.offer(STEP, 20.0) == STEP


def test_silence_forgets_what_waited() -> None:
    turns = Turns()
    turns.offer(CAUTION, 0.0)
    turns.offer(STEP, 0.1)
    turns.hush(0.2)
    assert turns.sounding is None
    assert turns.over(0.3) is None
