"""What is compiled, when it is too old, and how it is taken away."""

import os
import sys
from pathlib import Path

import pytest

import compile_engine
from compile_engine import BUILTIN, ENGINE, SELDOM, compiled, is_stale, main, sources


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tree with one source of an engine in it."""
    engine = tmp_path / "companion" / "sensing"
    engine.mkdir(parents=True)
    (engine / "strokes.py").touch()
    monkeypatch.setattr(compile_engine, "ROOT", tmp_path)
    monkeypatch.setattr(compile_engine, "ENGINE", engine)
    return tmp_path


def built(tree: Path, *, age_s: float) -> list[Path]:
    source = tree / "companion" / "sensing" / "strokes.py"
    made = [source.with_name("strokes.cpython-311.so"), tree / "companion_engine__mypyc.x.so"]
    for file in made:
        file.touch()
        at_s = source.stat().st_mtime - age_s
        os.utime(file, (at_s, at_s))
    return made


def test_what_is_left_out_is_there_and_the_engine_is_not_left_out() -> None:
    assert all((ENGINE / f"{name}.py").exists() for name in SELDOM | BUILTIN)
    assert {"engine", "judgement", "strokes"} <= {one.stem for one in sources()}


def test_what_is_older_than_any_source_is_stale(tree: Path) -> None:
    assert (compiled(), is_stale()) == ([], False)
    made = built(tree, age_s=-1.0)
    assert (sorted(compiled()), is_stale()) == (sorted(made), False)
    built(tree, age_s=1.0)
    assert is_stale()


def test_it_is_taken_away(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tree, age_s=0.0)
    monkeypatch.setattr(sys, "argv", ["compile_engine.py", "--remove"])
    main()
    assert compiled() == []
    assert (tree / "companion" / "sensing" / "strokes.py").exists()
