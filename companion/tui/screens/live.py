"""The Live screen: am I pressing too hard, what now, how much is left, what next, is it alive."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Command,
    Cue,
    Event,
    SessionFinished,
)
from companion.coaching.view import Phase, View
from companion.live import Live
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.alerts import Alerts, Chime, Shown
from companion.tui.glyphs import Glyphs
from companion.tui.messages import EventArrived, ViewChanged
from companion.tui.notes import is_trouble, note_of
from companion.tui.widgets.alert_banner import AlertBanner, StopPanel
from companion.tui.widgets.gauge import Gauge
from companion.tui.widgets.help_panel import HelpPanel
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.link_line import LinkLine
from companion.tui.widgets.pressure_trace import PressureTrace
from companion.tui.widgets.status_line import StatusLine
from companion.tui.widgets.step_card import StepCard
from companion.tui.widgets.step_strip import StepStrip
from companion.tui.widgets.summary_panel import SummaryPanel
from companion.tui.widgets.title_line import TitleLine

FRAMES_PER_SECOND = 25
_ACKNOWLEDGE_KEY = "a"
_NOT_TOUCHING = frozenset({Level.NO_CONTACT, Level.UNKNOWN})
_KEYS = {
    "space": Command.PAUSE,
    "n": Command.SKIP,
    "b": Command.BACK,
    "r": Command.REPEAT,
    "t": Command.TARE,
    "m": Command.MUTE,
    "y": Command.CONFIRM,
    "plus": Command.SCALE_UP,
    "minus": Command.SCALE_DOWN,
    _ACKNOWLEDGE_KEY: Command.ACKNOWLEDGE,
    "s": Command.STOP,
    "x": Command.UNWELL,
}
_TOLD_ELSEWHERE = frozenset({Command.CONFIRM})
"""Keys that the screen names where they are needed, and the foot of it does not."""
_SHOWN_KEYS = {Command.CONFIRM: "y", Command.SCALE_UP: "+", Command.SCALE_DOWN: "-"}


def _binding(key: str, command: Command) -> Binding:
    name = "next" if command is Command.SKIP else command.value
    return Binding(
        key,
        f"command('{command.value}')",
        text(f"live.keys.{name}"),
        tooltip=text(f"live.keys.{name}_tip"),
        key_display=_SHOWN_KEYS.get(command),
        show=command not in _TOLD_ELSEWHERE,
    )


class LiveScreen(Screen[None]):
    """Reads the session at its own frame rate; events bring what must not wait or be missed.

    Args:
        live: what may be looked at between events.
        command: where the person's commands go.
        glyphs: the signs to draw with.
        note: what else belongs on the first line.
        clock: seconds, for what lingers and rings; never compared with the tool's clock.
    """

    CSS_PATH = "live.tcss"
    rings = True  # False where somebody else makes warnings heard
    BINDINGS: ClassVar[list[BindingType]] = [
        *(_binding(key, sent) for key, sent in _KEYS.items()),
        Binding("enter", f"command('{Command.CONFIRM}')", show=False),
    ]

    def __init__(
        self,
        live: Live,
        command: Callable[[Command], None],
        *,
        glyphs: Glyphs,
        note: str,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._live = live
        self._command = command
        self._clock = clock
        self._cursor = 0
        self._device_s = 0.0
        self._finished = False
        self._has_touched = False
        self._asks = False
        self._alerts = Alerts()
        self._chime = Chime()
        self._link = LinkLine(glyphs, note, id="link")
        self._title = TitleLine(glyphs, id="title")
        self._strip = StepStrip(glyphs, id="strip")
        self._status = StatusLine(id="status")
        self._banner = AlertBanner(glyphs, _ACKNOWLEDGE_KEY, id="banner")
        self._card = StepCard(glyphs, id="card")
        self._gauge = Gauge(glyphs, id="gauge")
        self._stop = StopPanel(glyphs, _ACKNOWLEDGE_KEY, id="stop")
        self._trace = PressureTrace(glyphs, id="trace")
        self._summary = SummaryPanel(glyphs, id="summary")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._link
        yield self._title
        yield self._strip
        yield Container(self._status, self._banner, id="notices")
        yield Container(Container(self._card, self._gauge, id="guide"), self._stop, id="middle")
        yield self._trace
        yield self._summary
        yield KeyLine()

    def on_mount(self) -> None:
        """Show warnings that already stand, then follow the session."""
        view = self._live.view()
        for alert in view.alerts:
            self._begin_alert(alert)
        for seen in view.acknowledged:
            self._alerts.acknowledge(seen)
        self.set_interval(1 / FRAMES_PER_SECOND, self.tick)
        self.call_after_refresh(self.tick)

    def on_resize(self) -> None:
        """Fill the parts once they have their new sizes."""
        self.call_after_refresh(self.tick)

    def tick(self) -> None:
        """Show everything as it stands; parts that did not change do no work."""
        now, view, link = self._clock(), self._live.view(), self._live.link()
        points, self._cursor = self._live.trace.since(self._cursor)
        if points:
            self._device_s = points[-1].device_s
        self._asks = view.asks_oil
        self._link.show(link)
        self._title.show(view, muted=self._live.muted)
        self._strip.show(view)
        self._status.show(view, link, now)
        self._card.show(view, self._slip_note(view))
        self._gauge.show(view, link.state, now)
        self._trace.show_band(view.steps[view.index].band if view.index < len(view.steps) else None)
        self._trace.add(points)
        self._show_alert(view, now)

    def _slip_note(self, view: View) -> str:
        """Return what belongs on the skin first, until it is there or the tool is first on it."""
        begun = view.phase not in {Phase.WAITING, Phase.ASKING}
        if view.slip_confirmed and begun:
            return ""
        touches = view.level not in _NOT_TOUCHING or view.repetitions > 0 or view.index > 0
        self._has_touched = self._has_touched or (begun and touches)
        return "" if self._has_touched else view.slip_note

    def _show_alert(self, view: View, now: float) -> None:
        shown = self._alerts.foremost(now)
        middle = shown is not None and _takes_the_middle(shown)
        self.set_class(middle, "-stopped")
        if shown is not None and middle:
            self._stop.show(shown, view, self._device_s)
        self._banner.show(None if middle else shown, view, self._device_s)
        insist = shown is not None and shown.insists
        if self._chime.rings(now, insist=insist) and self.rings and not self._live.muted:
            self.app.bell()

    def on_view_changed(self, _message: ViewChanged) -> None:
        """Do not wait for the next frame: something changed."""
        self.tick()

    def on_event_arrived(self, message: EventArrived) -> None:
        """Take in an event that must be seen itself."""
        self._take(message.event)
        self.tick()

    def _take(self, event: Event) -> None:
        match event:
            case AlertRaised():
                self._begin_alert(event)
            case AlertCleared():
                self._alerts.end(event, self._clock())
                self.refresh_bindings()
            case AlertAcknowledged(alert=alert):
                self._alerts.acknowledge(alert)
                self.refresh_bindings()
            case SessionFinished(summary=summary):
                self._finished = True
                self.add_class("-finished")
                self._summary.show(summary)
                self.refresh_bindings()
            case _:
                if words := note_of(event):
                    urgent, at_once = is_trouble(event), isinstance(event, Cue)
                    self._status.note(words, self._clock(), urgent=urgent, at_once=at_once)

    def _begin_alert(self, event: AlertRaised) -> None:
        self._alerts.begin(event)
        self._chime.begin(event.level, self._clock())
        self.query(HelpPanel).remove()
        self.refresh_bindings()

    def say(self, words: str) -> None:
        """Show a passing line under the strip of steps, before anything else there."""
        self._status.note(words, self._clock(), urgent=True, at_once=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what has no effect now: "seen" without a warning; no "oil is on" unasked."""
        if action != "command":
            return True
        if self._finished:
            return None
        if parameters == (Command.ACKNOWLEDGE,):
            return self._alerts.any_unseen or None
        return self._asks or None if parameters == (Command.CONFIRM,) else True

    def action_command(self, name: str) -> None:
        """Send a command to the session."""
        self._command(Command(name))


def _takes_the_middle(shown: Shown) -> bool:
    """Say whether a warning is a stop that nobody has seen yet, standing or just over."""
    return shown.insists or (
        shown.cleared is not None and not shown.acknowledged and shown.raised.level.value == "stop"
    )
