"""The shipped scenarios of what goes wrong lie over any manner of working."""

import pytest

from simulators.data_files import config_root
from simulators.scenario import Lie, MishapKind, load_scenario

SHIPPED = {path.stem: load_scenario(path.stem) for path in (config_root() / "scenarios").iterdir()}
GONE_WRONG = [name for name, what in SHIPPED.items() if what.mishaps or what.faults]


def test_every_kind_but_the_button_is_shown() -> None:
    shown = {mishap.kind for what in SHIPPED.values() for mishap in what.mishaps}
    assert set(MishapKind) - shown == {MishapKind.BUTTON}


def test_every_lie_about_telemetry_is_shown_each_with_a_pause_before_it() -> None:
    lies = SHIPPED["lying-firmware"].mishaps
    in_answers = {Lie.ANSWER_FOR_ANOTHER, Lie.ANSWER_CUT, Lie.EMPTY_SUCCESS}
    assert {mishap.lie for mishap in lies} == set(Lie) - in_answers
    ends_s = [mishap.at_s + mishap.lasting_s for mishap in lies]
    assert all(
        mishap.at_s >= end_s + 5 for mishap, end_s in zip(lies[1:], ends_s[:-1], strict=True)
    )


@pytest.mark.parametrize("name", GONE_WRONG)
def test_it_works_as_a_careful_hand_unless_its_story_needs_more(name: str) -> None:
    scenario, careful = SHIPPED[name], SHIPPED["careful"]
    assert (scenario.person, scenario.friction) == (careful.person, careful.friction)
    assert not scenario.presses
    assert not scenario.changes
    if name != "tool-restarts":
        assert scenario.habits == careful.habits


@pytest.mark.parametrize("name", GONE_WRONG)
@pytest.mark.parametrize("pattern", ["rushing+{}", "{}+rushing"])
def test_the_order_of_a_manner_and_of_what_goes_wrong_does_not_matter(
    name: str, pattern: str
) -> None:
    both, rushing = load_scenario(pattern.format(name)), SHIPPED["rushing"]
    assert both.habits.speed_cm_s == rushing.habits.speed_cm_s
    assert both.mishaps == SHIPPED[name].mishaps
    assert both.faults == SHIPPED[name].faults


def test_three_together() -> None:
    together = load_scenario("careful+weak-link+left-hand")
    assert together.person.hand == "left"
    assert [mishap.loss for mishap in together.mishaps] == [0.4, 0.7, 0.98]
