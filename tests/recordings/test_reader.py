"""The recording format: what is read, what is left out with a warning, what is refused."""

from math import isnan
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.recordings import read_recording
from tests.recordings.files import write

ALL = (
    "t_s,force_n,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps,travel_m,touching,saturated",
    "0.5,0.25,0,0,9.81,.1,-0.2,+3e-1,0,1,0",
    "0.51,0.5,1,2,9.8,0,0,0,-0.001,0,1",
)


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read_recording(path)
    return str(refused.value).removeprefix(f"{path}: ")


def test_every_column_is_read_in_its_unit(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, *ALL))
    assert recording.t_s == [0.5, 0.51]
    assert recording.force_n == ([0.25, 0.5],)
    assert recording.accel_mps2 == ([0, 1], [0, 2], [9.81, 9.8])
    assert recording.gyro_radps == ([0.1, 0], [-0.2, 0], [0.3, 0])
    assert recording.travel_m == [0, -0.001]
    assert (recording.touching, recording.saturated) == ([1, 0], [0, 1])
    assert recording.warnings == ()


def test_columns_stand_in_any_order_and_groups_may_be_absent(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, "force_n, t_s", "1,0", "2,1"))
    assert (recording.t_s, recording.force_n) == ([0, 1], ([1, 2],))
    assert (recording.accel_mps2, recording.gyro_radps, recording.travel_m) == (None, None, None)
    assert (recording.touching, recording.saturated) == (None, None)


def test_channels_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ",".join(f"force_{number}_n" for number in (10, 0, 2))
    recording = read_recording(write(tmp_path, f"t_s,{names}", "0,3,1,2", "1,30,10,20"))
    assert recording.force_n == ([1, 10], [2, 20], [3, 30])


def test_an_empty_cell_and_nan_are_not_known(tmp_path: Path) -> None:
    recording = read_recording(write(tmp_path, "t_s,force_n,travel_m", "0,,1", "1,nan,2", "2,NaN,"))
    assert all(map(isnan, recording.force_n[0]))
    assert recording.travel_m is not None
    assert isnan(recording.travel_m[2])


@pytest.mark.parametrize(
    ("header", "ignored"),
    [
        ("t_s,force_n,note,colour", "note, colour"),
        ("t_s,force_n,ax_mps2,ay_mps2", "ax_mps2, ay_mps2"),
        ("t_s,force_0_n,force_n,", "force_n, (without a name)"),
    ],
)
def test_columns_that_are_not_known_are_left_out_with_one_warning(
    tmp_path: Path, header: str, ignored: str
) -> None:
    recording = read_recording(write(tmp_path, header, "0,1,left,out", "1,2,1_0,inf"))
    assert recording.force_n == ([1, 2],)
    (warning,) = recording.warnings
    assert warning.endswith(f": {ignored}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_any_line_end_and_byte_order_mark_will_do(tmp_path: Path, end: str) -> None:
    path = tmp_path / "made.csv"
    lines = (end or "\n").join(["t_s,force_n", "0,1", "1,2"])
    path.write_bytes(b"\xef\xbb\xbf" + (lines + end).encode())
    assert read_recording(path).force_n == ([1, 2],)


def test_quoted_cells_and_lines_left_blank_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, '"t_s","force_n"', '"0","1"', "", '1,"2"', "", "")
    assert read_recording(path).force_n == ([1, 2],)


@pytest.mark.parametrize(
    ("plain", "dressed"),
    [
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("\n0.03", "\n\n0.03"),
        ("\n0.00,", "\n\n0.00,"),
        ("0.03,", '"0.03",'),
        ("0.03,", " 0.03 ,"),
        ("nan", ""),
        ("nan", "NaN"),
    ],
)
def test_rows_are_read_alike_however_they_are_dressed(
    tmp_path: Path, plain: str, dressed: str
) -> None:
    rows = [f"{index / 100:.2f},{index / 7:.17g},nan,{index / 9}" for index in range(9)]
    body = "\n".join(["t_s,force_n,note,travel_m", *rows]) + "\n"
    told = []
    for name, contents in (("plain", body), ("dressed", body.replace(plain, dressed))):
        path = tmp_path / f"{name}.csv"
        path.write_bytes(contents.encode())
        told.append(read_recording(path))
    assert told[0] == told[1]
    assert told[0].force_n == ([index / 7 for index in range(9)],)


@pytest.mark.parametrize("blank", [0, 1])
def test_a_wrong_verdict_is_told_with_its_line(tmp_path: Path, blank: int) -> None:
    path = write(tmp_path, "t_s,touching", "0,1", *[""] * blank, "1,0", "2,3")
    assert refusal(path).startswith(f"line {4 + blank}: touching: 3 is neither 0 nor 1")


@pytest.mark.parametrize(
    ("last", "end"),
    [("2", "\n"), ("2", ""), ("2,1,-", ""), ("2,1,1e", ""), ("2,1,na", ""), ("2,1,1.2.", "")],
)
def test_a_last_line_that_is_not_whole_is_dropped_with_a_warning(
    tmp_path: Path, last: str, end: str
) -> None:
    path = write(tmp_path, "t_s,force_n,travel_m", "0,1,0", "1,2,0", last, end=end)
    recording = read_recording(path)
    assert recording.t_s == [0, 1]
    (warning,) = recording.warnings
    assert "line 4" in warning


def test_a_last_line_without_end_whose_cells_are_whole_counts(tmp_path: Path) -> None:
    path = write(tmp_path, "t_s,force_n", "0,1", "1,2", "2,", end="")
    recording = read_recording(path)
    assert recording.t_s == [0, 1, 2]
    assert recording.warnings == ()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "line 1: there is no column t_s"),
        (["time,force_n", "0,1", "1,2"], "line 1: there is no column t_s"),
        (["t_s;force_n", "0;1", "1;2"], "line 1: there is no column t_s"),
        (["t_s,note", "0,1", "1,2"], "line 1: there is no known column"),
        (["t_s,ax_mps2,saturated", "0,1,0", "1,2,0"], "line 1: there is no known column"),
        (["t_s,force_n,force_n", "0,1,1", "1,2,2"], "line 1: the column force_n stands here twice"),
        (["t_s,force_n", "0,1"], "it has too few samples, 1;"),
        (["t_s,force_n"], "it has too few samples, 0;"),
        (["t_s,force_n", "0,1", "0,2"], "line 3: t_s: 0.0 does not come after 0.0"),
        (["t_s,force_n", "0,1", "1,2", "0.5,3", "2,4"], "line 4: t_s: 0.5 does not come after 1"),
        (["t_s,force_n", "0,1", ",2", "2,3"], "line 3: t_s: nan is not a time"),
        (["t_s,force_n", "0,1", "1e300,2"], "line 3: t_s: 1e+300 is not a time"),
        (["t_s,force_n", "0,1", "1,x", "2,3"], "line 3: force_n: 'x' is not a number"),
        (["t_s,force_n", "0,1", "1,2", "2,x"], "line 4: force_n: 'x' is not a number"),
        (["t_s,force_n", "0,1", "1,1_0"], "line 3: force_n: '1_0' is not a number"),
        (["t_s,force_n", "0,1", "1,inf"], "line 3: force_n: 'inf' is not a number"),
        (["t_s,force_n", "0,1", "1,1e999"], "line 3: force_n: 'inf' is not a number"),
        (["t_s,force_n", "0,1", "1", "2,3"], "line 3: 1 cells where the header has 2"),
        (["t_s,force_n", "0,1", "1,2,3"], "line 3: 3 cells where the header has 2"),
        (["t_s,touching", "0,1", "1,2"], "line 3: touching: 2 is neither 0 nor 1"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused_with_its_line(
    tmp_path: Path, lines: list[str], reason: str
) -> None:
    assert refusal(write(tmp_path, *lines)).startswith(reason)


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    assert refusal(path).startswith("there is no such file")
    assert refusal(tmp_path).startswith("this is a folder")
    path.write_bytes(b"t_s,force_n\n0,1\n1,\xff\n")
    assert refusal(path).startswith("line 3: it is not text in UTF-8")


def test_gaps_are_over_five_median_intervals_and_over_200_ms(tmp_path: Path) -> None:
    def gaps(*times: float) -> list[tuple[float, float]]:
        lines = [f"{t},1" for t in times]
        return read_recording(write(tmp_path, "t_s,force_n", *lines)).gaps()

    assert gaps(0, 0.01, 0.02, 0.03, 0.22, 0.44) == [(0.22, 0.44)]
    assert gaps(0, 1, 2, 3, 8, 13.5) == [(8, 13.5)]
