"""Every shipped routine can be done: a careful hand finishes it and is told nothing."""

import asyncio
import re
from pathlib import Path

import pytest

from companion.coaching.events import AlertRaised, Event, Hint, Repetition, Summary
from companion.coaching.routine import Routine, Zone
from companion.sensing.types import Doubt
from companion.settings.care import load_care
from companion.settings.routines import list_routines, load_routine
from simulators.virtual_time import run_virtual
from tests.coaching.performed import performed
from tests.end_to_end.world import world

NAMES = [entry.name for entry in list_routines()]
PAGE = Path(__file__).parents[2] / "docs" / "routines.md"
KINDS = {
    "small-roller": "small_roller",
    "large-roller": "large_roller",
    "gua-sha": "gua_sha_edge",
}
NOT_JUDGED = {
    "small-roller": frozenset[Zone](),
    "large-roller": frozenset({Zone.NECK_FRONT}),
    "gua-sha": frozenset({Zone.NECK_FRONT, Zone.TEMPLES}),
}
"""Where a tool may be too coarse for a band; small rollers are made to judge everywhere."""


def fits(routine: Routine, tool: str) -> bool:
    """Say whether a routine allows a tool: under the eyes, and under half limits, few do."""
    too_wide = load_care().tools[KINDS[tool]].off
    zones = {step.zone for step in routine.steps if step.band is not None}
    if tool == "gua-sha":
        return Zone.UNDER_EYE not in zones and routine.name != "less"
    return not zones & too_wide


PAIRS = [(name, tool) for name in NAMES for tool in KINDS if fits(load_routine(name), tool)]


ON_THE_AIR = {"small-roller": "quick", "large-roller": "slow", "gua-sha": "drainage"}
"""One routine for each tool goes over the radio; the others need none to say the same."""
WITHOUT = [(name, tool) for name, tool in PAIRS if ON_THE_AIR[tool] != name]


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("name", "tool"), WITHOUT)
def test_a_careful_hand_finishes_it_and_is_told_nothing(name: str, tool: str) -> None:
    done = performed(name, "careful", 1, tool=tool, names_technique=True)
    check(load_routine(name), tool, done.summary, done.events)


@pytest.mark.thinned(3)
@pytest.mark.parametrize("tool", ON_THE_AIR)
def test_so_does_a_careful_hand_over_the_radio(tool: str) -> None:
    routine = load_routine(ON_THE_AIR[tool])

    async def main() -> None:
        async with world("careful", routine=routine, tool=tool) as room:
            summary = await room.run()
            check(routine, tool, summary, [event for _, event in room.told])

    run_virtual(asyncio.wait_for(main(), 900.0))


def check(routine: Routine, tool: str, summary: Summary, events: list[Event]) -> None:
    """Say that all was done, counted and scored, and nothing told."""
    assert summary.outcome == "finished"
    for step, result in zip(routine.steps, summary.steps, strict=True):
        assert (result.step, result.outcome) == (step.id, "done")
        if step.band is not None:
            assert result.repetitions == step.repetitions
        if result.doubt is not None:
            assert result.doubt is Doubt.TOO_UNCERTAIN
            assert step.zone in NOT_JUDGED[tool]
        elif step.band is not None:
            assert result.score is not None
            assert result.score.percent >= 90
    assert not [event for event in events if isinstance(event, AlertRaised | Hint)]
    assert [event for event in events if isinstance(event, Repetition)]
    assert summary.score is not None
    assert summary.score.percent >= 95
    assert {advice.kind for advice in summary.advice} <= {"not_judged"}


def test_every_routine_fits_a_small_roller_and_each_other_tool_most_of_them() -> None:
    assert {name for name, tool in PAIRS if tool == "small-roller"} == set(NAMES)
    left_out = {(name, tool) for name in NAMES for tool in KINDS if (name, tool) not in PAIRS}
    assert left_out == {
        ("five-minutes", "large-roller"),
        ("five-minutes-drain", "large-roller"),
        ("five-minutes", "gua-sha"),
        ("five-minutes-drain", "gua-sha"),
        ("less", "gua-sha"),
    }


def test_the_page_lists_every_shipped_routine() -> None:
    shipped = PAGE.read_text("utf-8").partition("## Writing one")[0]
    listed = re.findall(r"^\| `([a-z-]+)` ", shipped, flags=re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)


def test_every_article_has_a_routine() -> None:
    sources = " ".join(load_routine(name).source for name in NAMES)
    assert all(number in sources for number in ("000", "001", "002", "003", "004"))
