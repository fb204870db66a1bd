"""The face: where the session was, is and will be, which way, how hard; as in a mirror."""

from itertools import pairwise

import pytest

from companion.coaching.routine import Direction, Side, Zone
from companion.sensing.types import Level
from companion.tui.face.drawing import Drawing, Look, drawing, size_for
from companion.tui.widgets.face_picture import looks_for, path
from tests.tui.fake_live import STEPS, FakeLive, pressed, raised, step, tapping
from tests.tui.screen_text import Stage, staged

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


def _cells(view: Drawing) -> list[list[object]]:
    return [
        [None if span.line else span.place for span in row for _ in range(span.length)]
        for row in view.rows
    ]


def _columns(view: Drawing, zone: Zone, side: Side) -> set[int]:
    return {x for row in _cells(view) for x, place in enumerate(row) if place == (zone, side)}


def _rows(view: Drawing, zone: Zone) -> set[int]:
    cells = enumerate(_cells(view))
    return {
        y for y, row in cells for place in row if place in {(zone, Side.LEFT), (zone, Side.RIGHT)}
    }


@pytest.mark.parametrize("rows", [8, 17, 30, 60])
@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("unicode", [True, False])
def test_every_row_is_covered_once_and_no_sign_is_lost(
    rows: int, look: Look, *, unicode: bool
) -> None:
    view = drawing(look, rows, mirrored=True, unicode=unicode)
    assert len(view.rows) == rows
    assert view.width == size_for(look, rows)
    for row in view.rows:
        assert row[0].start == 0
        assert all(one.start + one.length == other.start for one, other in pairwise(row))
        assert row[-1].start + row[-1].length == view.width
        assert all(len(span.line) in {0, span.length} for span in row)
        assert all(span.line.isascii() for span in row) or unicode


@pytest.mark.parametrize("rows", [10, 17, 30])
def test_every_zone_has_room_on_both_sides(rows: int) -> None:
    view = drawing(Look.FRONT, rows, mirrored=True, unicode=True)
    for zone in Zone:
        assert _columns(view, zone, Side.LEFT), zone
        assert _columns(view, zone, Side.RIGHT), zone


def test_the_face_is_in_the_order_of_a_face() -> None:
    view = drawing(Look.FRONT, 30, mirrored=True, unicode=True)
    order = (Zone.FOREHEAD, Zone.UNDER_EYE, Zone.CHEEK, Zone.JAWLINE, Zone.NECK_FRONT)
    middles = [sum(_rows(view, zone)) / len(_rows(view, zone)) for zone in (*order, Zone.DECOLLETE)]
    assert middles == sorted(middles)


def test_left_is_at_the_left_as_in_a_mirror_and_at_the_right_for_another_person() -> None:
    mirror = drawing(Look.FRONT, 20, mirrored=True, unicode=True)
    facing = drawing(Look.FRONT, 20, mirrored=False, unicode=True)
    for zone in (Zone.CHEEK, Zone.TEMPLES, Zone.UNDER_EYE):
        assert max(_columns(mirror, zone, Side.LEFT)) < min(_columns(mirror, zone, Side.RIGHT))
        assert min(_columns(facing, zone, Side.LEFT)) > max(_columns(facing, zone, Side.RIGHT))


def test_a_profile_shows_its_own_side_and_the_back_of_the_neck() -> None:
    left = drawing(Look.LEFT, 20, mirrored=True, unicode=True)
    assert _columns(left, Zone.NECK_BACK, Side.LEFT)
    assert not _columns(left, Zone.CHEEK, Side.RIGHT)
    # Turned so that the left cheek is seen in the mirror, the nose points to the right.
    assert min(_columns(left, Zone.FOREHEAD, Side.LEFT)) > left.width / 2


def test_views_come_with_room_the_side_of_the_step_first() -> None:
    assert looks_for(40, 20, STEPS[0], mirrored=True) == (Look.FRONT,)
    assert looks_for(66, 20, STEPS[5], mirrored=True) == (Look.FRONT, Look.RIGHT)
    assert looks_for(66, 20, STEPS[1], mirrored=True) == (Look.LEFT, Look.FRONT)
    assert looks_for(66, 20, STEPS[1], mirrored=False) == (Look.FRONT, Look.LEFT)
    assert looks_for(120, 20, None, mirrored=True) == (Look.LEFT, Look.FRONT, Look.RIGHT)


def test_the_way_goes_through_the_place_up_or_across() -> None:
    view = drawing(Look.FRONT, 30, mirrored=True, unicode=True)
    up = path(view, (Zone.CHEEK, Side.LEFT), upright=True)
    across = path(view, (Zone.CHEEK, Side.LEFT), upright=False)
    assert len({x for x, _ in up}) == 1
    assert len({y for _, y in across}) == 1
    assert len(up) > 2
    assert len(across) > 2


async def test_live_has_a_face_where_there_is_room_and_none_where_there_is_not() -> None:
    async with staged(pressed(FakeLive(), tapping(4.0)), size=(120, 36)) as stage:
        assert "declared · as in a mirror" in stage.text
        assert stage.app.screen.query_one("#trace").size.height >= 6
        await stage.pilot.resize_terminal(80, 24)
        assert "as in a mirror" not in await stage.settle()
        await stage.pilot.resize_terminal(120, 40)
        assert "as in a mirror" in await stage.settle()


async def _filled(stage: Stage) -> str:
    """Return the rows of the face alone."""
    region = stage.app.screen.query_one("#face").region
    rows = stage.rows[region.y : region.bottom - 1]
    return "\n".join(row[region.x : region.right] for row in rows)


async def test_the_place_of_now_has_the_sign_of_the_level() -> None:
    signs = {
        Level.NO_CONTACT: "▒",
        Level.ON_TARGET: "●",
        Level.CAUTION: "▲",
        Level.STOP: "■",
        Level.UNKNOWN: "?",
    }
    async with staged(FakeLive(index=1), size=(60, 40)) as stage:
        await stage.press("f")
        for level, sign in signs.items():
            stage.live.level = level
            await stage.settle()
            rows = (await _filled(stage)).splitlines()
            middle = max(map(len, rows)) // 2
            left = "".join(row[:middle] for row in rows)
            right = "".join(row[middle:] for row in rows)
            assert sign in left
            assert "←" in left
            assert sign not in right
            assert "·" in right
            assert "░" in left


async def test_the_face_turns_by_a_key_arrows_and_all() -> None:
    async with staged(FakeLive(index=1), size=(60, 40)) as stage:
        assert "as in a mirror" in await stage.press("f")
        before = await _filled(stage)
        shown = await stage.press("v")
        assert "as others see you" in shown
        after = await _filled(stage)
        assert "←" in before
        assert "→" in after
        assert "→" not in before
        assert "as in a mirror" in await stage.press("v")


async def test_what_is_to_be_left_alone_is_marked_and_explained() -> None:
    async with staged(off=frozenset({Zone.DECOLLETE}), size=(60, 40)) as stage:
        shown = await stage.press("f")
        assert "✗ leave alone" in shown
        assert "✗" in await _filled(stage)
    async with staged(size=(60, 40)) as stage:
        assert "leave alone" not in await stage.press("f")


async def test_a_step_by_hand_is_paced_by_the_clock() -> None:
    async with staged(FakeLive(index=8), size=(60, 40)) as stage:
        assert "paced · as in" in await stage.press("f")
        assert "declared" not in stage.text


async def test_the_face_alone_keeps_the_questions() -> None:
    async with staged() as stage:
        await stage.press("f")
        for size in ((60, 20), (80, 24), (120, 40), (240, 70)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
            for words in ("UNDER-EYE", "6 of 10", "about 1.1 kPa", "as in a mirror"):
                assert words in stage.text
        assert "EASE OFF" in await stage.send(raised())


async def test_in_ascii_the_face_is_ascii() -> None:
    live = FakeLive(index=1, level=Level.CAUTION)
    async with staged(live, size=(80, 40), ascii_only=True) as stage:
        await stage.press("f")
        assert stage.text.isascii()
        picture = await _filled(stage)
        for sign in "^<:.|\\/-":
            assert sign in picture


async def test_windows_of_any_size_do_not_crash_it() -> None:
    live = FakeLive(steps=(step("up", Zone.FOREHEAD, direction=Direction.UP),), index=0)
    async with staged(live) as stage:
        await stage.press("f")
        for width, height in ((1, 1), (20, 6), (3, 30), (200, 2), (240, 70), (120, 40)):
            await stage.pilot.resize_terminal(width, height)
            await stage.settle()
        assert "↑" in await _filled(stage)
