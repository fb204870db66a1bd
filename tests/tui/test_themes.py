"""The level colours can be read, and told apart by people who see colours differently."""

import itertools
import math

import pytest
from textual.theme import Theme

from companion.palette import CONTRAST_LEVELS, DARK_LEVELS, LIGHT_LEVELS
from companion.sensing.types import Level
from companion.tui.themes import BACKGROUNDS, CONTRAST, DARK, LIGHT

Vector = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
_SIGHT: dict[str, tuple[Vector, Vector, Vector]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_NEIGHBOURS = [
    (Level.LIGHT, Level.ON_TARGET),
    (Level.ON_TARGET, Level.FIRM),
    (Level.ON_TARGET, Level.CAUTION),
    (Level.ON_TARGET, Level.STOP),
    (Level.FIRM, Level.STOP),
]


def _linear(colour: str) -> Vector:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, 'contrast ratio'."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _lab(colour: Vector) -> Vector:
    red, green, blue = (min(1.0, max(0.0, part)) for part in colour)
    white = (0.9505, 1.0, 1.089)
    xyz = (
        0.4124 * red + 0.3576 * green + 0.1805 * blue,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        0.0193 * red + 0.1192 * green + 0.9505 * blue,
    )
    x, y, z = (
        math.cbrt(part / of) if part / of > 0.008856 else 7.787 * part / of + 16 / 116
        for part, of in zip(xyz, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _seen(colour: str, sight: str) -> Vector:
    rows = _SIGHT[sight]
    linear = _linear(colour)
    x, y, z = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in rows)
    return _lab((x, y, z))


@pytest.mark.parametrize("level", list(Level))
def test_every_level_can_be_read_on_its_background(level: Level) -> None:
    assert _contrast(DARK_LEVELS[level], BACKGROUNDS["companion-dark"]) >= 4.5
    assert _contrast(LIGHT_LEVELS[level], BACKGROUNDS["companion-light"]) >= 4.5
    assert _contrast(CONTRAST_LEVELS[level], BACKGROUNDS["companion-contrast"]) >= 7


@pytest.mark.parametrize(("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)])
def test_words_on_the_warning_fields_can_be_read(theme: Theme, least: float) -> None:
    variables = theme.variables
    assert _contrast(variables["caution-fill"], variables["on-caution"]) >= least
    assert _contrast(variables["stop-fill"], variables["on-stop"]) >= least
    assert _contrast(variables["quiet"], theme.background or "") >= least
    assert _contrast(theme.foreground or "", theme.background or "") >= least


@pytest.mark.parametrize("levels", [DARK_LEVELS, LIGHT_LEVELS, CONTRAST_LEVELS])
@pytest.mark.parametrize("sight", list(_SIGHT))
def test_levels_are_told_apart_by_every_sight(levels: dict[Level, str], sight: str) -> None:
    for one, other in _NEIGHBOURS:
        distance = math.dist(_seen(levels[one], sight), _seen(levels[other], sight))
        assert distance >= 15, (one, other, distance)


def test_no_two_judged_levels_share_a_colour() -> None:
    judged = [level for level in Level if level is not Level.UNKNOWN]
    for levels in (DARK_LEVELS, LIGHT_LEVELS, CONTRAST_LEVELS):
        assert all(levels[a] != levels[b] for a, b in itertools.combinations(judged, 2))
