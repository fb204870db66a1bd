"""Summaries out of the store: JSON as it was written becomes what `Summary` says."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from companion.coaching.events import Summary
from companion.store.columns import DamagedError


@cache
def _reader() -> TypeAdapter[Summary]:
    return TypeAdapter(Summary)


def summary_of(fields: Mapping[str, Any]) -> Summary:
    """Return the summary that these fields were made from.

    Raises:
        DamagedError: they are not a summary.
    """
    try:
        return _reader().validate_python(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedError(f"a summary is not whole: {where}: {first['msg']}") from None
