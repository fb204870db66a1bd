"""Care for one person: factors, refusals and blocks follow the table, day by day."""

from dataclasses import replace
from pathlib import Path

import pytest

from companion.coaching.fitting import fitted, without_zones
from companion.coaching.hints.dose import bounds_for, general_bounds
from companion.coaching.person import Care, Hand, Person, Posture, Said, lowered
from companion.coaching.product import Product, with_product
from companion.coaching.routine import Routine, Step, StepKind, Zone
from companion.sensing.types import Band, Technique
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine

RULES = load_person_rules()
TODAY = 739_941
SETTLED = Person(name="me", asked_day=TODAY, first_day=TODAY - 100, sessions=50)


def care(person: Person = SETTLED, today: int = TODAY) -> Care:
    return Care(RULES, person, today)


def having(*traits: str, day: int = TODAY, zones: frozenset[Zone] = frozenset()) -> Person:
    return replace(SETTLED, traits=dict.fromkeys(traits, Said(day, zones)))


def because(reason: str, day: int = TODAY, zones: frozenset[Zone] = frozenset()) -> Person:
    return replace(SETTLED, reasons={reason: Said(day, zones)})


def test_nothing_said_changes_nothing() -> None:
    for zone in Zone:
        assert care().factor(zone) == 1.0
        assert care().blocks(zone) == ()
    routine = load_routine("five-minutes")
    assert fitted(routine, care()).routine == routine


@pytest.mark.parametrize(
    ("trait", "factor"),
    [
        ("thin_skin", 0.75),
        ("reactive_skin", 0.6),
        ("retinoid_settled", 0.8),
        ("retinoid_new", 0.5),
        ("easy_bruising", 0.6),
    ],
)
def test_each_trait_lowers_limits_by_the_published_factor(trait: str, factor: float) -> None:
    before = load_care().limits(Zone.CHEEK, Technique.SWEEP)
    assert before is not None
    after = care(having(trait)).limits(Zone.CHEEK, before)
    assert after.band.high_kpa == pytest.approx(6 * factor)
    assert after.band.caution_kpa == pytest.approx(8 * factor)
    assert after.band.stop_kpa == pytest.approx(13.3 * factor)
    assert after.band.low_kpa <= 2
    assert after.band.low_kpa < after.band.high_kpa


def test_factors_multiply_down_to_the_floor() -> None:
    both = care(having("thin_skin", "retinoid_settled"))
    assert both.factor(Zone.CHEEK) == pytest.approx(0.6)
    assert care(having("reactive_skin", "retinoid_new")).factor(Zone.CHEEK) == 0.4


def test_a_band_keeps_room_below_its_lowered_end() -> None:
    band = lowered(Band(2, 5, 8, 13.3), 0.4)
    assert (band.low_kpa, band.high_kpa) == (1.0, 2.0)
    assert lowered(Band(1, 5, 8, 13.3), 0.75).low_kpa == 1


def test_a_new_retinoid_is_new_for_six_weeks() -> None:
    person = having("retinoid_new", day=TODAY - 41)
    assert care(person).factor(Zone.CHEEK) == 0.5
    assert care(person, TODAY + 1).factor(Zone.CHEEK) == 1.0


def test_swelling_counts_where_it_is_and_halves_the_dose() -> None:
    person = having("oedema", zones=frozenset({Zone.UNDER_EYE}))
    assert care(person).factor(Zone.UNDER_EYE) == 0.75
    assert care(person).factor(Zone.CHEEK) == 1.0
    assert care(person).dose(Zone.UNDER_EYE).stop_s == 90
    assert care(person).dose(Zone.CHEEK).stop_s == 180


def test_the_first_weeks_are_for_taps_and_circles() -> None:
    beginner = replace(SETTLED, first_day=None, sessions=0)
    assert care(beginner).factor(Zone.CHEEK) == 0.8
    assert care(beginner).refusing(Zone.CHEEK, Technique.SWEEP, edge=False)
    assert not care(beginner).refusing(Zone.CHEEK, Technique.TAP, edge=False)
    for unlocked in (
        replace(beginner, first_day=TODAY - 14, sessions=3),
        replace(beginner, first_day=TODAY - 3, sessions=6),
    ):
        assert not care(unlocked).refusing(Zone.CHEEK, Technique.SWEEP, edge=False)


def test_easy_bruising_refuses_edges_kneading_and_pinching() -> None:
    bruised = care(having("easy_bruising"))
    assert bruised.refusing(Zone.CHEEK, Technique.SWEEP, edge=True)
    assert not bruised.refusing(Zone.CHEEK, Technique.SWEEP, edge=False)
    assert bruised.refusing(Zone.JAWLINE, Technique.PINCH, edge=False)
    assert bruised.refusing(Zone.JAWLINE, Technique.KNEAD, edge=False)


def test_botulinum_blocks_the_zone_and_its_neighbours_for_a_week() -> None:
    person = because("botulinum", zones=frozenset({Zone.FOREHEAD}))
    blocked = {zone for zone in Zone if care(person).blocks(zone)}
    assert blocked == {Zone.FOREHEAD, Zone.TEMPLES}
    assert care(person).blocks(Zone.FOREHEAD)[0].until_day == TODAY + 7
    assert not care(person, TODAY + 7).blocks(Zone.FOREHEAD)


@pytest.mark.parametrize(
    ("reason", "zones"),
    [
        ("eyes", {Zone.UNDER_EYE}),
        ("neck_vessels", {Zone.NECK_FRONT}),
        ("cancer_or_nodes", set(Zone)),
        ("isotretinoin", set(Zone)),
    ],
)
def test_reasons_block_their_zones(reason: str, zones: set[Zone]) -> None:
    assert {zone for zone in Zone if care(because(reason)).blocks(zone)} == zones


def test_a_reason_without_an_end_holds_until_it_is_taken_back() -> None:
    assert care(because("eyes"), TODAY + 5000).blocks(Zone.UNDER_EYE)


def test_blocked_and_refused_steps_are_left_out_with_the_reason() -> None:
    routine = load_routine("five-minutes")
    fit = fitted(routine, care(because("eyes")))
    assert fit.routine is not None
    assert {left.step.zone for left in fit.left_out} == {Zone.UNDER_EYE}
    assert all(left.blocks[0].reason.id == "eyes" for left in fit.left_out)
    assert Zone.UNDER_EYE not in {step.zone for step in fit.routine.steps}
    assert fit.lowered == ()


def test_a_fitted_step_carries_the_lowered_band() -> None:
    routine = load_routine("five-minutes")
    fit = fitted(routine, care(having("thin_skin")))
    assert fit.routine is not None
    assert fit.lowered == tuple(step.id for step in routine.steps if step.band is not None)
    for before, after in zip(routine.steps, fit.routine.steps, strict=True):
        if before.band is not None and after.band is not None:
            assert after.band.stop_kpa == pytest.approx(before.band.stop_kpa * 0.75)


def test_where_nothing_is_left_there_is_no_routine() -> None:
    assert fitted(load_routine("five-minutes"), care(because("isotretinoin"))).routine is None


def test_caps_and_posture_reach_the_session_as_bounds() -> None:
    swollen = replace(having("oedema", zones=frozenset({Zone.CHEEK})), posture=Posture.LYING)
    bounds = bounds_for(swollen, care(swollen))
    assert (bounds.dose[Zone.CHEEK].caution_s, bounds.dose[Zone.CHEEK].stop_s) == (30, 90)
    assert bounds.dose[Zone.FOREHEAD] == RULES.dose
    assert not bounds.is_upright
    known = general_bounds(RULES)
    assert set(known.dose) == set(Zone)
    assert (known.dose[Zone.CHEEK].above_kpa, known.dose[Zone.CHEEK].session_s) == (9.3, 900)
    assert known.is_upright
    assert bounds_for(SETTLED, care()).is_upright


def accepted(kpa: float) -> Routine:
    """Return a routine of one sweep on the cheek whose caution and stop were raised."""
    whole = load_routine("five-minutes")
    step = next(step for step in whole.steps if step.id == "cheek-left")
    assert step.band is not None
    raised = replace(step.band, caution_kpa=kpa, stop_kpa=kpa + 5)
    step = replace(step, band=raised, accepted="caution_kpa and stop_kpa", unaccepted=step.band)
    return replace(whole, steps=(step,))


def only(routine: Routine | None) -> Step:
    assert routine is not None
    (step,) = routine.steps
    return step


def test_who_needs_more_care_gets_no_limit_that_was_raised() -> None:
    table = load_care().limits(Zone.CHEEK, Technique.SWEEP)
    assert table is not None
    careful = only(fitted(accepted(9.0), care(having("thin_skin"))).routine)
    assert careful.band == lowered(table.band, 0.75)
    assert (careful.accepted, careful.unaccepted) == ("", None)
    as_asked = only(fitted(accepted(9.0), care()).routine)
    assert as_asked.band is not None
    assert (as_asked.band.caution_kpa, as_asked.accepted != "") == (9.0, True)


def test_a_file_keeps_what_its_limits_would_be_unraised(tmp_path: Path) -> None:
    file = tmp_path / "firmer.toml"
    file.write_text(
        'format = 1\ntitle = "Firmer"\nsource = "my own"\nabout_s = 40\n[[steps]]\n'
        'id = "cheek"\nkind = "tool"\nzone = "cheek"\nside = "left"\ntechnique = "sweep"\n'
        'repetition = "stroke"\ntime_limit_s = 40\nhint = "Roll."\n'
        "band = { high_kpa = 5, caution_kpa = 9, stop_kpa = 14 }\n"
        'i_accept = "caution_kpa 9 and stop_kpa 14"\n',
        encoding="utf-8",
    )
    step = only(load_routine(str(file)))
    assert step.unaccepted == Band(2.0, 5.0, 8.0, 13.3)


def test_an_edge_is_kept_away_where_somebody_bruises_easily_and_the_hand_is_not() -> None:
    bruising = having("easy_bruising")
    off = bounds_for(bruising, care(bruising)).edge_off
    assert off == frozenset(Zone)
    routine = load_routine("five-minutes")
    left, gone = without_zones(routine, off)
    assert left is not None
    assert {step.kind for step in left.steps} == {StepKind.HAND}
    assert {step.kind for step in gone} == {StepKind.TOOL}
    assert without_zones(routine, frozenset()) == (routine, ())
    tools = replace(routine, steps=tuple(s for s in routine.steps if s.kind is StepKind.TOOL))
    assert without_zones(tools, off)[0] is None


def test_the_hand_of_a_person_reaches_the_session() -> None:
    left = replace(SETTLED, hand=Hand.LEFT)
    assert bounds_for(left, care(left)).hand is Hand.LEFT
    assert general_bounds(RULES).hand is None


@pytest.mark.parametrize("product", [None, *Product])
def test_only_a_retinoid_lowers_the_limits(product: Product | None) -> None:
    routine = load_routine("five-minutes")
    found = with_product(routine, product, RULES)
    if product is not Product.RETINOID:
        assert found is routine
        return
    for before, after in zip(routine.steps, found.steps, strict=True):
        expected = None if before.band is None else lowered(before.band, 0.8)
        assert after.band == expected


def test_who_said_that_they_use_a_retinoid_has_its_factor_once() -> None:
    for trait in ("retinoid_settled", "retinoid_new"):
        person = having(trait)
        routine = fitted(load_routine("five-minutes"), care(person)).routine
        assert routine is not None
        assert with_product(routine, Product.RETINOID, RULES, care(person)) is routine


def test_a_retinoid_never_lowers_below_the_floor() -> None:
    person = having("thin_skin", "reactive_skin")
    routine = fitted(accepted(9.0), care(person)).routine
    found = with_product(only_routine(routine), Product.RETINOID, RULES, care(person))
    table = load_care().limits(Zone.CHEEK, Technique.SWEEP)
    assert table is not None
    band = only(found).band
    assert band is not None
    assert band.stop_kpa == pytest.approx(table.band.stop_kpa * RULES.floor)


def only_routine(routine: Routine | None) -> Routine:
    assert routine is not None
    return routine
