"""``companion record``, and what ``run --capture`` says where it cannot be done."""

import json
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.captures import known_captures
from tests.cli.room import AIR, Room, room_for


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    return room_for(monkeypatch, home)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(list(arguments))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.usefixtures("room")
def test_a_recording_lies_in_the_store_and_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "raw.csv"
    status, out, err = said(capsys, "record", *AIR, "--pair", "--seconds", "5", "--out", str(file))
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].endswith(f": {file}.")
    (session,) = json.loads(said(capsys, "sessions", "list", "--json")[1])["sessions"]
    assert (session["source"], session["routine"]) == ("raw", "recording")
    assert session["duration_s"] == pytest.approx(5.0, abs=0.3)
    tool = str(tmp_path / "raw.tool.json")
    status, out, err = said(capsys, "analyze", str(file), "--tool", tool, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["duration_s"] == pytest.approx(5.5, abs=0.6)
    assert "recorded" in said(capsys, "sessions", "list")[1]
    assert "recorded without a routine" in said(capsys, "sessions", "show", "1")[1]
    assert said(capsys, "sessions", "redo", "1")[0] == 0


@pytest.mark.usefixtures("room")
def test_a_file_alone_leaves_nothing_in_the_store(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "raw.csv"
    arguments = ("record", *AIR, "--pair", "--seconds", "1", "--no-keep-sessions")
    assert said(capsys, *arguments)[0] == 2
    status, out, _ = said(capsys, *arguments, "--out", str(file), "--json")
    assert status == 0
    names = [json.loads(line)["event"] for line in out.splitlines()]
    assert names[-1] == "session_finished"
    assert len(file.read_text().splitlines()) > 100
    assert json.loads(said(capsys, "sessions", "list", "--json")[1])["sessions"] == []


def test_without_a_tool_it_ends_in_one_sentence(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools = ()
    status, _, err = said(capsys, "record", *AIR, "--seconds", "1")
    assert (status, err.count("\n")) == (3, 1)


@pytest.mark.usefixtures("room")
def test_the_computers_own_bluetooth_is_captured_by_the_system(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "capture.btsnoop"
    status, _, err = said(capsys, "run", "--plain", "--oiled", "--capture", str(file))
    assert (status, "btmon --write" in err) == (2, True)
    assert not file.exists()
    assert known_captures() == []
