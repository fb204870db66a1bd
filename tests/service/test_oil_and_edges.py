"""The service asks for oil, scales, and keeps the edge of a stone away where it does not belong."""

import asyncio
from dataclasses import replace

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import (
    Command,
    Notice,
    Prompt,
    PromptKind,
    RoutineScaled,
    SessionFinished,
    SessionStarted,
    SlipConfirmed,
    StepStarted,
)
from companion.coaching.hints.dose import Bounds
from companion.coaching.routine import Zone
from companion.coaching.view import Phase
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import ToolKind
from tests.ble.scripted_tool import ScriptedTool, a_feature
from tests.service.desk import Desk, play


def desk(options: ServiceOptions, *, kind: ToolKind = ToolKind.ROLLER, steps: int = 2) -> Desk:
    tool = ScriptedTool(feature=bytes(a_feature(tool_kind=kind)))
    whole = load_routine("five-minutes")
    routine = replace(whole, steps=whole.steps[:steps])
    return Desk(tool, Service(tool.adapter(), routine, load_care(), options))


def test_the_first_step_waits_for_somebody_to_say_that_there_is_oil() -> None:
    async def main() -> None:
        at = desk(ServiceOptions(seed=1))
        session = asyncio.create_task(at.run())
        asked = await at.next(Prompt)
        assert asked.kind is PromptKind.SLIP
        await asyncio.sleep(30.0)
        assert at.service.live.view().phase is Phase.ASKING
        assert not at.all(StepStarted)
        at.service.command(Command.CONFIRM)
        await at.next(StepStarted)
        assert len(at.all(SlipConfirmed)) == 1
        at.service.command(Command.STOP)
        await session

    play(main)


def test_the_scale_of_the_options_holds_from_the_start_and_changes_by_command() -> None:
    async def main() -> None:
        at = desk(ServiceOptions(seed=1, oiled=True, scale_percent=50))
        before = at.service.live.view()
        assert (before.steps[0].repetitions, before.scale_percent, before.about_s) == (5, 50, 150)
        session = asyncio.create_task(at.run())
        begun = await at.next(StepStarted)
        assert begun.repetitions == 5
        assert at.all(SessionStarted)[0].scale_percent == 50
        at.service.command(Command.SCALE_UP)
        assert (await at.next(RoutineScaled)).percent == 75
        at.service.command(Command.STOP)
        assert (await session).scale_percent == 75

    play(main)


def test_a_stone_leaves_out_what_its_edge_may_not_touch_and_says_so() -> None:
    async def main() -> None:
        off = Bounds(edge_off=frozenset({Zone.FOREHEAD}))
        at = desk(ServiceOptions(seed=1, oiled=True, bounds=off), kind=ToolKind.GUA_SHA)
        session = asyncio.create_task(at.run())
        begun = await at.next(StepStarted)
        assert (begun.step, begun.steps) == ("cheek-left", 1)
        assert at.all(SessionStarted)[0].steps == 1
        (said,) = [n for n in at.all(Notice) if n.key == "link.tool.edge_off"]
        assert said.values == {"step": "forehead"}
        at.service.command(Command.STOP)
        await session

    play(main)


def test_a_roller_has_no_edge() -> None:
    async def main() -> None:
        off = Bounds(edge_off=frozenset(Zone))
        at = desk(ServiceOptions(seed=1, oiled=True, bounds=off))
        session = asyncio.create_task(at.run())
        assert (await at.next(StepStarted)).steps == 2
        at.service.command(Command.STOP)
        await session

    play(main)


def test_a_stone_with_nothing_left_to_do_is_refused() -> None:
    async def main() -> None:
        off = Bounds(edge_off=frozenset(Zone))
        at = desk(ServiceOptions(seed=1, bounds=off), kind=ToolKind.GUA_SHA)
        with pytest.raises(LinkError) as caught:
            await at.run()
        assert caught.value.fault is LinkFault.EDGE_REFUSED
        assert not at.all(SessionStarted)
        assert not at.all(SessionFinished)

    play(main)
