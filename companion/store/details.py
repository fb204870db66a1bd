"""With what a session was done: the tool, the routine as it was, the versions that guided it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.massage_tool import ToolFeature


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a list of sessions does not show; texts are empty where one is not known.

    Attributes:
        software: the companion's version.
        profile: the tool profile's version.
        tool: the tool's name.
        maker: as it told.
        model: as it told.
        firmware: as it told.
        feature: what the tool is; None for one that has no such Feature.
        routine: the routine as it was used, as JSON has it.
        last_s: end of the last sample on the tool clock, seconds; 0 without any.
    """

    software: str
    profile: int
    tool: str
    maker: str
    model: str
    firmware: str
    feature: ToolFeature | None
    routine: Mapping[str, Any]
    last_s: float


def details_of(connection: sqlite3.Connection, session: int) -> Details:
    """Return the details of a session by its number."""
    software, profile, routine, *tool, feature, last_us = connection.execute(
        "SELECT software, profile, routine.body, coalesce(tool.name, ''), coalesce(maker, ''),"
        " coalesce(model, ''), coalesce(firmware, ''), feature,"
        " (SELECT coalesce(max(to_us), 0) FROM block WHERE block.session = session.id)"
        " FROM session JOIN routine ON routine.id = session.routine"
        " LEFT JOIN tool ON tool.id = session.tool WHERE session.id = ?",
        [session],
    ).fetchone()
    return Details(
        software=software,
        profile=profile,
        tool=tool[0],
        maker=tool[1],
        model=tool[2],
        firmware=tool[3],
        feature=ToolFeature.from_bytes(feature) if feature else None,
        routine=json.loads(routine),
        last_s=last_us / 1e6,
    )
