"""``companion analyze``: the document, the report, the warnings and the refusals."""

import json
import math
from pathlib import Path

import pytest

from companion.__main__ import main
from tests.recordings.files import analyzed, refused, rows, write
from tests.sensing.test_ways import worked

RATE_HZ = 100
Capsys = pytest.CaptureFixture[str]


def pressed(force_n: list[float], rate_hz: int = RATE_HZ) -> list[str]:
    """Return a recording of a force alone, with a last digit that is never still."""
    cells = [
        (f"{index / rate_hz:.4f}", f"{value + 1e-3 * (index % 2):.4f}" if value else "0")
        for index, value in enumerate(force_n)
    ]
    return rows("t_s,force_n", cells)


PRESS = [0.0] * 100 + [0.5] * 100 + [1.5] * 100 + [0.5] * 100 + [0.0] * 100


def test_every_key_is_there_and_nothing_is_invented(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, "t_s,gx_radps,gy_radps,gz_radps", "5,0,0,0", "5.5,,,", "6,0,0,0")
    assert analyzed(capsys, path) == {
        "format": 1,
        "duration_s": 1.0,
        "sample_rate_hz": 2.0,
        "gaps": [],
        "faults": [],
        "active": [],
        "contacts": [],
        "strokes": [],
        "reps": {"live": [], "final": []},
        "alerts": [],
        "technique": {"label": None, "confidence": None},
    }


def test_a_press_is_a_contact_a_repetition_and_two_alerts(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, *pressed(PRESS))
    document = analyzed(capsys, path, "--rep", "contact", "--caution-n", "0.8", "--stop-n", "1.2")
    (contact,) = document["contacts"]
    assert (contact["start_s"], contact["end_s"]) == (1.0, 4.0)
    assert contact["mean_n"] == pytest.approx(2.5 / 3, abs=0.001)
    assert contact["peak_n"] == 1.501
    assert document["active"] == [{"start_s": 1.0, "end_s": 4.0}]
    assert document["reps"]["live"] == [pytest.approx(4.08, abs=0.02)]
    assert document["reps"]["final"] == [4.0]
    caution, stop = document["alerts"]
    assert (caution["kind"], caution["level"], stop["level"]) == (
        "over_pressure",
        "caution",
        "stop",
    )
    assert 2.0 <= caution["onset_s"] < caution["raised_s"] <= 2.1
    assert stop["raised_s"] <= 2.06
    assert 3.0 < stop["cleared_s"] <= caution["cleared_s"] <= 3.2
    assert caution["peak_n"] == pytest.approx(1.5, abs=0.01)


def test_without_limits_there_are_no_alerts(tmp_path: Path, capsys: Capsys) -> None:
    assert analyzed(capsys, write(tmp_path, *pressed(PRESS)))["alerts"] == []


@pytest.mark.parametrize("level", ["caution", "stop"])
def test_one_limit_alone_raises_its_own_alert_only(
    tmp_path: Path, capsys: Capsys, level: str
) -> None:
    document = analyzed(capsys, write(tmp_path, *pressed(PRESS)), f"--{level}-n", "0.8")
    (alert,) = document["alerts"]
    assert alert["level"] == level
    assert 3.0 < alert["cleared_s"] <= 3.2


def test_what_lasts_at_the_end_has_no_end(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, *pressed(PRESS[:250]))
    document = analyzed(capsys, path, "--caution-n", "0.8")
    assert document["contacts"][0]["end_s"] is None
    assert document["contacts"][0]["peak_n"] == 1.501
    assert document["alerts"][0]["cleared_s"] is None
    assert document["alerts"][0]["peak_n"] == pytest.approx(1.5, abs=0.01)
    assert document["active"] == [{"start_s": 1.0, "end_s": 2.49}]


def test_channels_count_by_their_sum(tmp_path: Path, capsys: Capsys) -> None:
    table = [(i / 100, 0.3 + 0.001 * (i % 2), 0.6 + 0.001 * (i % 3)) for i in range(300)]
    path = write(tmp_path, *rows("t_s,force_0_n,force_1_n", table))
    document = analyzed(capsys, path, "--caution-n", "0.8")
    assert [alert["level"] for alert in document["alerts"]] == ["caution"]
    assert document["contacts"][0]["mean_n"] == pytest.approx(0.9, abs=0.01)


def test_a_clock_far_from_nought_keeps_its_milliseconds(tmp_path: Path, capsys: Capsys) -> None:
    begin = 1_700_000_000
    lines = [
        f"{begin + i / 100:.2f},{n + 0.001 * (i % 2) * (n > 0):.3f}" for i, n in enumerate(PRESS)
    ]
    document = analyzed(capsys, write(tmp_path, "t_s,force_n", *lines), "--caution-n", "0.8")
    assert document["duration_s"] == pytest.approx(4.99, abs=1e-6)
    assert document["contacts"][0]["start_s"] == begin + 1
    assert 2.0 <= document["alerts"][0]["raised_s"] - begin <= 2.1


def test_a_gap_is_told_and_clears_a_standing_alert(tmp_path: Path, capsys: Capsys) -> None:
    lines = pressed(PRESS)
    path = write(tmp_path, *lines[:251], *lines[300:])
    document = analyzed(capsys, path, "--caution-n", "0.8")
    assert document["gaps"] == [{"start_s": 2.49, "end_s": 2.99}]
    assert document["alerts"][0]["cleared_s"] == pytest.approx(2.79)


@pytest.mark.parametrize("rate_hz", [50, 133, 200])
def test_uneven_spacing_changes_nothing_much(tmp_path: Path, capsys: Capsys, rate_hz: int) -> None:
    steps = [(1 + 0.4 * math.sin(7 * index)) / rate_hz for index in range(5 * rate_hz)]
    t_s, table = 0.0, []
    for index, step in enumerate(steps):
        force_n = PRESS[min(int(t_s * 100), len(PRESS) - 1)]
        table.append((f"{t_s:.5f}", f"{force_n + 0.001 * (index % 2):.4f}"))
        t_s += step
    path = write(tmp_path, *rows("t_s,force_n", table))
    (alert,) = analyzed(capsys, path, "--caution-n", "0.8")["alerts"]
    assert 2.0 <= alert["raised_s"] <= 2.1


def test_the_attitude_goes_to_a_file_row_by_row(tmp_path: Path, capsys: Capsys) -> None:
    table: list[tuple[object, ...]] = []
    for i in range(300):
        y, z = 9.81 * math.sin(0.5), 9.81 * math.cos(0.5)
        known = (0, round(y, 4), round(z, 4), 0, 0, 0)
        table.append((f"{i / 100:.2f}", *(known if i < 200 else ("",) * 6)))
    header = "t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"
    out = tmp_path / "up.csv"
    analyzed(capsys, write(tmp_path, *rows(header, table)), "--attitude-out", str(out))
    head, *lines = out.read_text(encoding="utf-8").splitlines()
    assert head == "t_s,up_x,up_y,up_z"
    assert [float(line.split(",")[0]) for line in lines] == [i / 100 for i in range(300)]
    x, y, z = map(float, lines[150].split(",")[1:])
    assert (x, y, z) == pytest.approx((0, math.sin(0.5), math.cos(0.5)), abs=1e-3)
    assert lines[250].endswith(",nan,nan,nan")


def test_warnings_go_to_standard_error(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, "t_s,force_n,note", "0,1,x", "1,2,y")
    assert main(["analyze", str(path), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["format"] == 1
    assert captured.err.count("\n") == 1
    assert "note" in captured.err


def test_a_person_reads_a_report(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, *pressed(PRESS))
    assert main(["analyze", str(path), "--caution-n", "0.8", "--contact-area-cm2", "2"]) == 0
    out = capsys.readouterr().out
    assert "5.0 s, 100 samples per second" in out
    assert "contacts: 1, at most 1.50 N (7.5 kPa)" in out
    assert "WARNING caution at 2.0" in out


def test_the_attitude_is_not_written_over_what_is_read(tmp_path: Path, capsys: Capsys) -> None:
    path, tool = write(tmp_path, *pressed(PRESS)), write(tmp_path, TOOL, name="tool.json")
    (tmp_path / "other.csv").hardlink_to(path)
    before = path.read_bytes(), tool.read_bytes()
    for name in ("made.csv", "other.csv", "tool.json"):
        options = ("--tool", str(tool), "--attitude-out", str(tmp_path / name))
        assert "is read: name another file" in refused(capsys, str(path), *options)
    assert (path.read_bytes(), tool.read_bytes()) == before


@pytest.mark.parametrize("step", ["5e-324", "1e-300", "1e-9"])
def test_times_nearer_than_any_clock_still_make_strict_json(
    tmp_path: Path, capsys: Capsys, step: str
) -> None:
    document = analyzed(capsys, write(tmp_path, "t_s,force_n", "0,1", f"{step},2"))
    assert math.isfinite(document["sample_rate_hz"])


def test_what_cannot_be_used_is_refused_in_one_line(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, "t_s,force_n", "0,1", "0,2")
    assert f"{path}: line 3: t_s" in refused(capsys, str(path), "--json")
    good = write(tmp_path, "t_s,force_n", "0,1", "1,2", name="good.csv")
    limits = ("--caution-n", "2", "--stop-n", "1")
    assert "--stop-n lies below" in refused(capsys, str(good), *limits)
    tool = write(tmp_path, "{}", name="tool.json")
    assert str(tool) in refused(capsys, str(good), "--tool", str(tool))


@pytest.mark.parametrize(
    "options",
    [["--caution-n", "0"], ["--stop-n", "nan"], ["--rep", "knock"], ["--technique", "shake"]],
)
def test_options_that_cannot_be_are_usage_errors(
    tmp_path: Path, capsys: Capsys, options: list[str]
) -> None:
    path = write(tmp_path, "t_s,force_n", "0,1", "1,2")
    assert main(["analyze", str(path), *options]) == 2
    assert "usage:" in capsys.readouterr().err


FULL_SCALE_N = 1.5
TOOL = json.dumps({"format": 1, "full_scale_n": FULL_SCALE_N, "force_resolution_n": 0.001})


def clipped(*, has_column: bool) -> list[str]:
    """Return a press of 3 N on a sensor that ends at 1.5 N."""
    force = [min(2 * value, FULL_SCALE_N) if value > 0.5 else value for value in PRESS]
    lines = pressed([0.5 if value == FULL_SCALE_N else value for value in force])
    for index, value in enumerate(force, 1):
        if value == FULL_SCALE_N:
            lines[index] = f"{lines[index].split(',')[0]},{FULL_SCALE_N}"
        if has_column:
            lines[index] += f",{int(value == FULL_SCALE_N)}"
    if has_column:
        lines[0] += ",saturated"
    return lines


@pytest.mark.parametrize("has_column", [True, False])
@pytest.mark.parametrize(
    ("caution_n", "levels"), [(0.8, 1), (FULL_SCALE_N, 1), (1.01 * FULL_SCALE_N, 0)]
)
def test_a_saturated_force_raises_limits_up_to_full_scale_and_is_not_frozen(
    tmp_path: Path,
    capsys: Capsys,
    caution_n: float,
    levels: int,
    has_column: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    path = write(tmp_path, *clipped(has_column=has_column))
    tool = write(tmp_path, TOOL, name="tool.json")
    document = analyzed(capsys, path, "--tool", str(tool), "--caution-n", str(caution_n))
    (fault,) = document["faults"]
    assert (fault["kind"], fault["start_s"], fault["detected_s"]) == ("force_saturated", 2.0, 2.0)
    assert fault["end_s"] == pytest.approx(3.19, abs=0.02)
    assert len(document["alerts"]) == levels
    for alert in document["alerts"]:
        assert 2.0 <= alert["raised_s"] <= 2.1
        assert 3.0 <= alert["cleared_s"] <= 3.2
        assert alert["peak_n"] == pytest.approx(FULL_SCALE_N, abs=0.01)


def test_a_readable_report_calls_a_saturated_force_a_lower_bound(
    tmp_path: Path, capsys: Capsys
) -> None:
    bound = f"at least {FULL_SCALE_N:.2f} N: the force sensor was at the end of its range"
    path = write(tmp_path, *clipped(has_column=True))
    assert main(["analyze", str(path), "--caution-n", "0.8"]) == 0
    out = capsys.readouterr().out
    assert f"contacts: 1, {bound}\n" in out
    assert f", {bound}\n" in out.partition("WARNING caution")[2]
    assert "at most" not in out
    assert main(["analyze", str(write(tmp_path, *pressed(PRESS))), "--caution-n", "0.8"]) == 0
    out = capsys.readouterr().out
    assert "contacts: 1, at most 1.50 N\n" in out
    assert ", at most 1.50 N\n" in out.partition("WARNING caution")[2]


@pytest.mark.parametrize(("cell", "kind"), [("1.25", "force_frozen"), ("", "force_missing")])
def test_a_force_that_cannot_be_known_clears_its_alert_and_raises_none(
    tmp_path: Path, capsys: Capsys, cell: str, kind: str
) -> None:
    lines = pressed([0.0] * 50 + [1.25] * 550)
    for index in range(151, 451):
        lines[index] = f"{lines[index].split(',')[0]},{cell}"
    document = analyzed(capsys, write(tmp_path, *lines), "--caution-n", "0.8", "--stop-n", "1.2")
    (fault,) = document["faults"]
    assert fault["kind"] == kind
    assert fault["start_s"] == pytest.approx(1.5, abs=0.011)
    assert fault["detected_s"] <= fault["start_s"] + 1.0
    assert fault["end_s"] == pytest.approx(4.5, abs=0.011)
    cautions = [alert for alert in document["alerts"] if alert["level"] == "caution"]
    assert len(cautions) == 2
    assert cautions[0]["cleared_s"] == fault["detected_s"]
    assert cautions[1]["raised_s"] >= fault["end_s"]


def test_constant_exact_nought_is_a_dead_band(tmp_path: Path, capsys: Capsys) -> None:
    path = write(tmp_path, *pressed([0.0] * 1000 + [0.5] * 100 + [0.0] * 1000))
    assert analyzed(capsys, path)["faults"] == []


@pytest.mark.parametrize("rate_hz", [1, 4, 1000])
def test_any_rate_gives_a_document(tmp_path: Path, capsys: Capsys, rate_hz: int) -> None:
    document = analyzed(capsys, write(tmp_path, *pressed(PRESS, rate_hz)), "--caution-n", "0.8")
    assert document["sample_rate_hz"] == rate_hz
    assert document["gaps"] == []


def test_the_report_names_gaps_faults_strokes_and_what_lasts(
    tmp_path: Path, capsys: Capsys
) -> None:
    lines = pressed([0.0] * 50 + [0.5] * 450 + [1.5] * 50)
    for index in range(151, 351):
        lines[index] = f"{lines[index].split(',')[0]},"
    path = write(tmp_path, *lines[:400], *lines[440:])
    assert main(["analyze", str(path), "--caution-n", "0.8"]) == 0
    out = capsys.readouterr().out
    assert "gap from 3.98 s to 4.39 s" in out
    assert "sensor fault force_missing from 1.50 s, found at 2.01 s, until 3.50 s" in out
    assert "strokes: " in out
    assert "WARNING caution at 5.0" in out
    assert "lasting to the end, at most 1.5" in out
    path = write(tmp_path, "t_s,gx_radps,gy_radps,gz_radps", "5,0,0,0", "6,0,0,0")
    assert main(["analyze", str(path)]) == 0
    assert "contacts" not in capsys.readouterr().out


def test_work_with_a_tool_that_feels_nothing_but_motion(tmp_path: Path, capsys: Capsys) -> None:
    # Eight strokes along a round thing, back through the air: contact is known from motion, and
    # the list of contacts is from force columns only.
    cells = []
    for index, sample in enumerate(worked(8, 1.0, lift_m=0.025)):
        values = (index / RATE_HZ, *(sample.accel_mps2 or ()), *(sample.gyro_radps or ()))
        cells.append(tuple(f"{value:.5f}" for value in values))
    head = "t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps"
    document = analyzed(capsys, write(tmp_path, *rows(head, cells)))
    assert document["contacts"] == []
    assert len(document["strokes"]) == len(document["reps"]["live"]) == 8
    assert len(document["reps"]["final"]) == 8
    assert document["technique"]["label"] == "sweep"
    (active,) = document["active"]
    assert active["start_s"] == pytest.approx(2.0, abs=0.2)
    assert active["end_s"] == pytest.approx(17.0, abs=0.2)


def test_work_with_a_tool_that_says_by_itself_when_it_touches(
    tmp_path: Path, capsys: Capsys
) -> None:
    touching = ([0] * 100 + [1] * 100) * 3 + [0] * 200
    cells = [(f"{index / RATE_HZ:.2f}", str(value)) for index, value in enumerate(touching)]
    path = write(tmp_path, *rows("t_s,touching", cells))
    document = analyzed(capsys, path, "--rep", "contact")
    assert document["contacts"] == []
    assert len(document["reps"]["live"]) == 3
    (active,) = document["active"]
    assert (active["start_s"], active["end_s"]) == pytest.approx((1.0, 6.0), abs=0.05)


def test_the_report_says_what_is_not_known_of_a_count(tmp_path: Path, capsys: Capsys) -> None:
    tap = [0.0] * 50 + [0.3] * 15
    lines = pressed(tap * 6 + [0.0] * 50)
    path = write(tmp_path, *lines[:171], *lines[206:])
    assert main(["analyze", str(path), "--rep", "contact"]) == 0
    assert ", and up to 1 more where samples are missing" in capsys.readouterr().out
    assert main(["analyze", str(path), "--rep", "cycle"]) == 0
    assert "repetitions: not counted" in capsys.readouterr().out
    whole = write(tmp_path, *lines, name="whole.csv")
    assert main(["analyze", str(whole), "--rep", "contact"]) == 0
    assert "repetitions: 6 counted live, 6 looking back\n" in capsys.readouterr().out
