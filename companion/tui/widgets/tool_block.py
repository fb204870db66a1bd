"""One simulated tool on the simulation's screen: radio, stream, hand, body."""

from textual.content import Content

from companion.coaching.view import StepState
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.simulated import RadioState, ToolLook
from companion.tui.widgets.readout import Readout, join

_LOW_BATTERY_PERCENT = 15


class ToolBlock(Readout):
    """Four lines for one tool; the chosen one is marked.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "ToolBlock { height: 4; margin-bottom: 1; text-wrap: nowrap; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, look: ToolLook, *, chosen: bool) -> None:
        """Show a tool as it stands."""
        self.say((look, chosen), lambda: self._content(look, chosen=chosen))

    def _content(self, look: ToolLook, *, chosen: bool) -> Content:
        mark = self._glyphs.state[StepState.NOW] if chosen else " "
        name = Content.styled(f"{mark} {look.name}", "bold $primary" if chosen else "bold")
        between = self._glyphs.between
        lines = [
            join([name, *self._radio(look)], between),
            _indented(
                Content(text("simulation.stream.none")) if look.rate_hz is None else _stream(look)
            ),
            _indented(_hand(look)),
            _indented(join(self._body(look), between)),
        ]
        return Content("\n").join([line.truncate(max(1, self.size.width)) for line in lines])

    def _radio(self, look: ToolLook) -> list[Content]:
        signs = {
            RadioState.OFF: self._glyphs.lost,
            RadioState.IDLE: self._glyphs.waiting,
            RadioState.ADVERTISING: self._glyphs.waiting,
            RadioState.CONNECTED: self._glyphs.live,
        }
        style = "bold $success" if look.radio is RadioState.CONNECTED else "bold"
        words = f"{signs[look.radio]} {text(f'simulation.radio.{look.radio.value}')}"
        parts = [Content.styled(words, style)]
        if look.radio is not RadioState.CONNECTED:
            return [*parts, Content(look.address)]
        key = "encrypted" if look.is_encrypted else "open"
        return [
            *parts,
            Content(look.central),
            Content(text(f"simulation.radio.{key}")),
            Content(text("simulation.radio.link", mtu=look.mtu, interval=look.interval_ms)),
        ]

    def _body(self, look: ToolLook) -> list[Content]:
        low = look.battery_percent <= _LOW_BATTERY_PERCENT
        battery = text("simulation.body.battery", percent=look.battery_percent)
        parts = [Content.styled(battery, "bold $warning" if low else "")]
        marks = {
            "draining": look.is_draining,
            "away": look.is_away,
            "frozen": look.is_frozen,
            "buzzing": look.is_buzzing,
        }
        parts += [
            Content.styled(text(f"simulation.body.{name}"), "bold $warning")
            for name, is_so in marks.items()
            if is_so
        ]
        if look.passkey:
            words = text("simulation.body.passkey", passkey=look.passkey)
            parts.append(Content.styled(words, "bold $primary"))
        return parts


def _stream(look: ToolLook) -> Content:
    words = text("simulation.stream.runs", rate=look.rate_hz, samples=look.samples)
    if look.dropped:
        dropped = text("simulation.stream.dropped", frames=look.dropped)
        return Content.assemble(words, ", ", (dropped, "bold $warning"))
    return Content(words)


def _hand(look: ToolLook) -> Content:
    words = look.place or text("simulation.hand.rests")
    if look.force_n is not None and look.pressure_kpa is not None:
        words += text("simulation.hand.presses", force=look.force_n, pressure=look.pressure_kpa)
    if look.factor != 1.0:
        words += text("simulation.hand.factor", factor=look.factor)
    return Content(words)


def _indented(content: Content) -> Content:
    return Content.assemble("  ", content)
