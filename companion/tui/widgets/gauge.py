"""The pressure level: its word and sign, the number, and where it lies between the limits."""

from functools import partial
from math import ceil

from textual.content import Content

from companion.coaching.routine import StepKind
from companion.coaching.view import Phase, View
from companion.live import LinkState
from companion.sensing.types import Band, Level
from companion.texts import text
from companion.tui.bigtext import big, is_drawn
from companion.tui.columns import FREE_TOP_KPA, Scale, free_top
from companion.tui.glyphs import Glyphs
from companion.tui.themes import level_style
from companion.tui.widgets.readout import Readout, spread, wrapped
from companion.tui.words import live_kpa, reason_words, unit
from companion.wording import kpa, level_name, level_words, trend_name

_EIGHTHS = " ▏▎▍▌▋▊▉"
_BIG_FROM_ROWS = 9
_NUMBER_EVERY_S = 0.2
_GAPS = 4
_NOTHING_KPA = 0.05
"""Less than this would be shown as 0.0: idle is not a pressure."""
_ROWS_FROM_BAR = 3


class Gauge(Readout):
    """Level in words, pressure in kPa and on a bar with the band, caution and stop.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "Gauge { height: 4; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._number: float | None = None
        self._number_at = float("-inf")
        self._level: Level | None = None
        self._top_kpa = FREE_TOP_KPA

    def show(self, view: View, state: LinkState, now: float) -> None:
        """Show the level as it stands; before a step can begin, what to do so that it does.

        Args:
            view: the session.
            state: where the link stands.
            now: seconds; the number changes at most five times a second so that it can be read.
        """
        if view.level is not self._level or now >= self._number_at + _NUMBER_EVERY_S:
            self._number = None if _is_idle(view) else view.pressure_kpa
            self._number_at, self._level = now, view.level
        self._top_kpa = free_top(self._top_kpa, view.pressure_kpa or 0.0)
        height, band = self.size.height, _band(view)
        number = None if self._number is None else live_kpa(self._number)
        waits_for = _waits_for(view, state)
        if waits_for is not None:
            before = (waits_for, ceil(view.rest_left_s), view.level, band, height)
            self.say(before, lambda: self._before(view, waits_for))
        elif _by_hand(view) or view.doubt is not None:
            doubt = (_by_hand(view), view.doubt, view.level, number, band, view.trend, height)
            self.say(doubt, lambda: self._unjudged(view, number))
        else:
            level, reach = view.level, partial(self._eighths, view.pressure_kpa, band)
            self.say_parts(
                ((level, number, view.trend, height), lambda: self._head(view, number)),
                ((level, reach()), lambda: [self._bar(level, reach())]),
                (band, lambda: self._limits(band)),
            )

    def _before(self, view: View, state: str) -> Content:
        """Return what to do until the step begins, over its scale."""
        word = text(f"live.before.{state}")
        rows = self._big(word)
        head = [f"{self._glyphs.waiting} {word}"] if rows is None else [*rows, ""]
        spare = self._spare() if rows is None else [Content("")]
        lines = [
            *(Content.styled(row, "bold") for row in head),
            *spare,
            self._bar(view.level, 0),
            *self._limits(_band(view)),
        ]
        seconds = f"{ceil(view.rest_left_s)}"
        self._explain(text(f"live.before.{state}_do", seconds=seconds), lines)
        return Content("\n").join(lines)

    def _unjudged(self, view: View, number: str | None) -> Content:
        """Return the level with why there is none, over its scale."""
        hand, doubt = _by_hand(view), view.doubt
        head = self._head(view, None if hand else number)
        lines = [*head, self._bar(view.level, 0), *self._limits(_band(view))]
        if hand:
            self._explain(text("live.gauge.why_by_hand"), lines)
        elif doubt is not None:
            self._explain(reason_words(doubt), lines)
        return Content("\n").join(lines)

    def _explain(self, reason: str, lines: list[Content]) -> None:
        """Say why nothing is judged, in the place of the bar and of an empty line above it."""
        bar = len(lines) - _ROWS_FROM_BAR
        places = [bar - 1, bar] if not lines[bar - 1].plain else [bar]
        said = wrapped(reason, self.size.width, len(places))
        for place, words in zip(places, said, strict=False):
            lines[place] = words

    def _head(self, view: View, number: str | None) -> list[Content]:
        width = self.size.width
        style = level_style(view.level, bold=True)
        name = text("live.gauge.by_hand") if _by_hand(view) else level_name(view.level)
        sign = self._glyphs.level[view.level]
        advice = "" if _by_hand(view) else level_words(view.level)
        rows = self._big(name)
        pressure = Content.styled(_pressure_words(number, unit(view)), "bold")
        if rows is None:
            word = f"{sign} {name.upper()}"
            fits = len(word) + len(advice) + pressure.cell_length + _GAPS <= width
            said = Content.assemble((word, style), f"  {advice}" if fits else "")
            pressure = self._with_trend(pressure, view, number, width - said.cell_length)
            return [spread(said, pressure, width), *self._spare()]
        line = Content.assemble((f"{sign} ", style), advice or name)
        pressure = self._with_trend(pressure, view, number, width - line.cell_length)
        return [
            *(Content.styled(row, style) for row in rows),
            spread(line, pressure, width),
            Content(""),
        ]

    def _with_trend(self, pressure: Content, view: View, number: str | None, room: int) -> Content:
        """Return the number after where it is going, as far as there is room for that."""
        if number is None or view.trend is None:
            return pressure
        sign, name = self._glyphs.trend[view.trend], trend_name(view.trend)
        for words in (f"{sign} {name}  ", f"{sign} "):
            if len(words) + pressure.cell_length < room:
                return Content.assemble(words, pressure)
        return pressure

    def _big(self, name: str) -> list[str] | None:
        return big(name, self.size.width) if self._draws_large else None

    def _spare(self) -> list[Content]:
        """Return what stands for a word too long for large letters: the bar keeps still."""
        return [Content("")] * (4 if self._draws_large else 0)

    @property
    def _draws_large(self) -> bool:
        """Whether there is room for large letters: for those of the level that is to last."""
        is_tall = self.size.height >= _BIG_FROM_ROWS and self._glyphs.unicode
        return is_tall and is_drawn(level_name(Level.ON_TARGET), self.size.width)

    def _eighths(self, pressure_kpa: float | None, band: Band | None) -> int:
        """Return how far the bar reaches, in eighths of a cell."""
        if pressure_kpa is None:
            return 0
        width = self.size.width
        share = pressure_kpa / Scale(1, band, self._top_kpa).top_kpa
        return max(0, min(8 * width, round(8 * width * share)))

    def _bar(self, level: Level, eighths: int) -> Content:
        full, rest = divmod(eighths, 8)
        part = (_EIGHTHS[rest] if rest else "") if self._glyphs.unicode else ""
        return Content.styled(self._glyphs.fill * full + part, level_style(level))

    def _limits(self, band: Band | None) -> list[Content]:
        """Return the scale and its numbers."""
        width = self.size.width
        if band is None:
            return [Content.styled(self._glyphs.thin * width, "$rule"), Content("")]
        return [self._scale(band, width), self._numbers(band, width)]

    def _scale(self, band: Band, width: int) -> Content:
        low, high, caution, stop = _places(band, width)
        glyphs = self._glyphs
        return Content.assemble(
            (glyphs.thin * low, "$rule"),
            (glyphs.heavy * (high - low + 1), level_style(Level.ON_TARGET, bold=True)),
            (glyphs.thin * (caution - high - 1), "$rule"),
            (glyphs.level[Level.CAUTION], level_style(Level.CAUTION, bold=True)),
            (glyphs.thin * (stop - caution - 1), "$rule"),
            (glyphs.level[Level.STOP], level_style(Level.STOP, bold=True)),
            (glyphs.thin * (width - stop - 1), "$rule"),
        )

    def _numbers(self, band: Band, width: int) -> Content:
        """Return the limits under their places; one that would touch another is left out."""
        values = (band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa)
        row = [" "] * (width + 1)
        for place, value in reversed(list(zip(_places(band, width), values, strict=True))):
            label = kpa(value)
            start = max(0, min(width - len(label), place - len(label) // 2))
            if not "".join(row[max(0, start - 1) : start + len(label) + 1]).strip():
                row[start : start + len(label)] = label
        if not "".join(row[:2]).strip():
            row[0] = text("live.gauge.zero")
        return Content.styled("".join(row)[:width], "$quiet")


def _waits_for(view: View, state: LinkState) -> str | None:
    """Return what holds the step back: the link, oil on the skin, a rest; None for nothing."""
    match view.phase:
        case Phase.WAITING:
            return state
        case Phase.ASKING | Phase.RESTING:
            return view.phase
        case _:
            return None


def _is_idle(view: View) -> bool:
    """Say whether there is no pressure to tell: nothing touches, or it is lifting off."""
    lifted = view.pressure_kpa is not None and view.pressure_kpa < _NOTHING_KPA
    return lifted or view.level is Level.NO_CONTACT


def _band(view: View) -> Band | None:
    return None if view.step is None else view.step.band


def _by_hand(view: View) -> bool:
    return view.step is not None and view.step.kind is StepKind.HAND


def _pressure_words(number: str | None, unit: str) -> str:
    if number is None:
        return text("live.gauge.no_pressure", unit=unit)
    return text("live.gauge.pressure", kpa=number, unit=unit)


def _places(band: Band, width: int) -> tuple[int, int, int, int]:
    """Return the cells of low, high, caution and stop, each to the right of the one before."""
    top = Scale(1, band).top_kpa
    values = (band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa)
    low, high, caution, stop = (int(value / top * width) for value in values)
    caution = max(caution, high + 1)
    return low, high, caution, max(stop, caution + 1)
