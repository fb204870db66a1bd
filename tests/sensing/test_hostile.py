"""Whatever telemetry comes: no exception, no invented level, time forward."""

import gc
from dataclasses import replace
from math import inf, nan, sin
from types import FunctionType, ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import (
    FaultFound,
    Level,
    LevelMoved,
    OverPressureRaised,
    RepetitionKind,
    SensingEvent,
    Stroke,
    Task,
    Technique,
)
from protocols.telemetry import Sample, Telemetry
from tests.sensing.free import CYCLES, FREE, Free, cycles, told
from tests.sensing.rig import CHEEK, NO_WHEEL, ROLLER, Rig, of, sweep

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

NUMBER = st.one_of(
    st.none(), st.floats(), st.floats(-20, 20), st.sampled_from([0.0, 0.4, 1.0, 9.8])
)
VECTOR = st.one_of(
    st.none(), st.tuples(NUMBER, NUMBER, NUMBER), st.just((0.0, 0.0, 9.8)), st.just((0.0, 0.0, 0.0))
)
SAMPLE = st.builds(
    Sample,
    force_n=st.one_of(st.just(()), st.tuples(NUMBER), st.tuples(NUMBER, NUMBER)),
    accel_mps2=VECTOR,
    gyro_radps=VECTOR,
    travel_m=NUMBER,
)
FRAME = st.builds(
    Telemetry,
    device_us=st.one_of(st.integers(0, 3_000_000), st.integers()),
    interval_us=st.one_of(st.sampled_from([1_000, 10_000, 20_000, 1_000_000]), st.integers()),
    first_sample=st.integers(),
    resent=st.booleans(),
    saturated=st.booleans(),
    touching=st.one_of(st.none(), st.booleans()),
    samples=st.lists(SAMPLE, max_size=20).map(tuple),
)
TOOL = st.sampled_from(
    [
        ROLLER,
        NO_WHEEL,
        Tool(),
        Tool(has_touch_verdict=True, has_wheel=True),
        Tool(has_wheel=True),
        FREE,
        replace(ROLLER, force_channels=2, supported_mass_kg=None),
        replace(ROLLER, contact_area_m2=None, has_touch_verdict=True),
    ]
)
TASK = st.one_of(
    st.none(),
    st.builds(
        Task,
        repetition=st.sampled_from(RepetitionKind),
        technique=st.sampled_from(Technique),
        band=st.sampled_from([None, CHEEK]),
    ),
)
CALL = st.one_of(
    FRAME,
    FRAME,
    TASK,
    st.sampled_from(["tared", "untared", "silence", "finish"]),
)


def call(engine: Engine, what: object) -> list[SensingEvent]:
    now = (engine.intake.last_us or 0) / 1e6
    match what:
        case Telemetry():
            return engine.receive(what)
        case "tared":
            return engine.tared(now)
        case "untared":
            return engine.untared()
        case "silence":
            return engine.silence(now)
        case "finish":
            return list(engine.finish().events)
        case _:
            return engine.begin(what)  # type: ignore[arg-type]  # what is left is a task


@settings(max_examples=150)
@given(tool=TOOL, calls=st.lists(CALL, max_size=12))
def test_nothing_raises_and_no_level_is_invented(tool: Tool, calls: list[object]) -> None:
    engine = Engine(tool)
    for what in calls:
        call(engine, what)
        assert (engine.doubt is None) or engine.level is Level.UNKNOWN
        if not tool.has_force:
            assert engine.level is Level.UNKNOWN
        assert engine.pressure_kpa is None or engine.pressure_kpa >= 0.0
        assert all(up is None or abs(sum(x * x for x in up) - 1) < 1e-6 for _, up in engine.ups)


@settings(max_examples=60)
@given(tool=st.sampled_from([ROLLER, NO_WHEEL]), bad=st.lists(SAMPLE, min_size=1, max_size=30))
def test_absurd_samples_in_a_good_stream_are_got_over(tool: Tool, bad: list[Sample]) -> None:
    rig = Rig(tool=tool).ready(Task(RepetitionKind.STROKE, Technique.SWEEP, CHEEK))
    rig.play(0.3, lambda _: 0.4)
    rig.engine.receive(rig.frame(bad))
    rig.play(2.0, lambda _: 0.4)
    assert rig.engine.level is Level.ON_TARGET


@settings(max_examples=40)
@given(bad=st.lists(SAMPLE, min_size=1, max_size=30), at=st.integers(1, 150))
def test_absurd_samples_in_free_motion_bring_one_cycle_at_most_and_cost_two_before_the_lock(
    bad: list[Sample], at: int
) -> None:
    free = Free()
    frames = list(free.frames(free.samples(cycles(10, 1.0))))
    frames[at] = replace(frames[at], samples=tuple(bad[:5]))
    assert -2 <= len(told(frames)[1].repetitions_s) - 10 <= 1


def test_a_rate_that_changes_and_gaps_of_minutes_are_got_over() -> None:
    engine = Engine(FREE)
    engine.begin(CYCLES)
    counted, t_us = 0, 0
    for rate_hz in (100, 50, 1000, 200):
        free = Free(rate_hz=rate_hz)
        frames = list(free.frames(free.samples(cycles(8, 1.0))))
        for frame in frames:
            engine.receive(replace(frame, device_us=t_us + frame.device_us))
        t_us += frames[-1].device_us + 180_000_000
    counted = len(engine.finish().repetitions_s)
    assert counted == 32


@pytest.mark.costly
def test_a_very_long_step_keeps_ten_minutes_and_all_its_counts() -> None:
    free = Free(rate_hz=25, noise_mps2=0.0, noise_radps=0.0)
    frames = list(free.frames(free.samples(cycles(60, 1.0))))
    engine = Engine(FREE)
    engine.begin(CYCLES)
    for minute in range(14):
        for frame in frames:
            engine.receive(replace(frame, device_us=frame.device_us + 60_000_000 * minute))
    end = engine.finish()
    assert len(end.repetitions_s) == 14 * 60
    assert list(end.repetitions_s) == sorted(end.repetitions_s)


def live_force(t: float) -> float:
    """A stroke of .4 N in every two seconds, with a little life in it."""
    return 0.4 + 0.002 * sin(40 * t) if t % 2.0 < 1.2 else 0.0


@pytest.mark.parametrize("rate_hz", [1, 5, 25, 400, 1000])
def test_at_any_rate_a_steady_press_is_what_it_is(rate_hz: int) -> None:
    rig = Rig(rate_hz=rate_hz, per_frame=max(1, rate_hz // 20)).ready(sweep(), tare_s=5.0)
    events = rig.play(10.0, lambda t: 0.4 + 0.002 * sin(40 * t))
    assert of(FaultFound, events) == []
    assert of(OverPressureRaised, events) == []
    if rate_hz > 1:
        assert rig.engine.level is Level.ON_TARGET
    else:
        assert rig.engine.level in {Level.ON_TARGET, Level.UNKNOWN}


def test_rates_that_change_and_gaps_of_minutes_are_got_over_by_a_tool_with_force() -> None:
    rig = Rig().ready(sweep())
    events: list[SensingEvent] = []
    for rate_hz in (100, 25, 1000, 50, 200):
        rig.rate_hz, rig.per_frame = rate_hz, max(1, rate_hz // 20)
        events += rig.play(4.0, live_force)
        rig.skip(rate_hz * 180)
    assert of(FaultFound, events) == []
    assert of(OverPressureRaised, events) == []
    assert {e.level for e in of(LevelMoved, events)} <= {
        Level.UNKNOWN,
        Level.NO_CONTACT,
        Level.LIGHT,
        Level.ON_TARGET,
    }


def test_frames_sent_twice_and_out_of_order_say_nothing_new() -> None:
    straight = Rig().ready(sweep())
    events = straight.play(8.0, live_force)
    crooked = Engine(ROLLER, names_technique=True)
    told: list[SensingEvent] = []
    tared = round(1.0 * straight.rate_hz / straight.per_frame)
    for index, frame in enumerate(straight.frames):
        if index == tared:
            crooked.tared(1.0)
            crooked.begin(sweep())
        told += crooked.receive(frame)
        for old in straight.frames[max(0, index - 3) : index + 1]:
            assert crooked.receive(old) == []
    assert told[-len(events) :] == events


@pytest.mark.parametrize(
    "lost",
    [
        {"accel_mps2": None},
        {"gyro_radps": None},
        {"travel_m": None},
        {"force_n": (None,)},
        {"accel_mps2": (nan, nan, nan)},
        {"gyro_radps": (inf, -inf, 1e30)},
        {"travel_m": 1e9},
        {"force_n": (nan,)},
    ],
)
def test_one_channel_that_is_lost_or_absurd_invents_no_warning_and_no_travel(
    lost: dict[str, Any],
) -> None:
    rig = Rig().ready(sweep())
    events: list[SensingEvent] = []
    for index in range(200):
        force_n = live_force(index / 20)
        samples = [rig.sample(force_n, 0.0005 if force_n else 0.0) for _ in range(5)]
        events += rig.engine.receive(rig.frame([s._replace(**lost) for s in samples]))
    assert of(OverPressureRaised, events) == []
    if "travel_m" in lost:
        assert {stroke.travel_m for stroke in of(Stroke, events)} <= {None}
    if "force_n" in lost:
        assert rig.engine.level is Level.UNKNOWN
    rig.play(1.0)
    rig.play(2.5, live_force)
    assert rig.engine.level in {Level.ON_TARGET, Level.NO_CONTACT}


def held(engine: Engine) -> int:
    """How many objects an engine holds on to."""
    seen: set[int] = set()
    stack: list[object] = [engine]
    while stack:
        one = stack.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        stack += gc.get_referents(one)
    return len(seen)


@pytest.mark.thinned(2)
@pytest.mark.parametrize("tool", [ROLLER, NO_WHEEL])
def test_what_is_kept_does_not_grow_with_the_session(tool: Tool) -> None:
    rig = Rig(tool=tool, rate_hz=50).ready(sweep())
    kept = []
    for _ in range(8):
        rig.engine.begin(sweep())
        rig.play(30.0, live_force, lambda t: 0.05 if t % 2.0 < 1.2 else 0.0)
        rig.engine.finish()
        rig.frames.clear()
        kept.append(held(rig.engine))
    assert kept[-1] <= 1.02 * kept[-3]
