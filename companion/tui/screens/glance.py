"""The Glance screen: read from two metres, with oil on the hands."""

from functools import partial

from textual.app import ComposeResult

from companion.coaching.view import View
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.screens.session import SessionScreen
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import AlertBanner
from companion.tui.widgets.glance_field import GlanceField, glance_of
from companion.tui.widgets.key_line import KeyLine


class GlanceScreen(SessionScreen):
    """One word, one number, what is left; a warning's line below them.

    Args:
        watch: the session.
        glyphs: the signs to draw with.
        several: the sessions of several tools; None where there is one tool.
    """

    CSS_PATH = "glance.tcss"

    def __init__(self, watch: Watch, glyphs: Glyphs, several: Several | None = None) -> None:
        super().__init__(watch, glyphs, several)
        self._field = GlanceField(glyphs, id="field")
        self._banner = AlertBanner(glyphs, self.acknowledge_key, id="banner")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._field
        yield self._banner
        yield KeyLine()

    def show(self, view: View, shown: Shown | None) -> None:
        """Show a session and its foremost warning."""
        way = partial(self.glyphs.way, mirrored=self.session.mirrored)
        self._field.show(glance_of(view, self.session.live.link().state, shown, way))
        self.fresh_points()
        self.set_class(shown is not None, "-warned")
        self._banner.show(shown, view, self.device_s)
