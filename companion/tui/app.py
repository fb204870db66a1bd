"""The dashboard of a session, or of several tools: the pump of events, and keys for everywhere."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.coaching.events import AlertRaised, Command, Event, SessionFinished
from companion.coaching.routine import Zone
from companion.live import Live
from companion.texts import text
from companion.tui.framed import FramedApp
from companion.tui.library import Library
from companion.tui.messages import EventArrived, EventsEnded, ViewChanged
from companion.tui.modes import MODES, Stock
from companion.tui.screens.beside import BesideScreen
from companion.tui.screens.live import LiveScreen
from companion.tui.screens.session import SessionScreen
from companion.tui.setup import News, Setup
from companion.tui.several import GRAVE, Several, ToolSession
from companion.tui.watch import Watch
from companion.tui.workshop import Workshop

_COLLAPSIBLE = frozenset({"level_changed", "repetition", "step_started", "battery"})
"""Events that change nothing but the view: a backlog of them needs one look at it."""

_MOST_TOOLS = 9
"""As many as there are keys for."""


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
        name: what the session's tool is called among several.
        person: for whom it is, where several tools are for several persons.
        more: the sessions of further tools.
        painted: set once there is a first picture, for who waits with heavy work until then.
    """

    library: Library | None = None
    off: frozenset[Zone] = frozenset()
    still: bool = False
    rings: bool = True
    workshop: Workshop | None = None
    setup: Setup | None = None
    name: str = ""
    person: str = ""
    more: tuple[ToolSession, ...] = ()
    painted: asyncio.Event | None = None


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
        *(
            Binding(
                key,
                f"send('{command}')",
                text(f"live.keys.{command}"),
                tooltip=text(f"live.keys.{command}_tip"),
            )
            for key, command in (("s", Command.STOP), ("x", Command.UNWELL))
        ),
        Binding("q", "quit", text("live.keys.quit"), tooltip=text("live.keys.quit_tip")),
        Binding(
            "tab",
            "other_tool(1)",
            text("several.keys.other"),
            show=False,
            tooltip=text("several.keys.other_tip"),
            priority=True,
        ),
        Binding("shift+tab", "other_tool(-1)", show=False, priority=True),
        *(
            Binding(
                str(number),
                f"show_tool({number})",
                text("several.keys.tool"),
                show=False,
                tooltip=text("several.keys.tool_tip", number=number),
            )
            for number in range(1, _MOST_TOOLS + 1)
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
        beside: Beside | None = None,
    ) -> None:
        self._beside = one = beside or Beside()
        super().__init__(theme=theme, ascii_only=ascii_only, still=one.still)
        first = ToolSession(
            live=live,
            events=events,
            command=command,
            name=one.name,
            person=one.person,
            off=one.off,
        )
        sessions = (first, *one.more)
        self._streams = [session.events for session in sessions]
        self._tools = Several(sessions, clock or _loop_time, note=note, rings=one.rings)
        self._quitting = False

    def on_mount(self) -> None:
        """Open the screens and begin to read events."""
        first, *more = self._tools.watches
        for watch in self._tools.watches:
            watch.begin()
        several, beside = self._tools if more else None, self._beside
        stock = Stock(
            self._glyphs,
            first,
            beside.library,
            workshop=beside.workshop,
            setup=beside.setup,
            several=several,
        )
        self.open_modes(stock)
        for watch in more:
            self._open_more(Stock(self._glyphs, watch, several=several))
        if not self.is_headless:
            self.call_after_refresh(self._have_painted)
            self.heed_continue_after_a_stop_only()
        for watch, events in zip(self._tools.watches, self._streams, strict=True):
            self.run_worker(self._pump(watch, events), name="events", exit_on_error=True)

    def _have_painted(self) -> None:
        _spare_start_up_objects()
        if self._beside.painted is not None:
            self._beside.painted.set()

    def _open_more(self, stock: Stock) -> None:
        """Offer the screens of a further tool."""
        for mode in MODES:
            screen = mode.make(stock) if mode.guides else None
            if stock.watch is not None and screen is not None and mode.is_of_one:
                self.offer(mode, screen, f"{mode.name}:{stock.watch.number}")

    def named(self, mode: str) -> str:
        """Return the name under which the shown tool's screen of a mode is offered."""
        own = f"{mode}:{self._tools.shown.number}"
        return own if own in self.opened else mode

    async def _pump(self, watch: Watch, events: AsyncIterator[Event]) -> None:
        """Bring each event of a session to the screens, in order."""
        async for event in events:
            if event.event in _COLLAPSIBLE:
                self._tell(watch, None)
                continue
            watch.take(event)
            if self._tools.are_done and self._quitting:
                self.exit()
                return
            self._make_way_for(watch, event)
            self._tell(watch, event)
        watch.has_ended = True
        self.post_message(EventsEnded())

    def _tell(self, watch: Watch, event: Event | None) -> None:
        """Send an event to the screens of its session that were opened; None: look at the view."""
        for screen in self.opened.values():
            if not isinstance(screen, SessionScreen) or not self._is_awake(screen):
                continue
            if isinstance(screen, BesideScreen) or screen.session is watch:
                screen.post_message(ViewChanged() if event is None else EventArrived(event))

    def _is_awake(self, screen: SessionScreen) -> bool:
        """Say whether a screen takes messages; the first one will before long."""
        return screen.is_running or screen is self.opened["live"]

    def _make_way_for(self, watch: Watch, event: Event) -> None:
        """Clear the sight for a grave warning; a result takes the place of what was guided by.

        A tool that is not shown takes no screen from another: its line and its sound tell of it.
        """
        is_shown = watch is self._tools.shown
        if isinstance(event, AlertRaised):
            is_grave = event.level in GRAVE
            if is_grave and not self.present_mode.guides:
                self._tools.place = watch.number - 1
            if is_shown or is_grave:
                self.make_way(leave=is_grave)
        elif isinstance(event, SessionFinished):
            if is_shown and self._shows_one:
                self.show_mode("live")
            self.screen.refresh_bindings()

    @property
    def _shows_one(self) -> bool:
        """Whether the shown session has the screen for itself, with nothing over it."""
        return isinstance(self.screen, SessionScreen) and self.present_mode.is_of_one

    def on_events_ended(self, _message: EventsEnded) -> None:
        """Leave, unless a session goes on or there is a summary to be read."""
        if self._tools.are_done and (self._quitting or not self._tools.has_result):
            self.exit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the keys of tools that there are not, and all of them off their screens.

        Once every session is over nothing can be stopped.
        """
        if action == "send":
            return not self._tools.are_done
        if action in {"show_tool", "other_tool"}:
            number = parameters[0] if action == "show_tool" else 1
            is_there = len(self._tools) > 1 and number in range(1, len(self._tools) + 1)
            return is_there and isinstance(self.screen, SessionScreen)
        return super().check_action(action, parameters)

    def action_show_tool(self, number: int) -> None:
        """Show a tool, on the same screen as the one before."""
        self._tools.place = number - 1
        self.show_mode(self.present_mode.name)
        if isinstance(self.screen, SessionScreen):
            self.screen.tick()
            self.screen.refresh_bindings()

    def action_other_tool(self, step: int) -> None:
        """Show the next tool, or the one before."""
        self.action_show_tool((self._tools.place + step) % len(self._tools) + 1)

    def action_send(self, command: str) -> None:
        """Send a command from a screen that is not about a session: a stop is for all of them."""
        wanted, shown = Command(command), self._tools.shown
        if wanted is Command.STOP:
            self._tools.end_all(wanted)
        elif not shown.is_over:
            shown.command(wanted)

    async def action_quit(self) -> None:
        """End what runs and leave when it has ended; at once when asked twice."""
        if self._tools.are_done or self._quitting:
            self.exit()
            return
        self._quitting = True
        self.say(text("live.status.quitting"))
        self._tools.end_all(Command.QUIT)

    def say(self, words: str) -> None:
        """Show a passing line on the Live screen of the shown tool."""
        live = self.opened[self.named("live")]
        if isinstance(live, LiveScreen) and self._is_awake(live):
            live.say(words)

    async def tell(self, news: News) -> None:
        """Show a line on the screens that have one for it, that of the session among them."""
        await super().tell(news)
        self.say(news.words)

    def leave(self) -> None:
        """Leave as soon as what runs has ended, which is the caller's to bring about."""
        self._quitting = True
        if self._tools.are_done:
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
