"""Programme files: shipped ones right, wrong ones told by key and line; the person's own kept."""

import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.coaching.person import Person, Said
from companion.coaching.programme import (
    Answer,
    Plan,
    Programme,
    Slot,
    Weekday,
    Why,
    changed,
    paused,
    resumed,
)
from companion.errors import FileRefused
from companion.settings import programmes, routines
from companion.settings.named_files import Origin
from companion.settings.persons import load_persons, persons_file, save_person
from companion.settings.programme_file import plan_fields
from companion.settings.programmes import changed_plan, list_plans, load_plan, load_plan_file

RIGHT = """format = 1
title = "Mine"
source = "ours"
weeks = 10
days_a_week = 4
rest_days = ["sunday"]
evening = "slow"
evening_at = "21:15"
"""
DAY = 739_941


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path / "data")
    for module in (routines, programmes):
        monkeypatch.setattr(module, "config_folder", lambda: tmp_path / "config")
    monkeypatch.chdir(tmp_path)


def written(document: str, name: str = "mine.toml") -> str:
    Path(name).write_text(document, encoding="utf-8")
    return name


def shipped_plans() -> list[Plan]:
    return [entry.content for entry in list_plans() if entry.content is not None]


def test_the_shipped_ones_are_within_what_the_articles_and_trials_name() -> None:
    plans = {plan.name: plan for plan in shipped_plans()}
    assert {name: (plan.weeks, plan.days_a_week) for name, plan in plans.items()} == {
        "beginner": (8, 5),
        "five-a-week": (8, 5),
        "less": (8, 3),
        "mornings": (8, 7),
        "twelve-weeks": (12, 7),
        "twenty-weeks": (20, 7),
    }
    assert "without massage" in plans["twenty-weeks"].note
    assert list(plans["twelve-weeks"].routines) == [Slot.MORNING, Slot.EVENING]


def test_a_file_becomes_a_plan() -> None:
    assert load_plan(written(RIGHT)) == Plan(
        name="mine",
        title="Mine",
        source="ours",
        weeks=10,
        days_a_week=4,
        rest_days=frozenset({Weekday.SUNDAY}),
        routines={Slot.EVENING: "slow"},
        hours={Slot.MORNING: 7.0, Slot.EVENING: 21.25},
    )


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("weeks = 10", "weeks = 7", "weeks (line 4)", "at least 8"),
        ("weeks = 10", "weeks = 21", "weeks (line 4)", "at most 20"),
        ("weeks = 10", 'weeks = "10"', "weeks (line 4)", "whole number"),
        ("weeks = 10", "week = 10", "week (line 4)", 'Did you mean "weeks"?'),
        ("days_a_week = 4", "days_a_week = 7", "days_a_week (line 5)", "too few days of a week: 6"),
        ("days_a_week = 4", "days_a_week = 0", "days_a_week (line 5)", "at least 1"),
        ('["sunday"]', '["sonday"]', "rest_days[1] (line 6)", 'Did you mean "sunday"?'),
        ('evening = "slow"', 'evening = "slw"', "evening (line 7)", 'Did you mean "slow"?'),
        ('evening = "slow"', 'evening = "drainage"', "evening (line 7)", "for the morning"),
        ('evening = "slow"', 'morning = "slow"', "morning (line 7)", "for the evening"),
        ('evening = "slow"\n', "", "evening", "in the morning, in the evening"),
        ("21:15", "25:00", "evening_at (line 8)", "15:00 to 23:59"),
        ("21:15", "9:15", "evening_at (line 8)", "15:00 to 23:59"),
        ("21:15", "14:59", "evening_at (line 8)", "15:00 to 23:59"),
        ('evening_at = "21:15"', 'morning_at = "03:59"', "morning_at (line 8)", "04:00"),
        ("format = 1", "format = 2", "format (line 1)", "newer version"),
        ('"Mine"', '"a\\nb"', "title (line 2)", "one line"),
        ("format = 1", "format = ", "line 1", "TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_key_line_and_what_would_do(
    old: str, new: str, where: str, words: str
) -> None:
    assert old in RIGHT
    with pytest.raises(FileRefused) as refused:
        load_plan(written(RIGHT.replace(old, new, 1)))
    assert refused.value.where == where
    assert words in str(refused.value)


def test_a_name_that_is_none_gets_the_nearest_one() -> None:
    with pytest.raises(FileRefused, match='Did you mean "five-a-week"'):
        load_plan("five-a-weak")
    with pytest.raises(FileRefused, match="no such file"):
        load_plan("nowhere.toml")


def test_ones_own_is_taken_by_its_name_and_in_place_of_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "programmes"
    folder.mkdir(parents=True)
    for name, document in {"less": RIGHT, "mine": RIGHT, "half": "weeks = 7\n"}.items():
        written(document, str(folder / f"{name}.toml"))
    found = {entry.name: entry for entry in list_plans()}
    assert sorted(name for name, entry in found.items() if entry.origin is Origin.USER) == [
        "half",
        "less",
        "mine",
    ]
    assert [name for name, entry in found.items() if entry.shadows_shipped] == ["less"]
    assert load_plan("less").title == load_plan("mine").title == "Mine"
    assert found["half"].content is None
    assert str(folder / "half.toml") in str(found["half"].fault)
    with pytest.raises(FileRefused, match=r"half\.toml: weeks \(line 1\)"):
        load_plan("half")
    with pytest.raises(FileRefused, match='Did you mean "mine"'):
        load_plan("mien")


def test_a_file_is_a_file_whatever_it_is_called() -> None:
    assert load_plan_file(written(RIGHT, "less")).title == "Mine"
    assert load_plan("less").title != "Mine"


def test_changes_are_checked_like_a_file() -> None:
    plan = changed_plan(load_plan("less"), {"weeks": 12, "evening": None, "morning": "quick"})
    assert (plan.weeks, dict(plan.routines)) == (12, {Slot.MORNING: "quick"})
    with pytest.raises(
        FileRefused, match=r"the command line: days_a_week: the rest days leave too few.*: 3"
    ):
        load_plan("less", {"days_a_week": 4})


def test_a_routine_of_a_file_is_found_from_every_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Path(__file__).parents[2] / "config" / "routines" / "quick.toml"
    written(shipped.read_text(encoding="utf-8"), "my.toml")
    plan = load_plan(written(RIGHT.replace('"slow"', '"my.toml"')))
    monkeypatch.chdir(tmp_path.parent)
    assert plan.routines[Slot.EVENING] == str(tmp_path / "my.toml")


def test_a_plan_goes_through_its_fields_unchanged() -> None:
    for plan in (*shipped_plans(), load_plan(written(RIGHT))):
        assert changed_plan(plan, plan_fields(plan)) == plan


def full() -> Programme:
    begun = Programme(plans=((1, load_plan("less")),), started_day=DAY)
    twice = paused(resumed(paused(begun, DAY + 2, Why.ASKED), DAY + 4), DAY + 9, Why.LINES)
    answered = replace(twice, answer=Answer(DAY + 9, deeper=True), stopped_day=DAY + 12)
    return changed(answered, load_plan("twelve-weeks"), DAY + 12)


def test_a_programme_is_kept_whole_with_its_person() -> None:
    for person in (Person(name="eve", programme=full()), Person(name="adam", changed_day=DAY)):
        save_person(person)
        assert load_persons()[person.name] == person


def test_a_plan_whose_routine_is_gone_does_not_lock_the_person_out() -> None:
    gone = replace(load_plan("less"), routines={Slot.EVENING: "/gone.toml"})
    save_person(Person(name="me", programme=Programme(plans=((1, gone),), started_day=DAY)))
    assert load_persons()["me"].programme is not None


def test_a_file_of_the_first_format_is_read_and_written_as_the_newest() -> None:
    persons_file().parent.mkdir(parents=True)
    old = {"format": 1, "persons": {"me": {"asked": "2026-11-21", "sessions": 3}}}
    persons_file().write_text(json.dumps(old), encoding="utf-8")
    person = load_persons()["me"]
    assert (person.asked_day, person.sessions, person.programme) == (DAY, 3, None)
    save_person(person)
    assert json.loads(persons_file().read_text("utf-8"))["format"] == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"started": "2026-02-30"}, "must be a day"),
        ({"started": "9999-12-31"}, "must be a day"),
        ({"plans": []}, "at least needed: 1"),
        ({"pauses": [{"first": "2026-11-20", "until": None, "why": "lines"}]}, "pauses"),
        ({"pauses": [{"first": "2026-11-22", "until": None, "why": "tired"}]}, "tired"),
        (
            {
                "pauses": [
                    {"first": "2026-11-22", "until": None, "why": "lines"},
                    {"first": "2026-11-25", "until": None, "why": "lines"},
                ]
            },
            "pauses",
        ),
        ({"answer": {"day": "2026-11-22"}}, "deeper"),
    ],
)
def test_a_damaged_programme_is_refused_and_left_alone(
    change: dict[str, object], words: str
) -> None:
    begun = Programme(plans=((1, load_plan("less")),), started_day=DAY)
    save_person(Person(name="me", programme=begun))
    document = json.loads(persons_file().read_text("utf-8"))
    document["persons"]["me"]["programme"] |= change
    before = json.dumps(document)
    persons_file().write_text(before, encoding="utf-8")
    with pytest.raises(FileRefused, match=words):
        save_person(Person(name="eve"))
    assert persons_file().read_text("utf-8") == before


def test_plans_out_of_order_are_refused() -> None:
    save_person(Person(name="me", programme=full()))
    document = json.loads(persons_file().read_text("utf-8"))
    document["persons"]["me"]["programme"]["plans"].reverse()
    persons_file().write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(FileRefused, match="must rise from 1"):
        load_persons()


@pytest.mark.unmeasured
@settings(max_examples=300)
@given(
    places=st.lists(st.floats(0, 1), min_size=1, max_size=4),
    signs=st.text('0129-{}[]",:ntf \x00aé', max_size=3),
)
def test_a_file_of_persons_with_anything_changed_holds_or_is_refused(
    places: list[float], signs: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.settings.persons.data_folder", lambda: Path(folder))
        person = Person(name="me", reasons={"eyes": Said(DAY)}, programme=full())
        save_person(person)
        content = persons_file().read_text("utf-8")
        for place in places:
            cut = int(place * len(content))
            content = content[:cut] + signs + content[cut + len(signs) :]
        persons_file().write_text(content, encoding="utf-8")
        with suppress(FileRefused):
            for found in load_persons().values():
                save_person(found)
                assert load_persons()[found.name] == found
