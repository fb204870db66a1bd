"""Words for everything a session can say; nothing is left without one."""

import pytest

from companion.coaching.events import (
    Advice,
    AdviceKind,
    AlertCleared,
    AlertRaised,
    StepOutcome,
)
from companion.coaching.routine import Direction, Side, Zone
from companion.sensing.types import Doubt, Level, Technique
from companion.texts import speaking
from companion.tui.glyphs import ASCII, UNICODE
from companion.wording import (
    about_kpa,
    advice_words,
    alert_words,
    direction_name,
    doubt_words,
    kpa,
    level_name,
    level_words,
    outcome_words,
    plain_ascii,
    side_name,
    technique_name,
    times,
    zone_name,
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (0.046, "0.046"),
        (0.5, "0.5"),
        (0.996, "1.0"),
        (1.06, "1.1"),
        (4.0, "4.0"),
        (9.96, "10"),
        (13.3, "13"),
        (147.0, "150"),
        (-0.04, "-0.04"),
    ],
)
def test_pressures_have_two_digits_at_most(value: float, shown: str) -> None:
    assert kpa(value) == shown


def test_a_pressure_is_about_or_not_known() -> None:
    assert about_kpa(1.06) == "about 1.1 kPa"
    assert about_kpa(None) == "pressure not known"


def test_levels_have_the_signs_and_words_of_the_design() -> None:
    assert {level: (UNICODE.level[level], level_words(level)) for level in Level} == {
        Level.NO_CONTACT: ("·", ""),
        Level.LIGHT: ("◁", "a little more"),
        Level.ON_TARGET: ("●", ""),
        Level.FIRM: ("◆", "lighter"),
        Level.CAUTION: ("▲", "ease off"),
        Level.STOP: ("■", "stop, lift off"),
        Level.UNKNOWN: ("?", "cannot judge"),
    }
    assert "".join(ASCII.level[level] for level in Level) == ".<o*^#?"
    assert level_name(Level.ON_TARGET) == "on target"


def test_places() -> None:
    assert zone_name(Zone.UNDER_EYE, Side.RIGHT) == "under-eye, right"
    assert zone_name(Zone.FOREHEAD, Side.BOTH) == "forehead"
    assert zone_name(Zone.CHEEK) == "cheek"


def test_everything_has_words_of_its_own() -> None:
    for names in (
        [zone_name(zone) for zone in Zone],
        [side_name(side) for side in Side],
        [technique_name(technique) for technique in Technique],
        [direction_name(direction) for direction in Direction],
        [level_name(level) for level in Level],
        [doubt_words(doubt) for doubt in Doubt],
        [outcome_words(outcome) for outcome in StepOutcome],
    ):
        assert len(set(names)) == len(names)
    assert {outcome_words(o) for o in ("finished", "stopped", "interrupted")} == {
        "finished",
        "stopped",
        "interrupted",
    }


def test_a_doubt_says_why() -> None:
    assert doubt_words(Doubt.SILENCE) == "cannot judge: nothing is heard from the tool"
    assert level_words(Level.UNKNOWN, Doubt.FORCE_FROZEN) == (
        "cannot judge: the force sensor is stuck"
    )
    assert level_words(Level.FIRM, None) == "lighter"


def raised(kind: str, level: Level) -> AlertRaised:
    return AlertRaised(
        device_s=1.0,
        alert=1,
        kind=kind,
        level=level,
        step="under-eye-right",
        zone=Zone.UNDER_EYE,
        side=Side.RIGHT,
        onset_s=0.9,
        pressure_kpa=3.12,
        limit_kpa=2.7,
    )


def test_warnings() -> None:
    assert alert_words(raised("over_pressure", Level.CAUTION)) == (
        "ease off: about 3.1 kPa, caution at 2.7 (under-eye, right)"
    )
    assert alert_words(raised("over_pressure", Level.STOP)).startswith("stop, lift off: ")
    assert alert_words(raised("too_light", Level.LIGHT)) == (
        "a little more: about 3.1 kPa, the target begins at 2.7 (under-eye, right)"
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("ended", "caution over after 0.8 s, about 3.4 kPa at most"),
        ("unknown", "caution no longer known after 0.8 s, about 3.4 kPa at most until then"),
        ("step_ended", "caution ended with the step after 0.8 s, about 3.4 kPa at most"),
        ("paused", "caution ended with the pause after 0.8 s"),
    ],
)
def test_the_end_of_a_warning(reason: str, words: str) -> None:
    cleared = AlertCleared(
        device_s=1.7,
        alert=1,
        kind="over_pressure",
        level=Level.CAUTION,
        step="x",
        reason=reason,
        onset_s=0.9,
        duration_s=0.8,
        peak_kpa=3.44,
    )
    assert alert_words(cleared) == words


def test_every_kind_of_advice_has_a_sentence() -> None:
    for kind in AdviceKind:
        assert advice_words(Advice(kind=kind, zone=Zone.DECOLLETE)).endswith(".")


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("décolleté", "decollete"),
        ("a\u2013b\u2019s\u2026", "a-b's."),
        ("e\u0301", "e"),
        ("愛→", "???"),
        ("│─━", "|-="),
        ("ok", "ok"),
    ],
)
def test_words_in_ascii(words: str, plain: str) -> None:
    assert plain_ascii(words) == plain


@pytest.mark.parametrize(
    ("language", "once", "often"), [("en", "once", "10 times"), ("de", "einmal", "10-mal")]
)
def test_what_is_done_once_is_not_done_1_times(language: str, once: str, often: str) -> None:
    with speaking(language):
        assert [times(1), times(10)] == [once, often]
