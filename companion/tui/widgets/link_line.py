"""The first line: is the tool alive, and how well does it reach us."""

from textual.content import Content

from companion.live import LinkState, LinkView
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout, join, spread
from companion.tui.words import figures_of

_LEGIBLE = 12
"""Cells of a note that still say something."""
_STYLE = {LinkState.LIVE: "bold $success", LinkState.LOST: "bold $error"}


class LinkLine(Readout):
    """Tool, state in words, rate, loss, battery, latency, signal with its age.

    What does not fit is left out whole, the least telling first. The note goes before lateness and
    signal, and after the battery; of a long one its beginning stays.

    Args:
        glyphs: the signs to draw with.
        note: what else belongs on the first line, e.g. that the radio is a virtual one.
    """

    DEFAULT_CSS = "LinkLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, glyphs: Glyphs, note: str, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._note = note

    def show(self, link: LinkView) -> None:
        """Show the link as it stands."""
        figures = tuple(figures_of(link))
        key = (link.state, link.tool, figures)
        self.say(key, lambda: self._content(link, figures))

    def _content(self, link: LinkView, figures: tuple[str, ...]) -> Content:
        note = Content.styled(self._note, "$quiet")
        style = _STYLE.get(link.state, "bold")
        parts = [
            Content.styled(link.tool or text("live.link.no_tool"), "bold"),
            Content.styled(f"{self._sign(link)} {text(f'live.link.{link.state.value}')}", style),
        ]
        line, telling = join(parts, self._glyphs.between), _telling(link)
        for place, figure in enumerate(figures):
            longer = join([*parts, Content(figure)], self._glyphs.between)
            beside = 0 if place < telling else note.cell_length
            if longer.cell_length + 1 + beside > self.size.width:
                break
            parts.append(Content(figure))
            line = longer
        room = self.size.width - line.cell_length - 1
        if room < note.cell_length:
            note = note.truncate(room, ellipsis=True) if room >= _LEGIBLE else Content("")
        return spread(line, note, self.size.width)

    def _sign(self, link: LinkView) -> str:
        match link.state:
            case LinkState.LIVE:
                return self._glyphs.live
            case LinkState.LOST | LinkState.CLOSED:
                return self._glyphs.lost
            case _:
                return self._glyphs.waiting


def _telling(link: LinkView) -> int:
    """Return how many of the figures go before the note: rate, loss and battery, as known."""
    streams = link.state is LinkState.LIVE
    of_stream = (link.rate_hz, link.loss_percent) if streams else ()
    return sum(one is not None for one in (*of_stream, link.battery_percent))
