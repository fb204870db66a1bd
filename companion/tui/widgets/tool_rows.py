"""Tools as rows: those that are known, and those that are heard."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from companion.live import LinkView
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.table_row import rooms_within, table_row
from companion.tui.workshop import Acquaintance, Nearby, ToolLook

_KNOWN: Final = (
    ("name", 20),
    ("kind", 9),
    ("battery", 8),
    ("signal", 9),
    ("seen", 11),
    ("calibration", 12),
    ("limit", 10),
)
"""Columns by what matters most: a narrow window shows the first ones, one of 80 cells all."""

_HEARD: Final = (("name", 20), ("kind", 9), ("signal", 9), ("state", 12))
_WIDEST_NAME: Final = 44
_OLD_S: Final = 5.0
"""A tool advertises once a second at least (tool profile, Advertising): after so long it is told
how long ago the newest one was heard."""


def known_heads(width: int) -> Content:
    """Return the heads of the columns of known tools that have room."""
    return _heads(_KNOWN, _known_rooms(width))


def heard_heads(width: int) -> Content:
    """Return the heads of the columns of tools that are heard."""
    return _heads(_HEARD, _heard_rooms(width))


def known_row(look: ToolLook, link: LinkView | None, width: int) -> Content:
    """Return a known tool.

    Args:
        look: it.
        link: the running session's link, whose figures are newer; None for no session.
        width: cells there are.
    """
    battery, signal = look.battery_percent, look.rssi_dbm
    if link is not None and link.tool == look.name:
        battery = battery if link.battery_percent is None else link.battery_percent
        signal = signal if link.rssi_dbm is None else link.rssi_dbm
    cells = (
        look.name,
        look.kind,
        "-" if battery is None else text("tools_screen.cell.battery", percent=battery),
        "-" if signal is None else text("tools_screen.cell.signal", dbm=signal),
        look.seen,
        look.calibration,
        look.limit,
    )
    return table_row(cells, _known_rooms(width))


def heard_row(tool: Nearby, width: int) -> Content:
    """Return a tool that is heard; one that may be mistaken for a known one stands out."""
    state = text(f"cli.pair.state.{tool.acquaintance}")
    if tool.age_s >= _OLD_S:
        state = f"{state}, {text('tools_screen.heard_ago', seconds=int(tool.age_s))}"
    signal = text("tools_screen.cell.signal", dbm=tool.rssi_dbm)
    row = table_row((tool.name, tool.kind or "-", signal, state), _heard_rooms(width))
    is_doubtful = tool.acquaintance is Acquaintance.NAMESAKE
    return row.stylize("bold $warning") if is_doubtful else row


def tool_lines(look: ToolLook, glyphs: Glyphs) -> list[Content]:
    """Return what is known of a tool, a line each."""
    width = max((len(name) for name, _ in look.details), default=0) + 2
    details = [
        Content.assemble((f"{name:<{width}}", "$quiet"), value) for name, value in look.details
    ]
    notes = [Content(f"{glyphs.bullet} {note}") for note in look.notes]
    return [Content.styled(look.name, "bold"), *details, *notes]


def _known_rooms(width: int) -> list[int]:
    return rooms_within(width, [room for _, room in _KNOWN], named=0, widest=_WIDEST_NAME)


def _heard_rooms(width: int) -> list[int]:
    """The last column never goes: it has the words, and what room is left."""
    *first, least = (room for _, room in _HEARD)
    return [*first, max(least, width - sum(first) + 1)]


def _heads(columns: Sequence[tuple[str, int]], rooms: Sequence[int]) -> Content:
    return table_row([text(f"tools_screen.column.{name}") for name, _ in columns], rooms)
