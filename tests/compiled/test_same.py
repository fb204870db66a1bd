"""The compiled engine tells what its source tells. Collected only where one has been compiled."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compile_engine import compiled, is_stale, sources

ROOT = Path(__file__).parents[2]
RECORDED = [
    ("small-roller", "heavy-hand+lying", 100),
    ("small-roller", "drifting-force", 100),
    ("large-roller", "slipping-wheel", 100),
    ("gua-sha", "everyday", 100),
    ("motion-only", "there-and-back", 100),
    ("force-only", "saturated-force", 80),
    ("force-only", "frozen-force", 80),
    ("passkey-roller", "motion-fails", 100),
]
GUIDED = ["heavy-hand", "out-of-range", "too-light+left-hand"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the packages in which nothing is compiled."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("companion", "protocols", "simulators", "config"):
        ignored = shutil.ignore_patterns("*.so", "*.pyd", "__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def said_by(tree: Path, home: Path, *arguments: str) -> str:
    places = {name: str(home) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    return subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, *arguments],
        cwd=tree,
        env=os.environ | places | {"PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout


def test_each_tree_runs_what_it_has(source: Path, tmp_path: Path) -> None:
    asked = "import companion.sensing.engine as engine; print(engine.__file__)"
    ours, theirs = (Path(said_by(tree, tmp_path, "-c", asked).strip()) for tree in (ROOT, source))
    assert (ours.is_relative_to(ROOT), ours.suffix in {".so", ".pyd"}) == (True, True)
    assert theirs == source / "companion" / "sensing" / "engine.py"


def test_what_is_compiled_is_all_of_it_and_of_today() -> None:
    names = {one.name.partition(".")[0] for one in compiled()}
    assert {one.stem for one in sources()} <= names
    assert not is_stale()


@pytest.mark.parametrize(("tool", "scenario", "rate_hz"), RECORDED)
def test_a_recording_is_analysed_alike(
    source: Path, tmp_path: Path, tool: str, scenario: str, rate_hz: int
) -> None:
    hand = ("--tool", tool, "--scenario", scenario, "--rate", str(rate_hz), "--routine", "quick")
    said_by(source, tmp_path, "-m", "companion", "simulate", "--record", str(tmp_path), *hand)
    (file,) = (one for one in tmp_path.glob("*.csv") if one.name.count(".") == 1)
    told = []
    for tree, name in ((ROOT, "compiled"), (source, "source")):
        ups = tmp_path / f"{name}.ups"
        analysed = ("-m", "companion", "analyze", str(file), "--json", "--attitude-out", str(ups))
        report = said_by(tree, tmp_path, *analysed, "--caution-n", "4", "--stop-n", "6")
        told.append((report, ups.read_text("utf-8")))
    assert "contacts" in told[0][0]
    assert told[0] == told[1]


@pytest.mark.parametrize("scenario", GUIDED)
def test_a_session_is_guided_alike(source: Path, tmp_path: Path, scenario: str) -> None:
    shown = ("--scenario", scenario, "--routine", "quick", "--speed", "max", "--json")
    told = [
        said_by(tree, tmp_path / name, "-m", "companion", "demo", *shown)
        for tree, name in ((ROOT, "compiled"), (source, "source"))
    ]
    assert '"repetition"' in told[0]
    assert told[0] == told[1]
