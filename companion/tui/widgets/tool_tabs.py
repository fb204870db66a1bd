"""Several tools on one line: which is shown, and how each of them stands; a stop of another one."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from companion.coaching.events import SessionOutcome
from companion.coaching.view import Phase, StepState
from companion.live import LinkState
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.several import Several, grave_warning
from companion.tui.themes import level_style
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import AlertBanner
from companion.tui.widgets.readout import Readout
from companion.wording import level_name

_EVERY_S = 0.2
"""So often the line is looked at anew, so that it can be read; a warning does not wait for it."""

_WAITS = frozenset({Phase.PAUSED, Phase.ASKING, Phase.RESTING, Phase.WAITING})
_FILLS = {
    Level.STOP: "bold $on-stop on $stop-fill",
    Level.CAUTION: "bold $on-caution on $caution-fill",
}
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """How the session of a tool stands.

    Attributes:
        sign: in one sign.
        words: in a few words.
        style: textual's words for how they look.
        is_grave: a caution or a stop.
    """

    sign: str
    words: str
    style: str = "$quiet"
    is_grave: bool = False


def standing(watch: Watch, glyphs: Glyphs) -> Standing:
    """Return how a session stands: its end, a grave warning, a lost link, else the level."""
    if watch.summary is not None:
        outcome = watch.summary.outcome
        is_done = outcome is SessionOutcome.FINISHED
        sign = glyphs.state[StepState.DONE] if is_done else glyphs.lost
        return Standing(sign, text(f"several.over.{outcome}"))
    if watch.has_ended:
        return Standing(glyphs.lost, text("several.over.not_begun"), "bold $error")
    warning = grave_warning(watch)
    if warning is not None:
        level = warning.raised.level
        return Standing(glyphs.level[level], _headline(level), _FILLS[level], is_grave=True)
    state, view = watch.live.link().state, watch.live.view()
    if state is not LinkState.LIVE:
        is_lost = state in {LinkState.LOST, LinkState.CLOSED}
        sign = glyphs.lost if is_lost else glyphs.waiting
        return Standing(sign, text(f"live.link.{state}"), "bold $error" if is_lost else "$quiet")
    if view.phase in _WAITS:
        return Standing(glyphs.waiting, text(f"several.waits.{view.phase}"))
    return Standing(glyphs.level[view.level], level_name(view.level), level_style(view.level))


def _headline(level: Level) -> str:
    return text(f"screens.glance.{level}")


class ToolLine(Readout):
    """Number, name, sign and state of each tool.

    Of what does not fit the words go first, then names, and last the tools that are neither shown
    nor have a grave warning.

    Args:
        glyphs: the signs to draw with.
        several: the sessions.
    """

    DEFAULT_CSS = "ToolLine { height: 1; width: 100%; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, glyphs: Glyphs, several: Several) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._several = several

    def show(self) -> None:
        """Show how the tools stand."""
        standings = tuple(standing(watch, self._glyphs) for watch in self._several.watches)
        place = self._several.place
        self.say((standings, place), lambda: self._content(standings, place))

    def _content(self, standings: tuple[Standing, ...], place: int) -> Content:
        names = [watch.name for watch in self._several.watches]
        every = range(len(names))
        told = [number for number in every if number == place or standings[number].is_grave]
        longest = max(map(len, names))
        rule = Content.styled(self._glyphs.thin, "$rule")
        line = Content("")
        for numbers, most, with_words in (
            (every, longest, True),
            *((every, most, False) for most in range(longest, _SHORTEST_NAME - 1, -1)),
            (every, 0, False),
            (told, 0, False),
        ):
            parts = (
                self._entry(
                    number,
                    _cut(names[number], most),
                    standings[number],
                    is_shown=number == place,
                    with_words=with_words,
                )
                for number in numbers
            )
            line = rule.join(list(parts))
            if line.cell_length <= self.size.width:
                break
        return line

    def _entry(
        self, number: int, name: str, one: Standing, *, is_shown: bool, with_words: bool
    ) -> Content:
        label = f" {number + 1} {name} " if name else f" {number + 1} "
        state = f"{one.sign} {one.words}" if with_words or one.is_grave else one.sign
        if one.is_grave:
            state = f" {state} "
        return Content.assemble(
            (label, "bold reverse" if is_shown else "bold"),
            " " if is_shown and not one.is_grave else "",
            (state, one.style),
            " ",
        )


def _cut(name: str, most: int) -> str:
    """Return a name of at most so many letters."""
    return name if len(name) <= most else f"{name[: max(0, most - 1)]}~" if most else ""


class ElsewhereBanner(AlertBanner):
    """The gravest warning of a tool that is not shown: whose it is before all else.

    Args:
        glyphs: the signs to draw with.
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs, "")
        self._watch: Watch | None = None

    def show_of(self, found: tuple[Watch, Shown] | None) -> None:
        """Show a session's warning, or be gone."""
        self.display = found is not None
        if found is None:
            self._watch = None
            return
        watch, shown = found
        if watch is not self._watch:
            self._said, self._watch = [], watch
        self.show(shown, watch.live.view(), watch.device_s)

    def head(self, shown: Shown) -> str:
        """Return whose warning it is, and what to do."""
        if self._watch is None:
            return super().head(shown)
        named = text("several.whose", number=self._watch.number, name=self._watch.name)
        sign = self._glyphs.level[shown.raised.level]
        return f"{sign} {named} {super().head(shown).removeprefix(sign).strip()}"

    def end(self, shown: Shown) -> str:
        """Return the key that shows that tool."""
        if self._watch is None:
            return super().end(shown)
        return text("several.show_key", number=self._watch.number)


class ToolTabs(Vertical):
    """The line of tools, and below it what must be known of one that is not shown.

    Args:
        glyphs: the signs to draw with.
        several: the sessions.
        tells: whether warnings of tools that are not shown have a line of their own here.
    """

    DEFAULT_CSS = """
    ToolTabs { height: auto; width: 100%; background: $panel; }
    """

    def __init__(
        self,
        glyphs: Glyphs,
        several: Several,
        *,
        tells: bool = True,
        id: str | None = None,  # noqa: A002 - textual's name
    ) -> None:
        super().__init__(id=id)
        self._several = several
        self._tells = tells
        self._line = ToolLine(glyphs, several)
        self._elsewhere = ElsewhereBanner(glyphs)
        self._shown_at = float("-inf")
        self._was: tuple[int, int, int] | None = None

    def compose(self) -> ComposeResult:
        """Lay both out."""
        yield self._line
        yield self._elsewhere

    def on_mount(self) -> None:
        """Begin without a warning."""
        self._elsewhere.display = False

    def on_resize(self) -> None:
        """Fill the new width."""
        self._was = None
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show how the tools stand; a warning, and who is shown, at once."""
        found, several = self._several.elsewhere(), self._several
        if self._tells:
            self._elsewhere.show_of(found)
        now = several.shown.clock()
        grave = sum(grave_warning(watch) is not None for watch in several.watches)
        over = sum(watch.is_over or watch.has_ended for watch in several.watches)
        is_news = (several.place, grave, over) != self._was
        if is_news or not 0 <= now - self._shown_at < _EVERY_S:
            self._shown_at, self._was = now, (several.place, grave, over)
            self._line.show()
