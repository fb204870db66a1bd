"""The steps of the routine on one line: done, now and to come."""

from textual.content import Content

from companion.coaching.view import StepState, View
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout
from companion.tui.words import short_place

_ENDS = 8
"""Cells kept for the counts of steps that are scrolled out at either end."""

_STYLE = {
    StepState.DONE: "$success",
    StepState.SHORT: "$warning",
    StepState.SKIPPED: "$quiet",
    StepState.NOW: "bold reverse",
    StepState.NEXT: "$quiet",
}


class StepStrip(Readout):
    """One sign and name for each step; scrolls so that the present one is always seen.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "StepStrip { height: 1; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, view: View) -> None:
        """Show where each step stands."""
        self.say((view.states, view.index, view.steps), lambda: self._content(view))

    def _content(self, view: View) -> Content:
        items = [
            self._item(short_place(step), state)
            for step, state in zip(view.steps, view.states, strict=True)
        ]
        if not items:
            return Content("")
        rule = Content.styled(f" {self._glyphs.thin} ", "$rule")
        lengths = [item.cell_length + rule.cell_length for item in items]
        first, last = window(lengths, min(view.index, len(items) - 1), self.size.width)
        return Content.assemble(
            self._more(self._glyphs.more_left, first, before=True),
            rule.join(items[first : last + 1]),
            self._more(self._glyphs.more_right, len(items) - 1 - last, before=False),
        )

    def _item(self, name: str, state: StepState) -> Content:
        sign = self._glyphs.state[state]
        if state is StepState.NOW:
            return Content.styled(f" {sign} {name.upper()} ", _STYLE[state])
        return Content.assemble((sign, _STYLE[state]), " ", (name, _STYLE[StepState.NEXT]))

    def _more(self, sign: str, count: int, *, before: bool) -> Content:
        if not count:
            return Content("")
        return Content.styled(f"{sign}{count} " if before else f" {count}{sign}", "$quiet")


def window(lengths: list[int], now: int, width: int) -> tuple[int, int]:
    """Return the first and last item to show so that the present one is seen.

    Takes the present one first, then one before it, then as many after it as fit, then more
    before it. Room for the counts at the ends is kept unless everything fits.
    """
    last_one = len(lengths) - 1
    if sum(lengths) - 1 <= width:
        return 0, last_one
    room = width - _ENDS - lengths[now]
    first = last = now
    for index in (
        *range(now - 1, now - 2, -1),
        *range(now + 1, last_one + 1),
        *range(now - 2, -1, -1),
    ):
        if not 0 <= index <= last_one or lengths[index] > room:
            continue
        if index not in (first - 1, last + 1):
            continue
        room -= lengths[index]
        first, last = min(first, index), max(last, index)
    return first, last
