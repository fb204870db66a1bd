"""Dataclasses out of the store: JSON as it was written becomes what it was."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from companion.coaching.events import Summary
from companion.sensing.calibrated import CalibrationUsed
from companion.store.columns import DamagedError

T = TypeVar("T")


def summary_of(fields: Mapping[str, Any]) -> Summary:
    """Return the summary that these fields were made from.

    Raises:
        DamagedError: they are not a summary.
    """
    return _read(_summaries(), fields, "a summary")


def calibration_of(fields: Mapping[str, Any]) -> CalibrationUsed:
    """Return the calibration that a session was done with.

    Raises:
        DamagedError: they are none.
    """
    return _read(_calibrations(), fields, "a calibration")


@cache
def _summaries() -> TypeAdapter[Summary]:
    return TypeAdapter(Summary)


@cache
def _calibrations() -> TypeAdapter[CalibrationUsed]:
    return TypeAdapter(CalibrationUsed)


def _read(reader: TypeAdapter[T], fields: Mapping[str, Any], what: str) -> T:
    try:
        return reader.validate_python(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedError(f"{what} is not whole: {where}: {first['msg']}") from None
