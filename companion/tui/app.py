"""The dashboard of a session: the pump of events, and keys that work everywhere in it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.coaching.events import AlertRaised, Command, Event, SessionFinished
from companion.coaching.routine import Zone
from companion.live import Live
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.framed import FramedApp
from companion.tui.library import Library
from companion.tui.messages import EventArrived, EventsEnded, ViewChanged
from companion.tui.modes import Stock
from companion.tui.screens.live import LiveScreen
from companion.tui.screens.session import SessionScreen
from companion.tui.setup import News, Setup
from companion.tui.watch import Watch
from companion.tui.workshop import Workshop

_COLLAPSIBLE = frozenset({"level_changed", "repetition", "step_started", "battery"})
"""Events that change nothing but the view: a backlog of them needs one look at it."""

_GRAVE = frozenset({Level.CAUTION, Level.STOP})
"""Warnings that do not wait until somebody comes back from another screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the screens of a session know besides it.

    Attributes:
        library: what is kept on this computer, to look at; None for nothing.
        off: zones that are to be left alone for this person today.
        still: nothing slides or fades.
        rings: ring the terminal's bell for warnings; False where somebody else makes them heard.
        workshop: the known tools, to look at; None for nothing.
        setup: what can be arranged; None for nothing.
    """

    library: Library | None = None
    off: frozenset[Zone] = frozenset()
    still: bool = False
    rings: bool = True
    workshop: Workshop | None = None
    setup: Setup | None = None


class CompanionApp(FramedApp):
    """One more subscriber of the service: shows its events and hands commands back.

    Args:
        live: what may be looked at between events.
        events: the subscription to the service's events.
        command: where the person's commands go.
        theme: ``dark``, ``light`` or ``contrast``.
        note: what else belongs on the first line, e.g. that the radio is a virtual one.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        clock: seconds, for what lingers and rings; None for the running loop's clock.
        beside: what the screens know besides the session.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", f"send('{Command.STOP}')", show=False),
        Binding("x", f"send('{Command.UNWELL}')", show=False),
        Binding("q", "quit", text("live.keys.quit"), tooltip=text("live.keys.quit_tip")),
    ]

    def __init__(
        self,
        live: Live,
        events: AsyncIterator[Event],
        command: Callable[[Command], None],
        *,
        theme: str,
        note: str = "",
        ascii_only: bool | None = None,
        clock: Callable[[], float] | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._beside = beside or Beside()
        super().__init__(theme=theme, ascii_only=ascii_only, still=self._beside.still)
        self._events = events
        self._command = command
        self._watch = Watch(
            live,
            command,
            clock or _loop_time,
            note=note,
            off=self._beside.off,
            rings=self._beside.rings,
        )
        self._quitting = False

    def on_mount(self) -> None:
        """Open the screens and begin to read events."""
        self._watch.begin()
        beside = self._beside
        stock = Stock(
            self._glyphs,
            self._watch,
            beside.library,
            workshop=beside.workshop,
            setup=beside.setup,
        )
        self.open_modes(stock)
        if not self.is_headless:
            self.call_after_refresh(_spare_start_up_objects)
            self.heed_continue_after_a_stop_only()
        self.run_worker(self._pump(), name="events", exit_on_error=True)

    async def _pump(self) -> None:
        """Bring each event to the screens, in order."""
        async for event in self._events:
            if event.event in _COLLAPSIBLE:
                self._tell(None)
                continue
            self._watch.take(event)
            if self._watch.is_over and self._quitting:
                self.exit()
                return
            self._make_way_for(event)
            self._tell(event)
        self.post_message(EventsEnded())

    def _tell(self, event: Event | None) -> None:
        """Send an event to the screens of the session that were opened; None: look at the view."""
        for screen in self.opened.values():
            is_awake = isinstance(screen, LiveScreen) or screen.is_running
            if isinstance(screen, SessionScreen) and is_awake:
                screen.post_message(ViewChanged() if event is None else EventArrived(event))

    def _make_way_for(self, event: Event) -> None:
        """Clear the sight for a grave warning; a result takes the place of what was guided by."""
        if isinstance(event, AlertRaised):
            self.make_way(leave=event.level in _GRAVE)
        elif isinstance(event, SessionFinished) and isinstance(self.screen, SessionScreen):
            self.show_mode("live")

    def on_events_ended(self, _message: EventsEnded) -> None:
        """Leave, unless there is a summary to be read."""
        if not self._watch.is_over:
            self.exit()

    def action_send(self, command: str) -> None:
        """Send a command from a screen that is not about the session."""
        if not self._watch.is_over:
            self._command(Command(command))

    async def action_quit(self) -> None:
        """End a running session and leave when it has ended; at once when asked twice."""
        if self._watch.is_over or self._quitting:
            self.exit()
            return
        self._quitting = True
        live = self.opened["live"]
        if isinstance(live, LiveScreen):
            live.say(text("live.status.quitting"))
        self._command(Command.QUIT)

    async def tell(self, news: News) -> None:
        """Show a line on the screens that have one for it, that of the session among them."""
        await super().tell(news)
        live = self.opened["live"]
        if isinstance(live, LiveScreen):
            live.say(news.words)

    def leave(self) -> None:
        """Leave as soon as the session has ended, which is the caller's to bring about."""
        self._quitting = True
        if self._watch.is_over:
            self.exit()


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _spare_start_up_objects() -> None:
    """Keep what start-up made out of later garbage collections.

    A full collection over some hundred thousand long-lived objects takes about 30 ms, which is
    a frame lost while somebody presses too hard.
    """
    gc.collect()
    gc.freeze()
