"""The journal: bounded, private, whole or untouched, and gone with its person."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from companion.coaching.events import SessionOutcome
from companion.coaching.person import Person
from companion.coaching.programme import Slot
from companion.coaching.programme_progress import KeptSession
from companion.errors import FileRefused
from companion.settings.journal import (
    MOST_SESSIONS,
    forget_person,
    journal_file,
    keep_in_journal,
    load_journal,
    session_fields,
)
from companion.settings.persons import load_persons, save_person
from companion.settings.private_files import LARGEST_BYTES

ONE = KeptSession(
    day=739_941,
    slot=Slot.EVENING,
    routine="five-minutes",
    outcome=SessionOutcome.FINISHED,
    steps_done=7,
    steps=8,
    duration_s=301.25,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path / "own")
    return tmp_path / "own"


def test_what_is_kept_comes_back_in_order_and_apart_for_each_person() -> None:
    stopped = replace(ONE, day=739_942, outcome=SessionOutcome.STOPPED, duration_s=20.0)
    keep_in_journal("eve", ONE)
    keep_in_journal("eve", stopped)
    keep_in_journal("s-017", stopped)
    assert load_journal("eve") == [replace(ONE, duration_s=301.2), stopped]
    assert load_journal("s-017") == [stopped]
    assert load_journal("me") == []


def test_only_the_owner_can_read_it_and_days_stand_in_it_as_days(folder: Path) -> None:
    keep_in_journal("eve", ONE)
    assert stat.S_IMODE(journal_file("eve").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["journal-eve.json"]
    assert json.loads(journal_file("eve").read_text("utf-8"))["sessions"] == [
        {
            "day": "2026-11-21",
            "slot": "evening",
            "routine": "five-minutes",
            "outcome": "finished",
            "steps_done": 7,
            "steps": 8,
            "duration_s": 301.2,
        }
    ]


def test_the_oldest_makes_room_and_the_longest_journal_can_still_be_read() -> None:
    longest = replace(ONE, routine="\U0001f600" * 300, outcome=SessionOutcome.INTERRUPTED)
    sessions = [session_fields(longest)] * MOST_SESSIONS
    document = {"format": 1, "person": "eve", "sessions": sessions}
    journal_file("eve").parent.mkdir()
    journal_file("eve").write_text(json.dumps(document), encoding="utf-8")
    keep_in_journal("eve", ONE)
    kept = load_journal("eve")
    assert len(kept) == MOST_SESSIONS
    assert (kept[-1].routine, len(kept[0].routine)) == ("five-minutes", 40)
    assert journal_file("eve").stat().st_size < LARGEST_BYTES


def named(person: str, **changes: object) -> bytes:
    document = {"format": 1, "person": person, "sessions": []} | changes
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"[]", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"\xff", "damaged"),
        (named("eve")[:-1], "damaged"),
        (named("eve", format=2), "newer version"),
        (named("Eve"), "the journal of Eve"),
        (named("eve", sessions=[{}]), "missing"),
        (named("eve", sessions=[session_fields(ONE) | {"day": "soon"}]), "must be a day"),
        (named("eve", sessions=[session_fields(ONE) | {"slot": "noon"}]), "noon"),
        (named("eve", sessions=[session_fields(ONE)] * (MOST_SESSIONS + 1)), "at most"),
        (b" " * (LARGEST_BYTES + 1), "larger"),
    ],
)
def test_one_that_cannot_be_used_is_said_and_left_alone(content: bytes, words: str) -> None:
    journal_file("eve").parent.mkdir()
    journal_file("eve").write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        keep_in_journal("eve", ONE)
    assert words in str(refused.value)
    assert journal_file("eve").read_bytes() == content


def test_a_write_that_was_cut_off_harms_nothing() -> None:
    keep_in_journal("eve", ONE)
    journal_file("eve").with_name("journal-eve.json.new").write_text('{"format": 1, "per')
    keep_in_journal("eve", ONE)
    assert len(load_journal("eve")) == 2


@pytest.mark.parametrize("journal", [named("eve"), b"damaged"])
def test_forgetting_leaves_nothing_of_the_person_whatever_was_in_the_journal(
    folder: Path, journal: bytes
) -> None:
    save_person(Person(name="eve"))
    save_person(Person(name="adam"))
    keep_in_journal("adam", ONE)
    for name in ("journal-eve.json", "journal-eve.json.new"):
        (folder / name).write_bytes(journal)
    assert forget_person("eve")
    left = sorted(file.name for file in folder.iterdir())
    assert left == ["journal-adam.json", "persons.json"]
    assert all(b'"eve"' not in file.read_bytes() for file in folder.iterdir())
    assert list(load_persons()) == ["adam"]
    assert not forget_person("eve")
    assert forget_person("adam")
    assert list(folder.iterdir()) == []
