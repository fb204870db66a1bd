"""``companion sessions import`` and ``redo``."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

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
