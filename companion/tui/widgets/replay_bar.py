"""The line of a replay: that it is one, its speed, where it stands, warnings and holes."""

from textual.content import Content

from companion.live import Progress
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.themes import level_style
from companion.tui.widgets.readout import Readout
from companion.tui.words import clock

_LEAST_BAR = 8
"""Cells under which a bar would tell nothing."""
_HOLE = " "


class ReplayBar(Readout):
    """``REPLAY  2x  01:23 of 05:00`` and a bar; stays when everything else gives way.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = """
    ReplayBar {
        dock: top; height: 1; width: 100%; background: $panel;
        text-wrap: nowrap; text-overflow: clip;
    }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, progress: Progress) -> None:
        """Show where a replay stands."""
        key = (
            int(progress.position_s),
            _cell(progress.position_s, progress, self.size.width),
            int(progress.length_s),
            progress.speed,
            _state(progress),
            len(progress.marks),
            len(progress.holes),
        )
        self.say(key, lambda: self._content(progress))

    def _content(self, progress: Progress) -> Content:
        width = self.size.width
        head = Content.styled(f" {text('replay.bar.replay')} ", "bold reverse")
        parts = [
            text("replay.bar.speed", speed=f"{progress.speed:g}"),
            *([state] if (state := _state(progress)) else []),
            text(
                "replay.bar.time",
                position=clock(int(progress.position_s)),
                length=clock(int(progress.length_s)),
            ),
        ]
        line = head
        for part in parts:
            longer = Content.assemble(line, "  ", (part, "bold"))
            if longer.cell_length > width:
                return line
            line = longer
        cells = width - line.cell_length - 3
        if cells < _LEAST_BAR:
            return line
        return Content.assemble(line, "  ", self._bar(progress, cells))

    def _bar(self, progress: Progress, cells: int) -> Content:
        here = _cell(progress.position_s, progress, cells)
        signs = [
            (self._glyphs.heavy, "bold") if at < here else (self._glyphs.thin, "$quiet")
            for at in range(cells)
        ]
        for from_s, to_s in progress.holes:
            for at in range(_cell(from_s, progress, cells), _cell(to_s, progress, cells) + 1):
                signs[at] = (_HOLE, "")
        signs[here] = (self._glyphs.live, "bold")
        for mark in progress.marks:
            at = _cell(mark.at_s, progress, cells)
            sign = self._glyphs.level[mark.level]
            under = " reverse" if at == here else ""
            signs[at] = (sign, level_style(mark.level, bold=True) + under)
        return Content.assemble(*signs)


def _cell(at_s: float, progress: Progress, cells: int) -> int:
    """Return the cell of the bar in which a moment lies."""
    share = at_s / progress.length_s if progress.length_s else 1.0
    return max(0, min(cells - 1, int(share * cells)))


def _state(progress: Progress) -> str:
    """Return what holds the replay up, in words; empty while it goes on."""
    if progress.is_seeking:
        return text("replay.bar.seeking")
    if progress.is_at_end:
        return text("replay.bar.end")
    return text("replay.bar.paused") if progress.is_paused else ""
