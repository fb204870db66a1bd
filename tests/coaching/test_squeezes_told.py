"""Kneading and pinches: judged by what each squeeze reaches, live and in the score."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from companion.coaching.events import AlertRaised, Event, Hint, LossKind, StepResult
from companion.coaching.routine import Zone
from companion.sensing.types import Band, ContactBegan, ContactEnded, Level, Technique
from companion.settings.care import load_care
from tests.coaching.performed import performed
from tests.coaching.scripted import Bench, names, step, summary_of, too_firm

ROUTINE = """
format = 1
title = "One technique"
source = "ours"
about_s = 60
[[steps]]
id = "it"
kind = "tool"
zone = "cheek"
side = "left"
technique = "{technique}"
repetition = "contact"
repetitions = 6
time_limit_s = 90
hint = "Do."
"""
SQUEEZED = (Technique.KNEAD, Technique.PINCH)


def kneaded() -> Bench:
    """Return a step of kneading some seconds after its beginning, with the tool on the skin."""
    bench = Bench(replace(step("knead", goal=None, limit_s=60.0), technique=Technique.KNEAD))
    bench.start()
    bench.press(Level.NO_CONTACT, 0.0)
    bench.pass_s(5.0)
    bench.pass_s(0.1, ContactBegan(device_s=bench.now_s, source="force"))
    return bench


def squeezed(bench: Bench, *peaks: tuple[Level, float]) -> list[Event]:
    """Squeeze for a second each, letting off in between as kneading does."""
    told = []
    for level, kpa in peaks:
        bench.press(Level.LIGHT, 0.3)
        told += bench.pass_s(0.5)
        bench.press(level, kpa)
        told += bench.pass_s(0.5)
    return told


def lifted(bench: Bench) -> list[Event]:
    bench.press(Level.NO_CONTACT, 0.0)
    now_s = bench.now_s
    ended = ContactEnded(device_s=now_s, began_s=now_s - 1, ended_s=now_s, mean_n=None, peak_n=None)
    return bench.pass_s(1.0, ended)


LIGHT, RIGHT, FIRM = (Level.LIGHT, 1.9), (Level.ON_TARGET, 4.5), (Level.FIRM, 7.0)


def test_three_of_the_newest_four_squeezes_that_are_firm_are_said_once_in_ten_seconds() -> None:
    bench = kneaded()
    assert squeezed(bench, FIRM, FIRM, RIGHT, FIRM) == []
    (hint,) = squeezed(bench, FIRM)
    assert isinstance(hint, Hint)
    assert (hint.kind, hint.limit, hint.pressure_kpa) == ("too_firm", 6.0, 7.0)
    assert hint.onset_s == pytest.approx(5.1, abs=0.1)
    assert names(squeezed(bench, *[FIRM] * 9)) == []
    assert names(squeezed(bench, FIRM, FIRM)) == ["hint"]


def test_three_of_the_newest_four_that_are_light_are_said_until_one_is_not() -> None:
    bench = kneaded()
    assert squeezed(bench, LIGHT, LIGHT, RIGHT, LIGHT) == []
    assert names(squeezed(bench, LIGHT)) == ["alert_raised"]
    assert names(squeezed(bench, RIGHT)) == ["alert_cleared"]


@pytest.mark.parametrize("off", [LIGHT, FIRM])
def test_every_other_squeeze_is_not_said(off: tuple[Level, float]) -> None:
    bench = kneaded()
    assert squeezed(bench, *[off, RIGHT] * 6) == []
    assert lifted(bench) == []


def test_a_squeeze_that_ends_in_the_air_is_one() -> None:
    bench = kneaded()
    assert squeezed(bench, FIRM, FIRM, FIRM) == []
    assert names(lifted(bench)) == ["hint"]


def test_what_was_warned_about_begins_anew() -> None:
    bench = kneaded()
    squeezed(bench, FIRM, FIRM)
    bench.turn = [too_firm(bench.now_s)]
    assert "alert_raised" in names(squeezed(bench, (Level.CAUTION, 9.0)))
    assert "hint" not in names(squeezed(bench, FIRM, FIRM))


def test_time_counts_at_the_level_that_its_squeeze_reached() -> None:
    bench = kneaded()
    squeezed(bench, RIGHT, FIRM, RIGHT, RIGHT)
    lifted(bench)
    (result,) = summary_of(bench.pass_s(60.0)).steps
    assert result.seconds_by_level == {
        "on_target": pytest.approx(3.0, abs=0.5),
        "firm": pytest.approx(1.0, abs=0.1),
    }


def lived(folder: Path, technique: Technique, hand: str, seed: int) -> tuple[StepResult, list[str]]:
    """Return the result of a step, and what was told in it."""
    (folder / "routine.toml").write_text(ROUTINE.format(technique=technique), encoding="utf-8")
    (folder / "hand.toml").write_text(f'title = "A hand"\n{hand}', encoding="utf-8")
    done = performed(str(folder / "routine.toml"), str(folder / "hand.toml"), seed)
    told = [event.kind for event in done.events if isinstance(event, AlertRaised | Hint)]
    (result,) = done.summary.steps
    return result, [str(kind) for kind in told]


def firmly(band: Band) -> str:
    """Aim between the target and caution, with every squeeze."""
    meant = band.high_kpa + 0.4 * (band.caution_kpa - band.high_kpa)
    aim = (meant - band.low_kpa) / (band.high_kpa - band.low_kpa)
    return f"[hand]\naim = [{aim}, {aim}]\nunsteadiness = [0.01, 0.03]\n"


def with_care(_: Band) -> str:
    return ""


def hardly(_: Band) -> str:
    return "[hand]\naim = [0.0, 0.1]\nfirmness = [0.6, 0.75]\n"


TOLD = {
    firmly: ({"too_firm"}, {LossKind.FIRM}),
    with_care: (set[str](), set[LossKind]()),
    hardly: ({"too_light"}, {LossKind.LIGHT}),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("technique", SQUEEZED)
@pytest.mark.parametrize("hand", TOLD)
def test_a_hand_is_told_what_its_squeezes_reach_and_nothing_else(
    tmp_path: Path, hand: Callable[[Band], str], technique: Technique, seed: int
) -> None:
    band = load_care().rows[Zone.CHEEK].limits[technique].band
    result, told = lived(tmp_path, technique, hand(band), seed)
    assert result.score is not None
    assert (set(told), {loss.kind for loss in result.score.losses}) == TOLD[hand]
