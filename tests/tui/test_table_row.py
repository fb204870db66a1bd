import pytest

from companion.tui.table_row import rooms_within, table_row


@pytest.mark.parametrize(
    ("width", "rooms"),
    [
        (60, [6, 20, 8, 10]),
        (40, [6, 16, 8, 10]),
        (33, [6, 10, 8, 10]),
        (32, [6, 18, 8]),
        (23, [6, 10, 8]),
        (22, [6, 16]),
        (5, [6]),
    ],
)
def test_columns_go_whole_from_the_last_and_the_name_takes_what_is_left(
    width: int, rooms: list[int]
) -> None:
    assert rooms_within(width, [6, 10, 8, 10], named=1, widest=20) == rooms


def test_a_cell_too_long_ends_in_an_ellipsis_and_none_beyond_the_rooms_is_told() -> None:
    row = table_row(["1", "Morning, the whole face", "done", "gone"], [4, 10, 8])
    assert row.plain == "1   Morning,… done"
