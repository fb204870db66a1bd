"""The Routines screen: what can be done, step by step, where it comes from, and a way to begin."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message

from companion.coaching.routine import Routine, Step, StepKind
from companion.coaching.scaling import PLAIN_PERCENT, next_scale, scaled
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.library import Library, Shelved, Start
from companion.tui.screens.browsing import BrowsingScreen
from companion.tui.words import clock
from companion.wording import direction_name, kpa, technique_name, times, zone_name

_ANY_TIME = "any"
_STEP_CELLS = 4
_NARROWEST = 20
_ROUND_PAGE = 6
"""Cells beside the text of a page that has the window for itself: margins and its bar."""


class RoutinesScreen(BrowsingScreen):
    """Routines by name; the one that is pointed at is shown beside them, or after Enter.

    Args:
        library: what is kept.
        glyphs: the signs to draw with.
        may_start: no session runs, so that one may be begun.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b", "begin(False)", text("screens.keys.begin"), tooltip=text("screens.keys.begin_tip")
        ),
        Binding(
            "p",
            "begin(True)",
            text("screens.keys.practise"),
            tooltip=text("screens.keys.practise_tip"),
        ),
        Binding(
            "plus",
            "scale(True)",
            text("live.keys.scale_up"),
            key_display="+",
            tooltip=text("live.keys.scale_up_tip"),
        ),
        Binding(
            "minus",
            "scale(False)",
            text("live.keys.scale_down"),
            key_display="-",
            tooltip=text("live.keys.scale_down_tip"),
        ),
    ]

    class Chosen(Message):
        """A person chose what to begin."""

        def __init__(self, start: Start) -> None:
            super().__init__()
            self.start = start

    def __init__(self, library: Library, glyphs: Glyphs, may_start: bool) -> None:  # noqa: FBT001 - one of three
        super().__init__(library, glyphs)
        self._shelf: Sequence[Shelved] = ()
        self._may_start = may_start
        self._percent = PLAIN_PERCENT

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self.head
        yield Container(self.list, self.page, id="both")
        yield self.keys

    def on_mount(self) -> None:
        """Look which there are."""
        self.say(text("screens.routines.title"))
        self.fetch(self._look())

    async def _look(self) -> None:
        self._shelf = await self.library.routines()
        self.list.fill(len(self._shelf))

    def row(self, place: int) -> Content:
        """Return a routine's row."""
        one = self._shelf[place]
        if one.routine is None:
            sign = self.glyphs.place["off"]
            return Content.styled(f"{sign} {one.name}", "bold $warning")
        return Content(f"  {one.routine.title}")

    def on_long_list_moved(self) -> None:
        """Show the routine that is pointed at."""
        if self._shelf:
            one = self._shelf[self.list.place]
            width = self.page.scrollable_content_region.width or self.app.size.width - _ROUND_PAGE
            self.page.tell(_lines(one, self._percent, self.glyphs, width))

    def on_resize(self) -> None:
        """Lay the steps out in the width there is."""
        self.call_after_refresh(self.on_long_list_moved)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to begin only where no session runs."""
        if action in {"begin", "scale"} and not self._may_start:
            return False
        return super().check_action(action, parameters)

    def action_begin(self, simulated: bool) -> None:  # noqa: FBT001 - an action's parameter
        """Begin the routine that is pointed at."""
        if self._shelf and self._shelf[self.list.place].routine is not None:
            name = self._shelf[self.list.place].name
            self.post_message(self.Chosen(Start(name, simulated, self._percent)))

    def action_scale(self, longer: bool) -> None:  # noqa: FBT001 - an action's parameter
        """Do more or less of it."""
        self._percent = next_scale(self._percent, longer=longer)
        self.on_long_list_moved()


def _lines(one: Shelved, percent: int, glyphs: Glyphs, width: int) -> Iterator[Content]:
    routine = one.routine
    if routine is None:
        yield Content.styled(one.name, "bold")
        yield Content(one.fault)
        return
    yield Content.styled(routine.title, "bold")
    yield Content.styled(_about(one, routine, percent), "$quiet")
    yield Content("")
    for number, step in enumerate(routine.steps, 1):
        yield from _step(number, scaled(step, percent), glyphs, width)
    yield Content("")
    yield Content.styled(text("screens.routines.evidence"), "bold")
    for line in one.evidence:
        yield Content(f"{glyphs.bullet} {line}")


def _about(one: Shelved, routine: Routine, percent: int) -> str:
    words = text(
        "screens.routines.about",
        name=one.name,
        origin=one.origin,
        steps=len(routine.steps),
        time=clock(routine.about_s * percent / PLAIN_PERCENT),
        percent=percent,
    )
    slot = "" if routine.slot == _ANY_TIME else text(f"coaching.slot.{routine.slot}")
    return f"{words}, {slot}" if slot else words


def _step(number: int, step: Step, glyphs: Glyphs, width: int) -> Iterator[Content]:
    """Yield a step's line and its hint; limits without room have a line of their own."""
    arrow = glyphs.arrow[step.direction, step.side] if direction_name(step.direction) else ""
    long = clock(step.time_limit_s) if step.repetitions is None else times(step.repetitions)
    how = " ".join(part for part in (technique_name(step.technique), arrow, long) if part)
    head = Content.assemble(
        f"{number:>{_STEP_CELLS - 2}}  ", (zone_name(step.zone, step.side), "bold"), f"  {how}"
    )
    limits, indent = Content.styled(_limits(step), "$quiet"), " " * _STEP_CELLS
    if head.cell_length + 2 + limits.cell_length <= width:
        yield Content.assemble(head, "  ", limits)
    else:
        yield head
        yield Content.assemble(indent, limits)
    for line in wrap(step.hint, max(_NARROWEST, width - _STEP_CELLS)):
        yield Content(indent + line)


def _limits(step: Step) -> str:
    if step.kind is StepKind.HAND:
        return text("live.gauge.by_hand")
    if step.band is None:
        return ""
    band = step.band
    return text(
        "screens.routines.limits",
        low=kpa(band.low_kpa),
        high=kpa(band.high_kpa),
        caution=kpa(band.caution_kpa),
        stop=kpa(band.stop_kpa),
    )
