"""Score and hints over the whole stack: who breaks one rule is told that one and no other."""

import asyncio
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.coaching.events import AlertRaised, Hint, Summary
from companion.coaching.hints.dose import Bounds
from companion.service import ServiceOptions
from simulators.virtual_time import run_virtual
from tests.coaching.performed import performed
from tests.end_to_end.world import world

DOCS = Path(__file__).parents[2] / "docs"
Lines = list[dict[str, Any]]


def demo(capsys: pytest.CaptureFixture[str], scenario: str, seed: int = 1) -> Lines:
    arguments = ["demo", "--json", "--speed", "max", "--scenario", scenario, "--seed", str(seed)]
    assert main(arguments) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def said(lines: Lines) -> set[tuple[str, str]]:
    return {
        (line["event"], line["kind"]) for line in lines if line["event"] in {"hint", "alert_raised"}
    }


@pytest.mark.thinned(2)
@pytest.mark.parametrize("seed", [2, 3])
def test_a_careful_person_has_at_least_95_and_is_told_nothing(seed: int) -> None:
    """Without any radio; the demonstration's own careful person is one more, in test_demo."""
    done = performed("five-minutes", "careful", seed, names_technique=True)
    assert not [event for event in done.events if isinstance(event, AlertRaised | Hint)]
    assert done.summary.score is not None
    assert done.summary.score.percent >= 95


@pytest.mark.costly
@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("wrong-direction", ("hint", "wrong_direction")),
        ("rushing", ("hint", "rushing")),
        ("too-light", ("alert_raised", "too_light")),
    ],
)
def test_who_breaks_one_rule_is_told_that_one_and_no_other(
    capsys: pytest.CaptureFixture[str], scenario: str, expected: tuple[str, str]
) -> None:
    assert said(demo(capsys, scenario)) == {expected}


@pytest.mark.costly
def test_the_wrong_way_is_told_on_the_steps_where_gravity_can_tell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = demo(capsys, "wrong-direction", 2)
    hints = [line for line in lines if line["event"] == "hint"]
    assert {hint["step"] for hint in hints} == {"forehead", "neck"}
    assert {(hint["direction"], hint["wanted"]) for hint in hints} == {("down", "up")}
    losses = lines[-1]["summary"]["score"]["losses"]
    assert {(loss["kind"], loss["step"]) for loss in losses} == {
        ("wrong_direction", "forehead"),
        ("wrong_direction", "neck"),
    }
    kinds = {(advice["kind"], advice["step"]) for advice in lines[-1]["summary"]["advice"]}
    assert kinds == {("wrong_direction", "forehead"), ("wrong_direction", "neck")}


@pytest.mark.costly
def test_who_pulls_down_is_told_so_and_no_direction_besides(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "pull.toml"
    file.write_text(
        'title = "Pull"\ndescription = "Down, and firmly."\n'
        "[hand]\naim = [1.15, 1.3]\n[[change]]\nreverse = true\n",
        encoding="utf-8",
    )
    lines = demo(capsys, str(file))
    assert said(lines) == {("hint", "pulling_down"), ("hint", "too_firm")}
    pulls = [line["step"] for line in lines if line.get("kind") == "pulling_down"]
    assert set(pulls) == {"forehead", "neck"}


def test_a_face_that_is_known_to_lie_is_told_no_direction() -> None:
    async def session() -> tuple[list[Hint], Summary]:
        options = ServiceOptions(seed=1, bounds=Bounds(is_upright=False))
        async with world("lying", "cheek-left", options=options) as room:
            summary = await room.run()
            return room.all(Hint), summary

    hints, summary = run_virtual(asyncio.wait_for(session(), 900.0))
    assert hints == []
    assert summary.score is not None
    assert (summary.score.percent, summary.score.possible) == (100, 90)


def test_the_worked_example_is_what_the_command_gives() -> None:
    spec = importlib.util.spec_from_file_location("make_coaching", DOCS / "make_coaching.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (DOCS / "coaching.md").read_text(encoding="utf-8")
    assert written.count("<!-- end -->") == 7
    assert written == module.page(written)
