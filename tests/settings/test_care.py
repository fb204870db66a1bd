"""The care table against an independent copy of its numbers, and broken tables refused."""

import re
from pathlib import Path

import pytest

from companion.coaching.routine import Zone
from companion.errors import FileRefused
from companion.paths import default_file
from companion.sensing.types import Technique
from companion.settings.care import load_care

COLUMNS = ("sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch")

# Copied by hand from the table of the domain notes: low-high caution stop, then the longest hold.
GOLDEN = {
    "forehead": (
        "2-5 8 13.3",
        "1-4 8 13.3",
        "2-5 8 13.3",
        "2-6 8 13.3",
        "2-6 8 13.3",
        "2-4 6 10 10",
        "2-6 8 13.3",
    ),
    "temples": ("1-3 5 8", ".5-2.5 5 8", "1-3 5 8", "off", "off", "1-2.5 4 6 5", "1-3 5 8"),
    "under_eye": (".5-1.5 2.7 4", ".3-1.5 2.7 4", "off", "off", "off", ".3-1 2 3 3", "off"),
    "cheek": (
        "2-6 8 13.3",
        "1-5 8 13.3",
        "2-6 8 13.3",
        "4-8 10 16",
        "3-8 10 16",
        "3-8 10 16 10",
        "3-8 10 16",
    ),
    "jawline": (
        "2-6 8 13.3",
        "1-5 8 13.3",
        "2-8 10 16",
        "4-10 13.3 20",
        "3-10 13.3 20",
        "4-10 13.3 20 10",
        "3-8 10 16",
    ),
    "neck_front": ("1-3 4 6", ".5-2 4 6", "off", "off", "off", "off", "off"),
    "neck_back": (
        "2-6 8 13.3",
        "1-4 8 13.3",
        "2-6 8 13.3",
        "3-8 10 16",
        "3-8 10 16",
        "3-8 10 16 10",
        "2-6 8 13.3",
    ),
    "decollete": (
        "2-5 8 13.3",
        "1-4 8 13.3",
        "2-5 8 13.3",
        "3-6 8 13.3",
        "3-6 8 13.3",
        "2-5 8 13.3 10",
        "2-6 8 13.3",
    ),
}
CELLS = [
    (zone, technique, cell)
    for zone, row in GOLDEN.items()
    for technique, cell in zip(COLUMNS, row, strict=True)
]


def test_the_copy_covers_every_zone_and_technique() -> None:
    assert set(GOLDEN) == set(Zone)
    assert set(COLUMNS) == set(Technique)


@pytest.mark.parametrize(("zone", "technique", "cell"), CELLS)
def test_every_cell_is_the_tables(zone: str, technique: str, cell: str) -> None:
    limits = load_care().limits(Zone(zone), Technique(technique))
    if cell == "off":
        assert limits is None
        return
    assert limits is not None
    band = limits.band
    expected = [float(number) for number in re.split(r"[- ]", cell)]
    found = [band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa]
    assert found + ([limits.hold_s] if limits.hold_s is not None else []) == expected


def test_every_row_says_how_far_it_can_be_trusted() -> None:
    care = load_care()
    for zone, row in care.rows.items():
        assert row.zone is zone
        assert row.grade == "D"
        assert row.target_confidence == "low"
        assert row.anchors
    assert {z for z, r in care.rows.items() if r.limit_confidence == "low to medium"} == {
        Zone.CHEEK,
        Zone.JAWLINE,
    }
    anchors = {a.name: (a.kpa, a.grade) for row in care.rows.values() for a in row.anchors}
    assert sorted(kpa for kpa, _ in anchors.values()) == [2.7, 4.0, 8.0, 10.0, 13.3, 20.0]


SHIPPED = default_file("care.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        (
            "sweep = { low = 1, high = 3, caution = 5, stop = 8 }",
            "sweep = { low = 1, high = 5, caution = 5, stop = 8 }",
            "zones.temples.sweep",
            "low, high, caution and stop must rise in this order.",
        ),
        (
            'off = ["knead", "pinch"]',
            'off = ["knead"]',
            "zones.temples.pinch",
            "this technique needs limits here, or its name in off.",
        ),
        (
            'off = ["knead", "pinch"]',
            'off = ["knead", "pinch", "tap"]',
            "zones.temples.tap",
            "this technique has limits here and is also listed in off; keep one.",
        ),
        (
            'off = ["knead", "pinch"]',
            'off = ["kneed", "pinch"]',
            "zones.temples.off[1]",
            (
                '"kneed" is not known here. Did you mean "knead"? Accepted: '
                "sweep, tap, circle, knead, pinch, press_hold, stretch."
            ),
        ),
        (
            "stop = 20 }",
            "stop = 20.1 }",
            "zones.jawline.knead.stop",
            "this must be at most 20.",
        ),
        (
            'anchors = ["lymph_flow_rises", "drainage_nominal"]',
            'anchors = ["lymph_flow"]',
            "zones.under_eye.anchors",
            'there is no anchor named "lymph_flow" in this file.',
        ),
        (
            "format = 1",
            "format = 2",
            "format",
            "it is of format 2, from a newer version; this one knows 1.",
        ),
        ("[zones.neck_back]", "[zones.nape]", "zones.nape", "there is no such key."),
    ],
)
def test_a_broken_table_is_refused(
    tmp_path: Path, old: str, new: str, where: str, reason: str
) -> None:
    assert old in SHIPPED
    file = tmp_path / "care.toml"
    document = SHIPPED.replace(old, new, 1)
    file.write_text(document, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load_care(file, "my care.toml")
    line = document.count("\n", 0, document.index(new)) + 1
    assert refused.value.reason.startswith(reason)
    assert refused.value.where.startswith(f"{where} (line ")
    if "is also" not in reason and "needs limits" not in reason:
        assert refused.value.where == f"{where} (line {line})"
