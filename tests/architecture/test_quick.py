"""What is left out where somebody asks to be quick, and that nothing is left out elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
MARKERS = "[pytest]\nmarkers =\n costly: costs much\n thinned(every): each so many-th\n"
TEST = """
import pytest

def test_always(): pass

@pytest.mark.costly
def test_costs_much(): pass

@pytest.mark.thinned(3)
@pytest.mark.parametrize("case", range(7))
def test_many(case): pass

@pytest.mark.thinned(2)
@pytest.mark.parametrize("case", range(3))
def test_few(case): pass

@pytest.mark.thinned(2)
@pytest.mark.parametrize(("rate", "limit"), [(1, 2), (3, 4)])
@pytest.mark.parametrize("tool", ["a", "b", "c"])
def test_product(tool, rate, limit): pass

@pytest.mark.parametrize("case", [1, pytest.param(2, marks=pytest.mark.costly)])
def test_chosen(case): pass
"""
QUICK = {
    "test_always",
    "test_many[0]",
    "test_many[3]",
    "test_many[6]",
    "test_few[0]",
    "test_few[2]",
    "test_product[a-1-2]",
    "test_product[b-1-2]",
    "test_product[c-1-2]",
    "test_product[a-3-4]",  # no other one has 3-4
    "test_chosen[1]",
}


def said(folder: Path, *arguments: str) -> str:
    """Return what pytest says of these tests."""
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_some.py").write_text(TEST, encoding="utf-8")
    (folder / "pytest.ini").write_text(MARKERS, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(CONFTEST.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def run(folder: Path, *arguments: str) -> set[str]:
    """Return the names of the tests that ran."""
    lines = said(folder, *arguments).splitlines()
    ran = [line.split()[0] for line in lines if " PASSED" in line]
    return {name.partition("::")[2] for name in ran}


def test_who_is_quick_runs_each_kind(tmp_path: Path) -> None:
    assert run(tmp_path, "--quick") == QUICK


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["-n", "2"], "9 cases left out"), (["-n0"], "11 passed, 9 deselected")],
)
def test_what_is_left_out_is_counted(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in said(tmp_path, *arguments, "--quick")
    assert "left out" not in said(tmp_path, *arguments)


def test_who_does_not_ask_to_be_quick_runs_everything(tmp_path: Path) -> None:
    assert len(run(tmp_path)) == 1 + 1 + 7 + 3 + 6 + 2
