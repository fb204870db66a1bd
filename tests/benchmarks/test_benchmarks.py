"""That the benchmarks run and say what the page tells of them; never how fast anything is."""

import math
from pathlib import Path

import pytest

from simulators.peripheral.link import Link
from simulators.virtual_time import run_virtual
from tests.benchmarks import (
    bench_bare,
    bench_decision,
    bench_endurance,
    bench_link,
    bench_other_tools,
    bench_report,
    bench_stack,
    bench_store,
)
from tests.benchmarks.figures import FIGURES, Figure, Result
from tests.benchmarks.run import page_table, write_page

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "performance.md"


def test_every_benchmark_is_described() -> None:
    there = {path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py")}
    assert there == set(FIGURES)


def test_deciding_gives_its_figures() -> None:
    figures = bench_decision.bench(seconds=4.0)
    assert list(figures) == [figure.name for figure in FIGURES["decision"]]
    assert 0 <= figures.pop("alone_percent") <= 100
    assert all(math.isfinite(value) and value > 0 for value in figures.values())
    assert figures["cost_to_floor_ratio"] > 1


@pytest.mark.costly
def test_the_stack_gives_its_figures_and_loses_nothing() -> None:
    figures = bench_stack.bench(seconds=4.0, run=run_virtual)
    assert set(figures) == {figure.name for figure in FIGURES["stack"]}
    for tools in ("one", "eight", "twenty"):
        assert figures[f"{tools}_samples_lost"] == 0
    assert figures["eight_notifications"] > 8 * 2.0 * 20


def test_the_simulator_alone_gives_its_figures() -> None:
    figures = bench_bare.bench(seconds=4.0)
    assert set(figures) == {figure.name for figure in FIGURES["bare"]}
    assert figures["bare_samples_missing"] == 0


def test_the_link_gives_its_figures_and_accounts_for_every_sample(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Link, "send", Link.send)
    figures = bench_link.bench(trials=1, minutes=0.15)
    assert list(figures) == [figure.name for figure in FIGURES["link"]]
    assert figures["eight_frames_dropped"] > 8
    for name in ("unaccounted", "twice", "invented"):
        assert figures[f"eight_samples_{name}"] == 0


def test_the_codecs_of_other_tools_give_their_figures() -> None:
    figures = bench_other_tools.bench(samples=100)
    assert list(figures) == [figure.name for figure in FIGURES["other_tools"]]
    assert all(math.isfinite(value) and value > 0 for value in figures.values())


def test_the_store_gives_its_figures() -> None:
    pytest.importorskip("pyarrow")
    figures = bench_store.bench(live_s=1, minutes=1, sessions=20, hours=1)
    assert list(figures) == [figure.name for figure in FIGURES["store"]]
    assert all(math.isfinite(value) and value > 0 for value in figures.values())
    assert figures["bytes_per_sample"] < 16


def test_an_open_dashboard_gives_its_figures() -> None:
    figures = bench_endurance.bench(minutes=0.4)
    assert list(figures) == [figure.name for figure in FIGURES["endurance"]]
    assert figures["tasks"] > 20


@pytest.mark.costly
def test_pages_give_their_figures() -> None:
    figures = bench_report.bench(seconds=5.0, sessions=20)
    assert list(figures) == [figure.name for figure in FIGURES["report"]]
    assert all(value > 0 for value in figures.values())


def test_the_page_shows_every_figure_that_is_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = {row.split(" | ")[0].removeprefix("| ") for row in page.splitlines() if "|" in row}
    assert {figure.means for figures in FIGURES.values() for figure in figures} <= rows


@pytest.mark.parametrize(
    ("figure", "value", "verdict"),
    [
        (Figure(name="a", means="a", at_least=50), 50.0, "met"),
        (Figure(name="a", means="a", at_least=50), 49.9, "MISSED"),
        (Figure(name="a", means="a", at_most=0), 0, "met"),
        (Figure(name="a", means="a", at_most=0), 1, "MISSED"),
        (Figure(name="a", means="a"), 1, ""),
    ],
)
def test_a_missed_target_is_called_missed(figure: Figure, value: float, verdict: str) -> None:
    assert figure.verdict(value) == verdict


def test_figures_replace_those_on_the_page_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nafter\n")
    result = Result("start", Figure(name="a", means="wait, s", at_most=1), [0.5, 0.75], 0.625)
    write_page(page, page_table([result], "a machine"))
    lines = page.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert "a machine" in lines
    assert "| wait, s | 0.625 | 0.5 to 0.75 | at most 1 | met |" in lines
    assert "old" not in lines


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing to replace\n")
    with pytest.raises(ValueError, match="no marks"):
        write_page(page, "table")
