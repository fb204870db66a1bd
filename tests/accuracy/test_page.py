"""The page of the simulator's part, made small."""

from pathlib import Path

import pytest

from tests.accuracy.matrix import CONDITIONS, Condition
from tests.accuracy.page import write_page

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

SEED = 4


def test_the_page_has_a_row_per_condition_and_says_that_it_is_simulation(tmp_path: Path) -> None:
    chosen = [one for one in CONDITIONS if one.name in ("100 Hz", "force frozen")]
    write_page(tmp_path / "page.md", chosen, (SEED,))
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "All figures on this page are simulation" in page
    for topic in ("Strokes", "Direction", "Over-pressure", "Faults", "Active time", "Tilt"):
        assert page.count(f"\n## {topic}\n") == 1
    tables = page.partition("\n## Repetitions\n")[2]
    assert tables.count("| 100 Hz ") == tables.count("| all ")
    assert "| force frozen | 1.000 (2 of 2)" in page
    assert f"1 people (seeds {SEED}, held out" in page
    targets = page.partition("\n## Targets\n")[2].partition("\n## ")[0]
    assert "| repetitions final: exact " in targets
    assert "| faults: found within 2 s " in targets
    assert {
        row.split("|")[5].strip() for row in targets.splitlines() if row.startswith("| rep")
    } <= {
        "met",
        "missed",
    }


def test_every_condition_has_a_name_of_its_own() -> None:
    names = [one.name for one in CONDITIONS]
    assert len(set(names)) == len(names)
    assert Condition("plain").rate_hz == 100
