"""Cells of a recording: numbers as plain decimal text, or nothing."""

import re
from math import inf, isfinite, nan

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""A decimal number; what Python alone takes for one (1_000, infinity) is none."""
_FOREIGN = re.compile(r"[^0-9eE+\-.,\r\n\t nNaA\"]")


def is_plain(body: str) -> bool:
    """Return whether a text holds no sign but those of decimal numbers, ``nan`` and separators."""
    return _FOREIGN.search(body) is None


def number(cell: str) -> float | None:
    """Return the number of a cell, NaN where it is empty or ``nan``, None where it is no number."""
    cell = cell.strip()
    if not cell or cell.lower() == "nan":
        return nan
    if NUMBER.fullmatch(cell) is None:
        return None
    value = float(cell)
    return value if isfinite(value) else None


def has_infinite(column: list[float]) -> bool:
    """Return whether a column holds a number too large for a float."""
    return inf in column or -inf in column
