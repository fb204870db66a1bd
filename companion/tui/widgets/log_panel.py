"""The warnings of the session so far, the newest first."""

from collections.abc import Callable, Iterator, Sequence

from textual.content import Content

from companion.coaching.view import View
from companion.texts import text
from companion.tui.alerts import Alerts, Shown
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

    def __init__(self, session: Callable[[], Watch], glyphs: Glyphs) -> None:
        super().__init__(self._warnings)
        self._session = session
        self._glyphs = glyphs
        self._ended: dict[tuple[int, bool, int], Sequence[Content]] = {}
        self._alerts: Alerts | None = None

    def on_mount(self) -> None:
        """Follow the session."""
        self.set_interval(1 / _LOOKS_PER_SECOND, self.look)

    def _warnings(self, width: int) -> Sequence[Content]:
        """Return the warnings as they stand."""
        watch = self._session()
        alerts = watch.alerts
        if alerts is not self._alerts:
            self._alerts, self._ended = alerts, {}
        title = text("live.log.title", count=alerts.count)
        if watch.name:
            title = text("several.said", name=watch.name, words=title)
        listed = [Content.styled(title, "bold")]
        if not alerts.log:
            listed += [Content(""), Content.styled(text("live.log.none"), "$quiet")]
        for shown in reversed(alerts.log):
            listed += self._kept_entry(shown, watch, width)
        older = alerts.count - len(alerts.log)
        if older:
            words = text("live.log.older", count=older)
            listed += [Content(""), Content.styled(words, "$quiet")]
        return listed

    def _kept_entry(self, shown: Shown, watch: Watch, width: int) -> Sequence[Content]:
        """Return a warning's lines; those of one that is over stay as they are until it is seen."""
        if shown.cleared is None:
            return self._wrapped_entry(shown, watch, width)
        key = (shown.raised.alert, shown.acknowledged, width)
        if key not in self._ended:
            self._ended[key] = self._wrapped_entry(shown, watch, width)
        return self._ended[key]

    def _wrapped_entry(self, shown: Shown, watch: Watch, width: int) -> Sequence[Content]:
        entry = self._entry(shown, watch.live.view(), watch.device_s)
        return [Content(""), *(row for line in entry for row in line.wrap(width))]

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
