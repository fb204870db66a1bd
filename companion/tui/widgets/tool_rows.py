"""Tools as rows: those that are known, and those that are heard."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from companion.live import LinkView
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.workshop import Acquaintance, Nearby, ToolLook

_KNOWN: Final = (
    ("name", 20),
    ("kind", 9),
    ("battery", 8),
    ("signal", 9),
    ("seen", 11),
    ("calibration", 12),
    ("limit", 9),
)
"""Columns by what matters most: a narrow window shows the first ones, one of 80 cells all."""

_HEARD: Final = (("name", 20), ("kind", 9), ("signal", 9), ("state", 50))
_WORDS: Final = 50
"""A column as wide as this holds words, which may be cut."""
_WIDEST_NAME: Final = 44
_OLD_S: Final = 5.0
"""A tool advertises once a second at least (tool profile, Advertising): after so long it is told
how long ago the newest one was heard."""


def known_heads(width: int) -> Content:
    """Return the heads of the columns of known tools that have room."""
    return _heads(_KNOWN, width)


def heard_heads(width: int) -> Content:
    """Return the heads of the columns of tools that are heard."""
    return _heads(_HEARD, width)


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
    return _row(cells, _KNOWN, width)


def heard_row(tool: Nearby, width: int) -> Content:
    """Return a tool that is heard; one that may be mistaken for a known one stands out."""
    state = text(f"cli.pair.state.{tool.acquaintance}")
    if tool.age_s >= _OLD_S:
        state = f"{state}, {text('tools_screen.heard_ago', seconds=int(tool.age_s))}"
    signal = text("tools_screen.cell.signal", dbm=tool.rssi_dbm)
    row = _row((tool.name, tool.kind or "-", signal, state), _HEARD, width)
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


def _heads(columns: Sequence[tuple[str, int]], width: int) -> Content:
    heads = [text(f"tools_screen.column.{name}") for name, _ in columns]
    return _row(heads, columns, width)


def _row(cells: Sequence[str], columns: Sequence[tuple[str, int]], width: int) -> Content:
    """Return cells as a row of columns; one without room goes whole, unless it is all words.

    What is left of a wide window goes to the name.
    """
    rooms = [room for _, room in columns]
    while len(rooms) > 1 and sum(rooms) > width and rooms[-1] < _WORDS:
        rooms.pop()
    if rooms[-1] < _WORDS:
        rooms[0] = max(rooms[0], min(_WIDEST_NAME, rooms[0] + width - sum(rooms)))
    *first, last = zip(cells, rooms, strict=False)
    parts = [Content(cell).truncate(room - 1, ellipsis=True, pad=True) for cell, room in first]
    return Content(" ").join([*parts, Content(last[0]).truncate(last[1], ellipsis=True)])
