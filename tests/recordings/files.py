"""Recordings made on the spot."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main


def write(folder: Path, *lines: str, name: str = "made.csv", end: str = "\n") -> Path:
    """Write lines as a recording."""
    path = folder / name
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return path


def rows(columns: str, values: Sequence[Sequence[object]]) -> list[str]:
    """Return a header and rows of cells."""
    return [columns, *(",".join(map(str, row)) for row in values)]


def analyzed(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> dict[str, Any]:
    """Run the command; return its document."""
    assert main(["analyze", str(path), "--json", *options]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    document: dict[str, Any] = json.loads(out, parse_constant=pytest.fail)
    return document


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command; return the one line by which it refuses."""
    assert main(["analyze", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err
