"""Reads a recording: CSV by the published contract, with a line number for every complaint."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from math import isinf, isnan
from operator import itemgetter
from pathlib import Path

from companion.errors import FileRefused
from companion.recordings.cells import has_infinite, is_plain, number
from companion.recordings.columns import (
    ACCELERATION,
    ANGULAR_VELOCITY,
    SATURATED,
    TIME,
    TOUCHING,
    TRAVEL,
    VERDICTS,
    Layout,
    find_layout,
)
from companion.recordings.contents import read_bytes
from companion.recordings.recording import Column, Columns3, Recording
from companion.texts import text

FARTHEST_S = 1e12
"""Times beyond this are none: 30 000 years on any clock."""
_MINIMUM_SAMPLES = 2


def read_recording(path: str | Path) -> Recording:
    """Read a recording file.

    Raises:
        FileRefused: it breaks the contract; with the line and what is wrong.
    """
    file = str(path)
    return _Reader(file, _contents(file)).read()


def _contents(file: str) -> str:
    data = read_bytes(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        where = text("files.line", line=line)
        raise FileRefused(file, where, text("files.not_text")) from None


class _Reader:
    """One pass over one file."""

    def __init__(self, file: str, contents: str) -> None:
        self._file = file
        self._is_cut = not contents.endswith(("\n", "\r"))
        self._body = contents[max(0, contents.find("\n")) :]
        self._is_plain = is_plain(self._body)
        self._rows = csv.reader(io.StringIO(contents, newline=""))
        self._warnings: list[str] = []
        self._lines: Sequence[int] = ()

    def read(self) -> Recording:
        try:
            layout = self._layout()
            columns = self._at_once(layout) or self._row_by_row(layout)
        except csv.Error as error:
            raise self._refused("recordings.refused.csv", reason=str(error)) from error
        self._check(columns)
        return recording_of(columns, tuple(self._warnings))

    def _layout(self) -> Layout:
        header = [name.strip() for name in next(self._rows, [])]
        doubled = next((name for name in header if name and header.count(name) > 1), None)
        if doubled is not None:
            raise self._refused("recordings.refused.doubled", column=doubled)
        if TIME not in header:
            raise self._refused("recordings.refused.no_time")
        layout = find_layout(header)
        if not layout.has_signal:
            raise self._refused("recordings.refused.no_signal")
        if layout.ignored:
            columns = ", ".join(name or text("recordings.nameless") for name in layout.ignored)
            self._warnings.append(text("recordings.warning.ignored", columns=columns))
        return layout

    def _at_once(self, layout: Layout) -> dict[str, Column] | None:
        """Return the columns of rows that are all whole, one on each line; None where they are not.

        That takes a third of the time of reading them row by row.
        """
        body = self._body.replace("\r\n", "\n")
        rows = body.removeprefix("\n").rstrip("\n").split("\n")
        are_whole = {row.count(",") for row in rows} == {layout.width - 1}
        if not self._is_plain or "\r" in body or not are_whole or len(rows) < _MINIMUM_SAMPLES:
            return None
        cells = ",".join(rows).split(",")
        try:
            values = [float(cell or "nan") for cell in cells]
        except ValueError:
            return None
        places = zip(layout.names, layout.places, strict=True)
        columns = {name: values[place :: layout.width] for name, place in places}
        times_s = columns[TIME]
        is_timely = times_s[0] > -FARTHEST_S and times_s[-1] < FARTHEST_S
        if not is_timely or not all(before < after for before, after in pairwise(times_s)):
            return None
        self._lines = range(2, 2 + len(rows))
        return columns

    def _row_by_row(self, layout: Layout) -> dict[str, Column]:
        """Return the columns, read with care.

        Raises:
            FileRefused: a row breaks the contract, or there are too few.
        """
        lines: list[int] = []
        values = list(self._values(layout, lines))
        if len(values) < _MINIMUM_SAMPLES:
            raise FileRefused(self._file, "", text("recordings.refused.short", count=len(values)))
        self._lines = lines
        return dict(zip(layout.names, map(list, zip(*values, strict=True)), strict=True))

    def _values(self, layout: Layout, lines: list[int]) -> Iterator[tuple[float, ...]]:
        """Yield the known cells of each row, the time first, and note its line."""
        pick = itemgetter(*layout.places)
        last_s = -FARTHEST_S
        for row in self._rows:
            if not row:
                continue
            values = None
            if self._is_plain and len(row) == layout.width:
                with suppress(ValueError):
                    values = tuple(map(float, pick(row)))
            values = values or self._carefully(row, layout)
            if values is None:
                return
            if not last_s < values[0] < FARTHEST_S:
                raise self._untimely(values[0], last_s)
            last_s = values[0]
            lines.append(self._rows.line_num)
            yield values

    def _carefully(self, row: list[str], layout: Layout) -> tuple[float, ...] | None:
        """Return the cells of a row that is not plain numbers; None where the file was cut in it.

        Raises:
            FileRefused: the row has too many or too few cells, or one that is no number.
        """
        line = self._rows.line_num
        if len(row) != layout.width:
            if len(row) < layout.width and self._is_last():
                self._drop(line)
                return None
            raise self._refused(
                "recordings.refused.width", line, cells=len(row), columns=layout.width
            )
        values = []
        for name, place in zip(layout.names, layout.places, strict=True):
            value = number(row[place])
            if value is None:
                if place == layout.width - 1 and self._is_cut and self._is_last():
                    self._drop(line)
                    return None
                raise self._refused(
                    "recordings.refused.no_number", line, column=name, cell=row[place]
                )
            values.append(value)
        return tuple(values)

    def _is_last(self) -> bool:
        return next((row for row in self._rows if row), None) is None

    def _drop(self, line: int) -> None:
        self._warnings.append(text("recordings.warning.cut", line=line))

    def _untimely(self, t_s: float, last_s: float) -> FileRefused:
        if not abs(t_s) < FARTHEST_S:
            return self._refused("recordings.refused.time", cell=t_s)
        return self._refused("recordings.refused.order", t_s=t_s, last_s=last_s)

    def _check(self, columns: dict[str, Column]) -> None:
        """Refuse numbers too large for a float, and verdicts that are neither 0 nor 1."""
        for name, column in columns.items():
            if has_infinite(column):
                at = next(index for index, value in enumerate(column) if isinf(value))
                raise self._refused(
                    "recordings.refused.no_number", self._lines[at], column=name, cell=column[at]
                )
            if name in VERDICTS:
                self._check_verdict(name, column)

    def _check_verdict(self, name: str, column: Column) -> None:
        if set(column) <= {0.0, 1.0}:
            return
        for line, value in zip(self._lines, column, strict=True):
            if value not in (0.0, 1.0) and not isnan(value):
                raise self._refused(
                    "recordings.refused.no_verdict", line, column=name, cell=f"{value:g}"
                )

    def _refused(self, key: str, line: int | None = None, **values: object) -> FileRefused:
        at = max(1, self._rows.line_num) if line is None else line
        where = text("files.line", line=at)
        return FileRefused(self._file, where, text(key, **values))


def recording_of(columns: Mapping[str, Column], warnings: tuple[str, ...] = ()) -> Recording:
    """Return columns that are known as a recording.

    Args:
        columns: by name, ``t_s`` among them; NaN where a value is not known.
        warnings: what was left out of their file.
    """
    layout = find_layout(list(columns))
    return Recording(
        t_s=columns[TIME],
        force_n=tuple(columns[name] for name in layout.channels),
        accel_mps2=_vector(columns, ACCELERATION),
        gyro_radps=_vector(columns, ANGULAR_VELOCITY),
        travel_m=columns.get(TRAVEL),
        touching=columns.get(TOUCHING),
        saturated=columns.get(SATURATED),
        warnings=warnings,
    )


def _vector(columns: Mapping[str, Column], names: tuple[str, str, str]) -> Columns3 | None:
    if names[0] not in columns:
        return None
    x, y, z = names
    return columns[x], columns[y], columns[z]
