"""The face: where the session is, was and will be, which way the stroke goes, how hard."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from textual.content import Content

from companion.coaching.routine import Direction, Side, Step, StepKind, Zone
from companion.coaching.view import View
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.face.drawing import Drawing, Look, Place, Span, drawing, size_for
from companion.tui.face.states import PlaceState, place_states
from companion.tui.glyphs import Glyphs
from companion.tui.themes import level_style
from companion.tui.widgets.readout import Readout, join

_GAP = 3
_FRONT_ONLY = (Look.FRONT,)
_STYLE = {
    PlaceState.NEXT: "$quiet",
    PlaceState.DONE: "$secondary",
    PlaceState.OFF: "bold $warning",
}
_UPRIGHT = frozenset({Direction.UP, Direction.DOWN_DRAIN})


class FacePicture(Readout):
    """A face as large as its room, with profiles beside it where there is more.

    Args:
        glyphs: the signs to draw with.
        off: zones that are to be left alone today.
    """

    DEFAULT_CSS = """
    FacePicture { text-wrap: nowrap; text-overflow: clip; text-align: center; }
    """

    def __init__(self, glyphs: Glyphs, off: frozenset[Zone], *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._off = off

    def show(self, view: View, *, mirrored: bool) -> None:
        """Show where a session is.

        Args:
            view: the session.
            mirrored: as in a mirror; else as another person sees it.
        """
        level = view.level
        key = (view.steps, view.states, view.index, level, mirrored, self.size.height)
        self.say(key, lambda: self._content(view, mirrored=mirrored))

    def _content(self, view: View, *, mirrored: bool) -> Content:
        width, rows = self.size.width, max(1, self.size.height - 1)
        step = view.step
        brush = _Brush(
            self._glyphs, place_states(view, self._off), view.level, step, is_mirrored=mirrored
        )
        views = [
            drawing(look, rows, mirrored=mirrored, unicode=self._glyphs.unicode)
            for look in looks_for(width, rows, step, mirrored=mirrored)
        ]
        gap = Content(" " * _GAP)
        lines = [gap.join([brush.row(one, row) for one in views]) for row in range(rows)]
        return Content("\n").join([*lines, self._caption(step, mirrored=mirrored)])

    def _caption(self, step: Step | None, *, mirrored: bool) -> Content:
        """Return how the place is known, and from where the face is seen."""
        source = "paced" if step is not None and step.kind is StepKind.HAND else "declared"
        seen = text(f"screens.face.{'mirror' if mirrored else 'facing'}")
        parts = [text(f"screens.face.{source}"), seen] if step is not None else [seen]
        return join([Content.styled(part, "$quiet") for part in parts], self._glyphs.between)


@dataclass(frozen=True, slots=True)
class _Brush:
    """What the cells of one picture are filled with."""

    glyphs: Glyphs
    states: Mapping[Place, PlaceState]
    level: Level
    step: Step | None
    is_mirrored: bool

    def row(self, view: Drawing, row: int) -> Content:
        """Return a row of a view."""
        return Content.assemble(*(self._span(view, row, span) for span in view.rows[row]))

    def _span(self, view: Drawing, row: int, span: Span) -> tuple[str, str]:
        if span.line:
            return span.line, "$foreground"
        state = None if span.place is None else self.states.get(span.place)
        if span.place is None or state is None:
            return " " * span.length, ""
        if state is not PlaceState.NOW:
            return self.glyphs.place[state] * span.length, _STYLE[state]
        signs = self._sign * span.length
        arrow = self._arrow(span.place[1])
        if arrow:
            cells = path(view, span.place, upright=self._is_upright)
            signs = "".join(
                arrow if (span.start + at, row) in cells else sign for at, sign in enumerate(signs)
            )
        return signs, level_style(self.level, bold=True)

    @property
    def _sign(self) -> str:
        if self.level is Level.NO_CONTACT:
            return self.glyphs.place[PlaceState.NOW]
        return self.glyphs.level[self.level]

    @property
    def _is_upright(self) -> bool:
        return self.step is not None and self.step.direction in _UPRIGHT

    def _arrow(self, side: Side) -> str:
        """Return the one sign that shows which way the stroke goes; empty for no way."""
        if self.step is None or self.step.direction is Direction.ANY:
            return ""
        return self.glyphs.way(self.step.direction, side, mirrored=self.is_mirrored).strip("-")


def looks_for(width: int, rows: int, step: Step | None, *, mirrored: bool) -> tuple[Look, ...]:
    """Return the views there is room for, from left to right.

    Args:
        width: columns there are.
        rows: rows there are.
        step: the present step, whose side goes first where there is room for one profile.
        mirrored: as in a mirror: the person's left is at the left.
    """
    spare = (width - size_for(Look.FRONT, rows)) // (size_for(Look.LEFT, rows) + _GAP)
    order = (Look.LEFT, Look.FRONT, Look.RIGHT)
    looks = order if mirrored else order[::-1]
    if spare >= len(looks) - 1:
        return looks
    side = Look.RIGHT if step is not None and step.side is Side.RIGHT else Look.LEFT
    return tuple(look for look in looks if look in {Look.FRONT, side}) if spare else _FRONT_ONLY


@lru_cache(maxsize=64)
def path(view: Drawing, place: Place, *, upright: bool) -> frozenset[tuple[int, int]]:
    """Return the cells, as column and row, that show the way through a place.

    Args:
        view: the drawing.
        place: where.
        upright: up or down, else across.
    """
    cells = [
        (span.start + at, row)
        for row, spans in enumerate(view.rows)
        for span in spans
        if span.place == place
        for at in range(span.length)
    ]
    if not cells:
        return frozenset()
    axis = 0 if upright else 1
    middle = sorted(cell[axis] for cell in cells)[len(cells) // 2]
    return frozenset(
        cell for cell in cells if cell[axis] == middle and (upright or cell[0] % 2 == 0)
    )


class FaceLegend(Readout):
    """What the signs in the face stand for.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "FaceLegend { height: 1; width: 100%; text-align: center; text-wrap: nowrap; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, *, with_off: bool) -> None:
        """Show the signs; that of places to be left alone only where there are some."""
        states = [state for state in PlaceState if with_off or state is not PlaceState.OFF]
        self.say(with_off, lambda: self._content(states))

    def _content(self, states: list[PlaceState]) -> Content:
        signs = [f"{self._glyphs.place[one]} {text(f'screens.face.{one}')}" for one in states]
        return Content.styled("   ".join(signs), "$quiet")
