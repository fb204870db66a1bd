"""Who breaks exactly one rule is told exactly that, at that step, and nothing else anywhere."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from companion.coaching.events import (
    AdviceKind,
    AlertRaised,
    Command,
    Event,
    Hint,
    LossKind,
    StepStarted,
    Summary,
)
from companion.coaching.hints.dose import Bounds
from companion.coaching.person import DoseCaps
from companion.coaching.routine import Direction, Routine, Side, Step, StepKind, Zone
from companion.sensing.types import Band, RepetitionKind, Technique
from companion.settings.care import load_care
from companion.settings.routines import list_routines, load_routine
from simulators.virtual_time import run_virtual
from tests.coaching.performed import performed
from tests.end_to_end.world import world

LONGEST_S = 900.0
CARE = load_care()
ROUTINES = [load_routine(entry.name) for entry in list_routines()]
WRONG_WAY = {
    Direction.UP: "down",
    Direction.OUTWARD: "down",
    Direction.DOWN_DRAIN: "up",
}
CAUTION, STOP = ("over_pressure", "caution"), ("over_pressure", "stop")


def a_change(step: Step, *, hand: Mapping[str, object] | None = None, **keys: object) -> str:
    """Return the scenario table of what this person does otherwise in a step."""
    habits = ", ".join(f"{key} = {json.dumps(value)}" for key, value in (hand or {}).items())
    lines = [f"{key} = {json.dumps(value)}" for key, value in {"step": step.id, **keys}.items()]
    return "\n".join(["[[change]]", *lines, *([f"hand = {{ {habits} }}"] if hand else []), ""])


def a_press(step: Step, repetition: int, peak_kpa: float) -> str:
    lines = [
        "[[press]]",
        f'step = "{step.id}"',
        f"repetitions = [{repetition}]",
        f"peak_kpa = {peak_kpa}",
    ]
    return "\n".join([*lines, "duration_s = 0.6", ""])


def limits(step: Step) -> Band:
    assert step.band is not None
    return step.band


def presses_too_hard(step: Step) -> str:
    """Once midway between caution and stop, and a little later beyond the stop."""
    band = limits(step)
    between = (band.caution_kpa + band.stop_kpa) / 2
    last = step.repetitions or 2
    return a_press(step, 1, between) + a_press(step, last, 1.25 * band.stop_kpa)


def presses_firmly(step: Step) -> str:
    """Above the target and well below caution, all the time."""
    band = limits(step)
    meant = band.high_kpa + 0.4 * (band.caution_kpa - band.high_kpa)
    aim = (meant - band.low_kpa) / (band.high_kpa - band.low_kpa)
    return a_change(step, hand={"aim": [aim, aim], "unsteadiness": [0.01, 0.03]})


def hardly_presses(step: Step) -> str:
    """Below the target all the time; taps hardly below it: lighter ones could not be felt."""
    is_tap = step.technique is Technique.TAP
    firmness = [0.6, 0.75] if is_tap else [0.5, 0.65]
    return a_change(step, hand={"aim": [0.0, 0.05 if is_tap else 0.2], "firmness": firmness})


def goes_the_wrong_way(step: Step) -> str:
    return a_change(step, direction=WRONG_WAY[step.direction])


def pulls_down_once(step: Step) -> str:
    """Down with more than the target's pressure: one stroke, which is no habit yet."""
    pulled = {"aim": [1.3, 1.35], "unsteadiness": [0.01, 0.03]}
    return a_change(step, direction="down", repetitions=[2], hand=pulled)


def hurries(step: Step) -> str:
    return a_change(step, hand={"speed_cm_s": [12.0, 15.0]})


def hardly_moves(step: Step) -> str:
    return a_change(step, hand={"speed_cm_s": [0.6, 0.7]})


def goes_faster_than_the_step_asks(step: Step) -> str:
    """Slower than what is too fast anywhere, and yet faster than this step's own pace."""
    return a_change(step, hand={"speed_cm_s": [7.5, 9.0]})


def holds_on(step: Step) -> str:
    """Two seconds longer than the care table has it for the zone."""
    longest = CARE.rows[step.zone].limits[step.technique].hold_s or 0.0
    held = [longest + 2.0, longest + 2.0]
    return a_change(step, hand={"hold_s": held, "return_s": [8.0, 8.0]})


def glides(step: Step) -> bool:
    return step.technique is Technique.SWEEP


def glides_far(step: Step) -> bool:
    """Whether a hand that hurries comes above the limit: not on the forehead's 3 to 4 cm."""
    return glides(step) and step.zone is not Zone.FOREHEAD


def is_long(step: Step) -> bool:
    """Whether one contact is long enough to be told how firm it is."""
    return step.technique in {
        Technique.SWEEP,
        Technique.CIRCLE,
        Technique.STRETCH,
        Technique.PRESS_HOLD,
    }


@dataclass(frozen=True)
class Broken:
    """One rule: who breaks it, where it can be broken, and all that they are then told."""

    how: Callable[[Step], str]
    where: Callable[[Step], bool]
    told: list[tuple[str, str]]
    losses: frozenset[LossKind]
    by_direction: bool = False


def anywhere(_: Step) -> bool:
    return True


RULES = {
    "too_hard": Broken(
        presses_too_hard, anywhere, [CAUTION, CAUTION, STOP], frozenset({LossKind.OVER_PRESSURE})
    ),
    "too_firm": Broken(presses_firmly, anywhere, [("too_firm", "")], frozenset({LossKind.FIRM})),
    "too_light": Broken(
        hardly_presses, anywhere, [("too_light", "light")], frozenset({LossKind.LIGHT})
    ),
    "wrong_direction": Broken(
        goes_the_wrong_way,
        lambda step: glides(step) and step.direction in WRONG_WAY,
        [("wrong_direction", "")],
        frozenset({LossKind.WRONG_DIRECTION}),
        by_direction=True,
    ),
    "pulling_down": Broken(
        pulls_down_once,
        lambda step: glides(step) and WRONG_WAY.get(step.direction) == "down",
        [("pulling_down", "")],
        frozenset({LossKind.WRONG_DIRECTION, LossKind.FIRM}),
        by_direction=True,
    ),
    "rushing": Broken(hurries, glides_far, [("rushing", "")], frozenset({LossKind.RUSHED})),
    "too_fast_for_the_step": Broken(
        goes_faster_than_the_step_asks,
        lambda step: step.cadence is not None,
        [("rushing", "")],
        frozenset({LossKind.RUSHED}),
    ),
    "too_slow": Broken(
        hardly_moves,
        lambda step: step.cadence is not None,
        [("too_slow", "")],
        frozenset({LossKind.TOO_SLOW}),
    ),
}


def different(routine: Routine, rule: Broken) -> list[Step]:
    """Return steps that differ in what matters for a rule: few repetitions, and time for them.

    Five taps may be over in four seconds, while the beginning of their step still has room.
    """
    found: dict[tuple[Technique, Direction | None], Step] = {}
    for step in sorted(routine.steps, key=lambda step: step.repetitions or 0):
        if step.band is not None and rule.where(step):
            way = step.direction if rule.by_direction else None
            most = 8 if step.technique is Technique.TAP else 5
            few = replace(shortened(step, most), time_limit_s=120.0)
            found.setdefault((step.technique, way), few)
    return list(found.values())


def shortened(step: Step, repetitions: int) -> Step:
    return replace(step, repetitions=min(step.repetitions or repetitions, repetitions))


CASES = [
    pytest.param(rule, routine, step, id=f"{name}-{routine.name}-{step.id}")
    for name, rule in RULES.items()
    for routine in ROUTINES
    for step in different(routine, rule)
]


def beside(routine: Routine, broken: Step) -> Step:
    """Return the shortest other step, which is done with care."""
    steps = [step for step in routine.steps if step.band is not None and step.id != broken.id]
    return shortened(min(steps, key=lambda step: step.time_limit_s), 3)


Told = dict[str, list[tuple[str, str]]]


def written(folder: Path, scenario: str) -> str:
    file = folder / "scenario.toml"
    file.write_text(f'title = "One rule"\n{scenario}', encoding="utf-8")
    return str(file)


def told_at_each(routine: Routine, events: Iterable[Event]) -> Told:
    """Return what was told at each step: kind and level."""
    told: Told = {step.id: [] for step in routine.steps}
    for event in events:
        if isinstance(event, AlertRaised):
            told[event.step].append((event.kind, event.level))
        if isinstance(event, Hint):
            told[event.step].append((event.kind, ""))
    return told


def lived(
    folder: Path, scenario: str, routine: Routine, bounds: Bounds | None = None
) -> tuple[Summary, Told]:
    """Return how a session ended, and what was told at each step; without any radio."""
    file = written(folder, scenario)
    done = performed(routine, file, 1, bounds=bounds, after_s=LONGEST_S, names_technique=True)
    return done.summary, told_at_each(routine, done.events)


def over_the_radio(
    folder: Path, scenario: str, routine: Routine, tool: str = "small-roller"
) -> tuple[Summary, Told]:
    """Return the same of a session with a tool on the air."""
    file = written(folder, scenario)

    async def session() -> tuple[Summary, Told]:
        async with world(file, routine=routine, tool=tool) as room:
            summary = await room.run()
            return summary, told_at_each(routine, [event for _, event in room.told])

    return run_virtual(asyncio.wait_for(session(), LONGEST_S))


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("rule", "routine", "step"), CASES)
def test_who_breaks_one_rule_is_told_that_one(
    tmp_path: Path, rule: Broken, routine: Routine, step: Step
) -> None:
    """A hand that is hardly felt is timed by the whole stack, over the radio."""
    careful = beside(routine, step)
    live = over_the_radio if rule is RULES["too_light"] else lived
    summary, told = live(tmp_path, rule.how(step), replace(routine, steps=(step, careful)))
    assert told[careful.id] == []
    assert first_times(told)[step.id] == list(dict.fromkeys(rule.told))
    if STOP in rule.told:
        assert told[step.id] == rule.told
    result, other = summary.steps
    assert (result.outcome, other.outcome) == ("done", "done")
    assert other.score is None or other.score.percent >= 95
    losses = () if result.score is None else result.score.losses
    assert {loss.kind for loss in losses} <= rule.losses
    assert {advice.step for advice in summary.advice} == {step.id}


@pytest.mark.thinned(3)
@pytest.mark.parametrize("name", RULES)
def test_over_the_radio_the_same_is_told(tmp_path: Path, name: str) -> None:
    rule = RULES[name]
    routine = next(routine for routine in ROUTINES if different(routine, rule))
    step = different(routine, rule)[0]
    pair = replace(routine, steps=(step, beside(routine, step)))
    summary, told = lived(tmp_path, rule.how(step), pair)
    summary_there, told_there = over_the_radio(tmp_path, rule.how(step), pair)
    assert told[step.id]
    assert first_times(told_there) == first_times(told)
    for there, here in zip(summary_there.steps, summary.steps, strict=True):
        assert (there.step, there.outcome) == (here.step, here.outcome)
    advice_there, advice = (
        {(one.kind, one.step) for one in each.advice} for each in (summary_there, summary)
    )
    assert advice_there == advice


def first_times(told: Told) -> Told:
    """Return each kind once, in the order in which they came."""
    return {step: list(dict.fromkeys(kinds)) for step, kinds in told.items()}


CELLS = [
    pytest.param(zone, technique, id=f"{zone}-{technique}")
    for zone, row in CARE.rows.items()
    for technique in row.limits
]


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("zone", "technique"), CELLS)
def test_too_hard_is_told_once_for_each_press_in_every_zone_with_every_technique(
    tmp_path: Path, zone: Zone, technique: Technique
) -> None:
    band = CARE.rows[zone].limits[technique].band
    step = Step(
        id="it",
        kind=StepKind.TOOL,
        zone=zone,
        side=Side.LEFT,
        technique=technique,
        direction=Direction.ANY,
        repetition=RepetitionKind.CONTACT,
        repetitions=3,
        time_limit_s=60,
        band=band,
        hint="Do.",
    )
    routine = Routine(
        name="cell", title="One cell", source="ours", slot="any", about_s=60, steps=(step,)
    )
    summary, told = lived(tmp_path, presses_too_hard(step), routine)
    assert told == {"it": [CAUTION, CAUTION, STOP]}
    assert [alert.limit_kpa for alert in summary.alerts] == [
        band.caution_kpa,
        band.caution_kpa,
        band.stop_kpa,
    ]
    assert {advice.kind for advice in summary.advice} == {"over_pressure"}


def gliding_step(routine: Routine, repetitions: int = 4) -> Step:
    gliding = (step for step in routine.steps if step.band is not None and is_long(step))
    return shortened(max(gliding, key=lambda step: step.repetitions or 0), repetitions)


def caps(**changes: float) -> Bounds:
    """Return caps of which only the given ones can be reached."""
    never = {"above_kpa": 99.0, "caution_s": 900.0, "stop_s": 901.0, "session_s": 3600.0}
    return Bounds(dose=dict.fromkeys(Zone, DoseCaps(**(never | changes))))


@pytest.mark.thinned(4)
@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.name)
def test_too_few_repetitions_are_told_at_the_end_and_cost_points(
    tmp_path: Path, routine: Routine
) -> None:
    """The person rests in the air after the second of four until the step's time is over."""
    step = replace(gliding_step(routine), time_limit_s=25.0)
    idle = a_change(step, repetitions=[3, 4], hand={"return_s": [30.0, 30.0]})
    summary, told = lived(tmp_path, idle, replace(routine, steps=(step,)))
    (result,) = summary.steps
    assert (result.outcome, result.repetitions) == ("short", 2)
    assert told == {step.id: []}
    assert [(advice.kind, advice.count, advice.goal) for advice in summary.advice] == [
        ("short", 2, 4)
    ]
    assert result.score is not None
    assert {loss.kind for loss in result.score.losses} == {LossKind.REPETITIONS_MISSING}


@pytest.mark.thinned(4)
@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.name)
def test_a_step_that_is_skipped_is_told_as_skipped_and_no_more(routine: Routine) -> None:
    step = gliding_step(routine)
    before = beside(routine, step)

    async def session() -> tuple[Summary, list[AlertRaised | Hint]]:
        pair = replace(routine, steps=(before, step))
        async with world("careful", routine=pair) as room:
            running = asyncio.create_task(room.run())
            while (await room.next(StepStarted)).step != step.id:
                pass
            room.service.command(Command.SKIP)
            summary = await running
            return summary, [*room.all(AlertRaised), *room.all(Hint)]

    summary, told = run_virtual(asyncio.wait_for(session(), LONGEST_S))
    assert told == []
    done, skipped = summary.steps
    assert (done.outcome, skipped.outcome) == ("done", "skipped")
    assert skipped.score is not None
    assert {loss.kind for loss in skipped.score.losses} == {
        LossKind.LEFT_EARLY,
        LossKind.REPETITIONS_MISSING,
    }


@pytest.mark.thinned(3)
@pytest.mark.parametrize("routine", ROUTINES, ids=lambda routine: routine.name)
@pytest.mark.parametrize(
    ("bounds", "kinds"),
    [
        ({"above_kpa": 0.2, "caution_s": 2.0, "stop_s": 4.0}, ["dose_caution", "dose_stop"]),
        ({"session_s": 8.0}, ["session_long"]),
    ],
    ids=["time at load", "session too long"],
)
def test_time_at_load_and_a_long_session_are_told_once_each(
    tmp_path: Path, routine: Routine, bounds: dict[str, float], kinds: list[str]
) -> None:
    step = gliding_step(routine)
    summary, told = lived(tmp_path, "", replace(routine, steps=(step,)), caps(**bounds))
    assert told == {step.id: [(kind, "") for kind in kinds]}
    assert summary.steps[0].outcome == "done"
    assert summary.alerts == ()
    assert summary.score is not None
    assert summary.score.percent >= 95


OTHERS = {
    Technique.SWEEP: [Technique.CIRCLE, Technique.TAP, Technique.PRESS_HOLD],
    Technique.TAP: [Technique.SWEEP, Technique.CIRCLE],
    Technique.CIRCLE: [Technique.SWEEP, Technique.TAP],
    Technique.KNEAD: [Technique.SWEEP, Technique.TAP],
    Technique.STRETCH: [Technique.SWEEP, Technique.CIRCLE, Technique.TAP],
    Technique.PRESS_HOLD: [Technique.CIRCLE],
}
"""What may be done in place of a technique, as examples of what is clearly another one."""


def long_enough(step: Step) -> Step:
    """Return a sweep of at least five strokes: two circles make four, and would be its end."""
    is_sweep = step.technique is Technique.SWEEP
    return replace(step, repetitions=max(step.repetitions or 0, 5)) if is_sweep else step


SWAPS = [
    pytest.param(routine, long_enough(step), other, id=f"{routine.name}-{step.id}-{other}")
    for routine in ROUTINES
    for step in different(routine, RULES["too_hard"])
    for other in OTHERS.get(step.technique, [])
]


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("routine", "step", "other"), SWAPS)
def test_who_does_something_else_is_told_so_and_nothing_of_strokes_that_were_none(
    tmp_path: Path, routine: Routine, step: Step, other: Technique
) -> None:
    careful = beside(routine, step)
    swapped = a_change(step, technique=other)
    summary, told = lived(tmp_path, swapped, replace(routine, steps=(careful, step)))
    assert told == {careful.id: [], step.id: [("wrong_technique", "")]}
    _, result = summary.steps
    assert result.is_other_technique
    losses = () if result.score is None else result.score.losses
    assert {loss.kind for loss in losses} <= {LossKind.REPETITIONS_MISSING, LossKind.LIGHT}
    kinds = [advice.kind for advice in summary.advice]
    assert kinds.count(AdviceKind.WRONG_TECHNIQUE) == 1
    assert {advice.step for advice in summary.advice} == {step.id}
    assert set(kinds) <= {AdviceKind.WRONG_TECHNIQUE, AdviceKind.SHORT, AdviceKind.TOO_LIGHT}


@pytest.mark.parametrize("tool", ["large-roller", "gua-sha"])
def test_circles_in_place_of_strokes_are_told_with_other_tools(tmp_path: Path, tool: str) -> None:
    routine = next(routine for routine in ROUTINES if routine.name == "drainage")
    step = shortened(next(step for step in routine.steps if step.id == "forehead"), 8)
    circles = a_change(step, technique="circle")
    summary, told = over_the_radio(tmp_path, circles, replace(routine, steps=(step,)), tool)
    assert told == {step.id: [("wrong_technique", "")]}
    assert [advice.kind for advice in summary.advice] == [AdviceKind.WRONG_TECHNIQUE]


HOLDS = [zone for zone, row in CARE.rows.items() if Technique.PRESS_HOLD in row.limits]


@pytest.mark.parametrize("zone", HOLDS)
def test_a_hold_that_is_too_long_is_told_once_for_each(tmp_path: Path, zone: Zone) -> None:
    limits = CARE.rows[zone].limits[Technique.PRESS_HOLD]
    slow = next(routine for routine in ROUTINES if routine.name == "slow")
    hold = next(step for step in slow.steps if step.technique is Technique.PRESS_HOLD)
    step = replace(hold, zone=zone, band=limits.band, repetitions=2, time_limit_s=60.0)
    _, told = lived(tmp_path, holds_on(step), replace(slow, steps=(step,)))
    assert told == {step.id: [("held_long", "")] * 2}
