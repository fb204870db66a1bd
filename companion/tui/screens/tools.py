"""The Tools screen: the known tools, those in reach, and what can be done with one."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from companion.errors import CompanionError
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.screens.browsing import ListedScreen
from companion.tui.watch import Watch
from companion.tui.widgets.gauge import Gauge
from companion.tui.widgets.link_line import LinkLine
from companion.tui.widgets.readout import Readout
from companion.tui.widgets.talk_panel import FEELS_PER_SECOND, TalkPanel
from companion.tui.widgets.tool_rows import (
    heard_heads,
    heard_row,
    known_heads,
    known_row,
    tool_lines,
)
from companion.tui.workshop import Nearby, ToolLook, Workshop

if TYPE_CHECKING:
    from textual.worker import Worker

LOOKS_PER_SECOND: Final = 2
"""How often the tools in reach, or the session's link, are looked at."""

_FEWEST_ROWS: Final = 3
"""The list has no fewer rows, so that what is below it stands still for the first tools."""

_ACTS: Final = frozenset({"pair", "identify", "calibrate", "rename", "forget"})
_OF_ONE: Final = _ACTS - {"pair"}


def _binding(key: str, action: str, shown: str | None = None) -> Binding:
    return Binding(
        key,
        action,
        text(f"tools_screen.keys.{action}"),
        key_display=shown,
        tooltip=text(f"tools_screen.keys.{action}_tip"),
    )


class _Person:
    """The person at the screen, as the workshop talks with them.

    Args:
        talk: where they are told and asked, and see what the tool feels.
        pick: where they pick a tool.
    """

    def __init__(
        self, talk: TalkPanel, pick: Callable[[Callable[[], Sequence[Nearby]]], Awaitable[str]]
    ) -> None:
        self.say = talk.say
        self.ask = talk.ask
        self.agrees = talk.agrees
        self.feel = talk.feel
        self._pick = pick

    async def pick(self, heard: Callable[[], Sequence[Nearby]]) -> str:
        """Let them pick one of the tools that are heard."""
        return await self._pick(heard)


class _SessionLine(LinkLine):
    """The running session's link, laid out anew where its width changes.

    Args:
        watch: the session.
        glyphs: the signs to draw with.
    """

    def __init__(self, watch: Watch, glyphs: Glyphs) -> None:
        super().__init__(glyphs, watch.note, id="link")
        self._watch = watch

    def look(self) -> None:
        """Show the link as it stands."""
        self.show(self._watch.live.link())

    def on_resize(self) -> None:
        """Fill the new width."""
        self.look()


class ToolsScreen(ListedScreen):
    """Lists tools; a visit to one is a talk, which ends when the screen is left.

    Args:
        workshop: the tools.
        glyphs: the signs to draw with.
        watch: the running session, which owns its tool; None for none.
    """

    CSS_PATH = "tools.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("enter", "read", "enter"),
        _binding("p", "pair"),
        _binding("i", "identify"),
        _binding("a", "calibrate"),
        _binding("n", "rename"),
        _binding("delete,backspace", "forget", "del"),
        _binding("escape", "back", "esc"),
    ]

    def __init__(self, workshop: Workshop, glyphs: Glyphs, watch: Watch | None = None) -> None:
        super().__init__(glyphs)
        self._workshop = workshop
        self._watch = watch
        self._looks: Sequence[ToolLook] = ()
        self._read: ToolLook | None = None
        self._rows: list[Callable[[int], Content]] = []
        self._heard: dict[str, Nearby] = {}
        self._picked: asyncio.Future[str] | None = None
        self._visit: Worker[None] | None = None
        self._columns = Readout(id="columns")
        self._talk = TalkPanel(glyphs, id="talk")
        self._person = _Person(self._talk, self._pick_one)
        self._is_told = False
        self._title = ""
        self._link = None if watch is None else _SessionLine(watch, glyphs)
        self._gauge = None if watch is None else Gauge(glyphs, id="gauge")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self.head
        if self._link is not None:
            yield self._link
        if self._gauge is not None:
            yield self._gauge
        yield self._columns
        yield Container(self.list, self.page, id="both")
        yield self._talk
        yield self.keys

    def on_mount(self) -> None:
        """Follow the session, if there is one."""
        if self._watch is not None:
            self.set_interval(1 / LOOKS_PER_SECOND, self._follow)
            self.set_interval(1 / FEELS_PER_SECOND, self._feel)

    def on_screen_resume(self) -> None:
        """Look which are known: a command in another terminal may have changed it."""
        if self._visit is None:
            self._is_told = False
            self._open()
            self.call_after_refresh(self._follow)
            self.call_after_refresh(self._feel)

    def on_screen_suspend(self) -> None:
        """End what goes on with a tool when another screen is shown, but not under a palette."""
        if self not in self.app.screen_stack and self._visit is not None:
            self._visit.cancel()

    def _open(self) -> None:
        self.list.focus()
        self.fetch(self._look())

    async def _look(self) -> None:
        self._looks = await self._workshop.tools()
        if self._visit is None and not self._is_told:
            self._tell_count()
        self._fill()

    def _tell_count(self) -> None:
        if self._watch is not None:
            self.say(text("tools_screen.session"))
        elif self._looks:
            self.say(text("tools_screen.title", count=len(self._looks)))
        else:
            self.say(text("tools_screen.none"))

    def _fill(self) -> None:
        is_hearing = self._picked is not None
        heads = heard_heads if is_hearing else known_heads
        self._columns.say(is_hearing, lambda: heads(self._columns.size.width))
        self.set_class(not self._looks and not is_hearing, "-empty")
        had_rows = bool(self._rows)
        self._rows = self._heard_rows() if is_hearing else self._known_rows()
        self.list.styles.max_height = max(_FEWEST_ROWS, len(self._rows))
        self.list.fill(len(self._rows))
        if bool(self._rows) != had_rows:
            self.refresh_bindings()

    def _heard_rows(self) -> list[Callable[[int], Content]]:
        return [partial(heard_row, tool) for tool in self._heard.values()]

    def _known_rows(self) -> list[Callable[[int], Content]]:
        link = None if self._watch is None else self._watch.live.link()
        return [partial(known_row, look, link) for look in self._looks]

    def row(self, place: int) -> Content:
        """Return a tool's row, in the width that the list has now."""
        return self._rows[place](self.list.size.width)

    def on_long_list_moved(self) -> None:
        """Show the tool that is pointed at."""
        look = self._pointed
        if self._picked is None and look != self._read:
            self._read = look
            self.page.tell([] if look is None else tool_lines(look, self.glyphs))

    @property
    def _pointed(self) -> ToolLook | None:
        return self._looks[self.list.place] if self.list.place < len(self._looks) else None

    def _follow(self) -> None:
        """Show the session's link as it stands."""
        if self._link is not None and self in self.app.screen_stack:
            self._link.look()
            self._fill()

    def _feel(self) -> None:
        """Show what the session's tool feels as it stands."""
        is_seen = self in self.app.screen_stack
        if self._watch is not None and self._gauge is not None and is_seen:
            live = self._watch.live
            self._gauge.show(live.view(), live.link().state, asyncio.get_running_loop().time())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now; during a session nothing, and one thing at a time."""
        if action in _ACTS:
            has_one = action not in _OF_ONE or bool(self._looks)
            return self._watch is None and self._visit is None and has_one
        if action == "back" and self._visit is not None:
            return True
        if action == "read":
            is_listed = self._visit is None or self._picked is not None
            return bool(self._rows) and is_listed and not self.has_class("-reading")
        return super().check_action(action, parameters)

    def action_pair(self) -> None:
        """Listen for tools, and pair with the one that is picked."""
        self._begin(text("tools_screen.pairing"), self._paired)

    async def _paired(self) -> str:
        """Pair, and say what came of it and what to do next."""
        return " ".join((await self._workshop.pair(self._person), text("tools_screen.next")))

    def action_identify(self) -> None:
        """Let the tool that is pointed at show itself."""
        self._begin_with("identify", lambda key: self._workshop.identify(key, self._person))

    def action_calibrate(self) -> None:
        """Calibrate the tool that is pointed at."""
        self._begin_with("calibrate", lambda key: self._workshop.calibrate(key, self._person))

    def action_rename(self) -> None:
        """Give the tool that is pointed at another name."""
        self._begin_with("rename", lambda key: self._workshop.rename(key, self._person))

    def action_forget(self) -> None:
        """Forget the tool that is pointed at, after a question."""
        self._begin_with("forget", lambda key: self._workshop.forget(key, self._person))

    def action_read(self) -> None:
        """Pair with the tool that is pointed at, or show what is known of it."""
        if self._picked is None:
            super().action_read()
        elif not self._picked.done():
            self._picked.set_result(list(self._heard)[self.list.place])

    def action_back(self) -> None:
        """End what goes on with a tool, or go back to the list."""
        if self._visit is None:
            super().action_back()
        else:
            self._visit.cancel()

    def _begin_with(self, action: str, work: Callable[[str], Coroutine[None, None, str]]) -> None:
        look = self._pointed
        if look is not None:
            what = text(f"tools_screen.keys.{action}")
            title = text("tools_screen.visit", name=look.name, what=what)
            self._begin(title, lambda: work(look.key))

    def _begin(self, title: str, work: Callable[[], Coroutine[None, None, str]]) -> None:
        self._is_told = False
        self._title = title
        self._visit = self.run_worker(self._visited(work()), group="visit")
        self.refresh_bindings()

    async def _visited(self, work: Coroutine[None, None, str]) -> None:
        """Do one thing with a tool, in a talk; say what came of it."""
        self._show_talk(is_shown=True)
        try:
            self._close(await work)
        except CompanionError as error:
            self._close(str(error), is_trouble=True)
        except asyncio.CancelledError:
            self._close(text("tools_screen.given_up"))
            raise

    def _close(self, words: str, *, is_trouble: bool = False) -> None:
        """End the talk, as long as there is a screen to show it on."""
        self._visit = None
        if self.is_attached and self.app.is_running:
            self._show_talk(is_shown=False)
            self._is_told = True
            self.say(words, is_trouble=is_trouble)
            self._fill()
            self.refresh_bindings()
            self._open()

    def _show_talk(self, *, is_shown: bool) -> None:
        self.set_class(is_shown, "-talking")
        if is_shown:
            self.say(self._title)
            self._talk.begin()

    async def _pick_one(self, heard: Callable[[], Sequence[Nearby]]) -> str:
        """Show the tools that are heard until one is picked; each keeps its place."""
        self._heard.clear()
        self._picked = asyncio.get_running_loop().create_future()
        self._show_talk(is_shown=False)
        self._read = None
        self.page.tell([Content(text("tools_screen.listen_how"))])
        self.list.focus()
        self._hear(heard)
        self.list.move(-self.list.place)
        self.refresh_bindings()
        looking = self.set_interval(1 / LOOKS_PER_SECOND, lambda: self._hear(heard))
        try:
            return await self._picked
        finally:
            looking.stop()
            self._picked = None
            self.page.tell([])
            self._fill()
            self._show_talk(is_shown=True)
            self.refresh_bindings()

    def _hear(self, heard: Callable[[], Sequence[Nearby]]) -> None:
        self._heard.update({tool.key: tool for tool in heard()})
        self.say(text("tools_screen.listening", count=len(self._heard)))
        self._fill()
