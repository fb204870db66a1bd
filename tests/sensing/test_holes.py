"""Repetitions that may lie wholly where samples are missing: told, and not guessed."""

from math import pi, sin

import pytest

from companion.sensing.engine import Engine
from companion.sensing.types import Band, RepetitionKind, Task, Technique
from tests.sensing.free import CYCLES, FREE, Free, cycles
from tests.sensing.rig import Rig, sweep

TAPS = Task(RepetitionKind.CONTACT, Technique.TAP, Band(0.3, 1.5, 2.7, 4.0))


def tapped(rig: Rig, count: int) -> None:
    """Taps of .15 s, one in .65 s."""
    for _ in range(count):
        rig.play(0.15, lambda t: 0.12 * sin(pi * t / 0.15))
        rig.play(0.5)


def stroked(rig: Rig, count: int) -> None:
    for _ in range(count):
        rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8))
        rig.play(0.5)


def test_where_nothing_is_missing_nothing_is_unseen() -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    tapped(rig, 4)
    end = rig.engine.finish()
    assert (len(end.repetitions_s), end.unseen) == (4, 0)


@pytest.mark.parametrize(("lost", "unseen"), [(5, 0), (15, 1), (40, 1), (90, 2), (200, 3)])
def test_as_many_taps_may_be_unseen_as_fit_into_the_hole(lost: int, unseen: int) -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    tapped(rig, 4)
    rig.skip(lost)
    rig.play(0.6)
    tapped(rig, 3)
    end = rig.engine.finish()
    assert (len(end.repetitions_s), end.unseen) == (7, unseen)


@pytest.mark.parametrize(("lost", "unseen"), [(40, 0), (70, 1)])
def test_beside_a_tap_that_the_hole_cut_another_must_fit_with_its_lift(
    lost: int, unseen: int
) -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    tapped(rig, 4)
    rig.play(0.08, lambda _: 0.1)
    rig.skip(lost)
    rig.play(0.6)
    tapped(rig, 3)
    end = rig.engine.finish()
    assert (len(end.repetitions_s), end.unseen) == (8, unseen)


@pytest.mark.parametrize(("lost", "unseen"), [(30, 0), (50, 0), (80, 1)])
def test_a_stroke_longer_than_the_hole_is_not_unseen(lost: int, unseen: int) -> None:
    rig = Rig().ready(sweep())
    stroked(rig, 3)
    rig.skip(lost)
    rig.play(0.6)
    stroked(rig, 3)
    end = rig.engine.finish()
    assert (len(end.repetitions_s), end.unseen) == (6, unseen)


def test_what_is_missing_in_one_step_is_none_of_the_next() -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    tapped(rig, 2)
    rig.skip(60)
    rig.play(0.6)
    tapped(rig, 2)
    assert rig.engine.finish().unseen == 1
    rig.engine.begin(TAPS)
    tapped(rig, 2)
    assert rig.engine.finish().unseen == 0
    rig.engine.begin(None)
    rig.skip(60)
    rig.play(0.3)
    assert rig.engine.finish().unseen == 0


def test_a_gap_may_hide_cycles_of_a_tool_that_only_moves() -> None:
    free = Free()
    frames = list(free.frames(free.samples(cycles(12, 1.0))))
    engine, half = _engine(), len(frames) // 2
    for frame in frames[:half] + frames[half + 50 :]:
        engine.receive(frame)
    end = engine.finish()
    assert len(end.repetitions_s) <= 12 <= len(end.repetitions_s) + end.unseen


def _engine() -> Engine:
    engine = Engine(FREE)
    engine.begin(CYCLES)
    return engine
