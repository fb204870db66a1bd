"""What a tool that is visited feels: its force in words and on a bar."""

from typing import Final

from textual.content import Content

from companion.sensing.weight import NEWTONS_PER_GRAM
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout

_TOPS_N: Final = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
"""Where the bar may end: at the first of them that what was felt so far fits in."""

_DIGIT_N: Final = 0.01
"""The last digit of what is said: less is no news."""


class ForceLine(Readout):
    """Two lines: newtons, what a scale would show, and a bar whose end is named.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "ForceLine { height: 2; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._top_n = _TOPS_N[0]

    def begin(self) -> None:
        """Begin with another tool: nothing was felt of it yet."""
        self._top_n = _TOPS_N[0]

    def show(self, force_n: float | None) -> None:
        """Show what is felt at the moment, newtons; None for a tool that tells nothing now."""
        if force_n is None:
            self.say(None, lambda: Content(text("tools_screen.feels_nothing")))
            return
        fitting = (top for top in _TOPS_N if force_n <= top)
        self._top_n = max(self._top_n, next(fitting, _TOPS_N[-1]))
        hundredths = round(force_n / _DIGIT_N)
        self.say((hundredths, self._top_n), lambda: self._content(hundredths * _DIGIT_N))

    def _content(self, force_n: float) -> Content:
        grams = round(force_n / NEWTONS_PER_GRAM)
        words = text("tools_screen.feels", force=force_n, grams=grams)
        top = text("tools_screen.feels_top", top=self._top_n)
        cells = max(0, self.size.width - len(top) - 1)
        filled = max(0, min(cells, round(force_n / self._top_n * cells)))
        return Content.assemble(
            (words, "bold"),
            "\n",
            self._glyphs.fill * filled,
            (self._glyphs.thin * (cells - filled), "$rule"),
            (f" {top}", "$quiet"),
        )
