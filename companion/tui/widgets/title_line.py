"""The routine's title and the session's clock."""

from textual.content import Content

from companion.coaching.scaling import PLAIN_PERCENT
from companion.coaching.view import Phase, View
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout, join, spread
from companion.tui.words import clock

_ANY_TIME = "any"


class TitleLine(Readout):
    """Title at the left; paused, muted, 75 % and ``02:41 of about 5:00`` at the right.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "TitleLine { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, view: View, *, muted: bool) -> None:
        """Show title and clock; ``muted``: sound is off."""
        paused = view.phase is Phase.PAUSED
        key = (
            view.title,
            view.slot,
            view.scale_percent,
            int(view.session_elapsed_s),
            view.about_s,
            paused,
            muted,
        )
        self.say(key, lambda: self._content(view, paused=paused, muted=muted))

    def _content(self, view: View, *, paused: bool, muted: bool) -> Content:
        title = Content.styled(view.title or text("live.clock.no_routine"), "bold")
        if view.slot != _ANY_TIME:
            title = join([title, Content(text(f"coaching.slot.{view.slot}"))], self._glyphs.between)
        time = text(
            "live.clock.session",
            elapsed=clock(view.session_elapsed_s),
            about=clock(view.about_s).removeprefix("0"),
        )
        parts = [
            *([Content.styled(text("live.clock.paused"), "bold reverse")] if paused else []),
            *([Content(text("live.clock.muted"))] if muted else []),
            *([Content(scale)] if (scale := _scale(view)) else []),
            Content.styled(time, "bold"),
        ]
        right = join(parts, self._glyphs.between)
        room = self.size.width - right.cell_length - 1
        return spread(title.truncate(max(0, room), ellipsis=True), right, self.size.width)


def _scale(view: View) -> str:
    if view.scale_percent == PLAIN_PERCENT:
        return ""
    return text("live.clock.scale", percent=view.scale_percent)
