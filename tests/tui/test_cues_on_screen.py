"""The question for oil, rests, a changed length and passing cues, as the Live screen shows them."""

import pytest

from companion.coaching.events import (
    Command,
    Notice,
    Prompt,
    PromptKind,
    RoutineScaled,
    SlipConfirmed,
)
from companion.coaching.routine import Side, Zone
from companion.coaching.view import Phase
from companion.sensing.types import Level
from tests.tui.fake_live import FakeLive
from tests.tui.screen_text import staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
async def test_the_question_for_oil_says_which_key_to_press(size: tuple[int, int]) -> None:
    live = FakeLive(index=0, repetitions=0, phase=Phase.ASKING, slip_note="Oil first, always.")
    live.level = Level.NO_CONTACT
    async with staged(live, size=size) as stage:
        assert "y: oil or cream is on the skin" in stage.text
        assert "Oil first, always." in stage.text
        assert "NEXT" in stage.text
        await stage.pilot.press("y")
        await stage.pilot.press("enter")
        assert stage.commands == [Command.CONFIRM, Command.CONFIRM]
        live.phase, live.slip_confirmed = Phase.RUNNING, True
        shown = await stage.settle()
        assert "Press y" not in shown
        assert "Oil first" not in shown


async def test_unasked_the_key_for_oil_does_nothing() -> None:
    async with staged(FakeLive()) as stage:
        await stage.pilot.press("y", "enter")
        assert stage.commands == []
        await stage.pilot.press("plus", "minus")
        assert stage.commands == [Command.SCALE_UP, Command.SCALE_DOWN]


async def test_a_rest_counts_down_and_says_what_comes() -> None:
    live = FakeLive(index=2, repetitions=0, phase=Phase.RESTING, rest_left_s=4.2)
    async with staged(live) as stage:
        assert "5 s, then it goes on" in stage.text
        assert "NEXT  CHEEK, RIGHT" in stage.text
        live.rest_left_s = 0.8
        assert "1 s, then it goes on" in await stage.settle()


async def test_the_title_names_the_time_of_day_and_a_changed_length() -> None:
    live = FakeLive(slot="evening", scale_percent=75)
    async with staged(live) as stage:
        assert "Five minutes for the face · evening" in stage.text
        assert "75 %" in stage.text
        live.slot, live.scale_percent = "any", 100
        shown = await stage.settle()
        assert "evening" not in shown
        assert "100 %" not in shown


async def test_cues_pass_by_and_several_notices_are_shown_one_after_the_other() -> None:
    async with staged(FakeLive()) as stage:
        left = [
            Notice(device_s=0.0, key="link.tool.edge_off", values={"step": name})
            for name in ("cheek-left", "neck")
        ]
        assert "Step cheek-left is left out" in await stage.send(*left)
        assert "Step neck is left out" in await stage.settle(seconds=2.6)
        hands = Prompt(
            device_s=1.0,
            kind=PromptKind.HANDS,
            priority=11,
            step="x",
            zone=Zone.CHEEK,
            side=Side.LEFT,
        )
        assert "Change hands" in await stage.send(hands)
        scaled = RoutineScaled(
            device_s=1.0, percent=125, step="x", repetitions=5, time_limit_s=9.0, about_s=60.0
        )
        assert "done to 125 %" in await stage.send(scaled)
        assert "Oil is on" in await stage.send(SlipConfirmed(device_s=1.0))
