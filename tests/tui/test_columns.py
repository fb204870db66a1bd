"""The trace's columns are right for samples whose picture can be worked out by hand."""

import pytest

from companion.sensing.types import Band, Level, Point
from companion.tui.columns import Columns, Scale, ascii_cells, braille_cells

BAND = Band(low_kpa=0.5, high_kpa=1.5, caution_kpa=2.7, stop_kpa=4.0)


def _points(*values: float | None, every_s: float = 0.01, start_s: float = 0.005) -> list[Point]:
    return [
        Point(start_s + index * every_s, value, Level.ON_TARGET)
        for index, value in enumerate(values)
    ]


def _columns(width: int = 4, rows: int = 2, *, window_s: float = 0.08) -> Columns:
    """Without a band, up to 4 kPa: with two rows, dot 7 is 4 kPa and dot 0 is 0."""
    return Columns(width, Scale(rows, None, 4.0), window_s=window_s)


def test_one_dot_in_each_place_of_a_cell() -> None:
    for dot, (left, right) in enumerate([("⡀", "⢀"), ("⠄", "⠠"), ("⠂", "⠐"), ("⠁", "⠈")]):
        assert braille_cells(((dot, dot), None), 1) == (left,)
        assert braille_cells((None, (dot, dot)), 1) == (right,)


def test_a_column_spans_rows_and_leaves_the_others_empty() -> None:
    assert braille_cells(((2, 5), (9, 9)), 3) == ("⠠", "⡄", "⠃")


@pytest.mark.parametrize(("extent", "cell"), [((0, 0), "."), ((3, 3), "'"), ((0, 3), ":")])
def test_ascii_tells_low_high_and_both(extent: tuple[int, int], cell: str) -> None:
    assert ascii_cells((extent, None), 1) == (cell,)


def test_a_rest_at_zero_is_a_line_along_the_bottom() -> None:
    columns = _columns()
    assert columns.add(_points(*[0.0] * 9)) == 4
    assert [column.cells for column in columns.columns] == [("", "⣀")] * 4


def test_a_rise_is_joined_without_a_hole() -> None:
    columns = _columns()
    columns.add(_points(0.0, 0.0, 0.0, 4.0, 4.0))
    assert [column.cells for column in columns.columns] == [("", "⣀"), ("⢸", "⡸")]


def test_a_bucket_keeps_its_lowest_and_its_highest_sample() -> None:
    columns = _columns(window_s=0.16)
    columns.add(_points(0.0, 4.0, 0.0, 0.0, 0.0))
    assert columns.columns[0].cells == ("⡇", "⣇")


@pytest.mark.parametrize(
    ("highest_kpa", "level"),
    [
        (0.0, Level.NO_CONTACT),
        (0.4, Level.LIGHT),
        (0.5, Level.ON_TARGET),
        (1.5, Level.FIRM),
        (2.7, Level.CAUTION),
        (4.0, Level.STOP),
    ],
)
def test_a_column_has_the_level_of_its_own_highest_pressure(
    highest_kpa: float, level: Level
) -> None:
    columns = Columns(4, Scale(4, BAND), window_s=0.16)
    columns.add(_points(0.0, highest_kpa, 0.0, 0.0, 0.0))
    assert columns.columns[0].level is level


def test_a_column_with_a_sample_that_could_not_be_judged_is_unknown() -> None:
    columns = Columns(4, Scale(4, BAND), window_s=0.16)
    levels = [Level.ON_TARGET, Level.UNKNOWN, Level.ON_TARGET, Level.ON_TARGET, Level.ON_TARGET]
    columns.add([Point(0.005 + i * 0.01, 1.0, level) for i, level in enumerate(levels)])
    assert columns.columns[0].level is Level.UNKNOWN


def test_samples_slower_than_the_buckets_are_joined_by_a_line() -> None:
    columns = _columns()
    columns.add(_points(0.0, 3.0, every_s=0.06))
    assert [column.cells for column in columns.columns][:2] == [("", "⡠"), ("", "⠊")]


def test_a_hole_stays_a_hole_and_is_dotted() -> None:
    columns = _columns(width=8, window_s=0.8)
    columns.add(_points(*[0.0] * 10))
    columns.add(_points(*[0.0] * 11, start_s=0.505))
    drawn = "".join(column.cells[1] for column in columns.columns)
    assert drawn[0] == "⣀"
    assert "···" in drawn
    assert columns.columns[3].level is Level.UNKNOWN


def test_unknown_pressure_draws_no_line() -> None:
    columns = _columns()
    columns.add(_points(*[None] * 9))
    assert {column.cells for column in columns.columns} == {("", "·")}


def test_a_leap_of_a_day_costs_no_more_than_the_window() -> None:
    columns = _columns()
    columns.add([Point(0.0, 1.0, Level.LIGHT), Point(86_400.0, 1.0, Level.LIGHT)])
    assert len(columns.columns) == 4


def test_time_that_goes_back_is_taken_as_now() -> None:
    columns = _columns()
    columns.add(_points(*[1.0] * 6))
    assert columns.add([Point(0.0, 2.0, Level.LIGHT)]) == 0


def test_only_finished_columns_are_counted() -> None:
    columns = _columns()
    assert columns.add(_points(0.0)) == 0
    assert columns.add(_points(0.0, start_s=0.012)) == 0
    assert columns.add(_points(0.0, start_s=0.022)) == 1


def test_old_columns_leave_on_the_left() -> None:
    columns = _columns(width=2, window_s=0.04)
    columns.add(_points(*[4.0] * 4, *[0.0] * 6))
    assert len(columns.columns) == 2
    assert columns.columns[-1].cells == ("", "⣀")


def test_the_scale_ends_above_stop_and_keeps_what_goes_beyond() -> None:
    scale = Scale(10, BAND)
    assert scale.top_kpa == pytest.approx(4.6)
    assert scale.dot(99.0) == 39
    assert scale.dot(-0.1) == 0
    assert scale.row(4.0) < scale.row(2.7) < scale.row(1.5) < scale.row(0.5)


@pytest.mark.parametrize("rows", [1, 2, 6, 8, 20])
def test_the_band_never_reaches_down_to_zero_where_there_are_rows(rows: int) -> None:
    inside = Scale(rows, BAND).band_rows(BAND)
    assert len(inside) >= 1
    assert rows < 6 or inside[-1] < rows - 1
