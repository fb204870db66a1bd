"""The care file's tables about the person: as the domain's table has them, wrong ones refused."""

from pathlib import Path

import pytest

from companion.coaching.person import ALL_ZONES
from companion.coaching.routine import Zone
from companion.errors import FileRefused
from companion.settings.care import load_person_rules

CARE = (Path(__file__).parents[2] / "config" / "care.toml").read_text(encoding="utf-8")
RULES = load_person_rules()
FACTORS = {
    "thin_skin": 0.75,
    "reactive_skin": 0.6,
    "retinoid_settled": 0.8,
    "retinoid_new": 0.5,
    "easy_bruising": 0.6,
    "oedema": 0.75,
    "first_weeks": 0.8,
}
NAMED: frozenset[Zone] = frozenset()
"""The answer names the zones."""

REASONS = {
    "broken_skin": (NAMED, None),
    "bruise": (NAMED, None),
    "peeling": (NAMED, None),
    "botulinum": (NAMED, 7),
    "filler": (NAMED, None),
    "procedure": (NAMED, None),
    "eyes": (frozenset({Zone.UNDER_EYE}), None),
    "neck_vessels": (frozenset({Zone.NECK_FRONT}), None),
    "cancer_or_nodes": (ALL_ZONES, None),
    "isotretinoin": (ALL_ZONES, None),
}
"""Which zones, and for how many days; None: until the answer is no."""


def test_the_factors_are_those_of_the_domains_table() -> None:
    assert {name: trait.factor for name, trait in RULES.traits.items()} == FACTORS
    assert RULES.floor == 0.4


def test_the_first_weeks_are_fourteen_days_or_six_sessions_of_taps_and_circles() -> None:
    first = RULES.traits["first_weeks"]
    assert (first.days, first.sessions) == (14, 6)
    assert first.only == {"tap", "circle"}


def test_a_new_retinoid_is_new_for_six_weeks_and_swelling_halves_the_dose() -> None:
    assert RULES.traits["retinoid_new"].days == 42
    assert RULES.traits["oedema"].dose_factor == 0.5


def test_bruising_and_reactive_skin_refuse_kneading_and_pinching() -> None:
    assert RULES.traits["easy_bruising"].off == RULES.traits["reactive_skin"].off
    assert RULES.traits["easy_bruising"].off == {"knead", "pinch"}
    assert RULES.traits["easy_bruising"].edges_off


def test_the_reasons_block_what_the_domains_table_says_and_as_long() -> None:
    found = {name: (reason.zones, reason.days) for name, reason in RULES.reasons.items()}
    assert found == REASONS
    assert [name for name, reason in RULES.reasons.items() if reason.neighbours] == ["botulinum"]


def test_a_clinician_is_named_where_one_should_be_asked() -> None:
    asked = {name for name, reason in RULES.reasons.items() if reason.clinician}
    assert asked == {"procedure", "neck_vessels", "cancer_or_nodes"}
    assert RULES.traits["easy_bruising"].clinician


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("factor = 0.75", "factor = 1.5", "traits.thin_skin.factor", "at most 1"),
        ("factor = 0.75", "factor = 0", "traits.thin_skin.factor", "above 0"),
        ("sessions = 6\n", "", "traits.first_weeks.question", "not both"),
        ("days = 14\nsessions = 6", "sessions = 6", "traits.first_weeks.sessions", "needs days"),
        ("days = 42", "days = 0", "traits.retinoid_new.days", "at least 1"),
        ('only = ["tap", "circle"]', 'only = ["tapp"]', "traits.first_weeks.only[1]", "tap"),
        ('zones = ["under_eye"]', 'zones = ["eye"]', "reasons.eyes.zones[1]", "under_eye"),
        ("caution_s = 60", "caution_s = 180", "dose.caution_s", "less than stop_s"),
        ("floor = 0.4", "flor = 0.4", "traits.flor", 'Did you mean "floor"?'),
        ("[traits.oedema]", "[traits.edema]", "traits.edema", 'Did you mean "oedema"?'),
    ],
)
def test_a_table_that_cannot_be_is_refused_with_key_and_line(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    assert old in CARE
    file = tmp_path / "care.toml"
    file.write_text(CARE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load_person_rules(file, "care.toml")
    assert refused.value.where.startswith(where)
    assert "line " in refused.value.where
    assert words in str(refused.value)
