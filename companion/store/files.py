"""Writes a session to files: CSV, JSON or Parquet, readable by their owner only."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np

from companion.store.blocks import Floats
from companion.store.taken import Taken

_PRIVATE: Final = 0o600
_ROWS: Final = 50_000
"""Rows made into text at once."""
_VERDICTS: Final = frozenset({"touching", "saturated"})


class Format(StrEnum):
    """What a session is written as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def write_recording(file: Path, taken: Taken) -> None:
    """Write a recording as CSV by docs/recordings.md; every number comes back to the last bit.

    Raises:
        OSError: it cannot be written.
    """
    columns = taken.columns
    with private(file).open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(columns) + "\n")
        for begin in range(0, taken.samples, _ROWS):
            cells = [_cells(name, part[begin : begin + _ROWS]) for name, part in columns.items()]
            stream.writelines(f"{','.join(row)}\n" for row in zip(*cells, strict=True))


def write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write strict JSON.

    Raises:
        OSError: it cannot be written.
    """
    with private(file).open("w", encoding="utf-8") as stream:
        json.dump(document, stream, allow_nan=False, ensure_ascii=False, indent=1)
        stream.write("\n")


def column_lists(taken: Taken) -> dict[str, list[float | None]]:
    """Return the columns of a recording as JSON has them: null where a value is not known."""
    return {name: _known(column) for name, column in taken.columns.items()}


def write_rows(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write records as CSV, their keys as the header; nothing where there is none.

    Raises:
        OSError: it cannot be written.
    """
    with private(file).open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(_lines(rows))


def private(file: Path) -> Path:
    """Return a file made anew that only its owner can read.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.close(os.open(file, flags, _PRIVATE))
    file.chmod(_PRIVATE)
    return file


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if not number:
            yield ",".join(row) + "\n"
        yield ",".join(map(_cell, row.values())) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    said = str(value)
    if any(sign in said for sign in ',"\r\n'):
        return '"' + said.replace('"', '""') + '"'
    return said


def _cells(name: str, column: Floats) -> list[str]:
    if name in _VERDICTS:
        return ["" if value != value else str(int(value)) for value in column.tolist()]  # noqa: PLR0124 - NaN
    return ["" if value != value else repr(value) for value in column.tolist()]  # noqa: PLR0124 - NaN


def _known(column: Floats) -> list[float | None]:
    listed: list[float | None] = column.tolist()
    for place in np.flatnonzero(~np.isfinite(column)).tolist():
        listed[place] = None
    return listed
