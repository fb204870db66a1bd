"""The dashboard as an application: themes, the pump of events, keys that work everywhere."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.coaching.events import Command, Event, SessionFinished
from companion.live import Live
from companion.texts import text
from companion.tui.base import BaseApp
from companion.tui.messages import EventArrived, EventsEnded, ViewChanged
from companion.tui.screens.live import LiveScreen

_COLLAPSIBLE = frozenset({"level_changed", "repetition", "step_started", "battery"})
"""Events that change nothing but the view: a backlog of them needs one look at it."""


class CompanionApp(BaseApp):
    """One more subscriber of the service: shows its events and hands commands back.

    Args:
        live: what may be looked at between events.
        events: the subscription to the service's events.
        command: where the person's commands go.
        theme: ``dark`` or ``light``.
        note: what else belongs on the first line, e.g. that the radio is a virtual one.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        clock: seconds, for what lingers and rings; None for the running loop's clock.
        rings: ring the terminal's bell for warnings; False where somebody else makes them heard.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
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
        rings: bool = True,
    ) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only)
        self._live = live
        self._events = events
        self._command = command
        self._note = note
        self._seconds = clock
        self._rings = rings
        self._finished = False
        self._quitting = False

    def on_mount(self) -> None:
        """Open the Live screen and begin to read events."""
        clock = self._seconds or asyncio.get_running_loop().time
        self._live_screen = LiveScreen(
            self._live, self._command, glyphs=self._glyphs, note=self._note, clock=clock
        )
        self._live_screen.rings = self._rings
        self.add_mode("live", lambda: self._live_screen)
        self.switch_mode("live")
        if not self.is_headless:
            self.call_after_refresh(_spare_start_up_objects)
            self.heed_continue_after_a_stop_only()
        self.run_worker(self._pump(), name="events", exit_on_error=True)

    async def _pump(self) -> None:
        """Bring each event to the screen, in order."""
        async for event in self._events:
            if event.event in _COLLAPSIBLE:
                self._live_screen.post_message(ViewChanged())
                continue
            self._finished = self._finished or isinstance(event, SessionFinished)
            if self._finished and self._quitting:
                self.exit()
                return
            self._live_screen.post_message(EventArrived(event))
        self.post_message(EventsEnded())

    def on_events_ended(self, _message: EventsEnded) -> None:
        """Leave, unless there is a summary to be read."""
        if not self._finished:
            self.exit()

    async def action_quit(self) -> None:
        """End a running session and leave when it has ended; at once when asked twice."""
        if self._finished or self._quitting:
            self.exit()
            return
        self._quitting = True
        self._live_screen.say(text("live.status.quitting"))
        self._command(Command.QUIT)

    def leave(self) -> None:
        """Leave as soon as the session has ended, which is the caller's to bring about."""
        self._quitting = True
        if self._finished:
            self.exit()


def _spare_start_up_objects() -> None:
    """Keep what start-up made out of later garbage collections.

    A full collection over some hundred thousand long-lived objects takes about 30 ms, which is
    a frame lost while somebody presses too hard.
    """
    gc.collect()
    gc.freeze()
