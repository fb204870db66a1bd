"""The Live screen: am I pressing too hard, what now, how much is left, what next, is it alive."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container

from companion.coaching.events import Cue, Event, SessionFinished
from companion.coaching.view import Phase, View
from companion.sensing.types import Level, Point
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.notes import is_trouble, note_of
from companion.tui.screens.session import SessionScreen, takes_the_middle
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import AlertBanner, StopPanel
from companion.tui.widgets.face_picture import FacePicture
from companion.tui.widgets.gauge import Gauge
from companion.tui.widgets.kept_lines import Backdrop
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.link_line import LinkLine
from companion.tui.widgets.pressure_trace import PressureTrace
from companion.tui.widgets.status_line import StatusLine
from companion.tui.widgets.step_card import StepCard
from companion.tui.widgets.step_strip import StepStrip
from companion.tui.widgets.summary_panel import SummaryPanel
from companion.tui.widgets.title_line import TitleLine

_NOT_TOUCHING = frozenset({Level.NO_CONTACT, Level.UNKNOWN})
_FACE_FROM = (100, 36)
"""Columns and rows from which there is room for a face beside what must not go."""
_LARGE_FACE_FROM = (200, 56)
"""The same for a large one with a profile beside it."""


class Holder(Backdrop, Container):
    """What holds parts of the screen."""


class LiveScreen(SessionScreen):
    """The session whole.

    Args:
        watch: the session.
        glyphs: the signs to draw with.
        several: the sessions of several tools; None where there is one tool.
    """

    CSS_PATH = "live.tcss"

    def __init__(self, watch: Watch, glyphs: Glyphs, several: Several | None = None) -> None:
        super().__init__(watch, glyphs, several)
        self._has_touched = False
        self._link = LinkLine(glyphs, watch.note, id="link")
        self._title = TitleLine(glyphs, id="title")
        self._strip = StepStrip(glyphs, id="strip")
        self._status = StatusLine(id="status")
        self._banner = AlertBanner(glyphs, self.acknowledge_key, id="banner")
        self._face = FacePicture(glyphs, watch.off, id="face")
        self._card = StepCard(glyphs, id="card")
        self._gauge = Gauge(glyphs, id="gauge")
        self._stop = StopPanel(glyphs, self.acknowledge_key, id="stop")
        self._trace = PressureTrace(glyphs, id="trace")
        self._summary = SummaryPanel(glyphs, id="summary")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._link
        yield self._title
        yield self._strip
        yield Holder(self._status, self._banner, id="notices")
        guide = Holder(self._card, self._gauge, id="guide")
        yield Holder(Holder(self._face, guide, id="doing"), self._stop, id="middle")
        yield self._trace
        yield self._summary
        yield KeyLine()

    def on_mount(self) -> None:
        """Show how a session that is over ended, if it did before this screen was opened."""
        if self.session.summary is not None:
            self._finish()

    def on_resize(self) -> None:
        """Have a face where there is room for one."""
        columns, rows = self.app.size
        self.set_class(columns >= _FACE_FROM[0] and rows >= _FACE_FROM[1], "-faced")
        self.set_class(columns >= _LARGE_FACE_FROM[0] and rows >= _LARGE_FACE_FROM[1], "-vast")

    def show(self, view: View, shown: Shown | None) -> None:
        """Show a session and its foremost warning."""
        live, now = self.session.live, self.session.clock()
        link = live.link()
        points = self.fresh_points()
        self._link.show(link)
        self._title.show(view, muted=live.muted)
        self._strip.show(view)
        self._status.show(view, link, now)
        if self.has_class("-faced"):
            self._face.show(view, mirrored=self.session.mirrored)
        self._card.show(view, self._slip_note(view), mirrored=self.session.mirrored)
        self._gauge.show(view, link.state, now)
        self._trace.follow(view)
        self._trace.add(points)
        self._show_alert(view, shown)

    def _slip_note(self, view: View) -> str:
        """Return what belongs on the skin first, until it is there or the tool is first on it."""
        begun = view.phase not in {Phase.WAITING, Phase.ASKING}
        if view.slip_confirmed and begun:
            return ""
        touches = view.level not in _NOT_TOUCHING or view.repetitions > 0 or view.index > 0
        self._has_touched = self._has_touched or (begun and touches)
        return "" if self._has_touched else view.slip_note

    def _show_alert(self, view: View, shown: Shown | None) -> None:
        middle = shown is not None and takes_the_middle(shown)
        self.set_class(middle, "-stopped")
        if shown is not None and middle:
            self._stop.show(shown, view, self.device_s)
        self._banner.show(None if middle else shown, view, self.device_s)

    def take(self, event: Event) -> None:
        """Show an event that is worth a passing line, and the end."""
        super().take(event)
        if isinstance(event, SessionFinished):
            self._finish()
        elif words := note_of(event):
            urgent, at_once = is_trouble(event), isinstance(event, Cue)
            self._status.note(words, self.session.clock(), urgent=urgent, at_once=at_once)

    def look_anew(self, points: Sequence[Point]) -> None:
        """Show another moment of the session, without anything of the one before."""
        self._has_touched = False
        self._status.clear()
        self._trace.clear()
        self._trace.add(points)
        self.set_class(self.session.is_over, "-finished")
        self._summary.set_class(self.session.is_over, "-shown")
        if self.session.is_over:
            self._finish()
        super().look_anew(points)

    def _finish(self) -> None:
        self.add_class("-finished")
        if self.session.summary is not None and self._summary.is_attached:  # or all is closing
            self._summary.show(self.session.summary)
        self.refresh_bindings()

    def say(self, words: str) -> None:
        """Show a passing line under the strip of steps, before anything else there."""
        self._status.note(words, self.session.clock(), urgent=True, at_once=True)
