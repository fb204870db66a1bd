"""Writes a session as Parquet, where pyarrow is installed: it is an extra of ours."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from companion.errors import CompanionError
from companion.store.files import private
from companion.store.taken import Taken


class ParquetMissing(CompanionError):
    """The library that writes Parquet is not installed."""

    exit_code = 2


def write_parquet(file: Path, taken: Taken) -> None:
    """Write a recording's columns; the tool file stands in the metadata under ``tool``.

    Raises:
        ParquetMissing: pyarrow is not installed.
        OSError: it cannot be written.
    """
    arrow, parquet = _arrow()
    columns = {
        name: arrow.array(column, mask=np.isnan(column)) for name, column in taken.columns.items()
    }
    table = arrow.table(columns)
    said = {b"tool": json.dumps(taken.tool, allow_nan=False).encode()}
    parquet.write_table(table.replace_schema_metadata(said), private(file))


def write_rows(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write records.

    Raises:
        ParquetMissing: pyarrow is not installed.
        OSError: it cannot be written.
    """
    arrow, parquet = _arrow()
    parquet.write_table(arrow.Table.from_pylist(list(rows)), private(file))


def check_parquet() -> None:
    """Make sure that Parquet can be written.

    Raises:
        ParquetMissing: pyarrow is not installed.
    """
    _arrow()


def _arrow() -> tuple[Any, Any]:
    try:
        # Large, and only wanted here.
        import pyarrow  # noqa: PLC0415, ICN001 - as above
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError:
        raise ParquetMissing("store.no_parquet") from None
    return pyarrow, parquet
