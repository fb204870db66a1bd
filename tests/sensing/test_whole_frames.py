"""Samples that turn nothing are taken in one go: that leaves behind what one by one does."""

from dataclasses import replace
from random import Random

import pytest

from companion.sensing.contact import ContactTracker
from companion.sensing.force import ContactForce
from companion.sensing.judgement import Judge
from companion.sensing.pressure import PressureScale
from companion.sensing.steady_contact import SteadyContact
from companion.sensing.types import (
    LevelMoved,
    OverPressureRaised,
    RepetitionKind,
    SensingEvent,
    Task,
    Technique,
)
from tests.sensing.rig import CHEEK, ROLLER

ON_N = 0.1
TIMES_US = range(0, 4_000_000, 10_000)


def presses(seed: int) -> list[float]:
    """Forces that press, graze the thresholds, rest and creep."""
    random = Random(seed)  # noqa: S311 - a made hand, not a secret
    forces: list[float] = []
    while len(forces) < len(TIMES_US):
        top = random.choice([0.0, 0.02, 0.04, 0.06, 0.09, 0.11, 0.3, 1.5])
        forces += [top + random.gauss(0.0, 0.01) for _ in range(random.randrange(1, 40))]
    return forces[: len(TIMES_US)]


@pytest.mark.parametrize("seed", range(8))
def test_a_contact_skimmed_is_the_contact_taken_sample_by_sample(seed: int) -> None:
    one, other = ContactTracker(), SteadyContact()
    forces, random = presses(seed), Random(seed)  # noqa: S311 - lengths of frames
    said: tuple[list[SensingEvent], list[SensingEvent]] = ([], [])
    one.set_threshold(ON_N)
    other.set_threshold(ON_N)
    for t_us, force_n in zip(TIMES_US, forces, strict=True):
        one.by_force(t_us, force_n, said[0])
    first = skimmed = 0
    while first < len(forces):
        taken = other.skim(TIMES_US, forces, first, min(first + random.randrange(1, 9), 400))
        skimmed += taken - first
        if taken == first:
            other.by_force(TIMES_US[first], forces[first], said[1])
            taken += 1
        first = taken
    assert skimmed > len(forces) / 10
    assert said[0]
    assert said == (said[0], said[0])
    assert vars(one) == vars(other)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("technique", [Technique.SWEEP, Technique.TAP])
def test_a_pressure_judged_in_one_go_is_judged_as_sample_by_sample(
    seed: int, technique: Technique
) -> None:
    task = Task(RepetitionKind.STROKE, technique, CHEEK)
    forces, random = presses(seed), Random(seed)  # noqa: S311 - lengths of frames
    said: tuple[list[SensingEvent], list[SensingEvent]] = ([], [])
    one, other = judge(task, said[0]), judge(task, said[1])
    first = 0
    while first < len(forces):
        end = min(first + random.randrange(1, 9), len(forces))
        touching = max(forces[first:end]) > ON_N
        for index in range(first, end):
            one.step(TIMES_US[index], forces[index], touching=touching, out=said[0])
        if other.is_asked(TIMES_US[end - 1]):
            for index in range(first, end):
                other.step(TIMES_US[index], forces[index], touching=touching, out=said[1])
        else:
            other.run((TIMES_US, forces), first, end, touching=touching, out=said[1])
        assert (one.level, one.pressure_kpa) == (other.level, other.pressure_kpa)
        first = end
    assert {type(event) for event in said[0]} >= {LevelMoved, OverPressureRaised}
    assert said[0] == said[1]
    assert one.trace.since(0) == other.trace.since(0)


def judge(task: Task, out: list[SensingEvent]) -> Judge:
    """A judge of a tool that feels the bare force on one square centimetre."""
    tool = replace(ROLLER, force_is_contact=True, force_resolution_n=None)
    made = Judge(PressureScale(tool, ContactForce(tool)))
    made.interval_us = TIMES_US.step
    made.resume(0, out)
    made.begin(task, 0, out)
    return made
