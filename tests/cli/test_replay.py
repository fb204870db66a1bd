"""``companion replay``: what a simulated hand did, told again as it was told."""

import json
import math
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.cli.parser import build_parser
from companion.cli.replay_source import found
from companion.coaching.events import AlertRaised, Event, Notice
from companion.coaching.view import View
from companion.recordings.playback import Playback
from companion.recordings.tape import Tape
from companion.store.database import open_store, store_file
from companion.store.sessions import Kept, Sessions
from protocols.telemetry import Telemetry
from tests.cli.terminal import terminal
from tests.report import guided

pytestmark = pytest.mark.unmeasured  # a simulated session of a minute

Shown = list[tuple[float, View]]
Told = dict[str, Any]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Shown]:
    """A minute with a heavy hand, kept; and what a screen would have read after each frame."""
    file = tmp_path_factory.mktemp("lived") / "sessions.sqlite"
    shown: Shown = []
    take = guided.Desk.frame

    def frame(desk: guided.Desk, value: bytes) -> Telemetry:
        telemetry = take(desk, value)
        newest_us = telemetry.device_us + (len(telemetry.samples) - 1) * telemetry.interval_us
        shown.append((newest_us / 1e6, desk.session.view()))
        return telemetry

    with pytest.MonkeyPatch.context() as patch, closing(open_store(file)) as store:
        patch.setattr(guided.Desk, "frame", frame)
        guided.guided(store, "heavy-hand", 60.0)
    return file, shown


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lived: tuple[Path, Shown]) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    store_file().parent.mkdir(parents=True)
    shutil.copy(lived[0], store_file())
    return tmp_path


@pytest.fixture
def stored() -> Iterator[tuple[Sessions, Kept]]:
    with closing(open_store(store_file())) as store:
        sessions = Sessions(store)
        yield sessions, sessions.page(0, 1)[0]


def playback(what: str, *options: str) -> Playback:
    arguments = build_parser().parse_args(["replay", what, *options])
    played = Playback(Tape(found(arguments).source))
    while played.fill():
        pass
    return played


def events(what: str, *options: str) -> list[Event]:
    arguments = build_parser().parse_args(["replay", what, *options])
    tape = Tape(found(arguments).source)
    while tape.fill():
        pass
    return tape.events(-math.inf, math.inf)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = main(["replay", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def told(line: str) -> Told:
    """Return an event of a line, without the words that lines add to it."""
    fields: Told = json.loads(line)
    return {key: value for key, value in fields.items() if key not in {"text", "say"}}


def test_what_was_said_is_said_again_and_nothing_else(
    stored: tuple[Sessions, Kept], capsys: pytest.CaptureFixture[str]
) -> None:
    before = store_file().read_bytes()
    status, out, err = said(capsys, "last", "--json")
    assert (status, err) == (0, "")
    first, *lines, last = out.splitlines()
    assert "REPLAY: Session 1" in json.loads(first)["text"]
    assert "End of the replay" in json.loads(last)["text"]
    sessions, kept = stored
    assert [told(line) for line in lines] == list(sessions.events(kept))
    assert store_file().read_bytes() == before


def test_lines_end_with_the_summary_of_then(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "1", "--plain")
    assert "REPLAY: Session 1" in out.splitlines()[0]
    assert "WARNING 1: ease off" in out
    main(["sessions", "show", "1"])
    summary = capsys.readouterr().out.splitlines()[1:]
    assert out.splitlines()[-len(summary) :] == summary


def test_the_screens_read_what_they_read_then(
    lived: tuple[Path, Shown], stored: tuple[Sessions, Kept]
) -> None:
    played = playback("1")
    began_s = next(iter(stored[0].events(stored[1])))["device_s"]
    begun = [(at_s, view) for at_s, view in lived[1] if at_s >= began_s and view.steps]
    compared = 0
    for at_s, view in begun[10:-1:29]:
        played.seek_edge(end=False)
        played.seek(at_s - began_s + 0.001)
        again = played.view()
        assert again.pressure_kpa == pytest.approx(view.pressure_kpa, abs=1e-6)
        assert again.session_elapsed_s == pytest.approx(view.session_elapsed_s, abs=0.06)
        assert again.step_elapsed_s == pytest.approx(view.step_elapsed_s, abs=0.06)
        for name in ("phase", "title", "states", "index", "repetitions", "level", "doubt"):
            assert getattr(again, name) == getattr(view, name), (name, at_s)
        assert [one.alert for one in again.alerts] == [one.alert for one in view.alerts]
        assert again.steps == view.steps
        compared += 1
    assert compared > 30


def test_the_next_warning_is_where_the_hand_pressed_too_hard(
    stored: tuple[Sessions, Kept],
) -> None:
    sessions, kept = stored
    raised = [event for event in sessions.events(kept) if event["event"] == "alert_raised"]
    began_s = next(iter(sessions.events(kept)))["device_s"]
    played = playback("1")
    assert len(raised) == 1
    played.seek_warning(later=True)
    assert played.progress().position_s == pytest.approx(raised[0]["device_s"] - began_s)
    (alert,) = played.view().alerts
    assert isinstance(alert, AlertRaised)
    pressed_kpa = played.view().pressure_kpa
    assert pressed_kpa is not None
    assert pressed_kpa > alert.limit_kpa


def test_a_damaged_block_is_a_hole(stored: tuple[Sessions, Kept]) -> None:
    store = stored[0].connection
    number = guided.guided(store, "careful", 8.0, ends=False).number
    with store:
        store.execute("UPDATE block SET data = x'00' WHERE session = ? AND place = 4", [number])
    ((from_s, to_s),) = playback(str(number)).progress().holes
    assert 0.9 < to_s - from_s < 1.2


def test_a_recording_is_replayed_with_its_tool_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["sessions", "export", "1", "--out", str(home)])
    file = home / "session-0001.csv"
    status, out, err = said(capsys, str(file), "--plain")
    assert (status, err) == (0, "")
    assert "too much force: caution at" in out
    main(["analyze", str(file), "--tool", str(home / "session-0001.tool.json")])
    report = capsys.readouterr().out.splitlines()[1:]
    assert out.splitlines()[-len(report) :] == report
    played = playback(str(file))
    played.seek_warning(later=True)
    assert played.view().level.value == "caution"
    assert (played.view().pressure_kpa or 0.0) > 8.0
    (home / "session-0001.tool.json").unlink()
    assert playback(str(file)).view().in_newtons
    assert playback(str(file), "--caution-n", "1").progress().marks


def pressed(file: Path, wobble_n: float) -> None:
    """Write a recording of ten seconds that presses with 5 N for one of them."""
    forces = (5.0 if 3 <= at / 50 <= 4.2 else 0.5 for at in range(500))
    rows = (f"{at / 50},{force + wobble_n * (at % 7)}" for at, force in enumerate(forces))
    file.write_text("\n".join(["t_s,force_n", *rows, ""]))


def test_labels_beside_a_recording_are_heeded(home: Path) -> None:
    file = home / "tap.csv"
    pressed(file, 0.001)
    (home / "tap.truth.json").write_text('{"over": {"caution_n": 4.0}, "technique": "tap"}')
    (mark,) = playback(str(file)).progress().marks
    assert mark.at_s == pytest.approx(3.1, abs=0.1)
    assert not playback(str(file), "--caution-n", "6").progress().marks
    (home / "tap.truth.json").write_text('{"over": [}')
    assert not playback(str(file)).progress().marks


def test_a_warning_that_ends_as_unknown_is_not_told_as_fine(home: Path) -> None:
    file = home / "press.csv"
    for wobble_n, ends in ((0.001, "cleared"), (0.0, "unknown")):  # what stands still is frozen
        pressed(file, wobble_n)
        limits = ("--caution-n", "4", "--contact-area-cm2", "2")
        keys = [e.key for e in events(str(file), *limits) if isinstance(e, Notice)]
        assert keys == ["replay.event.raised_caution", f"replay.event.{ends}_caution"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["99"], "there is no session 99"),
        (["missing.csv"], "missing.csv"),
        (["1", "--caution-n", "2"], "are for a recording"),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = said(capsys, *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


def test_a_broken_file_is_refused_with_its_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "bad.csv").write_text("t_s,force_n\n0.0,1.0\n0.0,1.0\n")
    status, _, err = said(capsys, str(home / "bad.csv"))
    assert (status, "line 3" in err) == (2, True)


def test_without_telemetry_there_is_nothing_to_see(
    stored: tuple[Sessions, Kept], capsys: pytest.CaptureFixture[str]
) -> None:
    with stored[0].connection as store:
        store.execute("DELETE FROM block")
    status, _, err = said(capsys, "1")
    assert (status, "no telemetry" in err) == (2, True)
    with stored[0].connection as store:
        store.execute("DELETE FROM session")
    status, _, err = said(capsys, "last")
    assert (status, "no session yet" in err) == (2, True)


def test_what_was_said_and_is_damaged_cannot_be_replayed(
    stored: tuple[Sessions, Kept], capsys: pytest.CaptureFixture[str]
) -> None:
    with stored[0].connection as store:
        store.execute('UPDATE event SET body = \'{"event": "step_started", "device_s": 1}\'')
    status, _, err = said(capsys, "1")
    assert (status, "cannot be shown again" in err) == (2, True)


def test_from_history_and_back(home: Path) -> None:
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    environment = {name: str(home / name) for name in names}
    with terminal("-m", "companion", "dashboard", environment=environment) as screen:
        screen.until("Welcome.")
        screen.press("h")
        screen.until("Sessions: 1")
        screen.until("five-minutes")
        screen.press("r")
        screen.until("REPLAY")
        screen.press("q")
        screen.until("That was a replay")
        screen.until("Sessions: 1")
        screen.press("q")
        status, _ = screen.ended()
    assert status == 0
    assert "Traceback" not in screen.written
