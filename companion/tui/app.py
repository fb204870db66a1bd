"""The dashboard as an application: themes, the pump of events, keys that work everywhere."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from typing import ClassVar

from rich.console import RenderableType
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from companion.coaching.events import Command, Event, SessionFinished
from companion.errors import CompanionError
from companion.live import Live
from companion.texts import text
from companion.tui.ascii_only import AsciiOnly
from companion.tui.glyphs import glyphs_for
from companion.tui.messages import EventArrived, EventsEnded, ViewChanged
from companion.tui.screens.live import LiveScreen
from companion.tui.themes import DARK, LIGHT, THEMES
from companion.tui.widgets.help_panel import HelpPanel

_COLLAPSIBLE = frozenset({"level_changed", "repetition", "step_started", "battery"})
"""Events that change nothing but the view: a backlog of them needs one look at it."""


class TerminalFailed(CompanionError):
    """The terminal could not be read any more."""


class CompanionApp(App[None]):
    """One more subscriber of the service: shows its events and hands commands back.

    Args:
        live: what may be looked at between events.
        events: the subscription to the service's events.
        command: where the person's commands go.
        theme: ``dark`` or ``light``.
        note: what else belongs on the first line, e.g. that the radio is a virtual one.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        clock: seconds, for what lingers and rings; None for the running loop's clock.
    """

    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False  # it would lie over a warning, and offer what is not ours
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (50, "-narrow"), (72, "-medium"), (100, "-wide")]  # noqa: RUF012 - typed by textual
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-low"), (19, "-short"), (30, "-tall")]  # noqa: RUF012 - typed by textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "d",
            "toggle_theme",
            text("live.keys.theme"),
            show=False,
            tooltip=text("live.keys.theme_tip"),
        ),
        Binding(
            "question_mark",
            "toggle_help",
            text("live.keys.help"),
            key_display="?",
            tooltip=text("live.keys.help_tip"),
        ),
        Binding("q", "quit", text("live.keys.quit"), tooltip=text("live.keys.quit_tip")),
        Binding(
            "ctrl+c,ctrl+q", "quit", text("live.keys.quit"), show=False, system=True, priority=True
        ),
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
    ) -> None:
        super().__init__()
        for known in (DARK, LIGHT):
            self.register_theme(known)
        self.theme = THEMES.get(theme, DARK).name
        self._live = live
        self._events = events
        self._command = command
        self._note = note
        self._glyphs = glyphs_for(ascii_only=ascii_only)
        self._ascii = AsciiOnly()
        self._seconds = clock
        self._finished = False
        self._quitting = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the level colours for themes that are not ours."""
        return DARK.variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return textual's filters, and one that keeps to ASCII where that is asked for."""
        filters = super().get_line_filters()
        return filters if self._glyphs.unicode else [*filters, self._ascii]

    def on_mount(self) -> None:
        """Open the Live screen and begin to read events."""
        clock = self._seconds or asyncio.get_running_loop().time
        self._live_screen = LiveScreen(
            self._live, self._command, glyphs=self._glyphs, note=self._note, clock=clock
        )
        self.add_mode("live", lambda: self._live_screen)
        self.switch_mode("live")
        if not self.is_headless:
            self.call_after_refresh(_spare_start_up_objects)
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

    @property
    def crash(self) -> Exception | None:
        """What ended the screen by accident, for whoever runs it to raise; None for nothing."""
        error = self._exception
        inner = error.error if isinstance(error, WorkerFailed) else error
        return inner if inner is None or isinstance(inner, Exception) else error

    def panic(self, *_renderables: RenderableType) -> None:
        """Leave the screen; what textual would draw there is for ``crash`` and the log.

        Textual itself calls this where an error draws itself, and where the terminal cannot be
        read any more.
        """
        self._exception = self._exception or TerminalFailed("live.status.terminal_failed")
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self.panic()

    def action_toggle_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def action_toggle_help(self) -> None:
        """Show or hide the list of keys, made from the bindings."""
        if shown := self.screen.query(HelpPanel):
            shown.remove()
        else:
            self.screen.mount(HelpPanel())


def _spare_start_up_objects() -> None:
    """Keep what start-up made out of later garbage collections.

    A full collection over some hundred thousand long-lived objects takes about 30 ms, which is
    a frame lost while somebody presses too hard.
    """
    gc.collect()
    gc.freeze()
