"""Rows of a list as columns of cells."""

from collections.abc import Sequence

from textual.content import Content


def rooms_within(width: int, least: Sequence[int], *, named: int, widest: int) -> list[int]:
    """Return the room of each column that has any: the last ones go first, and go whole.

    Args:
        width: cells there are.
        least: what each column needs, with the space after it.
        named: the column that has a name, and what room is left; none before it ever goes.
        widest: the most that it takes.
    """
    rooms = list(least)
    while len(rooms) > max(1, named) and sum(rooms) - 1 > width:
        rooms.pop()
    if named < len(rooms):
        spare = width - sum(rooms)
        rooms[named] = max(rooms[named], min(widest, rooms[named] + spare))
    return rooms


def table_row(cells: Sequence[str], rooms: Sequence[int]) -> Content:
    """Return cells as a row; one that is longer than its room ends in an ellipsis."""
    parts = [
        Content(cell).truncate(room - 1, ellipsis=True, pad=True)
        for cell, room in zip(cells, rooms, strict=False)
    ]
    return Content(" ").join(parts).rstrip()
