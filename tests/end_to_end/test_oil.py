"""The question for oil, and a routine made shorter, with a hand, a tool and a radio."""

import asyncio
import json

import pytest

from companion.__main__ import main as command
from companion.coaching.events import Command, Hint, Prompt, PromptKind, StepStarted
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import world


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


def test_a_left_hand_is_guided_as_well() -> None:
    async def main() -> None:
        async with world("careful+left-hand", "forehead", "cheek-left", "cheek-right") as room:
            summary = await room.run()
            assert [step.outcome for step in summary.steps] == ["done"] * 3
            assert not summary.alerts
            assert not room.all(Hint)

    run_virtual(asyncio.wait_for(main(), 600.0))


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
