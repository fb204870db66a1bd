"""The Set-up screen: what is to be known of the person, and how the companion shall be."""

from collections.abc import Coroutine, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from companion.errors import CompanionError
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.setup import NO, YES, Entry, News, Section, Setup
from companion.tui.themes import THEMES
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.long_list import LongList
from companion.tui.widgets.page import Page
from companion.tui.widgets.section_strip import SectionStrip
from companion.tui.widgets.typed_line import TypedLine

_NEXT = "next"
_DEEDS = "deeds"
_THEME = "theme"
_VALUE_CELLS = 22
_NARROWEST_WORDS = 12
_WIDEST_WORDS = 76


def _binding(key: str, action: str, words: str, *, shown: str = "", foot: bool = True) -> Binding:
    return Binding(
        key,
        action,
        text(f"setup.keys.{words}"),
        key_display=shown or None,
        show=foot,
        tooltip=text(f"setup.keys.{words}_tip"),
    )


class SetupScreen(Screen[None]):
    """Sections of entries; what is pointed at is explained below them, and so is what is typed.

    Args:
        setup: who arranges it.
        glyphs: the signs to draw with.
        is_free: no session runs, so that letters may be typed: `s` and `x` must stay keys in one.
    """

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("enter", "choose", "choose", shown="enter"),
        _binding("space,right", "turn(1)", "turn", shown="space"),
        Binding("left", "turn(-1)", show=False),
        _binding("y", "answer(True)", "yes"),
        _binding("n", "answer(False)", "no"),
        _binding("tab", "section(1)", "section"),
        Binding("shift+tab", "section(-1)", show=False),
        _binding("escape", "give_up", "give_up", shown="esc"),
    ]

    def __init__(self, setup: Setup, glyphs: Glyphs, *, is_free: bool) -> None:
        super().__init__()
        self._setup = setup
        self._is_free = is_free
        self._sections: Sequence[Section] = ()
        self._place = 0
        self._said: list[Content] = []
        self._is_refused = False
        self._strip = SectionStrip(glyphs, id="sections")
        self._trouble = Static(id="trouble")
        self._list = LongList(self._row, glyphs, id="list")
        self._about = Page(id="about")
        self._line = TypedLine(id="line")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._strip
        yield self._trouble
        yield self._list
        yield self._line
        yield self._about
        yield KeyLine()

    async def on_screen_resume(self) -> None:
        """Look anew: a command in another terminal may have changed something."""
        await self._guarded(self._look())

    def on_screen_suspend(self) -> None:
        """Leave off what is being tried."""
        self.workers.cancel_group(self, _DEEDS)

    def on_resize(self) -> None:
        """Lay the strip out anew."""
        self.call_after_refresh(self._strip_anew)

    def _strip_anew(self) -> None:
        self._strip.show(self._sections, self._place)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        """Do work; what cannot be done is said."""
        try:
            await work
        except CompanionError as error:
            self._tell(str(error), is_trouble=True, more=True)

    async def _look(self) -> None:
        self._sections = await self._setup.sections()
        trouble = self._setup.trouble
        self.set_class(bool(trouble), "-faulty")
        self._trouble.update(Content("\n".join(trouble)))
        self._strip_anew()
        self._fill()
        self.refresh_bindings()

    def _fill(self) -> None:
        """Show the present section's entries, with what explains them right below."""
        self._list.styles.max_height = max(1, len(self._entries))
        self._list.fill(len(self._entries))

    @property
    def _entries(self) -> tuple[Entry, ...]:
        """What the present section has, and the way to the next one."""
        if not self._sections:
            return ()
        following = self._sections[(self._place + 1) % len(self._sections)]
        words = text("setup.next", title=following.title)
        way = Entry(key=_NEXT, words=words, is_deed=True)
        return (*self._sections[self._place].entries, way)

    @property
    def _entry(self) -> Entry | None:
        entries = self._entries
        return entries[min(self._list.place, len(entries) - 1)] if entries else None

    def _row(self, place: int) -> Content:
        entry, width = self._entries[place], self._list.size.width
        if entry.is_deed:
            return Content.styled(f"  {entry.words}", "bold $primary")
        room = max(_NARROWEST_WORDS, min(_WIDEST_WORDS, width - _VALUE_CELLS))
        words = f"{'    ' if entry.is_part else '  '}{entry.words}"
        name = Content(words).truncate(room - 1, ellipsis=True, pad=True)
        style = "$quiet" if entry.held else "bold"
        value = text("setup.open") if entry.is_open else entry.shown or text("setup.nothing")
        return Content.assemble(name, " ", (value, style))

    @on(LongList.Moved)
    def _explain(self) -> None:
        """Show what is pointed at."""
        entry = self._entry
        if entry is None or self._line.is_open:
            return
        lines = [Content.styled(entry.words, "bold")]
        if len(entry.options) > 1 and not entry.is_question:
            lines.append(_options(entry))
        held = "bold $warning" if self._is_refused else ""
        self._is_refused = False
        said = ((entry.about, ""), (self._held(entry), held))
        lines += [Content.styled(line, style) for line, style in said if line]
        notes = self._sections[self._place].notes
        quiet = [Content.styled(note, "$quiet") for note in notes]
        self._about.tell([*self._said, *lines, *quiet])
        self.refresh_bindings()

    def _held(self, entry: Entry) -> str:
        if entry.held:
            return entry.held
        return "" if self._is_free or not entry.is_typed else text("setup.no_typing")

    def _tell(self, words: str, *, is_trouble: bool = False, more: bool = False) -> None:
        """Say something above the explanation, until something else is done.

        Args:
            words: what.
            is_trouble: it could not be done.
            more: it goes on with what was said before.
        """
        said = Content.styled(words, "bold $warning" if is_trouble else "bold $success")
        self._said = [*self._said, said] if more else [said]
        self._explain()

    async def heed(self, news: News) -> None:
        """Take in what became of the settings file."""
        self._tell(news.words, is_trouble=news.is_trouble)
        await self._guarded(self._look())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with what is pointed at."""
        entry = self._entry
        match action:
            case "give_up":
                return self._line.is_open
            case "answer":
                return entry is not None and entry.is_yes_or_no and not self._line.is_open
            case "turn":
                return bool(entry is not None and entry.options) and not self._line.is_open
            case "choose":
                return not self._line.is_open
            case _:
                return super().check_action(action, parameters)

    def action_section(self, step: int) -> None:
        """Go to another section, and there to the first question that is open."""
        if not self._sections:
            return
        self._put_away()
        self._said = []
        self._place = (self._place + step) % len(self._sections)
        self._strip_anew()
        opened = (number for number, entry in enumerate(self._entries) if entry.is_open)
        self._list.place = next(opened, 0)
        self._fill()

    async def action_choose(self) -> None:
        """Do it, type it, or take the next value."""
        entry = self._entry
        if entry is None or self._is_held(entry):
            return
        if entry.key == _NEXT:
            self.action_section(1)
        elif entry.is_deed:
            self._said = []
            deed = self._guarded(self._do(entry.key))
            self.run_worker(deed, group=_DEEDS, exclusive=True)
        elif entry.is_typed and self._is_free:
            self._line.ask(entry.words, entry.value)
            self.refresh_bindings()
        else:
            await self.action_turn(1)

    def _is_held(self, entry: Entry) -> bool:
        if entry.held:
            self._is_refused = True
            self._said = []
            self._explain()
        return bool(entry.held)

    async def action_turn(self, step: int) -> None:
        """Take the next value, or the one before."""
        entry = self._entry
        if entry is None or not entry.options or self._is_held(entry):
            return
        values = [option.value for option in entry.options]
        if entry.value in values:
            place = (values.index(entry.value) + step) % len(values)
        else:
            place = 0 if step > 0 else -1
        await self._change(entry.key, values[place])

    async def action_answer(self, says_yes: bool) -> None:  # noqa: FBT001 - an action's parameter
        """Answer, and go on to the next entry."""
        entry = self._entry
        if entry is not None and entry.is_yes_or_no and not self._is_held(entry):
            await self._change(entry.key, YES if says_yes else NO, goes_on=True)

    def action_give_up(self) -> None:
        """Leave what was typed."""
        self._put_away()
        self._explain()

    def _put_away(self) -> None:
        self._line.put_away()
        self._list.focus()
        self.refresh_bindings()

    @on(Input.Changed)
    def _check_typed(self, message: Input.Changed) -> None:
        """Say while it is typed whether it can be taken."""
        entry = self._entry
        if entry is None or not self._line.is_open:
            return
        complaint = self._setup.complaint(entry.key, message.value)
        verdict = complaint or text("setup.would_do")
        style = "bold $warning" if complaint else "bold $success"
        self._about.tell([Content.styled(verdict, style), Content(entry.about)])

    @on(Input.Submitted)
    async def _take_typed(self, message: Input.Submitted) -> None:
        """Take what was typed, if it can be taken; else it stays to be mended."""
        entry = self._entry
        if entry is None or self._setup.complaint(entry.key, message.value):
            return
        self._put_away()
        await self._change(entry.key, message.value)

    async def _change(self, key: str, value: str, *, goes_on: bool = False) -> None:
        self._said = []
        await self._guarded(self._changed(key, value, goes_on=goes_on))

    async def _changed(self, key: str, value: str, *, goes_on: bool) -> None:
        said = await self._setup.change(key, value)
        if key == _THEME and self._is_free and value in THEMES:
            self.app.theme = THEMES[value].name
        await self._look()
        if goes_on:
            self._go_on()
        if said:
            self._tell(said)
        else:
            self._explain()

    def _go_on(self) -> None:
        """Point at the next entry that can be answered or done."""
        following = range(self._list.place + 1, len(self._entries))
        place = next((one for one in following if not self._entries[one].held), self._list.place)
        self._list.move(place - self._list.place)

    async def _do(self, key: str) -> None:
        async for line in self._setup.do(key):
            self._tell(line, more=True)
        await self._look()


def _options(entry: Entry) -> Content:
    parts = [
        Content.styled(one.words, "bold reverse" if one.value == entry.value else "$quiet")
        for one in entry.options
    ]
    return Content("  ").join(parts)
