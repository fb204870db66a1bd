"""The Glance screen: one word, one number, what is left, where; at every size."""

import pytest

from companion.coaching.routine import Zone
from companion.coaching.trend import Trend
from companion.coaching.view import Phase
from companion.live import LinkState
from companion.sensing.types import Level
from companion.tui.bigtext import huge
from tests.tui.fake_live import STEPS, FakeLive, cleared, finished, raised, step
from tests.tui.screen_text import Stage, staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

_SIZES = [(20, 6), (40, 10), (60, 20), (80, 24), (120, 40), (240, 70)]


def _drawn(words: str, stage: Stage) -> bool:
    """Say whether words stand on the screen in large letters of any size that fits."""
    screen = stage.rows
    for rows in range(3, 40):
        large = huge(words, stage.app.size.width, rows, unicode=stage.app._glyphs.unicode)
        if large and any(large[0].strip() and large[0].strip() in row for row in screen):
            places = [at for at, row in enumerate(screen) if large[0].strip() in row]
            if any(
                all(line.strip() in row for line, row in zip(large, screen[at:], strict=False))
                for at in places
            ):
                return True
    return False


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_word_number_left_and_place_at_every_size(*, ascii_only: bool) -> None:
    async with staged(ascii_only=ascii_only) as stage:
        await stage.press("g")
        for size in _SIZES:
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
            assert _drawn("ON TARGET", stage) or "ON TARGET" in stage.text
            assert _drawn("1.1", stage) or "about 1.1 kPa" in stage.text
            assert _drawn("4 LEFT", stage) or "4 LEFT" in stage.text
            assert ("UNDER-EYE R ->" if ascii_only else "UNDER-EYE R →") in stage.text
            assert stage.text.isascii() is ascii_only


async def test_a_large_window_has_large_words() -> None:
    async with staged(size=(240, 70)) as stage:
        await stage.press("g")
        rows = [row for row in stage.rows if row.count("█") > 20]
        assert len(rows) > 25


@pytest.mark.measured
async def test_each_level_has_its_word_its_sign_and_its_field() -> None:
    words = {
        Level.NO_CONTACT: "NO CONTACT",
        Level.LIGHT: "MORE",
        Level.ON_TARGET: "ON TARGET",
        Level.FIRM: "LIGHTER",
        Level.CAUTION: "EASE OFF",
        Level.STOP: "STOP",
        Level.UNKNOWN: "UNKNOWN",
    }
    async with staged(size=(40, 10)) as stage:
        await stage.press("g")
        for level, word in words.items():
            stage.live.level = level
            shown = await stage.settle()
            assert _drawn(word, stage) or word in shown
            field = stage.app.screen.query_one("#field")
            assert field.has_class(f"-{level.value.replace('_', '-')}")
            assert stage.app._glyphs.level[level] in shown
            known = level not in {Level.NO_CONTACT, Level.UNKNOWN}
            assert ("1.1 kPa" in shown or _drawn("1.1", stage)) is known


async def test_what_holds_the_session_up_goes_before_the_level() -> None:
    held = (
        (Phase.PAUSED, LinkState.LIVE, "PAUSED"),
        (Phase.RESTING, LinkState.LIVE, "REST"),
        (Phase.ASKING, LinkState.LIVE, "OIL ON?"),
        (Phase.WAITING, LinkState.SEARCHING, "SWITCH IT ON"),
        (Phase.RUNNING, LinkState.LOST, "LINK LOST"),
        (Phase.RUNNING, LinkState.SILENT, "NOT HEARD"),
    )
    async with staged(size=(120, 40)) as stage:
        await stage.press("g")
        for phase, state, word in held:
            stage.live.phase = phase
            stage.live.set_link(state)
            await stage.settle()
            assert _drawn(word, stage)
            assert not _drawn("ON TARGET", stage)
            assert not _drawn("1.1", stage)


async def test_a_hand_step_is_timed_and_no_pressure_is_told() -> None:
    async with staged(FakeLive(index=8, step_elapsed_s=12.0), size=(80, 24)) as stage:
        await stage.press("g")
        assert _drawn("BY HAND", stage)
        assert _drawn("00:18", stage) or "00:18" in stage.text
        assert "kPa" not in stage.text


@pytest.mark.measured
async def test_a_stop_stands_on_the_field_until_it_is_seen_or_two_seconds_over() -> None:
    warning = raised(Level.STOP, pressure_kpa=4.4)
    async with staged(FakeLive(level=Level.FIRM), size=(80, 24)) as stage:
        await stage.press("g")
        await stage.send(warning)
        assert _drawn("STOP", stage)
        assert stage.rows[0].count("■") >= 30
        await stage.send(cleared(warning, device_s=101.0))
        await stage.settle(seconds=1.9)
        assert _drawn("STOP", stage)
        await stage.settle(seconds=0.2)
        assert _drawn("LIGHTER", stage)


async def test_without_colour_the_stop_is_an_inverted_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    grounds = {}
    for level in (Level.ON_TARGET, Level.STOP):
        async with staged(FakeLive(level=level), size=(80, 24)) as stage:
            await stage.press("g")
            style = next(iter(stage.app.screen._compositor.render_strips()[6])).style
            assert style is not None
            assert style.bgcolor is not None
            colour = style.bgcolor.get_truecolor()
            assert colour.red == colour.green == colour.blue
            grounds[level] = colour.red
    assert grounds[Level.STOP] - grounds[Level.ON_TARGET] > 150


async def test_the_end_of_the_steps_is_a_word() -> None:
    async with staged(FakeLive(index=len(STEPS)), size=(80, 24)) as stage:
        await stage.press("g")
        assert _drawn("DONE", stage)


async def test_the_arrow_turns_with_the_face() -> None:
    live = FakeLive(steps=(step("up", Zone.CHEEK, STEPS[5].side),), index=0)
    async with staged(live, size=(80, 24)) as stage:
        assert "CHEEK R →" in await stage.press("g")
        assert "CHEEK R ←" in await stage.press("v")
        await stage.send(finished())


@pytest.mark.parametrize(("width", "rows"), [(1, 1), (0, 0), (5, 2), (200, 2)])
def test_words_without_room_are_not_drawn(width: int, rows: int) -> None:
    assert huge("STOP", width, rows) is None
    assert huge("STOP", width, rows, unicode=False) is None


def test_letters_grow_with_the_room_and_never_beyond_it() -> None:
    heights = []
    for rows in range(3, 40):
        drawn = huge("4.5", 60, rows)
        assert drawn is not None
        assert len(drawn) <= rows
        assert all(len(line) <= 60 for line in drawn)
        heights.append(len(drawn))
    assert heights == sorted(heights)
    assert heights[-1] > 3 * heights[0]
    assert huge("4.5", 60, 12, unicode=False) != huge("4.5", 60, 12)


def test_a_sign_that_cannot_be_drawn_is_not_guessed() -> None:
    assert huge("§", 200, 40) is None


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_where_the_pressure_goes_has_a_sign_and_where_there_is_room_a_word(
    *, ascii_only: bool
) -> None:
    signs = {Trend.RISING: ("/", "↑"), Trend.FALLING: ("\\", "↓")}
    async with staged(FakeLive(trend=Trend.RISING), ascii_only=ascii_only) as stage:
        await stage.press("g")
        for trend, (plain, large) in signs.items():
            stage.live.trend = trend
            sign = plain if ascii_only else stage.app._glyphs.trend[trend]
            for size in _SIZES:
                await stage.pilot.resize_terminal(*size)
                shown = await stage.settle()
                assert _drawn("1.1", stage) or "about 1.1 kPa" in shown
                assert _drawn(f"1.1 {large}", stage) or f"1.1 kPa {sign}" in shown
                if size[1] > 10:
                    assert trend.value in shown
        stage.live.trend = None
        assert "falling" not in await stage.settle()


async def test_what_is_left_is_drawn_large_in_a_narrow_window_too() -> None:
    async with staged(size=(60, 20)) as stage:
        await stage.press("g")
        assert _drawn("4 LEFT", stage)
