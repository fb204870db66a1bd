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
_ENDS: Final = (b"\n", b"\r")

_Numbers = list[float | None]
_Read = Callable[[bytes], _Numbers]


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
        lines = data.splitlines()
        rest = lines.pop() if lines and not data.endswith(_ENDS) else b""
        is_short = len(data) <= LONGEST_LINE and not self._is_overlong
        readings = self._readings(lines) if is_short else self._readings_of_long(lines)
        if len(rest) > LONGEST_LINE:
            self._is_overlong, rest = True, b""
        self._rest = rest
        return readings

    def _readings(self, lines: Sequence[bytes]) -> list[Reading]:
        readings = []
        numbers, reading = self._numbers, self._assembler.reading
        for line in lines:
            try:
                readings.append(reading(numbers(line)))
            except (ValueError, LookupError, RecursionError, OverflowError):
                if line.strip():
                    self._reject(line)
        return readings

    def _readings_of_long(self, lines: Sequence[bytes]) -> list[Reading]:
        """Read lines of which some may be too long, or the first the end of one given up."""
        readings = []
        for line in lines:
            if self._is_overlong or len(line) > LONGEST_LINE:
                self._is_overlong = False
                self._reject(line[:LONGEST_LINE])
            else:
                readings += self._readings([line])
        return readings

    def _reject(self, line: bytes) -> None:
        self.rejected += 1
        self.line = line.decode("utf-8", "replace")


def _csv(settings: Settings) -> _Read:
    places, separator = [int(column.at) for column in settings.columns], settings.separator
    pick, used = picked(places), len(places)
    if places != list(range(used)):
        return lambda line: list(map(float, pick(line.decode().split(separator))))

    def numbers(line: bytes) -> _Numbers:
        parts = line.decode().split(separator)
        return list(map(float, parts if len(parts) == used else pick(parts)))

    return numbers


def _json(settings: Settings) -> _Read:
    keys = [str(column.at) for column in settings.columns]
    decode = json.JSONDecoder().raw_decode

    def numbers(line: bytes) -> _Numbers:
        text = line.decode().strip()
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
