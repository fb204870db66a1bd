"""Samples that turn nothing are taken in one go: that leaves behind what one by one does."""

from copy import deepcopy
from dataclasses import replace
from math import cos, sin
from random import Random

import pytest

from companion.sensing.attitude import Attitude, Quaternion
from companion.sensing.contact import ContactTracker
from companion.sensing.engine import Engine
from companion.sensing.force import ContactForce
from companion.sensing.judgement import Judge
from companion.sensing.pressure import PressureScale
from companion.sensing.steady_contact import SteadyContact
from companion.sensing.types import (
    LevelMoved,
    OverPressureRaised,
    RepetitionKind,
    SensingEvent,
    Stroke,
    StrokeDirection,
    Task,
    Technique,
)
from tests.sensing.rig import CHEEK, ROLLER, Axis, G, Rig, constant, sweep

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
    assert one.__getstate__() == other.__getstate__()


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
    made.resume(0, out, came_late=False)
    made.begin(task, 0, out)
    return made


Told = tuple[list[Quaternion | None], list[Axis | None]]


def turned(attitude: Attitude, *, asks: bool) -> Told:
    """What is told of ten seconds that turn, with a hole, a gap, an odd frame and another rate."""
    random = Random(11)  # noqa: S311 - a made hand, not a secret
    frames, t, number = [], 0.0, 0
    while t < 10.0:
        count, number = random.randrange(1, 12), number + 1
        interval_us = 20_000 if number > 130 else 10_100 if number == 60 else 10_000
        accels: list[Axis] = []
        gyros: list[Axis] = []
        for _ in range(count):
            t += interval_us / 1e6
            accels.append((G * sin(t) + 0.2, random.gauss(0.0, 0.1), G * cos(t)))
            gyros.append((random.gauss(0.0, 0.01), -1.0, 0.0))
        if number == 100:
            attitude.restart()
        missing = 3 if number == 40 else 0
        is_sane = number != 50
        frame = attitude.update(accels, gyros, interval_us, missing=missing, is_sane=is_sane)
        frames.append(frame)
        if asks:
            assert len(frame.attitudes) == count
    last = [(each.attitudes, each.accels) for each in frames]
    return [q for quats, _ in last for q in quats], [a for _, freed in last for a in freed]


def test_frames_that_wait_for_each_other_tell_what_frames_asked_at_once_do() -> None:
    at_once, waited = turned(Attitude(), asks=True), turned(Attitude(), asks=False)
    assert at_once == waited
    known = [attitude for attitude in at_once[0] if attitude is not None]
    assert len(at_once[0]) > len(known) > 500
    assert len({round(w, 3) for w, *_ in known}) > 100


def stroked(*, asks: bool, copies: bool) -> list[SensingEvent]:
    """What an engine says of strokes up and down whose attitude somebody asks for, or nobody."""
    rig = Rig(up=(0.8, 0.0, 0.6)).ready(sweep())
    for speed_mps in (0.1, -0.1, 0.05, -0.1):
        rig.play(1.2, constant(0.4), constant(speed_mps))
        rig.play(0.45)
    engine, out = Engine(rig.tool, names_technique=True), list[SensingEvent]()
    for number, frame in enumerate(rig.frames):
        if number == 20:
            engine.tared(1.0)
            out += engine.begin(sweep())
        engine = deepcopy(engine) if copies and number % 7 == 0 else engine
        out += engine.receive(frame)
        assert not asks or len(engine.ups) == len(frame.samples)
    return [*out, *engine.finish().events]


def test_what_is_said_does_not_depend_on_who_asks_for_the_attitude() -> None:
    said = stroked(asks=False, copies=False)
    ways = [event.direction for event in said if isinstance(event, Stroke)]
    assert ways == [StrokeDirection.UP, StrokeDirection.DOWN] * 2
    assert stroked(asks=True, copies=False) == said
    assert stroked(asks=False, copies=True) == said
