"""``companion data``: taken along, made small, and erased without a trace."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from companion.cli.captures import remember_capture
from companion.coaching.person import Person
from companion.settings.persons import save_person
from companion.store.database import open_store, store_file
from companion.store.sessions import Sessions
from tests.cli.test_sessions_export import Run, _home, run
from tests.store.recording import recorded
from tests.store.sessions import STARTED, WHOLE

__all__ = ["_home", "run"]


@pytest.fixture
def two() -> None:
    with closing(open_store(store_file())) as store:
        recorded(store, person="zebediah")
        recorded(store, person="bob")
    save_person(Person(name="zebediah"))


@pytest.mark.usefixtures("two")
def test_everything_about_a_person_lies_in_one_folder(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "all"
    status, out, _ = run("data", "export", "--person", "zebediah", "--out", str(place))
    assert (status, str(place) in out) == (0, True)
    names = {str(file.relative_to(place)) for file in place.rglob("*") if file.is_file()}
    assert names == {
        "person.json",
        "sessions/sessions.csv",
        *(f"sessions/session-0001.{end}" for end in ("csv", "tool.json", "session.json")),
    }
    assert json.loads((place / "person.json").read_text())["hand"]
    assert run("data", "export", "--person", "zebediah", "--out", str(place))[0] == 2
    assert run("data", "export", "--person", "nobody", "--out", str(tmp_path / "no"))[0] == 2


@pytest.mark.usefixtures("two")
def test_a_place_that_ends_in_zip_becomes_one_file(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "all.zip"
    assert run("data", "export", "--person", "bob", "--out", str(place))[0] == 0
    with ZipFile(place) as archive:
        assert "sessions/session-0002.csv" in archive.namelist()
    assert place.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("two")
def test_an_erased_person_is_in_no_file_of_ours(run: Run, tmp_path: Path) -> None:
    copies = [
        store_file().with_name(f"sessions.sqlite{end}") for end in (".before-0002", ".damaged-1")
    ]
    for copy in copies:
        shutil.copy(store_file(), copy)
    capture = tmp_path / "capture.btsnoop"
    capture.write_bytes(b"keys")
    remember_capture(capture)
    shown = json.loads(run("data", "where", "--json")[1])
    assert [each["what"] for each in shown["files"]].count("copy") == 2
    assert [each["what"] for each in shown["files"]].count("capture") == 1
    assert shown["telemetry_bytes"] > 1000
    status, out, _ = run("data", "erase", "--person", "zebediah", "--yes")
    assert status == 0
    assert "whoever they were of: 3." in out
    assert "No long name (1) of what was erased is left" in out
    assert not capture.exists()
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or b"zebediah" not in file.read_bytes(), file
    with closing(open_store(store_file())) as store:
        assert [kept.person for kept in Sessions(store).all()] == ["bob"]


@pytest.mark.usefixtures("two")
def test_while_another_reads_the_bytes_stay_and_that_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.store.database.BUSY_S", 0.01)
    with closing(open_store(store_file())) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM session").fetchone()
        status, _, err = run("data", "erase", "--person", "zebediah", "--yes")
        assert (status, "another companion" in err) == (2, True)
    assert run("data", "erase", "--person", "zebediah", "--yes")[0] == 0
    assert b"zebediah" not in store_file().read_bytes()


def test_old_telemetry_goes_and_everything_else_stays(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(store_file())) as store:
        recorded(store)
        recorded(store, WHOLE[:-1], person="bob")
        store.execute(
            "UPDATE session SET started_at = '2020-01-01T00:00:00.000+00:00' WHERE id = 1"
        )
    assert run("data", "compact")[0] == 0
    old, young = json.loads(run("sessions", "list", "--json")[1])["sessions"][::-1]
    assert (old["raw_bytes"], young["raw_bytes"] > 0) == (0, True)
    assert "10 of 10" in run("sessions", "show", "1")[1]
    with closing(open_store(store_file())) as store:
        assert store.execute("SELECT count(*) FROM block").fetchone() == (1,)
    for days, status in (("0", 0), ("-1", 2), ("many", 2)):
        monkeypatch.setenv("MASSAGE_COMPANION_KEEP_TELEMETRY_DAYS", days)
        assert run("data", "compact")[0] == status


def test_a_folder_without_memory_to_share_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(store_file()).close()
    assert "rollback journal" not in run("data", "where")[1]
    with closing(open_store(store_file())) as store:
        store.execute("PRAGMA journal_mode = DELETE")
    monkeypatch.setattr("companion.store.journal._can_share", lambda _: False)
    status, out, _ = run("data", "where")
    assert (status, out.splitlines()[-1].count("rollback journal")) == (0, 1)
    assert json.loads(run("data", "where", "--json")[1])["write_ahead_log"] is False


def test_telemetry_that_is_kept_for_ever_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(store_file())) as store:
        recorded(store, (STARTED,))
        store.execute("UPDATE session SET started_at = '1990-01-01T00:00:00.000+00:00'")
    monkeypatch.setenv("MASSAGE_COMPANION_KEEP_TELEMETRY_DAYS", "0")
    run("data", "compact")
    assert json.loads(run("sessions", "list", "--json")[1])["sessions"][0]["raw_bytes"] > 0
