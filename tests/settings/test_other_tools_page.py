"""The page of other tools is as its script writes it, and its lines of bytes are right."""

import importlib
from pathlib import Path

import pytest

from companion.__main__ import main

PAGE = Path(__file__).parents[2] / "docs" / "other-tools.md"


def test_the_tables_are_the_ones_the_files_make() -> None:
    script = importlib.import_module("docs.make_other_tools")
    written = PAGE.read_text(encoding="utf-8")
    assert script.page(written) == written
    assert written.count("| `progressor-dome` |") == 1


def test_the_example_of_bytes_is_decoded(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if " --bytes " in line
    ]
    digits = example.partition('"')[2].rstrip('"')
    assert main(["tools", "try", "tindeq", "--bytes", digits]) == 0
    assert "4.903 N" in capsys.readouterr().out
