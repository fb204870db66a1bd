"""The question for oil, and a routine made shorter, with a hand, a tool and a radio."""

import asyncio
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from companion.__main__ import main as command
from companion.coaching.events import (
    AlertRaised,
    Command,
    Hint,
    HintKind,
    Prompt,
    PromptKind,
    Repetition,
    SlipConfirmed,
    StepStarted,
)
from companion.coaching.routine import Routine
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import routine_of, world


def test_without_a_yes_the_gliding_step_never_begins() -> None:
    async def main() -> None:
        async with world("careful", "forehead", oiled=False) as room:
            session = asyncio.create_task(room.run())
            asked = await room.next(Prompt)
            assert asked.kind is PromptKind.SLIP
            await asyncio.sleep(60.0)
            assert not room.all(StepStarted)
            room.service.command(Command.STOP)
            summary = await session
            assert [step.outcome for step in summary.steps] == ["not_reached"]

    run_virtual(asyncio.wait_for(main(), 300.0))


def test_a_shorter_routine_is_finished_with_fewer_strokes() -> None:
    async def main() -> None:
        async with world("careful", "forehead", "cheek-left") as room:
            session = asyncio.create_task(room.run())
            await room.next(StepStarted)
            room.service.command(Command.SCALE_DOWN)
            room.service.command(Command.SCALE_DOWN)
            begun = await room.next(StepStarted)
            assert begun.repetitions == 5
            room.service.command(Command.STOP)
            summary = await session
            assert (summary.steps[0].outcome, summary.steps[0].repetitions) == ("done", 5)

    run_virtual(asyncio.wait_for(main(), 300.0))


@pytest.mark.costly
def test_a_left_hand_is_guided_as_well() -> None:
    async def main() -> None:
        async with world("careful+left-hand", "forehead", "cheek-left", "cheek-right") as room:
            summary = await room.run()
            assert [step.outcome for step in summary.steps] == ["done"] * 3
            assert not summary.alerts
            assert not room.all(Hint)

    run_virtual(asyncio.wait_for(main(), 600.0))


def dries(*, at: int, oiled_at: int = 99) -> str:
    """Return the scenario's text: dry from a stroke on, then oiled again."""
    dry = json.dumps(list(range(at, min(oiled_at, 31))))
    return f'title = "Dries"\n[[change]]\nrepetitions = {dry}\nfriction = 0.55\n'


def long_cheek() -> Routine:
    (step,) = routine_of("cheek-left").steps
    long = replace(step, repetitions=30, time_limit_s=400.0)
    return replace(routine_of("cheek-left"), steps=(long,))


@pytest.mark.thinned(4)
@pytest.mark.parametrize("tool", ["small-roller", "gua-sha", "large-roller"])
def test_skin_that_dries_in_the_middle_asks_for_oil_once_and_yes_settles_it(
    tmp_path: Path, tool: str
) -> None:
    file = tmp_path / "dries.toml"
    file.write_text(dries(at=9, oiled_at=19), encoding="utf-8")

    async def main() -> None:
        async with world(str(file), routine=long_cheek(), tool=tool) as room:
            session = asyncio.create_task(room.run())
            hint = await room.next(Hint)
            assert (hint.kind, hint.step) == (HintKind.DRAGGING, "cheek-left")
            assert room.service.live.view().asks_oil
            while len(room.all(Repetition)) < 19:
                await room.next(Repetition)
            room.service.command(Command.CONFIRM)
            summary = await session
            assert len(room.all(SlipConfirmed)) == 1
            assert [event.kind for event in room.all(Hint)] == [HintKind.DRAGGING]
            assert not room.all(AlertRaised)
            assert [step.outcome for step in summary.steps] == ["done"]
            assert not room.service.live.view().asks_oil

    run_virtual(asyncio.wait_for(main(), 900.0))


@pytest.mark.costly
def test_skin_that_stays_dry_is_told_at_most_once_a_minute(tmp_path: Path) -> None:
    file = tmp_path / "dries.toml"
    file.write_text(dries(at=9), encoding="utf-8")

    async def main() -> None:
        async with world(str(file), routine=long_cheek()) as room:
            await room.run()
            hints = room.all(Hint)
            assert {hint.kind for hint in hints} == {HintKind.DRAGGING}
            told_s = [hint.device_s for hint in hints]
            assert all(later - earlier >= 59.0 for earlier, later in pairwise(told_s))

    run_virtual(asyncio.wait_for(main(), 900.0))


@pytest.mark.costly
def test_skin_that_is_dry_from_the_first_stroke_on_is_not_seen() -> None:
    async def main() -> None:
        async with world("dry-drag", routine=long_cheek()) as room:
            await room.run()
            assert not room.all(Hint)

    run_virtual(asyncio.wait_for(main(), 900.0))


def test_the_demo_answers_for_its_simulated_person(capsys: pytest.CaptureFixture[str]) -> None:
    scale = ["--scale", "50", "--routine", "quick"]
    assert command(["demo", "--json", "--speed", "max", "--scenario", "careful", *scale]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [event["event"] for event in events]
    confirmed = names.index("slip_confirmed")
    assert names.index("prompt") < confirmed < names.index("step_started")
    assert names.count("slip_confirmed") == 1
    summary = events[-1]["summary"]
    assert {step["outcome"] for step in summary["steps"]} == {"done"}
    assert summary["scale_percent"] == 50
    assert not summary["alerts"]
    assert "hint" not in names
    said = [event["say"] for event in events if event["event"] == "step_started"]
    assert all(said)
