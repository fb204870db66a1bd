"""Fields as a person reads them, and as a program does."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from companion.strict_json import json_text, rounded

__all__ = ["field_lines", "json_text", "table"]

_UNITS = (
    ("_mps2", "m/s2"),
    ("_radps", "rad/s"),
    ("_m2", "m2"),
    ("_kg", "kg"),
    ("_hz", "Hz"),
    ("_us", "us"),
    ("_n", "N"),
    ("_m", "m"),
    ("_s", "s"),
)


def field_lines(fields: Mapping[str, Any]) -> str:
    """Return one line per field with its unit; a list of records gets one line each."""
    width = max(map(len, fields))
    unit_is_si = fields.get("unit", "si") == "si"
    return "\n".join(_lines(fields, width, si=unit_is_si))


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return rows with their columns aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _lines(fields: Mapping[str, Any], width: int, *, si: bool) -> Iterator[str]:
    for key, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield key
            for number, record in enumerate(value):
                parts = "  ".join(
                    f"{name} {_shown(name, part, si=si)}" for name, part in record.items()
                )
                yield f"  {number:>3}  {parts}"
        else:
            yield f"{key:<{width}}  {_shown(key, value, si=si)}"


def _shown(key: str, value: object, *, si: bool) -> str:
    if value is None or value in ([], ()):
        return "-"
    if isinstance(value, list | tuple):
        shown = " ".join("-" if part is None else _plain(part) for part in value)
    else:
        shown = _plain(value)
    unit = next((unit for ending, unit in _UNITS if key.endswith(ending)), "")
    return f"{shown} {unit}" if unit and (si or unit == "us") else shown


def _plain(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{rounded(value, 6):g}"
        case _:
            return str(value)
