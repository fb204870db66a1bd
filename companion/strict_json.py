"""Strict JSON on one line: no NaN, no infinity, no digits that only rounding made."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

_DIGITS = 9


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
            return {str(_plain(key)): _plain(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(part) for part in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value
