"""Every row of the care table does what it says: each is read from the file and tried."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from companion.coaching.fitting import fitted
from companion.coaching.person import Care, Person, Said, lowered
from companion.coaching.routine import Routine, Side, Step, StepKind, Zone
from companion.errors import FileRefused
from companion.paths import default_file
from companion.sensing.types import Band, RepetitionKind, Technique
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine

FILE: dict[str, Any] = tomllib.loads(default_file("care.toml").read_text(encoding="utf-8"))
TABLE, RULES = load_care(), load_person_rules()
TODAY = 739_941
SETTLED = Person(name="me", first_day=TODAY - 400, sessions=100)
TRAITS: dict[str, dict[str, Any]] = {
    name: row for name, row in FILE["traits"].items() if isinstance(row, dict)
}
ASKED = {name: row for name, row in TRAITS.items() if "sessions" not in row}
REASONS: dict[str, dict[str, Any]] = FILE["reasons"]
CELLS = list(product(Zone, Technique))
LIMITS = ("low", "high", "caution", "stop")


def said_of(day: int, *traits: str, zone: Zone = Zone.CHEEK) -> Person:
    traits_said = {name: Said(day, frozenset({zone})) for name in traits}
    return Person(name="me", first_day=TODAY - 400, sessions=100, traits=traits_said)


def step_in(zone: Zone, technique: Technique) -> Step:
    limits = TABLE.limits(zone, technique)
    return Step(
        id="it",
        kind=StepKind.TOOL,
        zone=zone,
        side=Side.LEFT,
        technique=technique,
        direction="any",  # type: ignore[arg-type]  # its word will do
        repetition=RepetitionKind.CONTACT,
        repetitions=1,
        time_limit_s=10,
        band=None if limits is None else limits.band,
        hint="Do.",
    )


def routine_of(step: Step) -> Routine:
    return Routine(name="r", title="r", source="r", slot="any", about_s=10, steps=(step,))


@pytest.mark.parametrize(("zone", "technique"), CELLS)
def test_a_cell_gives_its_limits_to_a_step_or_refuses_it(
    tmp_path: Path, zone: Zone, technique: Technique
) -> None:
    row = FILE["zones"][zone]
    file = tmp_path / "r.toml"
    file.write_text(
        'format = 1\ntitle = "r"\nsource = "r"\nabout_s = 9\n[[steps]]\nid = "it"\nkind = "tool"\n'
        f'zone = "{zone}"\nside = "left"\ntechnique = "{technique}"\nrepetition = "contact"\n'
        'time_limit_s = 9\nhint = "Do."\n',
        encoding="utf-8",
    )
    if technique in row.get("off", ()):
        with pytest.raises(FileRefused, match="is refused by the care table") as refused:
            load_routine(str(file))
        assert "steps[1].technique (line 10)" in str(refused.value)
        return
    (step,) = load_routine(str(file)).steps
    assert step.band == Band(*(row[technique][limit] for limit in LIMITS))


@pytest.mark.parametrize("name", TRAITS)
@pytest.mark.parametrize("zone", Zone)
def test_a_trait_multiplies_high_caution_and_stop_by_its_factor(name: str, zone: Zone) -> None:
    row = TRAITS[name]
    person = Person(name="new") if "sessions" in row else said_of(TODAY, name, zone=zone)
    care = Care(RULES, person, TODAY)
    assert care.factor(zone) == pytest.approx(row["factor"])
    band = TABLE.rows[zone].limits[Technique.TAP].band
    for_person = lowered(band, care.factor(zone))
    assert (for_person.high_kpa, for_person.caution_kpa, for_person.stop_kpa) == pytest.approx(
        (
            band.high_kpa * row["factor"],
            band.caution_kpa * row["factor"],
            band.stop_kpa * row["factor"],
        )
    )
    assert for_person.low_kpa <= min(band.low_kpa, for_person.high_kpa / 2)


@pytest.mark.parametrize("name", TRAITS)
@pytest.mark.parametrize("technique", Technique)
def test_a_trait_leaves_out_the_techniques_that_its_row_refuses(
    name: str, technique: Technique
) -> None:
    row = TRAITS[name]
    person = Person(name="new") if "sessions" in row else said_of(TODAY, name)
    step = step_in(Zone.CHEEK, technique)
    refused = technique in row.get("off", ()) or technique not in row.get("only", Technique)
    left = fitted(routine_of(step), Care(RULES, person, TODAY))
    assert [trait.id for gone in left.left_out for trait in gone.traits] == [name] * refused
    with_edge = fitted(routine_of(step), Care(RULES, person, TODAY), edge=True)
    assert bool(with_edge.left_out) is (refused or row.get("edges_off", False))


@pytest.mark.parametrize("pair", [*product(ASKED, repeat=2)], ids=" ".join)
def test_factors_multiply_and_never_below_the_floor(pair: tuple[str, str]) -> None:
    care = Care(RULES, said_of(TODAY, *pair), TODAY)
    product_of = 1.0
    for name in set(pair):
        product_of *= ASKED[name]["factor"]
    assert care.factor(Zone.CHEEK) == pytest.approx(max(FILE["traits"]["floor"], product_of))


def test_all_traits_together_end_at_the_floor() -> None:
    care = Care(RULES, said_of(TODAY, *ASKED), TODAY)
    assert care.factor(Zone.CHEEK) == FILE["traits"]["floor"] == 0.4


@pytest.mark.parametrize("name", [name for name, row in ASKED.items() if row.get("by_zone")])
def test_a_trait_of_a_zone_leaves_the_others_alone(name: str) -> None:
    care = Care(RULES, said_of(TODAY, name, zone=Zone.CHEEK), TODAY)
    assert {zone for zone in Zone if care.factor(zone) < 1} == {Zone.CHEEK}


@pytest.mark.parametrize("name", ASKED)
def test_a_trait_holds_for_its_days(name: str) -> None:
    days = ASKED[name].get("days")
    for gone, holds in [(0, True), ((days or 4000) - 1, True), (days or 4000, days is None)]:
        care = Care(RULES, said_of(TODAY - gone, name), TODAY)
        assert (care.factor(Zone.CHEEK) < 1) is holds


@pytest.mark.parametrize("name", ASKED)
def test_a_trait_multiplies_the_caps_on_time_at_load(name: str) -> None:
    caps = Care(RULES, said_of(TODAY, name), TODAY).dose(Zone.CHEEK)
    factor, dose = ASKED[name].get("dose_factor", 1.0), FILE["dose"]
    assert (caps.above_kpa, caps.session_s) == (dose["above_kpa"], dose["session_s"])
    assert (caps.caution_s, caps.stop_s) == (dose["caution_s"] * factor, dose["stop_s"] * factor)


@pytest.mark.parametrize("name", REASONS)
@pytest.mark.parametrize("named", [None, Zone.JAWLINE])
def test_a_reason_blocks_its_zones_for_its_days(name: str, named: Zone | None) -> None:
    row = REASONS[name]
    zones = frozenset() if named is None else frozenset({named})
    listed = set(row.get("zones", ())) or zones or {"all"}
    blocked = set(Zone) if "all" in listed else {Zone(zone) for zone in listed}
    if row.get("neighbours"):
        blocked |= {Zone(near) for zone in blocked for near in FILE["neighbours"][zone]}
    days = row.get("days")
    for gone, holds in [(0, True), ((days or 4000) - 1, True), (days or 4000, days is None)]:
        reasons = {name: Said(TODAY - gone, zones)}
        person = Person(name="me", first_day=1, sessions=100, reasons=reasons)
        care = Care(RULES, person, TODAY)
        assert {zone for zone in Zone if care.blocks(zone)} == (blocked if holds else set())
        until = None if days is None else TODAY - gone + days
        assert {block.until_day for zone in Zone for block in care.blocks(zone)} <= {until}


# Copied by hand from the table of forces of the domain notes (newtons for a sweep).
FORCES = {
    ("cheek", "gua_sha_edge"): ".30-.90 1.2 2.0",
    ("cheek", "large_roller"): ".60-1.8 2.4 4.0",
    ("cheek", "small_roller"): ".20-.60 .80 1.3",
    ("jawline", "gua_sha_edge"): ".30-.90 1.2 2.0",
    ("jawline", "large_roller"): ".60-1.8 2.4 4.0",
    ("jawline", "small_roller"): ".20-.60 .80 1.3",
    ("forehead", "gua_sha_edge"): ".30-.75 1.2 2.0",
    ("forehead", "large_roller"): ".60-1.5 2.4 4.0",
    ("forehead", "small_roller"): ".20-.50 .80 1.3",
    ("decollete", "gua_sha_edge"): ".30-.75 1.2 2.0",
    ("decollete", "large_roller"): ".60-1.5 2.4 4.0",
    ("decollete", "small_roller"): ".20-.50 .80 1.3",
    ("temples", "gua_sha_edge"): ".15-.45 .75 1.2",
    ("temples", "large_roller"): ".30-.90 1.5 2.4",
    ("temples", "small_roller"): ".10-.30 .50 .80",
    ("neck_front", "gua_sha_edge"): ".15-.45 .60 .90",
    ("neck_front", "large_roller"): ".30-.90 1.2 1.8",
    ("neck_front", "small_roller"): ".10-.30 .40 .60",
    ("under_eye", "gua_sha_edge"): ".08-.23 .40 .60",
    ("under_eye", "small_roller"): ".05-.15 .27 .40",
}


@pytest.mark.parametrize(("zone", "tool"), FORCES)
def test_the_force_for_a_kind_of_tool_is_the_notes(zone: str, tool: str) -> None:
    band = TABLE.rows[Zone(zone)].limits[Technique.SWEEP].band
    limits = (band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa)
    expected = [float(part) for part in FORCES[zone, tool].replace("-", " ").split()]
    found = [TABLE.tools[tool].force_n(limit) for limit in limits]
    assert found == pytest.approx(expected, abs=0.011, rel=0.025)


@pytest.mark.parametrize("name", FILE["tools"])
def test_every_kind_of_tool_turns_every_limit_of_the_file_into_force(name: str) -> None:
    row, tool = FILE["tools"][name], TABLE.tools[name]
    assert tool.off == frozenset(row.get("off", ()))
    for zone in FILE["zones"].values():
        for technique in Technique:
            for limit in LIMITS if technique in zone else ():
                kpa = zone[technique][limit]
                assert tool.force_n(kpa) == pytest.approx(0.1 * kpa * row["area_cm2"])
    assert (name == "large_roller") is (Zone.UNDER_EYE in tool.off)


@pytest.mark.parametrize("zone", Zone)
def test_the_longest_hold_of_a_zone_is_the_files(zone: Zone) -> None:
    row = FILE["zones"][zone].get("press_hold")
    limits = TABLE.limits(zone, Technique.PRESS_HOLD)
    assert (None if row is None else row["hold_s"]) == (None if limits is None else limits.hold_s)
