"""Which targets are met, on figures made up."""

from dataclasses import replace

import pytest

from tests.accuracy.labelled import Labelled
from tests.accuracy.matrix import CONDITIONS
from tests.accuracy.table import NOTHING
from tests.accuracy.targets import KINDS, TARGETS, Target, target_rows

NAMES = [one.name for one in CONDITIONS]


def counted(count: int, truth: int = 20) -> Labelled:
    empty = {"duration_s": 60.0, "strokes": [], "alerts": [], "faults": [], "active": []}
    reps = {"live": [0.0] * count, "final": [0.0] * count}
    return Labelled("a", {"reps": truth}, {**empty, "reps": reps}, 60.0, [])


@pytest.mark.parametrize(
    ("target", "value", "is_met"),
    [
        (Target("a", 0.95, is_least=True), "0.950 (9499 of 10000)", False),
        (Target("a", 0.95, is_least=True), "0.950 (95 of 100)", True),
        (Target("a", 2.0), "-2.3 %", False),
        (Target("a", 2.0), "+2.0 %", True),
        (Target("a", 1.0, number=1), "6 (0.20 in 10 minutes)", True),
        (Target("a", 250.0, number=1), "74 ms, 251 ms", False),
        (Target("a", 100.0), "74 ms, 251 ms", True),
        (Target("a", 0.0), "1", False),
    ],
)
def test_a_figure_reaches_its_bound_or_not(target: Target, value: str, *, is_met: bool) -> None:
    assert target.is_met(value) is is_met


def test_a_target_is_missed_by_all_together_or_by_a_condition_alone() -> None:
    conditions = [one for one in CONDITIONS if one.name in ("50 Hz", "100 Hz", "force alone")]
    good = [counted(20)] * 40
    groups = {"50 Hz": good, "100 Hz": [counted(20), counted(19)], "force alone": [counted(17)]}
    rows = {row[:3]: row[3:] for row in target_rows(groups, conditions)}
    exact, within = "repetitions live: exact", "repetitions live: within one"
    assert rows[exact, "clean", "at least 0.95"] == ("0.976 (41 of 42)", "met", "100 Hz")
    assert rows[within, "clean", "at least 1"] == ("1.000 (42 of 42)", "met", NOTHING)
    alone = rows[within, "force alone", "at least 1"]
    assert alone == ("0.000 (0 of 1)", "missed", "force alone")
    assert all(row[1] != "motion alone" for row in rows)


def test_every_condition_is_of_a_kind_with_targets_and_clean_is_clean() -> None:
    asked = {kind for _, kinds in TARGETS for kind in kinds}
    assert asked <= set(KINDS)
    for one in CONDITIONS:
        assert any(KINDS[kind](one) for kind in asked - {"all"}), one.name
    clean = next(one for one in CONDITIONS if one.name == "100 Hz")
    assert KINDS["clean"](clean)
    assert not KINDS["clean"](replace(clean, sensors={"clock_drift_ppm": 100.0}))
    assert not KINDS["clean"](replace(clean, tool="motion-only"))
    slow = [
        name
        for name, one in zip(NAMES, CONDITIONS, strict=True)
        if KINDS["motion alone, slower"](one)
    ]
    assert slow == ["motion alone, 2 cm/s", "motion alone, 5 cm/s"]
