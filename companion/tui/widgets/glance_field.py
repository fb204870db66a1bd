"""One word, one number, what is left and where: the whole window, in the colour of the level."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from companion.coaching.routine import Direction, Side, Step, StepKind
from companion.coaching.trend import Trend
from companion.coaching.view import Phase, View
from companion.live import LinkState
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.alerts import Shown
from companion.tui.bigtext import huge
from companion.tui.glyphs import Glyphs
from companion.tui.screens.session import takes_the_middle
from companion.tui.widgets.readout import Readout
from companion.tui.words import clock, live_kpa, short_place, unit
from companion.wording import trend_name

_GRAVITY = (Level.FIRM, Level.CAUTION, Level.STOP)
_SHARES = (4, 4, 2)
"""How word, number and what is left share the rows."""
_LEGIBLE_ROWS = 3
"""As many as the smallest drawn letters have: what is left gets them where nothing else does."""
_ROOMY_FROM_ROWS = 14
_LARGE = {Trend.RISING: "↑", Trend.STEADY: "→", Trend.FALLING: "↓"}
"""Signs that, drawn large beside a number, cannot be taken for a digit: a slanted arrow is a 7."""
_NO_NUMBER = frozenset({Level.NO_CONTACT, Level.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Glance:
    """What is read at a glance.

    Attributes:
        level: whose colour and sign it has.
        word: the one word.
        number: the pressure; empty where there is none to tell.
        unit: what it is in.
        left: what is left of the step.
        place: where and which way.
        trend: where the pressure is going; None where that is not known, or there is no number.
    """

    level: Level
    word: str
    number: str
    left: str
    place: str
    trend: Trend | None = None
    unit: str = ""


def glance_of(
    view: View, state: LinkState, shown: Shown | None, way: Callable[[Direction, Side], str]
) -> Glance:
    """Return what a session is at a glance.

    Args:
        view: the session.
        state: where the link stands.
        shown: the foremost warning.
        way: the arrow of a direction on a side.
    """
    if not view.steps and view.phase is Phase.RUNNING:
        return _without_step(view)
    if view.index >= len(view.steps):
        return Glance(Level.UNKNOWN, text("screens.glance.done"), "", "", "")
    step = view.steps[view.index]
    level = _level(view, shown)
    waits = _waits_for(view, state)
    by_hand = step.kind is StepKind.HAND
    if level is not Level.STOP and (waits or by_hand):
        level = Level.UNKNOWN
    word = waits or text(f"screens.glance.{'by_hand' if by_hand else level}")
    if level is Level.STOP:
        word = text("screens.glance.stop")
    pressure = None if level in _NO_NUMBER else view.pressure_kpa
    return Glance(
        level,
        word,
        "" if pressure is None else live_kpa(pressure),
        _left(view, step),
        _place(step, way),
        None if pressure is None else view.trend,
        unit(view),
    )


def _without_step(view: View) -> Glance:
    """Return a recording without a routine at a glance: nobody says what is left, or where."""
    number = "" if view.pressure_kpa is None else live_kpa(view.pressure_kpa)
    word = text(f"screens.glance.{view.level}")
    number = "" if view.level in _NO_NUMBER else number
    return Glance(view.level, word, number, "", "", unit=unit(view))


def _level(view: View, shown: Shown | None) -> Level:
    """Return the present level, or that of a warning that stands, if it is the graver one."""
    if shown is None or (shown.cleared is not None and not takes_the_middle(shown)):
        return view.level
    warned = shown.raised.level
    present = _GRAVITY.index(view.level) if view.level in _GRAVITY else -1
    return warned if warned in _GRAVITY and _GRAVITY.index(warned) > present else view.level


def _waits_for(view: View, state: LinkState) -> str:
    """Return in large words what holds the session up; empty for nothing."""
    match view.phase:
        case Phase.PAUSED:
            return text("screens.glance.paused")
        case Phase.WAITING:
            return text(f"live.before.{state}")
        case Phase.ASKING | Phase.RESTING:
            return text(f"live.before.{view.phase}")
        case _:
            quiet = state in {LinkState.LOST, LinkState.SILENT}
            return text(f"live.before.{state}") if quiet else ""


def _left(view: View, step: Step) -> str:
    if view.phase is Phase.RESTING:
        return clock(-int(-view.rest_left_s // 1))
    if step.repetitions is None or view.cannot_count:
        return clock(-int(-(step.time_limit_s - view.step_elapsed_s) // 1))
    return text("screens.glance.left", count=max(0, step.repetitions - view.repetitions))


def _value(glance: Glance) -> str:
    words = text("live.gauge.pressure", kpa=glance.number, unit=glance.unit)
    return words if glance.number else ""


def _unit(glance: Glance) -> str:
    return glance.unit if glance.trend is None else f"{glance.unit}, {trend_name(glance.trend)}"


def _place(step: Step, way: Callable[[Direction, Side], str]) -> str:
    place = short_place(step).upper()
    if step.direction is Direction.ANY:
        return place
    return f"{place} {way(step.direction, step.side)}"


class GlanceField(Readout):
    """A glance, as large as the window lets it be.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = """
    GlanceField {
        width: 100%; height: 1fr; text-align: center; content-align: center middle;
        text-wrap: nowrap; text-overflow: clip; text-style: bold;
        &.-light { background: $level-light; color: $background; }
        &.-on-target { background: $level-on-target; color: $background; }
        &.-firm { background: $level-firm; color: $background; }
        &.-caution { background: $level-caution; color: $background; }
        &.-stop { background: $stop-fill; color: $on-stop; }
        &.-light:nocolor, &.-on-target:nocolor, &.-firm:nocolor, &.-caution:nocolor {
            background: $background; color: $foreground;
        }
        &.-stop:nocolor { background: $foreground; color: $background; }
    }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, glance: Glance) -> None:
        """Show a glance."""
        for level in Level:
            self.set_class(glance.level is level, f"-{level.value.replace('_', '-')}")
        key = (glance, self.size.height)
        self.say(key, lambda: Content("\n".join(self._rows(glance))))

    def _rows(self, glance: Glance) -> list[str]:
        width, height = max(1, self.size.width - 2), self.size.height
        stops = glance.level is Level.STOP
        sign = self._glyphs.level[glance.level]
        gaps = 3 if height >= _ROOMY_FROM_ROWS else 0
        room = max(0, height - 2 - gaps - (2 if stops else 0))
        number = glance.number
        word, value = (
            self._drawn(words, width, room * share // sum(_SHARES), plain)
            for words, share, plain in (
                (glance.word, _SHARES[0], f"{sign} {glance.word} {sign}"),
                (number, _SHARES[1], _value(glance)),
            )
        )
        free = room - len(word) - len(value)
        most = max(room * _SHARES[2] // sum(_SHARES), min(free, _LEGIBLE_ROWS))
        left = self._drawn(glance.left, width, most, glance.left)
        value = self._with_trend(value, glance, width)
        if len(word) > 1:
            word = [*word, f"{sign}  {sign}  {sign}"]
        if len(value) > 1 and gaps:
            value = [*value, _unit(glance)]
        gap = [""] * (gaps // 3)
        rows = [*word, *gap, *value, *gap, *left, glance.place]
        return self._framed(rows, " ".join(sign * max(1, width // 2))) if stops else rows

    def _with_trend(self, value: list[str], glance: Glance, width: int) -> list[str]:
        """Return the number with where it is going, where that makes it no smaller."""
        if glance.trend is None or not value:
            return value
        sign = self._glyphs.trend[glance.trend]
        if len(value) > 1:
            both = f"{glance.number} {_LARGE[glance.trend]}"
            drawn = huge(both, width, len(value), unicode=self._glyphs.unicode)
            return drawn if drawn is not None and len(drawn) == len(value) else value
        for words in (f"{sign} {trend_name(glance.trend)}", sign):
            if len(value[0]) + len(words) < width:
                return [f"{value[0]} {words}"]
        return value

    def _framed(self, rows: list[str], edge: str) -> list[str]:
        """Return rows in the middle of the window, with its first and last one for an edge."""
        spare = max(0, self.size.height - len(rows) - 2)
        above = [""] * (spare // 2)
        return [edge, *above, *rows, *([""] * (spare - len(above))), edge]

    def _drawn(self, words: str, width: int, rows: int, plain: str) -> list[str]:
        """Return words drawn large, or on a line of their own; nothing for nothing."""
        if not words:
            return []
        return huge(words, width, rows, unicode=self._glyphs.unicode) or [plain]
