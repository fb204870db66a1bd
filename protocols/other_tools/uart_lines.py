"""Lines of text over a serial service: CSV or JSON with declared columns."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocols.other_tools.quantities import Assembler, Giving, picked
from protocols.other_tools.readings import Reading

LONGEST_LINE: Final = 512
"""Bytes after which a line without an end is given up."""


class LineFormat(StrEnum):
    """How a line is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        at: its number from 0 (CSV), or its key (JSON).
        giving: what it means.
    """

    at: int | str
    giving: Giving


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How lines are read.

    Attributes:
        format: CSV or JSON.
        columns: those that are used; others are left alone.
        separator: between the columns of CSV.
    """

    format: LineFormat
    columns: tuple[Column, ...]
    separator: str = ","


class Decoder:
    """Bytes in any cut to readings, one per line.

    A line that is too long, no text, or lacks a column, or has no number there is left out. A JSON
    null and the words nan and inf are numbers that are not known.

    Attributes:
        rejected: lines left out.
        line: the newest line that was left out, as text; empty before any.

    Args:
        settings: how lines are read.
    """

    def __init__(self, settings: Settings) -> None:
        self.rejected = 0
        self.line = ""
        self._assembler = Assembler([column.giving for column in settings.columns])
        self._numbers = _csv(settings) if settings.format is LineFormat.CSV else _json(settings)
        self._rest = b""
        self._is_overlong = False

    def receive_data(self, _characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`. Nothing is refused: a bad line is counted."""
        data = self._rest + value
        if b"\n" not in value and b"\r" not in value and len(data) <= LONGEST_LINE:
            self._rest = data
            return []
        *lines, rest = data.replace(b"\r", b"\n").split(b"\n")
        readings = [reading for line in lines if (reading := self._read(line)) is not None]
        if len(rest) > LONGEST_LINE:
            self._is_overlong, rest = True, b""
        self._rest = rest
        return readings

    def _read(self, line: bytes) -> Reading | None:
        if self._is_overlong or len(line) > LONGEST_LINE:
            self._is_overlong = False
            self._reject(line[:LONGEST_LINE])
            return None
        try:
            return self._assembler.reading(self._numbers(line.decode()))
        except (ValueError, LookupError, RecursionError, OverflowError):
            if line.strip():
                self._reject(line)
            return None

    def _reject(self, line: bytes) -> None:
        self.rejected += 1
        self.line = line.decode("utf-8", "replace")


_Numbers = Callable[[str], list[float | None]]


def _csv(settings: Settings) -> _Numbers:
    pick, separator = picked([int(column.at) for column in settings.columns]), settings.separator

    def numbers(line: str) -> list[float | None]:
        return list(map(float, pick(line.split(separator))))

    return numbers


def _json(settings: Settings) -> _Numbers:
    keys = [str(column.at) for column in settings.columns]
    decode = json.JSONDecoder().raw_decode

    def numbers(line: str) -> list[float | None]:
        text = line.strip()
        row, end = decode(text)
        if end < len(text) or not isinstance(row, dict):
            raise ValueError("a line is one JSON object")
        return [_number(row[key]) for key in keys]

    return numbers


def _number(value: object) -> float | None:
    if type(value) is float or value is None:
        return value
    if type(value) is int:
        return float(value)
    raise ValueError(f"{value!r} is no number")


def write_csv(numbers: Sequence[float | None], separator: str = ",") -> bytes:
    """Return a line of CSV; None is written as nan."""
    return (
        separator.join("nan" if each is None else f"{each:.6g}" for each in numbers) + "\n"
    ).encode()


def write_json(row: dict[str, float | None]) -> bytes:
    """Return a line of JSON, keys in the order given."""
    return json.dumps(row, separators=(",", ":")).encode() + b"\n"
