"""What a scale shows and what a card says, as a person types it."""

import pytest

from companion.cli.card import CAN_READ_MM, SQUARES_SHARE, area_of
from companion.cli.endings import UsageRefused
from companion.cli.weights import listed, newtons, shown


@pytest.mark.parametrize(
    ("words", "unit", "value_n"),
    [
        ("100", "g", 0.980665),
        (" 52,5 g ", "g", 0.51485),
        ("0.98N", "g", 0.98),
        ("1.2", "n", 1.2),
        ("+0", "g", 0.0),
    ],
)
def test_a_load_is_grams_or_newtons(words: str, unit: str, value_n: float) -> None:
    assert newtons(words, unit) == pytest.approx(value_n, abs=1e-5)


@pytest.mark.parametrize("words", ["", "g", "1 kg", "1.2.3", "nan", "inf", "-1", "99999", "1e3"])
def test_what_is_no_load_is_refused(words: str) -> None:
    with pytest.raises(UsageRefused):
        newtons(words, "g")


def test_loads_are_listed_and_shown_as_the_scale_has_them() -> None:
    assert listed("50, 1 N", "g") == pytest.approx((0.490333, 1.0), abs=1e-5)
    assert (shown(0.980665, "g"), shown(0.5, "n")) == ("100 g", "0.5 N")
    with pytest.raises(UsageRefused):
        listed("50,,100", "g")


def test_an_area_is_length_and_width_or_squares() -> None:
    assert area_of("95") == pytest.approx((9.5e-5, SQUARES_SHARE))
    area_m2, share = area_of("20 x 5 mm")
    assert area_m2 == pytest.approx(1e-4)
    assert share == pytest.approx(((CAN_READ_MM / 20) ** 2 + (CAN_READ_MM / 5) ** 2) ** 0.5)


@pytest.mark.parametrize(
    "words", ["", "x", "20x", "1x2x3", "-5", "0x4", "0.5", "nan", "1e9", "30000"]
)
def test_what_is_no_area_of_a_tool_is_refused(words: str) -> None:
    with pytest.raises(UsageRefused):
        area_of(words)
