"""The History screen: sessions kept on this computer, one in detail, zones over weeks."""

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message

from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.library import Again, Library, Past, PastWhole, Trends
from companion.tui.screens.browsing import BrowsingScreen
from companion.tui.table_row import rooms_within, table_row
from companion.tui.widgets.readout import Readout
from companion.tui.widgets.summary_panel import SummaryPanel
from companion.tui.widgets.trend_lines import trend_lines
from companion.wording import minutes

_LEAF = 64
_MOST_LEAVES = 16
"""Sessions are read so many at once, and so many times that many are remembered."""
_LOOKS_EVERY_S = 0.2
"""The list is not read again so soon."""
_WIDTHS = (6, 17, 13, 7, 6, 9, 16)
_HEADS = ("number", "began", "routine", "lasted", "score", "warnings", "outcome")
_NAMED = 2
"""The place of the routine, which takes the room that is left."""
_WIDEST_NAME = 48


class HistoryScreen(BrowsingScreen):
    """Sessions, the newest first; only the rows that are seen are ever read.

    Args:
        library: what is kept.
        glyphs: the signs to draw with.
        may_replay: no session runs, so that one of the past may take the screen.

    Attributes:
        told: what to say first, e.g. why a session could not be shown again; empty for nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "t", "trends", text("screens.keys.trends"), tooltip=text("screens.keys.trends_tip")
        ),
        Binding(
            "p",
            "programme",
            text("screens.keys.programme"),
            tooltip=text("screens.keys.programme_tip"),
        ),
        Binding("r", "replay", text("replay.keys.again"), tooltip=text("replay.keys.again_tip")),
    ]

    class Chosen(Message):
        """A person chose what to see again."""

        def __init__(self, again: Again) -> None:
            super().__init__()
            self.again = again

    def __init__(self, library: Library, glyphs: Glyphs, *, may_replay: bool = False) -> None:
        super().__init__(library, glyphs)
        self.told = ""
        self._may_replay = may_replay
        self._leaves: dict[int, list[Past]] = {}
        self._asked: set[int] = set()
        self._count = 0
        self._looked_at = float("-inf")
        self._columns = Readout(id="columns")
        self._summary = SummaryPanel(glyphs, is_past=True, id="summary")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self.head
        yield self._columns
        yield Container(self.list, self.page, self._summary, id="both")
        yield self.keys

    def on_mount(self) -> None:
        """Name the columns."""
        heads = [text(f"store.head.{head}") for head in _HEADS]
        self._columns.say(0, lambda: table_row(heads, _rooms(self._columns.size.width)))

    def on_screen_resume(self) -> None:
        """Look anew: a session may have been added. A screen's first opening resumes it twice."""
        now = monotonic()
        if now - self._looked_at >= _LOOKS_EVERY_S:
            self._looked_at = now
            self.fetch(self._look())

    def on_screen_suspend(self) -> None:
        """Say it no more."""
        self.told = ""

    async def _look(self) -> None:
        self._count = await self.library.count()
        self._leaves.clear()
        self._asked.clear()
        self._tell_count()
        self.list.fill(self._count)
        self.refresh_bindings()

    def _tell_count(self) -> None:
        """Say how many sessions there are; of none, how there come to be some."""
        some = text("screens.history.sessions", count=self._count)
        none = [text("store.none")]
        if self._may_replay:
            none.append(text("screens.history.begin"))
        self.say(self.told or (some if self._count else " ".join(none)), is_trouble=bool(self.told))
        self.set_class(not self._count, "-empty")

    def on_long_list_moved(self) -> None:
        """Read the rows that came into sight."""
        seen = self.list.seen
        for leaf in range(seen.start // _LEAF, -(-seen.stop // _LEAF)):
            if leaf not in self._asked:
                self._asked.add(leaf)
                self.fetch(self._read(leaf))

    async def _read(self, leaf: int) -> None:
        self._leaves[leaf] = list(await self.library.page(leaf * _LEAF, _LEAF))
        while len(self._leaves) > _MOST_LEAVES:
            oldest = next(iter(self._leaves))
            del self._leaves[oldest]
            self._asked.discard(oldest)
        self.list.fill(self._count)

    def _past(self, place: int) -> Past | None:
        leaf, within = divmod(place, _LEAF)
        known = self._leaves.get(leaf, [])
        return known[within] if within < len(known) else None

    def row(self, place: int) -> Content:
        """Return a session's row; dots while it is being read."""
        past = self._past(place)
        if past is None:
            return Content.styled("...", "$quiet")
        if past.fault:
            sign = self.glyphs.place["off"]
            words = text("screens.history.damaged", number=past.number, reason=past.fault)
            return Content.styled(f"{sign} {words}", "bold $warning")
        cells = [
            str(past.number),
            past.began,
            past.routine,
            "-" if past.duration_s is None else minutes(past.duration_s),
            "-" if past.percent is None else str(past.percent),
            str(past.warnings),
            past.outcome,
        ]
        return table_row(cells, _rooms(self.list.size.width))

    def action_read(self) -> None:
        """Show the session that is pointed at."""
        past = self._past(self.list.place)
        if past is not None:
            self.fetch(self._whole(past.number))

    async def _whole(self, number: int) -> None:
        whole: PastWhole = await self.library.whole(number)
        self.say(whole.head)
        if whole.summary is None:
            self._tell([Content(whole.fault)])
            return
        self.read(reads=True)
        self._show_summary(is_shown=True)
        self._summary.show(whole.summary)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is a session for; a replay only where none runs."""
        if action in {"read", "replay"} and not self._count:
            return False
        if action == "replay" and not self._may_replay:
            return False
        return super().check_action(action, parameters)

    def action_replay(self) -> None:
        """Show the session that is pointed at again."""
        past = self._past(self.list.place)
        if past is not None:
            self.post_message(self.Chosen(Again(past.number)))

    def action_trends(self) -> None:
        """Show the zones over the last weeks."""
        self.fetch(self._trends())

    async def _trends(self) -> None:
        trends: Trends = await self.library.trends()
        self.say(text("screens.history.trends", count=trends.sessions))
        self._tell(trend_lines(trends, self.glyphs), as_table=True)

    def action_programme(self) -> None:
        """Show how the programme stands."""
        self.fetch(self._programme())

    async def _programme(self) -> None:
        lines = await self.library.programme()
        self.say(text("screens.history.programme"))
        self._tell([Content(line) for line in lines])

    def _tell(self, lines: list[Content], *, as_table: bool = False) -> None:
        self._show_summary(is_shown=False)
        self.page.tell(lines, as_table=as_table)
        self.read(reads=True)

    def _show_summary(self, *, is_shown: bool) -> None:
        self.set_class(is_shown, "-summing")
        self._summary.set_class(is_shown, "-shown")

    def action_back(self) -> None:
        """Go back to the list."""
        self._show_summary(is_shown=False)
        self._tell_count()
        super().action_back()


def _rooms(width: int) -> list[int]:
    """Return the room of each column that has any in so many cells."""
    heads = (text(f"store.head.{head}") for head in _HEADS)
    least = [max(cells, len(head) + 1) for cells, head in zip(_WIDTHS, heads, strict=True)]
    return rooms_within(width, least, named=_NAMED, widest=_WIDEST_NAME)
