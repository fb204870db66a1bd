"""``companion sessions export``, and that an export analysed tells the session's own events."""

import csv
import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.cli import again
from companion.sensing.types import Stroke
from companion.store.database import open_store, store_file
from companion.store.sessions import Kept, Sessions
from companion.store.taken import taken
from simulators.scenario import Mishap, MishapKind
from tests.store.live import lived
from tests.store.recording import recorded
from tests.store.sessions import STARTED

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

Run = Callable[..., tuple[int, str, str]]
A_MICROSECOND = 1.1e-6


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def said(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return said


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Kept, list[Stroke]]:
    file = tmp_path_factory.mktemp("lived") / "sessions.sqlite"
    with closing(open_store(file)) as store:
        kept, strokes = lived(store, "heavy-hand", "forehead", "cheek-left")
    return file, kept, strokes


@pytest.fixture
def kept(session: tuple[Path, Kept, list[Stroke]]) -> Kept:
    file, kept, _ = session
    store_file().parent.mkdir(parents=True)
    store_file().write_bytes(file.read_bytes())
    return kept


def said_live(kept: Kept, name: str) -> list[dict[str, Any]]:
    with closing(open_store(store_file())) as store:
        return [event for event in Sessions(store).events(kept) if event["event"] == name]


def analysed(run: Run, folder: Path, *options: str) -> dict[str, Any]:
    stem = folder / "session-0001"
    arguments = ("analyze", f"{stem}.csv", "--tool", f"{stem}.tool.json", "--json", *options)
    status, out, err = run(*arguments)
    assert (status, err) == (0, "")
    document: dict[str, Any] = json.loads(out)
    return document


def test_an_export_analysed_tells_the_sessions_own_events(
    session: tuple[Path, Kept, list[Stroke]], kept: Kept, run: Run, tmp_path: Path
) -> None:
    assert run("sessions", "export", "1", "--out", str(tmp_path))[0] == 0
    found = analysed(run, tmp_path)
    live = [
        (event["level"], event["onset_s"], event["device_s"])
        for event in said_live(kept, "alert_raised")
        if event["kind"] == "over_pressure"
    ]
    again = [(one["level"], one["onset_s"], one["raised_s"]) for one in found["alerts"]]
    assert live
    assert [one[0] for one in again] == [one[0] for one in live]
    for (_, *times), (_, *expected) in zip(again, live, strict=True):
        assert times == pytest.approx(expected, abs=A_MICROSECOND)
    counted = [event["device_s"] for event in said_live(kept, "repetition")]
    assert len(counted) >= 10
    assert found["reps"]["live"] == pytest.approx(counted, abs=A_MICROSECOND)
    finished = said_live(kept, "step_finished")
    assert len(found["reps"]["final"]) == sum(step["repetitions"] for step in finished)
    strokes = session[2]
    with closing(open_store(store_file())) as store:
        in_store = Sessions(store).strokes(kept)
    assert [(one.start_s, one.end_s, one.confirmed_s, one.direction) for one in in_store] == [
        (one.start_s, one.end_s, one.device_s, one.direction) for one in strokes
    ]
    assert [one["direction"] for one in found["strokes"]] == [one.direction for one in strokes]
    for key in ("start_s", "end_s"):
        times = [getattr(one, key) for one in strokes]
        assert [one[key] for one in found["strokes"]] == pytest.approx(times, abs=A_MICROSECOND)


@pytest.mark.parametrize(
    ("tool", "scenario", "alerts"), [("gua-sha", "heavy-hand", 1), ("force-only", "careful", 0)]
)
def test_so_does_one_of_three_edges_and_one_of_force_alone(
    tmp_path: Path, tool: str, scenario: str, alerts: int
) -> None:
    with closing(open_store(tmp_path / "sessions.sqlite")) as store:
        kept, strokes = lived(store, scenario, "forehead", tool=tool)
        found = again.analysed(taken(Sessions(store), kept)).document
    assert len(found["alerts"]) == kept.warnings == alerts
    assert len(strokes) == 10
    for key in ("start_s", "end_s"):
        times = [getattr(one, key) for one in strokes]
        assert [one[key] for one in found["strokes"]] == pytest.approx(times, abs=A_MICROSECOND)


@pytest.mark.unmeasured
def test_what_came_late_stands_in_its_place_and_gives_the_final_pass_again(tmp_path: Path) -> None:
    away = Mishap(kind=MishapKind.OUT_OF_RANGE, at_s=6.0, lasting_s=6.0)
    with closing(open_store(tmp_path / "sessions.sqlite")) as store:
        kept, _ = lived(store, "heavy-hand", "forehead", mishaps=[away])
        sessions = Sessions(store)
        took = taken(sessions, kept)
        found = again.analysed(took).document
        (step,) = [one for one in sessions.events(kept) if one["event"] == "step_finished"]
        strokes = sessions.strokes(kept)
        run = again.course(sessions, kept)
        (verdict,) = again.judged(sessions, kept, run)
    (late,) = took.tool["late"]
    assert late["samples"] == took.late > 500
    assert late["to_s"] < late["heard_s"] < step["device_s"]
    assert found["gaps"] == []
    assert len(found["reps"]["final"]) == step["repetitions"] == verdict.repetitions
    standing = [(one.start_s, one.end_s) for one in strokes if one.stands]
    assert {one.source for one in strokes if one.stands} == {"live", "late"}
    assert any(not one.stands for one in strokes)
    for at, key in enumerate(("start_s", "end_s")):
        times = [span[at] for span in standing]
        assert [one[key] for one in found["strokes"]] == pytest.approx(times, abs=A_MICROSECOND)


def test_limits_of_ones_own_hold_for_the_whole_file(run: Run, kept: Kept, tmp_path: Path) -> None:
    del kept
    run("sessions", "export", "1", "--out", str(tmp_path))
    assert analysed(run, tmp_path, "--caution-n", "500")["alerts"] == []


@pytest.mark.measured
def test_every_form_holds_the_same_numbers(run: Run, kept: Kept, tmp_path: Path) -> None:
    del kept
    parquet = pytest.importorskip("pyarrow.parquet")
    for form in ("csv", "json", "parquet"):
        status, out, _ = run(
            "sessions", "export", "--all", "--format", form, "--out", str(tmp_path)
        )
        assert status == 0
        assert str(tmp_path / f"sessions.{form}") in out.splitlines()
    with (tmp_path / "session-0001.csv").open() as stream:
        rows = list(csv.reader(stream))
    document = json.loads((tmp_path / "session-0001.json").read_text())
    table = parquet.read_table(tmp_path / "session-0001.parquet")
    assert rows[0] == list(document["recording"]) == table.column_names
    for at, name in enumerate(rows[0]):
        column = [float(row[at]) if row[at] else None for row in rows[1:]]
        assert column == document["recording"][name] == table.column(name).to_pylist()
    assert json.loads(table.schema.metadata[b"tool"]) == document["tool"]
    assert document["summary"]["outcome"] == "finished"
    for file in tmp_path.glob("session*"):
        assert file.stat().st_mode & 0o077 == 0


def test_without_the_library_parquet_is_one_sentence(
    run: Run, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del kept
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    status, _, err = run("sessions", "export", "1", "--format", "parquet", "--out", str(tmp_path))
    assert (status, err.count("\n"), "pyarrow" in err) == (2, 1, True)
    assert list(tmp_path.glob("session*")) == []


def test_of_two_sessions_those_are_taken_that_are_meant(run: Run, tmp_path: Path) -> None:
    with closing(open_store(store_file())) as store:
        recorded(store)
        recorded(store, (STARTED,), person="bob")
    status, out, _ = run("sessions", "export", "--all", "--person", "bob", "--out", str(tmp_path))
    assert status == 0
    assert [Path(line).name for line in out.splitlines()] == [
        "session-0002.csv",
        "session-0002.tool.json",
        "session-0002.session.json",
        "sessions.csv",
    ]
    assert (tmp_path / "sessions.csv").read_text().splitlines()[1].split(",")[2] == "bob"
    for arguments in ([], ["1", "--all"]):
        assert run("sessions", "export", *arguments)[0] == 2


def test_damaged_telemetry_is_left_out_and_said(run: Run, tmp_path: Path) -> None:
    with closing(open_store(store_file())) as store:
        recorded(store)
        store.execute("UPDATE block SET data = x'00112233445566778899'")
    status, out, err = run("sessions", "export", "1", "--out", str(tmp_path))
    assert (status, "damaged" in err) == (1, True)
    assert [Path(line).name for line in out.splitlines()] == ["session-0001.session.json"]
