"""The warning under the strip of steps, and the stop that takes the middle of the screen."""

from textual.content import Content

from companion.coaching.events import AlertRaised
from companion.coaching.view import View
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.alerts import Shown
from companion.tui.bigtext import big
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout, join, spread
from companion.tui.words import live_kpa
from companion.wording import kpa, zone_name

_BIG_FROM_ROWS = 7
_KEPT = ((0, 1, 2), (0, 2), (0,))
"""Which of value, place and duration are said, by the room: the step card has the place, too."""
_WORDS = {Level.CAUTION: "ease_off", Level.STOP: "stop"}


class AlertBanner(Readout):
    """One line: what to do, the value and the limit, where, how long, the key for "seen".

    What does not fit is left out whole; what to do and the key stay. It slides in from the
    right: what to do is the first to be seen, and never cut at its beginning.

    Args:
        glyphs: the signs to draw with.
        key: the key that acknowledges; empty for none.

    Attributes:
        key: the same, in words; it may change.
    """

    DEFAULT_CSS = """
    AlertBanner {
        height: 1; width: 100%; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
        offset-x: 100%; transition: offset 120ms;
        &.-shown { offset-x: 0; }
        &.-light { background: $light-fill; color: $on-caution; }
        &.-caution { background: $caution-fill; color: $on-caution; text-style: bold; }
        &.-stop { background: $stop-fill; color: $on-stop; text-style: bold; }
        &.-over { text-style: none; }
        &.-caution:nocolor, &.-stop:nocolor, &.-light:nocolor {
            background: $foreground; color: $background;
        }
    }
    """

    def __init__(self, glyphs: Glyphs, key: str, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self.key = key

    def show(self, shown: Shown | None, view: View, device_s: float) -> None:
        """Show a warning, or slide away.

        Args:
            shown: the warning, None for none.
            view: the session, for the pressure now.
            device_s: the newest sample's time.
        """
        self.set_class(shown is not None, "-shown")
        if shown is None:
            return
        level = shown.raised.level
        for name in (Level.LIGHT, Level.CAUTION, Level.STOP):
            self.set_class(level is name, f"-{name.value}")
        self.set_class(shown.cleared is not None, "-over")
        parts = alert_words(shown, view, device_s)
        key = (self.key, shown.raised.alert, shown.acknowledged, shown.cleared is None, *parts)
        self.say(key, lambda: self._content(shown, parts))

    def _content(self, shown: Shown, parts: list[str]) -> Content:
        head, end = Content.styled(self.head(shown), "bold"), Content(self.end(shown))
        line = head
        for places in _KEPT:
            longer = join([head, *(Content(parts[place]) for place in places)], "   ")
            if longer.cell_length + 1 + end.cell_length <= self.size.width:
                line = longer
                break
        return spread(line, end, self.size.width)

    def head(self, shown: Shown) -> str:
        """Return what to do, which is never left out."""
        level = shown.raised.level
        return f"{self._glyphs.level[level]} {headline(level)}"

    def end(self, shown: Shown) -> str:
        """Return the key for a warning, or that it was seen."""
        if shown.acknowledged:
            return text("live.alert.acknowledged")
        return "" if shown.cleared or not self.key else text("live.alert.key", key=self.key)


class StopPanel(Readout):
    """A stop, in the place of step card and gauge until it is over or seen.

    Args:
        glyphs: the signs to draw with.
        key: the key that acknowledges; empty for none.

    Attributes:
        key: the same, in words; it may change.
    """

    DEFAULT_CSS = """
    StopPanel {
        height: 1fr; width: 100%; background: $stop-fill; color: $on-stop;
        text-align: center; content-align: center middle; text-style: bold;
        text-wrap: nowrap; text-overflow: clip;
        &:nocolor { background: $foreground; color: $background; }
    }
    """

    def __init__(self, glyphs: Glyphs, key: str, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self.key = key

    def show(self, shown: Shown, view: View, device_s: float) -> None:
        """Show a stop with the session's pressure and the newest sample's time."""
        parts = alert_words(shown, view, device_s)
        key = (self.key, shown.raised.alert, shown.cleared is None, self.size.height, *parts)
        self.say(key, lambda: self._content(shown, parts))

    def _content(self, shown: Shown, parts: list[str]) -> Content:
        words = headline(shown.raised.level)
        sign = self._glyphs.level[shown.raised.level]
        drawn = big(words, self.size.width - 2) if self._glyphs.unicode else None
        if drawn is None or self.size.height < _BIG_FROM_ROWS:
            drawn = [f"{sign} {sign} {sign}  {words}  {sign} {sign} {sign}"]
        is_asked = self.key and shown.cleared is None
        end = text("live.alert.key_long", key=self.key) if is_asked else ""
        gap = [""] if self.size.height >= _BIG_FROM_ROWS else []
        return Content("\n".join([*drawn, *gap, "   ".join(parts), *gap, end]))


def headline(level: Level) -> str:
    """Return what a warning of a level tells the person to do, in capitals."""
    return text(f"live.alert.{_WORDS.get(level, 'more')}")


def alert_words(shown: Shown, view: View, device_s: float) -> list[str]:
    """Return a warning's value, limit, place and how long it has lasted or did last."""
    raised, cleared = shown.raised, shown.cleared
    kind = raised.level.value if raised.level in _WORDS else Level.LIGHT.value
    where = zone_name(raised.zone, raised.side)
    limit = text(f"live.alert.limit_{kind}", kpa=kpa(raised.limit_kpa))
    if cleared is None:
        lasted = text("live.alert.duration", seconds=max(0.0, device_s - raised.onset_s))
        return [f"{_value(raised, view)}, {limit}", where, lasted]
    most = "peak_least" if cleared.peak_is_least else "peak"
    peak = text(f"live.alert.{most}", kpa=kpa(cleared.peak_kpa))
    over = text(f"live.alert.{cleared.reason}", seconds=cleared.duration_s)
    return [f"{peak}, {limit}", where, over]


def _value(raised: AlertRaised, view: View) -> str:
    """Return the pressure now in words: none where nothing touches, the last where unknown."""
    if view.level is Level.NO_CONTACT:
        return text("live.alert.no_contact")
    value = raised.pressure_kpa if view.pressure_kpa is None else view.pressure_kpa
    return text("live.alert.value", kpa=live_kpa(value))
