"""What a scale shows, as a person types it: grams or newtons."""

import math
import re
from typing import Final

from companion.cli.endings import UsageRefused
from companion.sensing.weight import NEWTONS_PER_GRAM

MOST_N: Final = 200.0
"""Twenty kilograms: nobody presses a tool for a face so hard."""

UNITS: Final = {"g": NEWTONS_PER_GRAM, "n": 1.0}
USUAL_DIGIT: Final = {"g": 1.0, "n": 0.01}
"""A kitchen scale's last digit, in its unit."""

_SHOWN: Final = re.compile(r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<unit>[a-zA-Z]*)")


def newtons(words: str, unit: str) -> float:
    """Return a load in newtons.

    Args:
        words: a number, and a unit where it is not the usual one: ``100``, ``0.98 N``, ``52,5g``.
        unit: the usual one, ``g`` or ``n``.

    Raises:
        UsageRefused: no number, a unit that is not known, below zero, or absurdly large.
    """
    found = _SHOWN.fullmatch(words.strip())
    if found is None or (found["unit"] or unit).lower() not in UNITS:
        raise UsageRefused("calibration.refused.no_load", words=words.strip())
    value_n = float(found["number"].replace(",", ".")) * UNITS[(found["unit"] or unit).lower()]
    if value_n < 0.0 or not math.isfinite(value_n):
        raise UsageRefused("calibration.refused.below_zero", words=words.strip())
    if value_n > MOST_N:
        raise UsageRefused("calibration.refused.absurd", words=words.strip(), most=MOST_N)
    return value_n


def listed(words: str, unit: str) -> tuple[float, ...]:
    """Return loads with commas between them, in newtons; decimals need a point here.

    Raises:
        UsageRefused: one of them is none, or none is there.
    """
    return tuple(newtons(word, unit) for word in words.split(","))


def shown(value_n: float, unit: str) -> str:
    """Return a load as the scale shows it."""
    if unit == "g":
        return f"{value_n / NEWTONS_PER_GRAM:.4g} g"
    return f"{value_n:.4g} N"
