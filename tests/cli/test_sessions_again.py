"""``companion sessions import`` and ``redo``."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from companion.store.course import Zero, course_of
from companion.store.database import open_store, store_file
from tests.cli.test_sessions_export import Run, _home, kept, run, session
from tests.store.recording import recorded

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

__all__ = ["_home", "kept", "run", "session"]


@pytest.mark.usefixtures("kept")
def test_the_same_engine_gives_the_same_verdict(run: Run) -> None:
    status, out, _ = run("sessions", "redo", "1")
    assert status == 0
    assert out.splitlines()[-1] == "The verdict is the same."
    _, out, _ = run("sessions", "redo", "1", "--json")
    steps = json.loads(out)["steps"]
    assert [step["step"] for step in steps] == ["forehead", "cheek-left"]
    assert sum(step["new"]["cautions"] for step in steps) >= 1
    for step in steps:
        assert step["new"]["peak_kpa"] == pytest.approx(step["old"]["peak_kpa"], abs=0.01)
        assert step["new"]["mean_kpa"] == pytest.approx(step["old"]["mean_kpa"], abs=0.01)
        assert step["new"]["repetitions"] == step["old"]["repetitions"] > 0


@pytest.mark.usefixtures("kept")
def test_another_verdict_of_then_is_shown_beside_that_of_today(run: Run) -> None:
    with closing(open_store(store_file())) as store:
        store.execute("DELETE FROM event WHERE name = 'alert_raised'")
    _, out, _ = run("sessions", "redo", "1")
    assert out.splitlines()[-1] == "The verdict is another one today."
    assert " 0 / " in out


@pytest.mark.measured
@pytest.mark.usefixtures("kept")
def test_an_export_comes_back_as_a_session(run: Run, tmp_path: Path) -> None:
    run("sessions", "export", "1", "--out", str(tmp_path))
    csv = tmp_path / "session-0001.csv"
    status, _, err = run("sessions", "import", str(csv))
    assert (status, "session 1" in err) == (2, True)
    run("sessions", "delete", "1")
    status, out, err = run("sessions", "import", str(csv))
    assert (status, err, out.startswith("session-0001.csv is session ")) == (0, "", True)
    (found,) = json.loads(run("sessions", "list", "--json")[1])["sessions"]
    assert (found["source"], found["person"], found["outcome"]) == ("imported", "anna", "finished")
    row = run("sessions", "list")[1].splitlines()[1]
    assert "imported" in row
    number = str(found["number"])
    run("sessions", "export", number, "--out", str(tmp_path / "again"))
    (again,) = (tmp_path / "again").glob("*[0-9].csv")
    ours, theirs = (json.loads(run("analyze", str(file), "--json")[1]) for file in (csv, again))
    assert ours == theirs
    shown = run("sessions", "show", number)[1]
    assert "was imported" in shown
    assert run("sessions", "redo", number)[0] == 0


@pytest.mark.usefixtures("kept")
def test_a_recording_that_breaks_the_contract_is_no_session(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("t_s,force_n\n0.0,1.0\n0.0,1.0\n")
    status, _, err = run("sessions", "import", str(bad))
    assert (status, "line 3" in err) == (2, True)
    run("sessions", "export", "1", "--out", str(tmp_path))
    shutil.copy(tmp_path / "session-0001.csv", tmp_path / "other.csv")
    for steps in ('[{"from_s": "now"}]', '"none"', '[{"from_s": 2, "to_s": 1}]'):
        (tmp_path / "other.tool.json").write_text(f'{{"format": 1, "steps": {steps}}}')
        status, _, err = run("sessions", "import", str(tmp_path / "other.csv"))
        assert (status, "steps: this must be" in err) == (2, True)
    assert len(json.loads(run("sessions", "list", "--json")[1])["sessions"]) == 1


@pytest.mark.usefixtures("kept")
def test_of_a_session_that_broke_off_only_what_was_said_is_compared(run: Run) -> None:
    with closing(open_store(store_file())) as store:
        store.execute("UPDATE session SET summary = NULL, outcome = 'interrupted'")
        store.execute("DELETE FROM event WHERE device_s > 80")
    _, out, _ = run("sessions", "redo", "1")
    assert "cheek-left" in out
    assert "- / " in out
    assert out.splitlines()[-1] == "The verdict is the same."


def test_a_session_without_telemetry_is_not_judged_again(run: Run) -> None:
    with closing(open_store(store_file())) as store:
        recorded(store)
        store.execute("DELETE FROM block")
    status, _, err = run("sessions", "redo", "1")
    assert (status, "no telemetry" in err) == (2, True)


YOUNGER = {
    *("priority", "spacing_s", "per_minute", "asked", "limit_per_minute"),
    *("alternate_hands", "changes_side", "cannot_count", "spoken", "scale_percent", "slot"),
    *("unseen", "is_other_technique", "counted_live", "doses", "missed"),
}
"""Keys that the first version to keep sessions did not write (its event types, 2026-11-21)."""

OF_THE_FIRST_VERSION = """
{"event": "session_started", "device_s": 19.0, "routine": "short", "title": "Short",
 "tool": "Roller", "started_at": "2026-11-22T03:05:20+00:00", "steps": 1, "slip_note": "Oil."}
{"event": "step_started", "device_s": 19.0, "step": "forehead", "index": 0, "steps": 1,
 "kind": "tool", "zone": "forehead", "side": "both", "technique": "sweep", "direction": "up",
 "repetitions": 3, "time_limit_s": 25.0, "hint": "Roll up.",
 "band": {"low_kpa": 2.0, "high_kpa": 5.0, "caution_kpa": 8.0, "stop_kpa": 13.3},
 "cannot_judge": null}
{"event": "step_finished", "device_s": 32.2, "step": "forehead", "index": 0, "outcome": "done",
 "repetitions": 3, "goal": 3, "duration_s": 13.2, "points": 94, "possible": 100}
"""
"""What it said of a step, as it wrote it."""


def test_the_course_of_the_first_versions_events() -> None:
    said = [json.loads("{" + each) for each in OF_THE_FIRST_VERSION.split("\n{")[1:]]
    run = course_of(said, {})
    assert run.zeros == (Zero(19_000_000, is_known=True),)
    (stage,) = run.stages
    assert (stage.from_us, stage.to_us, stage.band) == (19_000_000, 32_200_000, (2, 5, 8, 13.3))
    assert stage.result["repetitions"] == 3


def as_first_kept(said: object) -> object:
    """Return what was said, without the keys that came later."""
    if isinstance(said, dict):
        return {key: as_first_kept(value) for key, value in said.items() if key not in YOUNGER}
    return [as_first_kept(each) for each in said] if isinstance(said, list) else said


@pytest.mark.usefixtures("kept")
def test_a_session_of_the_first_version_is_read_by_every_command(run: Run, tmp_path: Path) -> None:
    with closing(open_store(store_file())) as store:
        for place, body in store.execute("SELECT place, body FROM event").fetchall():
            said = json.dumps(as_first_kept(json.loads(body)))
            store.execute("UPDATE event SET body = ? WHERE place = ?", [said, place])
        (summary,) = store.execute("SELECT summary FROM session").fetchone()
        older = json.dumps(as_first_kept(json.loads(summary)))
        store.execute("UPDATE session SET summary = ?", [older])
        for table in ("stroke", "trace"):
            store.execute(f"DELETE FROM {table}")  # noqa: S608 -- our own table
    for arguments in (
        ("sessions", "show", "1", "--strokes"),
        ("sessions", "report", "1", "--out", str(tmp_path / "page.html")),
        ("sessions", "export", "1", "--out", str(tmp_path)),
        ("replay", "1", "--speed", "max"),
    ):
        status, out, err = run(*arguments)
        assert (status, err, bool(out)) == (0, "", True), arguments
    assert "No strokes are kept" in run("sessions", "show", "1", "--strokes")[1]
    assert run("sessions", "redo", "1")[1].splitlines()[-1] == "The verdict is the same."
