"""Warnings: seen, heard, acknowledged, and never gone before a glance can catch them."""

from dataclasses import replace

import pytest

from companion.coaching.events import (
    Command,
    Hint,
    HintKind,
    SessionFinished,
    SessionOutcome,
    Unscored,
    UnscoredReason,
)
from companion.coaching.routine import Direction, Side, Zone
from companion.coaching.view import View
from companion.sensing.types import Level, StrokeDirection
from companion.tui.alerts import Shown
from companion.tui.widgets import log_panel
from companion.tui.widgets.alert_banner import AlertBanner, alert_words
from tests.tui.fake_live import (
    FakeLive,
    acknowledged,
    cleared,
    finished,
    pressed,
    raised,
    scored,
    summary,
)
from tests.tui.screen_text import Stage, staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


def _big(stage: Stage) -> bool:
    return "▄▀▀▀ ▀█▀ ▄▀▀▄ █▀▀▄" in stage.text


async def test_a_banner_comes_from_the_right_so_that_its_first_word_is_never_cut() -> None:
    async with staged(size=(85, 24)) as stage:
        banner = stage.screen.query_one(AlertBanner)
        assert banner.styles.offset.x.value > 0
        await stage.send(raised(Level.CAUTION))
        assert banner.styles.offset.x.value == 0


@pytest.mark.measured
async def test_a_caution_slides_in_with_value_limit_place_and_duration() -> None:
    live = pressed(FakeLive(device_s=100.0), [3.1] * 80)
    async with staged(live, size=(80, 24)) as stage:
        assert "EASE OFF" not in stage.text
        screen = await stage.send(raised(device_s=100.06))
        banner = next(row for row in screen.splitlines() if "EASE OFF" in row)
        words = ["▲ EASE OFF", "3.1 kPa, caution 2.7", "under-eye, right", "0.8 s"]
        assert "   ".join(words) in banner
        assert banner.rstrip().endswith("a seen")
        assert "UNDER-EYE, RIGHT" in screen


async def test_a_warning_stays_until_two_seconds_after_it_is_over() -> None:
    warning = raised()
    async with staged() as stage:
        await stage.send(warning)
        screen = await stage.send(cleared(warning, device_s=102.0))
        assert "highest 3.4 kPa, caution 2.7" in screen
        assert "over after 1.3 s" in screen
        assert "EASE OFF" in await stage.settle(seconds=1.9)
        assert "EASE OFF" not in await stage.settle(seconds=0.2)


async def test_a_warning_that_ends_unknown_is_never_called_over() -> None:
    warning = raised()
    async with staged() as stage:
        await stage.send(warning)
        screen = await stage.send(cleared(warning, device_s=102.0, reason="unknown"))
        assert "not known any more" in screen
        assert "over after" not in screen


@pytest.mark.measured
async def test_a_stop_takes_the_middle_of_the_screen() -> None:
    async with staged(pressed(FakeLive(), [4.4])) as stage:
        await stage.send(raised(Level.STOP, pressure_kpa=4.4))
        assert _big(stage)
        assert "4.4 kPa, stop 4.0" in stage.text
        assert "lightest touch" not in stage.text
        panel = stage.screen.query_one("#stop").region
        assert panel.width == 118
        assert panel.y < 20 < panel.bottom + 8
        assert panel.height >= 9


async def test_an_acknowledged_stop_gives_the_middle_back_and_stays_in_the_banner() -> None:
    warning = raised(Level.STOP, pressure_kpa=4.4)
    async with staged() as stage:
        await stage.send(warning)
        await stage.pilot.press("a")
        assert stage.commands == [Command.ACKNOWLEDGE]
        screen = await stage.send(acknowledged(warning))
        assert not _big(stage)
        assert "■ STOP, LIFT OFF" in screen
        assert "lightest touch" in screen


async def test_a_stop_that_is_over_stays_two_seconds() -> None:
    warning = raised(Level.STOP)
    async with staged() as stage:
        await stage.send(warning)
        await stage.send(cleared(warning, device_s=101.0))
        await stage.settle(seconds=1.9)
        assert _big(stage)
        await stage.settle(seconds=0.2)
        assert not _big(stage)


async def test_a_stop_goes_before_a_caution() -> None:
    caution, stop = raised(alert=1), raised(Level.STOP, alert=2, device_s=101.0)
    async with staged() as stage:
        await stage.send(caution, stop)
        assert _big(stage)
        await stage.send(cleared(stop, device_s=102.0))
        assert "EASE OFF" in stage.text
        assert not _big(stage)


async def test_a_warning_that_stands_when_the_screen_opens_is_shown() -> None:
    async with staged(FakeLive(alerts=(raised(),))) as stage:
        assert "EASE OFF" in stage.text


async def test_too_light_is_a_gentle_banner() -> None:
    async with staged() as stage:
        screen = await stage.send(raised(Level.LIGHT, pressure_kpa=0.2))
        assert "◁ A LITTLE MORE" in screen
        assert "at least 0.5" in screen


async def test_acknowledge_is_only_for_a_warning_that_stands_unseen() -> None:
    async with staged() as stage:
        await stage.pilot.press("a")
        assert stage.commands == []


async def test_a_caution_rings_once() -> None:
    async with staged() as stage:
        await stage.send(raised())
        for _ in range(10):
            await stage.settle(seconds=0.5)
        assert len(stage.rings) == 1


async def test_a_stop_rings_a_pattern_again_and_again_until_seen() -> None:
    warning = raised(Level.STOP)
    async with staged() as stage:
        await stage.send(warning)
        for _ in range(4):
            await stage.settle(seconds=0.25)
        assert len(stage.rings) == 3
        for _ in range(8):
            await stage.settle(seconds=0.25)
        assert len(stage.rings) > 3
        await stage.send(acknowledged(warning))
        heard = len(stage.rings)
        for _ in range(12):
            await stage.settle(seconds=0.25)
        assert len(stage.rings) == heard


async def test_muted_is_silent_and_still_seen() -> None:
    async with staged(FakeLive(muted=True)) as stage:
        screen = await stage.send(raised(Level.STOP))
        await stage.settle(seconds=2.0)
        assert stage.rings == []
        assert "stop 4.0" in screen


async def test_a_warning_puts_the_help_away() -> None:
    async with staged() as stage:
        await stage.pilot.press("question_mark")
        assert "Hold the session" not in await stage.send(raised())


async def test_without_colour_the_stop_is_a_light_field_in_a_dark_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with staged() as stage:
        await stage.send(raised(Level.STOP))
        strips = stage.screen._compositor.render_strips()
        field = next(segment.style for segment in strips[12] if segment.text.strip())
        around = next(iter(strips[0])).style
        assert field is not None
        assert around is not None
        assert field.bgcolor is not None
        assert around.bgcolor is not None
        light, dark = field.bgcolor.get_truecolor(), around.bgcolor.get_truecolor()
        assert light.red == light.green == light.blue
        assert light.red - dark.red > 150


async def test_the_summary_stays_until_quit() -> None:
    async with staged() as stage:
        screen = await stage.send(finished())
        for words in (
            "The routine is done.",
            "cheek, left",
            "time was up",
            "7 of 10",
            "by hand",
            "caution, under-eye, right: up to 3.4 kPa, limit 2.7, for 1.3 s",
            "you pressed up to about 3.4 kPa; stay under 2.7",
            "Press q to leave.",
        ):
            assert words in screen
        stage.events.close()
        assert "The routine is done." in await stage.settle(seconds=100)
        await stage.pilot.press("space", "n", "s")
        assert stage.commands == []
        await stage.pilot.press("q")
        await stage.pilot.pause()
        assert not stage.app.is_running
        assert stage.commands == []


async def test_quit_ends_the_session_and_leaves_when_it_has_ended() -> None:
    async with staged() as stage:
        await stage.pilot.press("q")
        assert stage.commands == [Command.QUIT]
        assert stage.app.is_running
        assert "Ending the session" in await stage.settle()
        stage.events.put(finished(outcome=SessionOutcome.INTERRUPTED))
        await stage.pilot.pause()
        assert not stage.app.is_running


async def test_quit_twice_leaves_at_once() -> None:
    async with staged() as stage:
        await stage.pilot.press("q", "q")
        await stage.pilot.pause()
        assert not stage.app.is_running


async def test_the_end_of_the_events_without_a_summary_leaves() -> None:
    async with staged() as stage:
        stage.events.close()
        await stage.pilot.pause()
        assert not stage.app.is_running


async def test_the_summary_keeps_a_step_to_a_line_at_eighty_columns() -> None:
    async with staged(size=(80, 24)) as stage:
        screen = await stage.send(finished())
        line = next(row for row in screen.splitlines() if "jawline, left" in row)
        assert line.split() == [
            "✓", "jawline,", "left", "done", "10", "of", "10", "00:28", "1.1", "3.4", "70", "%",
        ]  # fmt: skip
        assert "on target" in screen


async def test_the_summary_does_not_count_what_nobody_knows() -> None:
    whole = summary()
    steps = tuple(
        replace(one, repetitions=None, counted_live=None, goal=None) for one in whole.steps
    )
    for size in ((80, 24), (60, 40)):
        async with staged(size=size) as stage:
            ended = SessionFinished(
                device_s=300.0, outcome=whole.outcome, summary=replace(whole, steps=steps)
            )
            screen = await stage.send(ended)
            line = next(row for row in screen.splitlines() if "jawline, left" in row)
            assert line.split()[3:6] == ["done", "unknown", "00:28"]


async def test_a_narrow_banner_keeps_what_to_do_the_value_since_when_and_the_key() -> None:
    live = pressed(FakeLive(device_s=100.0), [3.1] * 80)
    async with staged(live, size=(60, 20)) as stage:
        screen = await stage.send(raised(device_s=100.06))
        banner = next(row for row in screen.splitlines() if "EASE OFF" in row)
        words = "▲ EASE OFF   3.1 kPa, caution 2.7   0.8 s"
        assert banner.split("    ")[0].strip() == words
        assert banner.rstrip().endswith("a seen")


async def test_a_narrow_summary_loses_no_figure() -> None:
    async with staged(size=(60, 40)) as stage:
        screen = await stage.send(finished())
        rows = screen.splitlines()
        at = next(index for index, row in enumerate(rows) if "jawline, left" in row)
        assert rows[at].split() == ["✓", "jawline,", "left", "done", "10", "of", "10", "00:28"]
        assert rows[at + 1].strip() == "mean 1.1 · peak 3.4 · on target 70 %"
        assert any(row.strip() == "by hand" for row in rows)


@pytest.mark.measured
async def test_the_summary_opens_with_the_score_and_names_its_three_dearest_reasons() -> None:
    async with staged(size=(100, 60)) as stage:
        ended = SessionFinished(device_s=300.0, outcome=SessionOutcome.FINISHED, summary=scored())
        screen = await stage.send(ended)
        for words in (
            "Score 75 of 100: 75 of 100 points",
            "-18 under-eye, right: too much pressure, up to about 5.4 kPa, limit 4.0; at 0:09",
            "-4 under-eye, right: too light for 2.0 s",
            "-2 under-eye, right: 7 of 10 done",
        ):
            assert words in screen
        assert "cm/s" not in screen
        assert screen.index("Score 75") < screen.index("forehead") < screen.index("Warnings")
        assert screen.index("What cost most") < screen.index("Warnings")


async def test_the_summary_tells_of_too_much_pressure_that_nobody_was_warned_of() -> None:
    whole = summary()
    missed = replace(whole.alerts[0], peak_kpa=9.4, limit_kpa=8.0, reason="link_down")
    async with staged(size=(100, 60)) as stage:
        ended = SessionFinished(
            device_s=300.0, outcome=whole.outcome, summary=replace(whole, missed=(missed,))
        )
        screen = await stage.send(ended)
        line = next(row for row in screen.splitlines() if "NOT WARNED, the link was down" in row)
        assert "9.4 kPa at most, limit 8.0" in line


async def test_the_summary_without_a_score_says_why() -> None:
    unscored = Unscored(reason=UnscoredReason.TOO_LITTLE_TOUCH)
    unknown = replace(scored(), score=None, unscored=unscored)
    async with staged() as stage:
        ended = SessionFinished(device_s=300.0, outcome=SessionOutcome.FINISHED, summary=unknown)
        assert "No score: the tool hardly touched the skin" in await stage.send(ended)


async def test_a_hint_is_a_passing_line() -> None:
    hint = Hint(
        device_s=100.0,
        kind=HintKind.WRONG_DIRECTION,
        priority=40,
        step="forehead",
        zone=Zone.FOREHEAD,
        side=Side.BOTH,
        onset_s=98.0,
        direction=StrokeDirection.DOWN,
        wanted=Direction.UP,
    )
    async with staged() as stage:
        assert "Better: go up, not down (forehead)" in await stage.send(hint)
        assert "Better:" not in await stage.settle(seconds=6)


async def test_the_log_lists_every_warning_of_the_session_the_newest_first() -> None:
    first, second = raised(alert=1), raised(Level.STOP, alert=2, device_s=110.0)
    async with staged(size=(80, 24)) as stage:
        assert "None so far." in await stage.press("w")
        await stage.press("w")
        stage.live.elapsed_s = 83.0
        await stage.send(first, cleared(first, device_s=102.0))
        stage.live.elapsed_s = 125.0
        await stage.send(second)
        assert "Warnings of this session" not in stage.text
        screen = await stage.press("w")
        assert "Warnings of this session: 2" in screen
        assert screen.index("02:05  ■ STOP, LIFT OFF") < screen.index("01:23  ▲ EASE OFF")
        assert "over after 1.3 s" in screen
        await stage.send(acknowledged(second))
        await stage.pilot.pause(0.25)
        assert "seen" in next(row for row in stage.rows if "s, seen" in row)
        assert "Warnings of this session" not in await stage.press("escape")


async def test_a_grave_warning_puts_the_log_away_and_help_takes_its_place() -> None:
    async with staged(size=(80, 24)) as stage:
        await stage.press("w")
        assert "Warnings of this session" not in await stage.press("question_mark")
        assert "Keys" not in await stage.press("w")
        assert "Warnings of this session" not in await stage.send(raised(Level.STOP))


async def test_the_log_words_a_warning_that_is_over_once(monkeypatch: pytest.MonkeyPatch) -> None:
    worded: list[int] = []

    def words(shown: Shown, view: View, device_s: float) -> list[str]:
        worded.append(shown.raised.alert)
        return alert_words(shown, view, device_s)

    monkeypatch.setattr(log_panel, "alert_words", words)
    ended, standing = raised(alert=1), raised(alert=2, device_s=110.0)
    async with staged(size=(80, 24)) as stage:
        await stage.send(ended, cleared(ended, device_s=102.0), standing)
        await stage.press("w")
        panel = stage.app.screen.query_one(log_panel.LogPanel)
        panel.look()
        panel.look()
        assert worded.count(1) == 1
        assert worded.count(2) >= 3


async def test_a_long_list_scrolls_and_fits_windows_of_any_size() -> None:
    async with staged(size=(60, 20)) as stage:
        for alert in range(1, 6):
            one = raised(alert=alert, device_s=100.0 + alert)
            await stage.send(one, cleared(one, device_s=100.5 + alert))
        assert "Warnings of this session: 5" in await stage.press("w")
        assert "Warnings of this session: 5" not in await stage.press("end")
        for size in ((1, 1), (20, 6), (240, 70)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
        assert "Warnings of this session: 5" in stage.text
