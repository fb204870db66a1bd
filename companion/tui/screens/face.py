"""The Face screen: where, which way and how hard, on the whole window."""

from textual.app import ComposeResult
from textual.containers import Container

from companion.coaching.view import View
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.screens.session import SessionScreen, takes_the_middle
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import AlertBanner, StopPanel
from companion.tui.widgets.face_picture import FaceLegend, FacePicture
from companion.tui.widgets.gauge import Gauge
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.step_card import StepCard


class FaceScreen(SessionScreen):
    """The face between what is to be done and how hard it is done.

    Args:
        watch: the session.
        glyphs: the signs to draw with.
        several: the sessions of several tools; None where there is one tool.
    """

    CSS_PATH = "face.tcss"

    def __init__(self, watch: Watch, glyphs: Glyphs, several: Several | None = None) -> None:
        super().__init__(watch, glyphs, several)
        self._card = StepCard(glyphs, id="card")
        self._face = FacePicture(glyphs, watch.off, id="face")
        self._stop = StopPanel(glyphs, self.acknowledge_key, id="stop")
        self._legend = FaceLegend(glyphs, id="legend")
        self._banner = AlertBanner(glyphs, self.acknowledge_key, id="banner")
        self._gauge = Gauge(glyphs, id="gauge")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._card
        yield Container(self._face, self._stop, id="middle")
        yield Container(self._legend, self._banner, id="notices")
        yield self._gauge
        yield KeyLine()

    def show(self, view: View, shown: Shown | None) -> None:
        """Show a session and its foremost warning."""
        self.fresh_points()
        mirrored, now = self.session.mirrored, self.session.clock()
        middle = shown is not None and takes_the_middle(shown)
        self.set_class(middle, "-stopped")
        if shown is not None and middle:
            self._stop.show(shown, view, self.device_s)
        self._card.show(view, mirrored=mirrored)
        self._face.show(view, mirrored=mirrored)
        self._legend.show(with_off=bool(self.session.off))
        self._banner.show(None if middle else shown, view, self.device_s)
        self._gauge.show(view, self.session.live.link().state, now)
