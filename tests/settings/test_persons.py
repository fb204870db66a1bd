"""What persons said: kept in one private file, whole or not at all."""

import json
import stat
from pathlib import Path

import pytest

from companion.coaching.person import Hand, Person, Posture, Said
from companion.coaching.routine import Zone
from companion.errors import FileRefused
from companion.settings.persons import delete_person, load_persons, persons_file, save_person

EVE = Person(
    name="eve",
    hand=Hand.LEFT,
    posture=Posture.LYING,
    traits={"oedema": Said(739_941, frozenset({Zone.CHEEK, Zone.UNDER_EYE}))},
    reasons={"eyes": Said(739_900)},
    asked_day=739_941,
    stopped_day=739_940,
    first_day=739_900,
    sessions=7,
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path / "own")


def test_nobody_is_known_before_anybody_is_saved() -> None:
    assert load_persons() == {}
    assert not persons_file().exists()


def test_what_is_saved_comes_back_whole() -> None:
    save_person(EVE)
    save_person(Person(name="s-017"))
    assert load_persons() == {"eve": EVE, "s-017": Person(name="s-017")}


def test_days_stand_in_the_file_as_days() -> None:
    save_person(EVE)
    stored = json.loads(persons_file().read_text("utf-8"))["persons"]["eve"]
    assert stored["asked"] == "2026-11-21"
    assert stored["traits"] == {"oedema": {"day": "2026-11-21", "zones": ["cheek", "under_eye"]}}


def test_only_the_owner_can_read_it() -> None:
    save_person(EVE)
    assert stat.S_IMODE(persons_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(persons_file().parent.stat().st_mode) == 0o700


def test_deleting_the_last_person_deletes_the_file() -> None:
    save_person(EVE)
    save_person(Person(name="adam"))
    assert delete_person("eve")
    assert "eve" not in persons_file().read_text("utf-8")
    assert not delete_person("eve")
    assert delete_person("adam")
    assert not persons_file().exists()
    assert list(persons_file().parent.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "damaged"),
        (b"[]", "damaged"),
        (b"\xff", "damaged"),
        (b'{"format": 3, "persons": {}}', "newer version"),
        (b'{"format": 1}', "persons"),
        (b'{"format": 1, "persons": {"a b": {}}}', "a b"),
        (b'{"format": 1, "persons": {"me": {"asked": "2026-13-01"}}}', "must be a day"),
        (b'{"format": 1, "persons": {"me": {"sessions": -1}}}', "sessions"),
        (b'{"format": 1, "persons": {"me": {"hand": "third"}}}', "third"),
        (b" " * 1_100_000, "larger"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_and_left_alone(content: bytes, words: str) -> None:
    persons_file().parent.mkdir(parents=True)
    persons_file().write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        save_person(EVE)
    assert words in str(refused.value)
    assert persons_file().read_bytes() == content


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"hand": "left"', '"hand": "third"', "persons.eve.hand (line 5)"),
        ('"format": 2', '"format": 9', "format (line 2)"),
        ('"hand"', '"hands"', "persons.eve.hands (line 5)"),
        ('"left",', '"left"', "line 6"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(old: str, new: str, where: str) -> None:
    save_person(EVE)
    content = persons_file().read_text("utf-8")
    assert old in content
    persons_file().write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load_persons()
    assert refused.value.where == where


@pytest.mark.parametrize("name", ["", "../me", "a b", "x" * 41, "\x1b[2J"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        save_person(Person(name=name))
    assert not persons_file().exists()
