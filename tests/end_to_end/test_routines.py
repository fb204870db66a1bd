"""Every shipped routine can be done: a careful hand finishes it without a warning or a hint."""

import asyncio
import re
from pathlib import Path

import pytest

from companion.coaching.events import AlertRaised, Hint, Repetition
from companion.settings.routines import list_routines, load_routine
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import world

NAMES = [entry.name for entry in list_routines()]
PAGE = Path(__file__).parents[2] / "docs" / "routines.md"


@pytest.mark.parametrize("name", NAMES)
def test_a_careful_hand_finishes_it_without_a_warning(name: str) -> None:
    async def main() -> None:
        routine = load_routine(name)
        async with world("careful", routine=routine) as room:
            summary = await room.run()
            assert summary.outcome == "finished"
            for step, result in zip(routine.steps, summary.steps, strict=True):
                assert (result.step, result.outcome) == (step.id, "done")
                assert result.doubt is None
                if step.band is not None:
                    assert result.repetitions == step.repetitions
            assert not room.all(AlertRaised)
            assert not room.all(Hint)
            assert summary.score is not None
            assert summary.score.percent >= 95
            assert room.all(Repetition)

    run_virtual(asyncio.wait_for(main(), 900.0))


def test_the_page_lists_every_shipped_routine() -> None:
    shipped = PAGE.read_text("utf-8").partition("## Writing one")[0]
    listed = re.findall(r"^\| `([a-z-]+)` ", shipped, flags=re.MULTILINE)
    assert sorted(listed) == sorted(NAMES)


def test_every_article_has_a_routine() -> None:
    sources = " ".join(load_routine(name).source for name in NAMES)
    assert all(number in sources for number in ("000", "001", "002", "003", "004"))
