"""docs/profile-clauses.md names tests that are there, and leaves no part of the profile out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT.joinpath("docs", "profile-clauses.md").read_text("utf-8")
PROFILE = ROOT.joinpath("docs", "tool-profile.md").read_text("utf-8")
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", PAGE)


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if name not in _tests(ROOT / "tests" / "simulators" / file)
    ]
    assert missing == []


def test_every_row_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "::" not in line]
    assert {row.split("|")[2].strip() for row in rows} == {"test"}
    assert len(NAMED) > 80


def test_every_part_of_the_profile_has_its_clauses() -> None:
    here = set(re.findall(r"^## (.+)$", PAGE, flags=re.MULTILINE))
    titles = re.findall(r"^## ([^(\n]+)", PROFILE, flags=re.MULTILINE)
    paragraphs = re.findall(r"^\*\*(Advertising|Security|Link)\.\*\*", PROFILE, flags=re.MULTILINE)
    parts = {title.strip() for title in titles} - {"Worked bytes", "Readings of this project"}
    assert len(paragraphs) == 3
    assert here == parts | set(paragraphs) | {"Hostile centrals"}
