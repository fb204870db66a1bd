"""``companion simulate``: what goes together, recordings, several tools, controllers."""

import json
from pathlib import Path

import pytest

from companion.__main__ import main


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["simulate", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--no-tool", "--join", "127.0.0.1:1"], "--no-tool opens an air"),
        (["--hci", "usb:0", "--tools", "small-roller,gua-sha"], "a controller carries one tool"),
        (["--record", "x", "--hci", "usb:0"], "--record needs no radio"),
        (["--record", "x", "--port", "4711"], "--record needs no radio"),
        (["--rate", "50"], "--rate belongs to --record"),
        (["--tools", "small-roller,small-roller"], "not a list of different names"),
        (["--tools", "small-roller,"], "not a list of different names"),
        (["--rate", "5000", "--record", "x"], "not a rate"),
        (["--tool", "smal-roller", "--record", "x"], "did you mean small-roller?"),
        (["--scenario", "carefull", "--record", "x"], "did you mean careful?"),
        (["--routine", "five-minute", "--record", "x"], "five-minutes"),
        (["--weigh", "50", "--tools", "small-roller,gua-sha"], "--weigh is for one tool"),
        (["--weigh", "50", "--record", "x"], "--weigh is for one tool"),
        (["--weigh-gauge", "tindeq"], "--weigh-gauge goes with --weigh"),
        (["--weigh", "50", "--weigh-gauge", "tindec"], "tindec"),
        (["--weigh", "50,0"], "'0' is not a load for a scale"),
    ],
)
def test_what_does_not_go_together_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    status, out, err = ended(capsys, *arguments)
    assert (status, out) == (2, "")
    assert words in err


def test_two_files_of_one_address_would_be_taken_for_one_tool(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shipped = Path(__file__).parents[2] / "config" / "tools" / "small-roller.toml"
    copy = tmp_path / "copy.toml"
    copy.write_text(shipped.read_text("utf-8"), "utf-8")
    status, _, err = ended(capsys, "--plain", "--tools", f"small-roller,{copy}")
    assert status == 2
    assert "same Bluetooth address" in err


@pytest.mark.unmeasured
def test_a_labelled_recording_for_each_tool(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    options = ["--record", str(tmp_path), "--routine", "quick", "--scenario", "careful+left-hand"]
    status, out, err = ended(capsys, *options, "--tools", "small-roller,motion-only")
    assert (status, err) == (0, "")
    files = [Path(line) for line in out.splitlines()]
    assert all(file.is_file() and file.parent == tmp_path for file in files)
    stems = {file.name.partition(".")[0] for file in files}
    assert stems == {"small-roller-careful-left-hand-1", "motion-only-careful-left-hand-1"}
    truth = json.loads((tmp_path / "small-roller-careful-left-hand-1.truth.json").read_text())
    assert truth["strokes"]
    rolled = (tmp_path / "small-roller-careful-left-hand-1.csv").read_text().splitlines()[0]
    moved = (tmp_path / "motion-only-careful-left-hand-1.csv").read_text().splitlines()[0]
    assert "force_n" in rolled
    assert "force" not in moved


def test_a_folder_that_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    status, out, err = ended(capsys, "--record", str(tmp_path / "file"), "--routine", "less")
    assert (status, out) == (2, "")
    assert str(tmp_path / "file") in err


@pytest.mark.parametrize("moniker", ["usb:99", "bogus:1", "serial:/dev/no-such-port", "usb"])
def test_no_controller_is_one_sentence(capsys: pytest.CaptureFixture[str], moniker: str) -> None:
    status, _, err = ended(capsys, "--plain", "--hci", moniker)
    assert status == 3
    assert f"no controller at {moniker}" in err
    assert err.count("\n") == 1
