"""``companion sessions`` and ``companion data``, over a store with sessions in it."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.store.database import open_store, store_file
from tests.store.recording import recorded
from tests.store.sessions import STARTED


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def two() -> None:
    with closing(open_store(store_file())) as store:
        recorded(store)
        recorded(store, (STARTED,), person="bob")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_without_any_session_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "sessions", "list") == (0, "No session is kept here yet.\n", "")


@pytest.mark.usefixtures("two")
def test_sessions_are_listed_with_how_they_ended(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "sessions", "list")
    head, *rows = out.splitlines()
    assert status == 0
    assert head.split() == [
        "no",
        "began",
        "person",
        "routine",
        "ended",
        "lasted",
        "score",
        "warnings",
    ]
    assert {row.split()[0] for row in rows} == {"1", "2"}
    assert any("anna" in row and "0:08" in row for row in rows)
    assert any("bob" in row and "interrupted" in row for row in rows)


@pytest.mark.usefixtures("two")
def test_a_list_can_be_narrowed(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, count in (
        (["--person", "anna"], 1),
        (["--routine", "slow"], 0),
        (["--tool", "Roller"], 2),
        (["--since", "2026-11-22"], 0),
        (["--until", "2026-11-21"], 2),
    ):
        _, out, _ = said(capsys, "sessions", "list", "--json", *arguments)
        assert len(json.loads(out)["sessions"]) == count


@pytest.mark.usefixtures("two")
def test_one_session_is_shown_as_its_end_was(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "sessions", "show", "1")
    assert status == 0
    assert out.startswith("Session 1, ")
    assert "anna, with Roller" in out
    assert "10 of 10" in out
    _, out, _ = said(capsys, "sessions", "show", "2")
    assert "Interrupted after 8 s; warnings: 0. There is no summary." in out
    _, out, _ = said(capsys, "sessions", "show", "1", "--json")
    shown = json.loads(out)
    assert shown["summary"]["outcome"] == "finished"
    assert shown["events"][0]["event"] == "session_started"


@pytest.mark.usefixtures("two")
def test_a_session_is_deleted_and_not_found_again(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "sessions", "delete", "1")
    assert status == 0
    assert "Session 1 of" in out
    status, _, err = said(capsys, "sessions", "show", "1")
    assert (status, "no session 1" in err) == (2, True)


@pytest.mark.usefixtures("two")
def test_a_day_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = said(capsys, "sessions", "list", "--since", "yesterday")
    assert status == 2
    assert "yesterday" in err


@pytest.mark.usefixtures("two")
def test_where_the_data_lies_is_said_with_its_size(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "data", "where", "--json")
    found = {each["what"]: each for each in json.loads(out)["files"]}
    assert status == 0
    assert found["sessions"]["file"] == str(store_file())
    assert found["sessions"]["bytes"] >= store_file().stat().st_size
    assert found["persons"]["bytes"] is None
    assert "none yet" in said(capsys, "data", "where")[1]


@pytest.mark.usefixtures("two")
def test_a_person_is_erased_only_when_asked_twice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert said(capsys, "data", "erase", "--person", "anna")[1] == "Nothing was erased.\n"
    monkeypatch.setattr("builtins.input", lambda _: "y")
    _, out, _ = said(capsys, "data", "erase", "--person", "anna")
    assert out.startswith("anna: sessions erased: 1, there were no answers.\nNo long name ")
    for part in store_file().parent.iterdir():
        assert b"anna" not in part.read_bytes()
    assert "erased: 0" in said(capsys, "data", "erase", "--person", "anna", "--yes")[1]


def test_a_damaged_store_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    store_file().parent.mkdir(parents=True)
    store_file().write_bytes(b"nothing of the kind" * 99)
    status, out, err = said(capsys, "sessions", "list")
    assert (status, out) == (0, "No session is kept here yet.\n")
    assert err.count("\n") == 1
    assert "damaged" in err
    (aside,) = store_file().parent.glob("*.damaged-*")
    assert aside.read_bytes() == b"nothing of the kind" * 99
    assert said(capsys, "sessions", "list") == (0, "No session is kept here yet.\n", "")
