"""The whole stack in one process and in virtual time: hand, tool, radio, service, lines."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from protocols.massage_tool import MASSAGE_TOOL_SERVICE, TELEMETRY, RawTelemetry

Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def shared() -> dict[tuple[str, ...], Lines]:
    """Sessions already run, by their arguments: each takes seconds."""
    return {}


def session(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines], *arguments: str
) -> Lines:
    if arguments not in shared:
        assert main(["demo", "--json", "--speed", "max", *arguments]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        shared[arguments] = [json.loads(line) for line in captured.out.splitlines()]
    return shared[arguments]


def named(lines: Lines, event: str) -> Lines:
    return [line for line in lines if line["event"] == event]


def test_it_says_first_that_the_radio_is_virtual_and_last_the_summary(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    lines = session(capsys, shared, "--scenario", "careful")
    assert lines[0]["text"] == "radio: virtual radio"
    assert lines[-1]["event"] == "session_finished"
    assert lines[-1]["summary"]["outcome"] == "finished"


def test_without_a_scenario_it_shows_what_a_warning_is(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    alerts = named(session(capsys, shared), "alert_raised")
    assert {alert["zone"] for alert in alerts} == {"forehead", "under_eye"}


def test_a_careful_hand_is_told_nothing_and_has_at_least_95(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    lines = session(capsys, shared, "--scenario", "careful")
    (truth,) = named(lines, "simulation_truth")
    assert truth["over_pressure"] == []
    assert named(lines, "alert_raised") == named(lines, "hint") == []
    assert lines[-1]["summary"]["alerts"] == []
    assert lines[-1]["summary"]["score"]["percent"] >= 95


@pytest.mark.thinned(2)
@pytest.mark.parametrize("seed", ["1", "2"])
def test_each_true_over_pressure_is_warned_once_at_the_right_time_and_step(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines], seed: str
) -> None:
    lines = session(capsys, shared, "--scenario", "heavy-hand", "--seed", seed)
    (truth,) = named(lines, "simulation_truth")
    true = [(span["step"], span["level"]) for span in truth["over_pressure"]]
    warned = lines[-1]["summary"]["alerts"]
    assert len(true) >= 3
    assert sorted((alert["step"], alert["level"]) for alert in warned) == sorted(true)
    pairs = zip(
        sorted(truth["over_pressure"], key=lambda span: (span["level"], span["start_s"])),
        sorted(warned, key=lambda alert: (alert["level"], alert["onset_s"])),
        strict=True,
    )
    for span, alert in pairs:
        assert alert["onset_s"] == pytest.approx(span["start_s"], abs=0.1)
        assert span["start_s"] < alert["raised_s"] < span["start_s"] + 0.25
        assert alert["cleared_s"] == pytest.approx(span["end_s"], abs=0.3)


def test_a_heavy_hand_loses_points_for_its_warnings_alone_and_each_is_named(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    summary = session(capsys, shared, "--scenario", "heavy-hand", "--seed", "1")[-1]["summary"]
    losses, alerts = summary["score"]["losses"], summary["alerts"]
    assert {loss["kind"] for loss in losses} == {"over_pressure"}
    assert sorted(loss["alert"] for loss in losses) == [alert["alert"] for alert in alerts]
    onsets = {alert["alert"]: alert["onset_s"] for alert in alerts}
    assert all(loss["from_s"] == onsets[loss["alert"]] for loss in losses)
    score = summary["score"]
    assert score["points"] == score["possible"] - sum(loss["points"] for loss in losses)
    assert score["points"] == sum(
        step["score"]["points"] for step in summary["steps"] if step["score"]
    )


def test_each_true_stroke_is_counted(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    lines = session(capsys, shared, "--scenario", "heavy-hand", "--seed", "1")
    (truth,) = named(lines, "simulation_truth")
    true = {step["id"]: len(step["contacts"]) for step in truth["steps"]}
    counted = {step["step"]: step["repetitions"] for step in lines[-1]["summary"]["steps"]}
    assert counted == true


def test_every_promised_event_comes_and_names_the_steps_in_order(
    capsys: pytest.CaptureFixture[str], shared: dict[tuple[str, ...], Lines]
) -> None:
    lines = session(capsys, shared, "--scenario", "heavy-hand", "--seed", "1")
    kinds = {line["event"] for line in lines}
    promised = "link_up step_started repetition alert_raised alert_cleared step_finished"
    assert set(promised.split()) <= kinds
    begun = [line["step"] for line in named(lines, "step_started")]
    assert begun == [line["step"] for line in named(lines, "step_finished")]
    assert len(begun) == len(set(begun)) == 8


@pytest.mark.costly
def test_the_same_seed_gives_the_same_session(capsys: pytest.CaptureFixture[str]) -> None:
    def lines() -> list[str]:
        assert main(["demo", "--json", "--speed", "max", "--seed", "5", "--routine", "quick"]) == 0
        return capsys.readouterr().out.splitlines()

    assert lines() == lines()


def test_without_a_terminal_it_is_plain_and_ends_by_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "--scenario", "heavy-hand"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "radio: virtual radio" in lines[0]
    assert any("WARNING 1: ease off" in line for line in lines)
    assert "session finished" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scenario", "hevy-hand"], "heavy-hand"),
        (["--routine", "five-minuts"], "five-minutes"),
        (["--rate", "1"], "rate_hz"),
        (["--theme", "dusk"], "Accepted: auto, dark, light"),
    ],
)
def test_what_it_cannot_use_is_refused_with_2_and_a_hint(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["demo", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.service("tshark")
def test_tshark_reads_the_capture_as_notifications(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "session.btsnoop"
    assert main(["demo", "--capture", str(file), "--routine", "quick"]) == 0
    capsys.readouterr()
    fields = ["btatt.uuid128", "btatt.service_uuid128", "btatt.value"]
    wanted = [part for field in fields for part in ("-e", field)]
    command = ["tshark", "-r", str(file), "-Y", "btatt.opcode == 0x1b", "-T", "fields", *wanted]
    done = subprocess.run(  # noqa: S603 -- a fixed command
        command, capture_output=True, text=True, check=True
    )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rows) > 1000
    assert {row[0] for row in rows} == {TELEMETRY.replace("-", "")}
    assert {row[1] for row in rows} == {MASSAGE_TOOL_SERVICE.replace("-", "")}
    first = RawTelemetry.from_bytes(bytes.fromhex(rows[0][2]), force_channels=1)
    assert first.interval_us == 10_000


def test_a_capture_that_cannot_be_written_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["demo", "--capture", str(tmp_path / "no" / "such.btsnoop")]) == 1
    assert "such.btsnoop" in capsys.readouterr().err
