"""The bar of the pressure gauge keeps its place against the limits."""

from collections.abc import Sequence

from textual.app import App, ComposeResult
from textual.geometry import Region

from companion.live import LinkState
from companion.tui.glyphs import UNICODE
from companion.tui.widgets.gauge import Gauge
from tests.tui.fake_live import UNDER_EYE, FakeLive, pressed

_BAR = 1
_SCALE = 2


class _Stage(App[None]):
    CSS = "Gauge { width: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Gauge(UNICODE)


def _rows(gauge: Gauge) -> Sequence[str]:
    return [strip.text.rstrip() for strip in gauge.render_lines(Region(0, 0, *gauge.size))]


async def test_a_window_of_another_width_moves_the_bar_with_its_limits() -> None:
    """Between two looks of the screen, too: the bar must not stand at another limit meanwhile."""
    live = pressed(FakeLive(), [UNDER_EYE.caution_kpa])
    app = _Stage()
    async with app.run_test(size=(120, 24)) as pilot:
        gauge = app.query_one(Gauge)
        gauge.show(live.view(), LinkState.LIVE, 0.0)
        for width in (120, 60, 90):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            rows = _rows(gauge)
            assert len(rows[_SCALE]) == width
            assert abs(len(rows[_BAR]) - rows[_SCALE].index("▲")) <= 1, width
