"""What was done: stays on the screen after the session until the person leaves."""

from collections.abc import Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from companion.coaching.events import AlertRecord, StepOutcome, StepResult, Summary
from companion.coaching.routine import StepKind
from companion.coaching.view import StepState
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.themes import level_style
from companion.tui.words import clock
from companion.wording import (
    advice_words,
    cost_lines,
    kpa,
    level_name,
    outcome_words,
    peak_words,
    score_words,
    zone_name,
)

_OUTCOMES = {
    StepOutcome.DONE: StepState.DONE,
    StepOutcome.SHORT: StepState.SHORT,
    StepOutcome.STOPPED: StepState.SHORT,
    StepOutcome.NOT_REACHED: StepState.NEXT,
}
_AROUND_TABLE = 8
"""Cells of the window beside a table: margins, the bar, and the sign of each row."""
_COUNTS = 4
_REASONS = 3
_WIDTHS = (20, 12, 9, 7, 6, 6, 11)
"""The least that the columns have."""


class SummaryPanel(VerticalScroll):
    """Score, counts of each step, what cost most, warnings and advice; scrolls where it must.

    Args:
        glyphs: the signs to draw with.
        is_past: it is not the session that has just ended, which the person leaves with it.
    """

    DEFAULT_CSS = """
    SummaryPanel {
        padding: 1 1; background: $surface; display: none;
        & > Static { height: auto; }
        & > .table { text-wrap: nowrap; text-overflow: clip; }
        &.-shown { display: block; }
    }
    """

    def __init__(self, glyphs: Glyphs, *, is_past: bool = False, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._is_past = is_past
        self._shown: tuple[Summary, bool] | None = None

    def show(self, summary: Summary) -> None:
        """Show a session's summary."""
        self.add_class("-shown")
        self._lay_out(summary)
        self.scroll_home(animate=False)
        self.focus()

    def on_resize(self) -> None:
        """Have a table where there is room for one now, and else lines."""
        if self._shown is not None:
            summary, was_wide = self._shown
            if was_wide is not self._is_wide(_widths(summary)):
                self._lay_out(summary)

    def _is_wide(self, widths: Sequence[int]) -> bool:
        return sum(widths) + _AROUND_TABLE <= self.app.size.width

    def _lay_out(self, summary: Summary) -> None:
        self._shown = summary, self._is_wide(_widths(summary))
        self.remove_children()
        self.mount(
            Static(Content("\n").join([self._head(summary), Content("")])),
            Static(Content("\n").join(self._table(summary)), classes="table"),
            Static(Content("\n").join(self._remarks(summary))),
        )

    def _table(self, summary: Summary) -> list[Content]:
        widths = _widths(summary)
        if not self._is_wide(widths):
            return [*(self._lines_of(result) for result in summary.steps), Content("")]
        head = Content.assemble("  ", (_row(_heads(), widths), "$quiet"))
        rows = [Content(f"{self._sign(one)} {_row(_cells(one), widths)}") for one in summary.steps]
        return [head, *rows, Content("")]

    def _remarks(self, summary: Summary) -> list[Content]:
        lines = [
            *self._costs(summary),
            *self._warnings(summary.alerts),
            *(self._missed(alert) for alert in summary.missed),
        ]
        if summary.advice:
            lines += [Content(""), Content.styled(text("live.summary.advice"), "bold")]
            lines += [
                Content(f"{self._glyphs.bullet} {advice_words(one)}") for one in summary.advice
            ]
        if self._is_past:
            return lines
        return [*lines, Content(""), Content.styled(text("live.summary.leave"), "bold")]

    def _costs(self, summary: Summary) -> list[Content]:
        """Return what cost most points, if any were lost."""
        lines = cost_lines(summary.score, summary.began_s, _REASONS)
        if not lines:
            return []
        head = Content.styled(text("live.summary.costs"), "bold")
        return [head, *(Content(f"{self._glyphs.bullet} {line}") for line in lines), Content("")]

    def _head(self, summary: Summary) -> Content:
        parts = [text("live.summary.time", time=clock(summary.duration_s))]
        if summary.gaps_s:
            parts.append(text("live.summary.gaps", gaps=summary.gaps_s))
        said = score_words(summary.score, summary.unscored)
        return Content.assemble(
            (text(f"live.summary.{summary.outcome}"), "bold"),
            "   ",
            (self._glyphs.between.join(parts), "$quiet"),
            (f"\n{said}" if said else "", "bold"),
        )

    def _sign(self, result: StepResult) -> str:
        return self._glyphs.state[_OUTCOMES.get(StepOutcome(result.outcome), StepState.SKIPPED)]

    def _lines_of(self, result: StepResult) -> Content:
        """Return a step on two lines, for a window without room for a table."""
        cells = _cells(result)
        first, names = cells[:_COUNTS], ("mean", "peak", "on_target")
        values = cells[_COUNTS:]
        if len(values) == len(names):
            named = zip(names, values, strict=True)
            values = [f"{text(f'live.summary.{name}')} {value}" for name, value in named]
        said = self._glyphs.between.join(value.strip() for value in values)
        head = _row(first, _least([first], _WIDTHS[:_COUNTS]))
        return Content.assemble(f"{self._sign(result)} {head}", "\n    ", (said, "$quiet"))

    def _warnings(self, alerts: tuple[AlertRecord, ...]) -> list[Content]:
        if not alerts:
            return [Content.styled(text("live.summary.no_warnings"), "bold")]
        head = Content.styled(text("live.summary.warnings"), "bold")
        return [head, *(self._warning(alert) for alert in alerts)]

    def _missed(self, alert: AlertRecord) -> Content:
        """Return over-pressure that was found late, of which nobody was warned."""
        words = text(
            "link.again.missed",
            level=level_name(alert.level),
            place=zone_name(alert.zone, alert.side),
            peak=peak_words(alert.peak_kpa, is_least=alert.peak_is_least),
            limit=kpa(alert.limit_kpa),
        )
        return self._signed(alert, words)

    def _warning(self, alert: AlertRecord) -> Content:
        open_end = alert.cleared_s is None
        most = "least" if alert.peak_is_least else "up_to"
        words = text(
            "live.summary.warning_open" if open_end else "live.summary.warning",
            level=level_name(alert.level),
            place=zone_name(alert.zone, alert.side),
            peak=text(f"live.summary.{most}", kpa=kpa(alert.peak_kpa)),
            limit=kpa(alert.limit_kpa),
            seconds=(alert.cleared_s or alert.onset_s) - alert.onset_s,
        )
        return self._signed(alert, words)

    def _signed(self, alert: AlertRecord, words: str) -> Content:
        sign = (f"{self._glyphs.level[alert.level]} ", level_style(alert.level, bold=True))
        return Content.assemble(sign, words)


def _heads() -> list[str]:
    names = ("step", "", "counted", "lasted", "mean", "peak", "on_target")
    return [text(f"live.summary.{name}") if name else "" for name in names]


def _cells(result: StepResult) -> list[str]:
    return [
        zone_name(result.zone, result.side),
        outcome_words(result.outcome),
        _count(result),
        clock(result.duration_s),
        *_pressures(result),
    ]


def _widths(summary: Summary) -> list[int]:
    """Return what the columns need: words of another language may be longer."""
    rows = [_heads(), *(_cells(result) for result in summary.steps)]
    whole = [row if len(row) == len(_WIDTHS) else row[:_COUNTS] for row in rows]
    return _least(whole, _WIDTHS)


def _least(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> list[int]:
    return [
        max(width, *(len(row[place]) + 1 for row in rows if place < len(row)))
        for place, width in enumerate(widths)
    ]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=False)
    return f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in rest)


def _count(result: StepResult) -> str:
    if result.kind is StepKind.HAND:
        return "-"
    if result.repetitions is None:
        return text("live.summary.not_counted")
    if result.goal is None:
        return str(result.repetitions)
    return text("live.card.count", done=result.repetitions, goal=result.goal)


def _pressures(result: StepResult) -> list[str]:
    """Return mean, peak and share of contact on target, or in words why there is none.

    A step without contact has neither: dashes.
    """
    if result.kind is StepKind.HAND:
        return [f"  {text('live.summary.by_hand')}"]
    if result.doubt is not None:
        return [f"  {text('live.summary.not_judged')}"]
    contact_s = sum(result.seconds_by_level.values())
    on_target_s = result.seconds_by_level.get(Level.ON_TARGET.value, 0.0)
    share = f"{100 * on_target_s / contact_s:.0f} %" if contact_s else "-"
    values = ["-" if value is None else kpa(value) for value in (result.mean_kpa, result.peak_kpa)]
    return [*values, share]
