"""What a recording holds, compared with its truth and with physics."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from simulators.data_files import config_root
from simulators.plan import Plan, PlannedStep
from simulators.recording import Losses, RecordingError, write_recording
from simulators.scenario import PlannedFault, load_scenario
from simulators.tool_data import load_tool
from tests.simulators.recording.conftest import (
    HARD,
    SWEEPS,
    TAPS,
    Recording,
    read_columns,
    recorded,
)

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

Part = Literal["force", "imu", "wheel"]
Kind = Literal["frozen", "missing", "saturated", "drifting", "noisy"]

IMU = ["ax_mps2", "ay_mps2", "az_mps2", "gx_radps", "gy_radps", "gz_radps"]
TOOLS = sorted(path.stem for path in (config_root() / "tools").glob("*.toml"))


@pytest.mark.parametrize(
    ("tool", "header"),
    [
        ("small-roller", ["t_s", "force_n", *IMU, "travel_m", "touching", "saturated"]),
        ("large-roller", ["t_s", "force_n", *IMU, "travel_m", "saturated"]),
        ("gua-sha", ["t_s", "force_0_n", "force_1_n", "force_2_n", *IMU, "saturated"]),
        ("motion-only", ["t_s", *IMU]),
        ("force-only", ["t_s", "force_n", "touching", "saturated"]),
        ("passkey-roller", ["t_s", "force_n", *IMU, "travel_m", "saturated"]),
    ],
)
def test_each_kind_of_tool_records_the_parts_it_has(
    tmp_path: Path, tool: str, header: list[str]
) -> None:
    recording = recorded(tmp_path, tool)
    assert recording.header == header
    assert (np.diff(recording.t_s) > 0).all()
    assert [path.name for path in recording.paths] == [
        *("worked.csv", "worked.truth.json", "worked.up.csv"),
        *("worked.samples.csv", "worked.tool.json"),
    ]


def test_every_shipped_tool_is_tried_above() -> None:
    assert [
        *("force-only", "gua-sha", "large-roller", "motion-only", "passkey-roller"),
        "small-roller",
    ] == TOOLS


@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "gua-sha", "passkey-roller"])
def test_the_contact_force_is_the_true_one_within_the_sensors_error(
    tmp_path: Path, tool: str
) -> None:
    """Noise and accelerometer noise through the mass; hysteresis, lag and warming on top."""
    recording, sensors = recorded(tmp_path, tool), load_tool(tool).sensors
    true_n = np.array([float(cell) for cell in recording.beside("samples")["force_n"]])
    error_n = recording.force_n - true_n
    error_n, in_air = error_n[~np.isnan(error_n)], true_n[~np.isnan(error_n)] == 0
    channels = load_tool(tool).feature.force_channels
    noise_n = sensors.force_noise_n * np.sqrt(channels)
    assert noise_n * 0.8 < error_n[in_air].std() < noise_n * 2.5
    assert abs(error_n[in_air].mean()) < 0.02
    assert abs(error_n[~in_air].mean()) < 0.05
    assert true_n.max() > 0.2


def test_without_an_imu_gravity_stays_in_the_force(tmp_path: Path) -> None:
    heavy = load_tool("force-only")
    heavy = replace(heavy, sensors=replace(heavy.sensors, supported_mass_kg=0.02))
    recording = recorded(tmp_path, heavy)
    in_air = np.array(recording.beside("samples")["zone"]) == ""
    assert np.ptp(recording.force_n[in_air]) > 0.1


def test_up_is_where_the_accelerometer_points_at_rest(roller: Recording) -> None:
    accel = roller.vectors(*IMU[:3])
    up = np.array([[float(cell) for cell in column] for column in roller.beside("up").values()])
    assert (up[0] == roller.t_s).all()
    length = np.linalg.norm(accel, axis=1)
    quiet = (np.abs(length - 9.81) < 0.1) & (np.linalg.norm(roller.vectors(*IMU[3:]), axis=1) < 0.1)
    assert quiet.sum() > 300
    cosines = (accel * up[1:].T).sum(axis=1) / length
    assert np.degrees(np.arccos(np.clip(cosines[quiet], -1, 1))).mean() < 1.0
    assert np.linalg.norm(up[1:], axis=0) == pytest.approx(1, abs=1e-4)


def test_travel_follows_the_true_way_of_the_sweeps(roller: Recording) -> None:
    for stroke in roller.truth["strokes"]:
        within = (roller.t_s >= stroke["start_s"] - 0.05) & (roller.t_s <= stroke["end_s"] + 0.05)
        if stroke["technique"] == "sweep":
            rolled = np.ptp(roller.columns["travel_m"][within])
            assert rolled == pytest.approx(stroke["travel_m"], rel=0.05)


def test_the_touch_verdict_agrees_with_the_true_contacts(roller: Recording) -> None:
    touching = roller.columns["touching"] == 1
    assert set(np.unique(roller.columns["touching"])) == {0, 1}
    contacts = roller.truth["contacts"]
    inside = [(c["start_s"] + 0.06, c["end_s"]) for c in contacts]
    for start_s, end_s in inside:
        assert touching[(roller.t_s > start_s) & (roller.t_s < end_s)].all()
    first = roller.t_s < contacts[0]["start_s"]
    assert first.any()
    assert not touching[first].any()


def test_truth_lies_within_the_recording_and_counts_what_was_planned(roller: Recording) -> None:
    truth = roller.truth
    assert len(truth["contacts"]) == 8
    assert len([stroke for stroke in truth["strokes"] if stroke["technique"] == "sweep"]) == 4
    assert {"technique", "rep", "reps", "over"}.isdisjoint(truth)
    assert [zone["zone"] for zone in truth["zones"]] == ["cheek", "temples"]
    assert [span["technique"] for span in truth["techniques"]] == ["sweep", "tap"]
    assert truth["up"] == "worked.up.csv"
    for key in ("strokes", "contacts", "active", "zones", "pressure"):
        for span in truth[key]:
            assert roller.t_s[0] <= span["start_s"] <= span["end_s"] <= roller.t_s[-1]
    assert truth["faults"] == []


@pytest.mark.parametrize(
    ("step", "scenario", "technique", "rep"),
    [
        (SWEEPS, "careful", "sweep", "stroke"),
        (SWEEPS, "there-and-back", "sweep", "stroke"),
        (SWEEPS, "light-return", "sweep", "cycle"),
        (SWEEPS, "wrong-technique", "tap", "contact"),
        (TAPS, "careful", "tap", "contact"),
        (replace(SWEEPS, technique="knead"), "careful", "knead", "contact"),
    ],
)
def test_a_recording_of_one_technique_says_so_and_counts_it(
    tmp_path: Path, step: PlannedStep, scenario: str, technique: str, rep: str
) -> None:
    truth = recorded(tmp_path, plan=Plan((step,)), scenario=scenario).truth
    assert (truth["technique"], truth["rep"], truth["reps"]) == (technique, rep, 4)


def test_over_pressure_against_one_limit_is_labelled_in_newtons(tmp_path: Path) -> None:
    recording = recorded(tmp_path, plan=Plan((HARD,)))
    over = recording.truth["over"]
    assert over["caution_n"] == pytest.approx(0.8)
    assert len(over["events"]) == 4
    for event in over["events"]:
        middle = (event["start_s"] + event["end_s"]) / 2
        near = np.abs(recording.t_s - middle) < 0.2
        assert recording.force_n[near].mean() > 0.8


def test_the_samples_file_tells_zone_and_edge_while_touching(tmp_path: Path) -> None:
    recording = recorded(tmp_path, "gua-sha")
    moments = recording.beside("samples")
    told = set(zip(moments["zone"], moments["edge"], moments["technique"], strict=True))
    assert told == {("", "", ""), ("cheek", "edge", "sweep"), ("temples", "corner", "tap")}
    assert recording.tool["channel_areas_cm2"] == [0.75, 0.75, 0.5]
    taps = np.array(moments["technique"]) == "tap"
    by_channel = [np.nanmean(recording.columns[f"force_{place}_n"][taps]) for place in range(3)]
    assert by_channel[2] > 0.05 > max(by_channel[:2])


def test_the_tool_file_is_what_the_contract_says(roller: Recording) -> None:
    assert roller.tool == {
        "format": 1,
        "name": "Aurora roller",
        "full_scale_n": 3.27,
        "force_resolution_n": 0.0001,
        "force_channels": 1,
        "contact_area_cm2": 1.0,
        "channel_areas_cm2": [1.0],
        "supported_mass_kg": 0.04,
        "press_axis": [0, 0, -1],
        "tip_axis": [1, 0, 0],
        "wheel_axis": "tip",
        "calibration": [{"gain": 1.0, "offset_n": 0.0}],
    }


def test_a_slow_force_sensor_leaves_cells_empty(tmp_path: Path) -> None:
    recording = recorded(tmp_path, "passkey-roller", rate_hz=104)
    unknown = np.isnan(recording.force_n)
    assert unknown.mean() == pytest.approx(24 / 104, abs=0.02)
    assert not np.isnan(recording.columns["ax_mps2"]).any()
    assert not (unknown[1:] & unknown[:-1]).any()


@pytest.mark.parametrize(
    ("losses", "longest_s"), [(Losses(0.05), 0.16), (Losses(0.1, 0.5), 0.56), (Losses(), 0.02)]
)
def test_frames_are_lost_as_asked_for(tmp_path: Path, losses: Losses, longest_s: float) -> None:
    plan = Plan(tuple(replace(SWEEPS, id=f"cheek-{number}") for number in range(5)))
    recording = recorded(tmp_path, plan=plan, losses=losses, rate_hz=100)
    gaps_s = np.diff(recording.t_s)
    lost = 1 - len(gaps_s) * 0.01 / (recording.t_s[-1] - recording.t_s[0])
    assert lost == pytest.approx(losses.share, abs=0.4 * losses.share + 1e-3)
    assert 0.0099 < gaps_s.max() <= longest_s
    whole = recorded(tmp_path, plan=plan, rate_hz=100)
    kept = np.isin(whole.t_s, recording.t_s)
    assert (whole.columns["ax_mps2"][kept] == recording.columns["ax_mps2"]).all()
    assert whole.force_n[kept] == pytest.approx(recording.force_n, abs=0.005)


def failing(part: Part, kind: Kind, at_s: float, lasting_s: float | None) -> PlannedFault:
    return PlannedFault(part=part, kind=kind, at_s=at_s, lasting_s=lasting_s)


@pytest.mark.parametrize("tool", ["small-roller", "passkey-roller"])
def test_a_frozen_force_stays_to_the_digit_though_the_tool_turns(tmp_path: Path, tool: str) -> None:
    frozen = (failing("force", "frozen", 4.0, 3.0),)
    recording = recorded(tmp_path, tool, faults=frozen, rate_hz=100)
    (fault,) = recording.truth["faults"]
    assert fault["kind"] == "force_frozen"
    assert fault["end_s"] - fault["start_s"] == pytest.approx(3.0, abs=0.02)
    within = (recording.t_s >= fault["start_s"]) & (recording.t_s < fault["end_s"])
    held = recording.force_n[within]
    assert len(set(held[~np.isnan(held)])) == 1
    after = recording.force_n[recording.t_s >= fault["end_s"]][:3]
    assert not np.isin(after, held).any()
    assert np.ptp(recording.columns["ax_mps2"][within]) > 0.1


def test_faults_are_labelled_as_the_samples_show_them(tmp_path: Path) -> None:
    recording = recorded(
        tmp_path,
        faults=(
            failing("force", "missing", 3.0, 1.0),
            failing("imu", "missing", 5.0, 1.0),
            failing("wheel", "missing", 7.0, 1.0),
            failing("force", "saturated", 9.0, None),
        ),
    )
    labels = [(fault["kind"], fault["end_s"] is None) for fault in recording.truth["faults"]]
    assert labels == [
        ("force_missing", False),
        ("motion_missing", False),
        ("force_missing", False),
        ("wheel_missing", False),
        ("force_saturated", True),
    ]
    force_n, turn = recording.force_n, recording.columns["gx_radps"]
    columns = [force_n, turn, force_n, recording.columns["travel_m"]]
    for fault, column in zip(recording.truth["faults"], columns, strict=False):
        within = (recording.t_s >= fault["start_s"]) & (recording.t_s < fault["end_s"])
        assert np.isnan(column[within]).all()
    last = recording.t_s >= recording.truth["faults"][-1]["start_s"]
    assert (recording.columns["saturated"][last] == 1).all()
    assert recording.force_n[last].min() > 2.5


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    lossy = Losses(0.03, 0.2)
    one = recorded(tmp_path / "one", losses=lossy)
    two = recorded(tmp_path / "two", losses=lossy)
    other = recorded(tmp_path / "other", seed=6, losses=lossy)
    for left, right, different in zip(one.paths, two.paths, other.paths, strict=True):
        assert left.read_bytes() == right.read_bytes()
        if left.name != "worked.tool.json":
            assert left.read_bytes() != different.read_bytes()


def test_a_rate_that_the_tool_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="Petra dome streams at up to 80 Hz, not 100 Hz"):
        recorded(tmp_path, "force-only", rate_hz=100)
    with pytest.raises(RecordingError, match="no tool streams at 70000 Hz"):
        recorded(tmp_path, rate_hz=70000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("losses", "longest"),
    [(Losses(0.5), 1), (Losses(0.2), 1), (Losses(0.3, 0.5), 10), (Losses(0.01, 0.1), 2)],
)
def test_the_share_asked_for_is_lost_in_runs_no_longer_than_asked_for(
    losses: Losses, longest: int
) -> None:
    kept = losses.kept(200_000, 0.05, np.random.default_rng(1))
    assert 1 - kept.mean() == pytest.approx(losses.share, rel=0.05)
    bounds = np.flatnonzero(np.diff(np.concatenate([[True], kept, [True]]).astype(int)))
    runs = bounds[1::2] - bounds[::2]
    assert (runs.min(), runs.max()) == (1, longest)


@pytest.mark.parametrize(
    ("share", "burst_s", "reason"),
    [(0.6, 0, "0 to 0.5, not 0.6"), (-0.1, 0, "not -0.1"), (0.1, 0.6, "0 to 0.5 s, not 0.6")],
)
def test_losses_out_of_range_are_refused(share: float, burst_s: float, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Losses(share, burst_s)


def test_ten_minutes_are_written_as_well(tmp_path: Path) -> None:
    plan = Plan(tuple(replace(SWEEPS, id=f"cheek-{n}", repetitions=20) for n in range(7)))
    paths = write_recording(
        tmp_path,
        "long",
        plan=plan,
        tool=load_tool("small-roller"),
        scenario=load_scenario("careful"),
        seed=1,
        rate_hz=100,
    )
    times = read_columns(paths[0])["t_s"]
    assert float(times[-1]) - float(times[0]) > 600


def test_a_tool_that_cannot_be_tared_makes_no_recording(tmp_path: Path) -> None:
    tool = load_tool("small-roller")
    crooked = replace(tool, sensors=replace(tool.sensors, force_offset_n=2.0))
    with pytest.raises(RecordingError, match="refuses to be tared"):
        recorded(tmp_path, crooked)


def test_a_plan_for_the_bare_hand_has_nothing_to_count(tmp_path: Path) -> None:
    hands = replace(SWEEPS, hand_only=True, technique="pinch", duration_s=3)
    truth = recorded(tmp_path, plan=Plan((hands,))).truth
    assert truth["contacts"] == truth["strokes"] == truth["active"] == []
    assert {"rep", "technique", "over"}.isdisjoint(truth)
