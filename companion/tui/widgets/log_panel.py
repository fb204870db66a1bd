"""The warnings of the session so far, the newest first."""

from collections.abc import Callable, Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from companion.coaching.view import View
from companion.texts import text
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.themes import level_style
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import alert_words, headline
from companion.tui.widgets.side_panel import SidePanel
from companion.tui.words import clock

_LOOKS_PER_SECOND = 5


class LogPanel(SidePanel):
    """Each warning with its time in the session, level, place, value and limit, and its end.

    Args:
        session: returns whose warnings to show.
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "LogPanel > Static { height: auto; width: 100%; }"

    def __init__(self, session: Callable[[], Watch], glyphs: Glyphs) -> None:
        super().__init__()
        self._session = session
        self._glyphs = glyphs
        self._log = Static()
        self._lines: tuple[Content, ...] = ()

    def compose(self) -> ComposeResult:
        """List what there is."""
        yield self._log

    def on_mount(self) -> None:
        """Follow the session."""
        self.look()
        self.set_interval(1 / _LOOKS_PER_SECOND, self.look)

    def look(self) -> None:
        """Show the warnings as they stand."""
        lines = tuple(self._content())
        if [line.plain for line in lines] != [line.plain for line in self._lines]:
            self._lines = lines
            self._log.update(Content("\n").join(lines))

    def _content(self) -> Iterator[Content]:
        watch = self._session()
        alerts, view = watch.alerts, watch.live.view()
        title = text("live.log.title", count=alerts.count)
        if watch.name:
            title = text("several.said", name=watch.name, words=title)
        yield Content.styled(title, "bold")
        if not alerts.log:
            yield Content("")
            yield Content.styled(text("live.log.none"), "$quiet")
        for shown in reversed(alerts.log):
            yield Content("")
            yield from self._entry(shown, view, watch.device_s)
        older = alerts.count - len(alerts.log)
        if older:
            yield Content("")
            yield Content.styled(text("live.log.older", count=older), "$quiet")

    def _entry(self, shown: Shown, view: View, device_s: float) -> Iterator[Content]:
        level = shown.raised.level
        sign = f"{self._glyphs.level[level]} {headline(level)}"
        yield Content.assemble(
            (f"{clock(shown.at_s)}  ", "$quiet"), (sign, level_style(level, bold=True))
        )
        value, where, lasted = alert_words(shown, view, device_s)
        yield Content(f"       {where}")
        yield Content(f"       {value}")
        seen = f", {text('live.alert.acknowledged')}" if shown.acknowledged else ""
        yield Content(f"       {lasted}{seen}")
