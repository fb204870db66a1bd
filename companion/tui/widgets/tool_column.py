"""One of several tools beside the others: what to do, how hard it is done, its warning."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from companion.coaching.events import Summary
from companion.coaching.view import View
from companion.live import LinkView
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.bigtext import is_drawn
from companion.tui.glyphs import Glyphs
from companion.tui.screens.session import ACKNOWLEDGE_KEY, takes_the_middle
from companion.tui.watch import Watch
from companion.tui.widgets.alert_banner import AlertBanner, StopPanel
from companion.tui.widgets.gauge import Gauge
from companion.tui.widgets.pressure_trace import PressureTrace
from companion.tui.widgets.readout import Readout, spread
from companion.tui.widgets.step_card import StepCard
from companion.tui.widgets.tool_tabs import Standing, standing
from companion.tui.words import clock
from companion.wording import level_name, score_words

_ROOMY_FROM_ROWS = 21
_TRACE_FROM_ROWS = 28
_LOW_UNDER_ROWS = 9


class ColumnHead(Readout):
    """Number and name of the tool, whether it is alive, and the session's clock.

    Args:
        glyphs: the signs to draw with.
        watch: its session.
    """

    DEFAULT_CSS = "ColumnHead { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, glyphs: Glyphs, watch: Watch) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._watch = watch

    def show(self, view: View, link: LinkView, *, is_shown: bool) -> None:
        """Show the head; ``is_shown``: the keys are for this tool."""
        now = standing(self._watch, self._glyphs)
        key = (now, int(view.session_elapsed_s), is_shown, link.battery_percent)
        self.say(key, lambda: self._content(view, now, is_shown=is_shown))

    def _content(self, view: View, now: Standing, *, is_shown: bool) -> Content:
        watch, state = self._watch, f"{now.sign} {now.words}"
        name = f" {watch.number} {watch.name} "
        left = Content.assemble(
            (name, "bold reverse" if is_shown else "bold"), " ", (state, now.style)
        )
        right = Content.styled(clock(view.session_elapsed_s), "bold")
        return spread(left, right, self.size.width)


class ToolColumn(Container):
    """The session of a tool, in as much room as there is.

    Args:
        glyphs: the signs to draw with.
        watch: the session.

    Attributes:
        session: the same.
    """

    DEFAULT_CSS = """
    ToolColumn {
        layout: vertical; height: 100%; width: 100%; overflow: hidden hidden;
        & > #stop, & > #result, & > #trace { display: none; }
        & > #card { height: 3; }
        & > #gauge { height: 4; }
        &.-roomy > #card { height: 8; }
        &.-roomy > #gauge { height: 9; margin-top: 1; }
        &.-close > #gauge { height: 4; }
        &.-traced > #trace { display: block; height: 1fr; margin-top: 1; }
        &.-low > #card { height: 2; }
        &.-low > #banner { display: none; }
        &.-warned > #banner { display: block; }
        &.-stopped > #stop { display: block; }
        &.-stopped > #card, &.-stopped > #gauge, &.-stopped > #trace { display: none; }
        &.-over > #result { display: block; height: 1fr; }
        &.-over > #card, &.-over > #gauge, &.-over > #trace { display: none; }
    }
    """

    def __init__(self, glyphs: Glyphs, watch: Watch) -> None:
        super().__init__()
        self.session = watch
        self._cursor = 0
        self._head = ColumnHead(glyphs, watch)
        self._banner = AlertBanner(glyphs, ACKNOWLEDGE_KEY, id="banner")
        self._card = StepCard(glyphs, id="card")
        self._gauge = Gauge(glyphs, id="gauge")
        self._stop = StopPanel(glyphs, ACKNOWLEDGE_KEY, id="stop")
        self._trace = PressureTrace(glyphs, id="trace")
        self._result = Readout(id="result")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield from (self._head, self._banner, self._card, self._gauge)
        yield from (self._stop, self._trace, self._result)

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        columns, rows = self.size
        is_large = is_drawn(level_name(Level.ON_TARGET), columns)
        self.set_class(rows >= _ROOMY_FROM_ROWS, "-roomy")
        self.set_class(rows >= _ROOMY_FROM_ROWS and not is_large, "-close")
        self.set_class(rows >= (_TRACE_FROM_ROWS if is_large else _ROOMY_FROM_ROWS), "-traced")
        self.set_class(rows < _LOW_UNDER_ROWS, "-low")

    def show(self, *, is_shown: bool) -> None:
        """Show the session as it stands; ``is_shown``: the keys are for this tool."""
        watch = self.session
        view, link, warning = watch.live.view(), watch.live.link(), watch.foremost
        self._head.show(view, link, is_shown=is_shown)
        self.set_class(watch.summary is not None, "-over")
        if watch.summary is not None:
            self._tell_result(watch.summary)
            return
        middle = warning is not None and takes_the_middle(warning)
        self.set_class(middle, "-stopped")
        self.set_class(warning is not None and not middle, "-warned")
        own = text("several.then", number=watch.number, key=ACKNOWLEDGE_KEY)
        self._stop.key = self._banner.key = ACKNOWLEDGE_KEY if is_shown else own
        if warning is not None and middle:
            self._stop.show(warning, view, watch.device_s)
        self._banner.show(None if middle else warning, view, watch.device_s)
        self._card.show(view, mirrored=watch.mirrored)
        self._gauge.show(view, link.state, watch.clock())
        self._draw(view)

    def _draw(self, view: View) -> None:
        if self.has_class("-traced"):
            points, self._cursor = self.session.live.trace.since(self._cursor)
            self._trace.follow(view)
            self._trace.add(points)

    def _tell_result(self, summary: Summary) -> None:
        lines = [
            text(f"live.summary.{summary.outcome}"),
            score_words(summary.score, summary.unscored),
            text("several.warnings", count=len(summary.alerts)),
            "",
            text("several.result"),
        ]
        self._result.say((summary.outcome, summary.duration_s), lambda: Content("\n".join(lines)))
