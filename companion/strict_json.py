"""Strict JSON on one line: no NaN, no infinity, no digits that only rounding made."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

_DIGITS = 9
_DECIMALS = (("_kpa", 3), ("_s", 6))
"""A pascal and a microsecond: below that is noise."""


def json_text(value: object) -> str:
    """Return a value as one line of JSON; dataclasses become objects, enums their values."""
    return json.dumps(_plain(value), allow_nan=False, ensure_ascii=False)


def as_plain(record: object) -> dict[str, Any]:
    """Return a dataclass as a dictionary of what JSON knows.

    Raises:
        TypeError: it is no dataclass instance.
    """
    plain = _plain(record)
    if not isinstance(plain, dict):
        raise TypeError(record)
    return plain


def rounded(value: float, digits: int = _DIGITS) -> float | None:
    """Return a float of so many significant digits; None where it is not finite."""
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None


def _plain(value: object) -> Any:  # noqa: ANN401 -- what json.dumps takes
    match value:
        case Enum():
            return value.value
        case float():
            return rounded(value)
        case Mapping():
            return {str(_plain(key)): _field(key, part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(part) for part in value]
        case _ if is_dataclass(value):
            names = [field.name for field in fields(value)]
            return {name: _field(name, getattr(value, name)) for name in names}
        case _:
            return value


def _field(name: object, value: object) -> Any:  # noqa: ANN401 -- what json.dumps takes
    decimals = next((count for ending, count in _DECIMALS if str(name).endswith(ending)), None)
    if decimals is not None and isinstance(value, float) and math.isfinite(value):
        return round(value, decimals)
    return _plain(value)
