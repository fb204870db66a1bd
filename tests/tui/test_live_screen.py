"""The Live screen answers its questions, in words, at every size."""

from dataclasses import replace

import pytest

from companion.coaching.events import Command, LinkUp, SessionOutcome, ToolTared
from companion.coaching.routine import Zone
from companion.coaching.trend import Trend
from companion.coaching.view import Phase
from companion.live import LinkState, LinkView
from companion.sensing.types import Doubt, Level
from companion.texts import text
from companion.tui.app import CompanionApp
from companion.tui.widgets.face_picture import FacePicture
from tests.tui.fake_live import STEPS, FakeLive, finished, pressed, raised, step, tapping
from tests.tui.screen_text import staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


def _drawn(app: CompanionApp) -> str:
    """Return the screen after the filters, as a terminal gets it."""
    background = app.screen.background_colors[1]
    lines = [list(strip) for strip in app.screen._compositor.render_strips()]
    for line_filter in app.get_line_filters():
        lines = [line_filter.apply(line, background) for line in lines]
    return "\n".join("".join(segment.text for segment in line) for line in lines)


@pytest.mark.measured
async def test_the_four_questions_are_answered() -> None:
    async with staged(pressed(FakeLive(), [1.1] * 50), size=(80, 24)) as stage:
        assert "● ON TARGET" in stage.text
        assert "about 1.1 kPa" in stage.text
        assert "UNDER-EYE, RIGHT" in stage.text
        assert "tap" in stage.text
        assert "→ outward" in stage.text
        assert "lightest touch" in stage.text
        assert "● ● ● ● ● ● ○ ○ ○ ○  6 of 10" in stage.text
        assert "left" in stage.text
        assert "next: under-eye L" in stage.text
        assert "● live" in stage.text


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_where_the_pressure_goes_stands_before_the_number(*, ascii_only: bool) -> None:
    async with staged(FakeLive(trend=Trend.RISING), ascii_only=ascii_only) as stage:
        for size in ((60, 20), (80, 24), (120, 40)):
            await stage.pilot.resize_terminal(*size)
            assert f"{'/' if ascii_only else '↗'} rising  about 1.1 kPa" in await stage.settle()
        await stage.pilot.resize_terminal(36, 20)
        assert f"{'/' if ascii_only else '↗'} about 1.1 kPa" in await stage.settle()
        stage.live.trend = Trend.STEADY
        await stage.pilot.resize_terminal(80, 24)
        assert f"{'=' if ascii_only else '→'} steady  about 1.1 kPa" in await stage.settle()
        stage.live.trend = None
        assert "steady" not in await stage.settle()


async def test_the_link_line_names_figures_that_are_known() -> None:
    async with staged(note="virtual radio") as stage:
        assert stage.rows[0].split(" · ") == [
            " Aurora roller",
            "● live",
            "100 Hz",
            "loss 0 %",
            "battery 83 %",
            "12 ms late",
            "signal -58 dBm, 34 s ago        virtual radio ",
        ]
        stage.live.state = LinkView(state=LinkState.LIVE, tool="Aurora roller", loss_percent=2.5)
        await stage.settle()
        assert stage.rows[0].split("   ")[0] == " Aurora roller · ● live · loss 2.5 %"


@pytest.mark.parametrize(
    ("state", "words", "doing"),
    [
        (LinkState.SEARCHING, "◌ searching for the tool", "Looking for the tool"),
        (LinkState.CONNECTING, "◌ connecting", "Found it"),
        (LinkState.PREPARING, "◌ getting ready", "Hold the tool still in the air"),
        (LinkState.SILENT, "◌ silent", "No samples arrive"),
        (LinkState.LOST, "✗ link lost", "Connecting again; the step waits"),
        (LinkState.CLOSED, "✗ closed", "The link is closed"),
    ],
)
async def test_a_link_that_is_not_live_says_so_and_what_is_done(
    state: LinkState, words: str, doing: str
) -> None:
    async with staged(size=(80, 24)) as stage:
        stage.live.set_link(state)
        screen = await stage.settle()
        assert words in screen
        assert doing in screen
        assert "100 Hz" not in screen


@pytest.mark.parametrize(
    ("level", "sign", "words"),
    [
        (Level.NO_CONTACT, "·", "NO CONTACT"),
        (Level.LIGHT, "◁", "LIGHT  a little more"),
        (Level.ON_TARGET, "●", "ON TARGET"),
        (Level.FIRM, "◆", "FIRM  lighter"),
        (Level.CAUTION, "▲", "CAUTION  ease off"),
        (Level.STOP, "■", "STOP  stop, lift off"),
        (Level.UNKNOWN, "?", "UNKNOWN  cannot judge"),
    ],
)
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_level_has_a_sign_a_word_and_an_advice_without_colour(
    level: Level, sign: str, words: str, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    live = FakeLive(level=level, doubt=Doubt.AREA_UNKNOWN if level is Level.UNKNOWN else None)
    async with staged(live, size=(80, 24), theme=theme) as stage:
        assert stage.app.no_color
        assert f"{sign} {words}" in stage.text
        assert ("the tool's contact area is not known" in stage.text) is (level is Level.UNKNOWN)


async def test_a_wide_and_tall_screen_spells_the_level_large() -> None:
    async with staged(FakeLive(level=Level.FIRM)) as stage:
        assert "█▀▀▀ █ █▀▀▄ █▄ ▄█" in stage.text
        assert "◆ lighter" in stage.text


async def test_a_pressure_that_is_not_known_is_never_a_number() -> None:
    live = FakeLive(pressure_kpa=None, doubt=Doubt.NOT_TARED)
    async with staged(live, size=(80, 24)) as stage:
        assert "-- kPa" in stage.text
        assert "the tool has not been tared" in stage.text


async def test_a_hand_step_is_shown_and_timed_but_not_judged() -> None:
    live = FakeLive(index=8, pressure_kpa=0.4)
    async with staged(live, size=(80, 24)) as stage:
        assert "? BY HAND" in stage.text
        assert "-- kPa" in stage.text
        assert "by hand: shown and timed, not judged" in stage.text
        assert "timed" in stage.text
        assert "declared" not in stage.text
        assert "caution" not in stage.text


async def test_a_step_that_cannot_be_judged_says_why() -> None:
    async with staged(FakeLive(cannot_judge=Doubt.TOO_UNCERTAIN)) as stage:
        assert "? not judged: the force cannot be read finely" in stage.text


async def test_a_step_that_cannot_be_counted_says_so() -> None:
    live = FakeLive(cannot_count=True, repetitions=0)
    async with staged(live) as stage:
        assert "10 times, not counted with this tool" in stage.text
        assert "0 of 10" not in stage.text
        live.steps = tuple(replace(one, repetitions=None) for one in live.steps)
        screen = await stage.settle()
        assert "not counted with this tool" in screen
        assert "times, not counted" not in screen
    async with staged(FakeLive(cannot_count=True), size=(60, 20)) as stage:
        assert "not counted with this tool" in stage.text


async def test_the_clock_of_session_and_step() -> None:
    async with staged(FakeLive(elapsed_s=161.9, step_elapsed_s=5.5)) as stage:
        assert "02:41 of about 5:00" in stage.text
        assert "00:25 left" in stage.text
        stage.live.step_elapsed_s = 30.2
        assert "time is up" in await stage.settle()


async def test_paused_waiting_and_muted_are_words() -> None:
    live = FakeLive(phase=Phase.PAUSED, muted=True)
    async with staged(live, size=(80, 24)) as stage:
        assert "PAUSED · sound off" in stage.text
        assert "Press space to go on" in stage.text
        live.phase, live.muted = Phase.WAITING, False
        screen = await stage.settle()
        assert "FIRST" in screen
        assert "PAUSED" not in screen


async def test_an_event_leaves_a_passing_line() -> None:
    async with staged() as stage:
        refused = ToolTared(device_s=1.0, done=False, reason="the tool moves")
        assert "The zero was not set: the tool moves" in await stage.send(refused)
        back = LinkUp(device_s=2.0, tool="Aurora", rate_hz=100.0, resumed=True, gap_s=1.25)
        assert "The link is back after 1.2 s." in await stage.send(back)
        assert "The link is back" not in await stage.settle(seconds=6)


async def test_the_strip_tells_done_short_skipped_now_and_next() -> None:
    async with staged() as stage:
        assert "✓ forehead ─ ~ cheek L ─ ✓ cheek R ─ » jaw L ─ ✓ jaw R" in stage.text
        assert "▶ UNDER-EYE R  ─ ○ under-eye L" in stage.text


async def test_a_narrow_strip_scrolls_and_counts_what_it_hides() -> None:
    async with staged(size=(60, 20)) as stage:
        strip = next(row for row in stage.rows if "▶" in row)
        assert " ".join(strip.split()) == "◂4 ✓ jaw R ─ ▶ UNDER-EYE R ─ ○ under-eye L 2▸"


async def test_the_number_can_be_read_while_the_bar_follows() -> None:
    async with staged(FakeLive(pressure_kpa=1.0), size=(80, 24)) as stage:
        stage.live.pressure_kpa = 1.2
        assert "about 1.0 kPa" in await stage.settle(seconds=0.1)
        assert "about 1.2 kPa" in await stage.settle(seconds=0.2)


async def test_a_level_change_shows_its_number_at_once() -> None:
    async with staged(FakeLive(pressure_kpa=1.0), size=(80, 24)) as stage:
        stage.live.pressure_kpa = 3.0
        assert "about 3.0 kPa" in await stage.settle()


@pytest.mark.parametrize("size", [(120, 40), (120, 36), (80, 24), (60, 20), (40, 10)])
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_questions_survive_every_size(size: tuple[int, int], theme: str) -> None:
    live = pressed(FakeLive(), tapping(4.0))
    live.pressure_kpa, live.level = 1.1, Level.ON_TARGET
    async with staged(live, size=size, theme=theme) as stage:
        for words in ("UNDER-EYE", "6 of 10", "about 1.1 kPa", "live", "left"):
            assert words in stage.text
        assert "ON TARGET" in stage.text or "█▀▀▄ █▄" in stage.text or "● on target" in stage.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_trace_keeps_six_rows_where_the_window_is_small(size: tuple[int, int]) -> None:
    async with staged(pressed(FakeLive(), tapping(8.0)), size=size) as stage:
        assert stage.screen.query_one("#trace").size.height >= 6
        assert "caution" in stage.text
        assert any("\u2801" <= cell <= "\u28ff" for cell in stage.text)


async def test_tiny_windows_and_back_do_not_crash() -> None:
    live = pressed(FakeLive(), tapping(4.0))
    async with staged(live) as stage:
        await stage.send(raised(Level.STOP))
        for width, height in ((1, 1), (40, 10), (3, 30), (200, 2), (240, 70), (120, 40)):
            await stage.pilot.resize_terminal(width, height)
            pressed(live, [2.0] * 10)
            await stage.settle()
        assert "UNDER-EYE R" in stage.text


async def test_ascii_only_draws_nothing_else() -> None:
    live = pressed(FakeLive(), tapping(8.0))
    live.level = Level.FIRM
    async with staged(live, ascii_only=True, note="virtual radio") as stage:
        assert stage.text.isascii()
        assert "* FIRM" in stage.text
        assert "-> outward" in stage.text
        assert (await stage.send(raised(Level.STOP))).isascii()


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("space", Command.PAUSE),
        ("n", Command.SKIP),
        ("b", Command.BACK),
        ("r", Command.REPEAT),
        ("t", Command.TARE),
        ("m", Command.MUTE),
        ("s", Command.STOP),
        ("x", Command.UNWELL),
        ("q", Command.QUIT),
        ("ctrl+c", Command.QUIT),
        ("ctrl+q", Command.QUIT),
    ],
)
async def test_every_key_sends_its_command(key: str, command: Command) -> None:
    async with staged() as stage:
        await stage.pilot.press(key)
        assert stage.commands == [command]


async def test_the_footer_shows_the_keys_at_eighty_columns() -> None:
    async with staged(size=(80, 24)) as stage:
        assert stage.rows[-1].strip() == (
            "space pause n next r repeat t tare m mute a seen s STOP x unwell ? help q quit"
        )


async def test_dark_and_light_change_by_a_key() -> None:
    async with staged() as stage:
        await stage.pilot.press("d")
        assert stage.app.theme == "companion-light"
        await stage.pilot.press("d")
        assert stage.app.theme == "companion-dark"


async def test_help_lists_every_key_and_hides_again() -> None:
    async with staged() as stage:
        await stage.pilot.press("question_mark")
        screen = await stage.settle()
        for words in ("Hold the session", "Begin this step again", "dark and the light", "leave"):
            assert words in screen
        await stage.pilot.press("question_mark")
        assert "Hold the session" not in await stage.settle()


async def test_a_theme_that_is_not_ours_still_has_level_colours() -> None:
    async with staged() as stage:
        stage.app.theme = "nord"
        assert "UNDER-EYE" in await stage.settle()


async def test_a_hint_too_long_for_its_line_takes_the_line_of_what_comes_next() -> None:
    hint = "roll lightly up from the collarbone to the jaw, beside the windpipe, then lift off"
    live = FakeLive(steps=(step("neck", Zone.NECK_FRONT, hint=hint), *STEPS), index=0)
    async with staged(live, size=(60, 20)) as stage:
        assert "beside the" in stage.text
        assert "then lift off" in stage.text
        live.cannot_judge = Doubt.AREA_UNKNOWN
        screen = await stage.settle()
        assert "not judged: the tool's contact area" in screen


async def test_a_long_reason_is_told_whole_where_there_is_room() -> None:
    async with staged(FakeLive(cannot_judge=Doubt.NOT_TARED)) as stage:
        assert "? not judged: the tool has not been tared" in stage.text
        beside_the_face = " ".join(line[33:].strip() for line in stage.text.splitlines())
        assert "switched on; hold it still in the air" in beside_the_face


async def test_a_named_equivalent_says_what_it_stands_for() -> None:
    live = FakeLive(steps=(step("brow", Zone.FOREHEAD, instead_of="fingertips"),), index=0)
    async with staged(live) as stage:
        assert "in place of fingertips" in stage.text
        assert "this is the last step" in stage.text


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 10)])
async def test_what_belongs_on_the_skin_first_stands_until_the_first_contact(
    size: tuple[int, int],
) -> None:
    live = FakeLive(index=0, repetitions=0, phase=Phase.WAITING, slip_note="Oil first, always.")
    live.level = Level.UNKNOWN
    async with staged(live, size=size) as stage:
        assert "Oil first, always." in stage.text
        live.phase, live.level = Phase.RUNNING, Level.NO_CONTACT
        assert "Oil first, always." in await stage.settle()
        live.level = Level.LIGHT
        assert "Oil first" not in await stage.settle()
        live.level = Level.NO_CONTACT
        assert "Oil first" not in await stage.settle()


async def test_what_belongs_on_the_skin_is_not_repeated_in_later_steps() -> None:
    live = FakeLive(index=2, repetitions=0, level=Level.UNKNOWN, slip_note="Oil first, always.")
    async with staged(live) as stage:
        assert "Oil first" not in stage.text


@pytest.mark.measured
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)])
@pytest.mark.parametrize(
    ("state", "do"),
    [
        (LinkState.SEARCHING, "Switch the tool on and keep it near."),
        (LinkState.CONNECTING, "The tool was heard: keep it near."),
        (LinkState.PREPARING, "Hold the tool still in the air, off the skin"),
        (LinkState.LIVE, "Hold the tool still in the air, off the skin"),
        (LinkState.LOST, "Connecting again: keep the tool on and near."),
    ],
)
async def test_before_the_session_the_screen_says_what_to_do_and_nothing_of_unknown(
    size: tuple[int, int], state: LinkState, do: str
) -> None:
    live = FakeLive(index=0, phase=Phase.WAITING, level=Level.UNKNOWN, doubt=Doubt.NOT_TARED)
    live.set_link(state)
    async with staged(live, size=size) as stage:
        words = " ".join(stage.text.split())
        assert do in words
        assert "cannot judge" not in words
        assert "..." not in words
        live.phase = Phase.RUNNING
        assert do not in " ".join((await stage.settle()).split())


async def test_a_refused_zero_is_told_even_while_the_session_waits_for_it() -> None:
    live = FakeLive(index=0, phase=Phase.WAITING, level=Level.UNKNOWN, doubt=Doubt.NOT_TARED)
    async with staged(live, size=(80, 24)) as stage:
        refused = ToolTared(device_s=1.0, done=False, reason="the tool moves")
        assert "The zero was not set: the tool moves" in await stage.send(refused)
        assert "The zero was not set" not in await stage.settle(seconds=6)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_idle_is_no_pressure(size: tuple[int, int]) -> None:
    live = FakeLive(pressure_kpa=0.0, level=Level.NO_CONTACT)
    async with staged(live, size=size) as stage:
        assert "about" not in stage.text.replace("of about 5:00", "")
        assert "-- kPa" in stage.text
        live.pressure_kpa, live.level = 0.4, Level.LIGHT
        assert "about 0.4 kPa" in await stage.settle()


async def test_a_warning_off_the_skin_has_no_figure_of_now() -> None:
    live = FakeLive(pressure_kpa=0.0, level=Level.NO_CONTACT)
    async with staged(live, size=(80, 24)) as stage:
        screen = await stage.send(raised())
        assert "EASE OFF   no contact, caution 2.7" in screen


async def test_a_figure_that_does_not_fit_is_left_out_whole_and_the_note_stays() -> None:
    async with staged(size=(80, 24), note="virtual radio") as stage:
        first = stage.rows[0]
        assert first.endswith("virtual radio ")
        assert "battery 83 %" in first
        assert "signal" not in first
        assert "…" not in first


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (60, "space pause n next a seen s STOP x unwell ? help q quit"),
        (40, "a seen s STOP x unwell ? help q quit"),
    ],
)
async def test_a_narrow_footer_keeps_the_keys_that_matter_most(width: int, keys: str) -> None:
    async with staged(size=(width, 20)) as stage:
        assert stage.rows[-1].strip() == keys
        await stage.pilot.press("m")
        assert stage.commands == [Command.MUTE]
        await stage.pilot.press("question_mark")
        assert "Switch the sound" in await stage.settle()
        await stage.pilot.resize_terminal(80, 24)
        await stage.pilot.press("question_mark")
        assert "m mute" in (await stage.settle()).splitlines()[-1]


async def test_no_palette_lies_over_a_warning() -> None:
    async with staged() as stage:
        await stage.pilot.press("ctrl+p")
        assert "EASE OFF" in await stage.send(raised())
        assert stage.screen.is_current


async def test_ascii_only_holds_for_words_of_the_routine_and_the_tool() -> None:
    hint = "glide over the décolleté \u2013 slowly"
    live = FakeLive(steps=(step("chest", Zone.DECOLLETE, hint=hint),), index=0)
    live.state = LinkView(state=LinkState.LIVE, tool="Röller 愛")
    async with staged(live, ascii_only=True) as stage:
        drawn = _drawn(stage.app)
        assert drawn.isascii()
        assert "NOW  DECOLLETE" in drawn
        assert "glide over the decollete - slowly" in drawn
        assert "Roller ??" in drawn
        await stage.send(finished())
        assert _drawn(stage.app).isascii()


async def test_lifting_off_has_no_figure_though_the_word_lasts() -> None:
    live = FakeLive(pressure_kpa=0.01, level=Level.ON_TARGET)
    async with staged(live, size=(80, 24)) as stage:
        assert "-- kPa" in stage.text
        assert "0.0 kPa" not in stage.text


@pytest.mark.parametrize("outcome", list(SessionOutcome))
async def test_every_way_to_end_has_its_sentence(outcome: SessionOutcome) -> None:
    async with staged() as stage:
        screen = await stage.send(finished(outcome=outcome))
        assert text(f"live.summary.{outcome}") in screen


async def test_the_battery_goes_before_a_long_note() -> None:
    async with staged(size=(80, 24), note="the virtual radio at 127.0.0.1:36863") as stage:
        assert "battery 83 %" in stage.rows[0]
        assert "the virtual" in stage.rows[0]
        await stage.pilot.resize_terminal(60, 20)
        assert "battery 83 %" in (await stage.settle()).splitlines()[0]


async def test_a_very_large_window_has_a_large_face_with_a_profile() -> None:
    async with staged(size=(240, 70)) as stage:
        assert stage.screen.query_one(FacePicture).size.width == 100
        await stage.pilot.resize_terminal(120, 40)
        await stage.settle()
        assert stage.screen.query_one(FacePicture).size.width == 30


async def test_a_note_goes_before_an_old_signal() -> None:
    live = FakeLive()
    live.set_link(LinkState.CLOSED)
    async with staged(live, size=(64, 20), note="virtual radio") as stage:
        assert stage.rows[0].rstrip().endswith("virtual radio")
        assert "battery 83 %" in stage.rows[0]
