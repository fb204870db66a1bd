"""The routine that was chosen from the house: taken once, by the next session, where it may be."""

from pathlib import Path

import pytest

from companion.cli.chosen import chosen_notice, chosen_settings, use_up_choice
from companion.errors import FileRefused
from companion.settings import next_routine
from companion.settings.named_files import Origin as Whose
from companion.settings.next_routine import (
    choice_file,
    choosable_routines,
    choose_routine,
    chosen_routine,
)
from companion.settings.routines import list_routines, routines_folder
from companion.settings.user import load_settings
from companion.texts import text

pytestmark = pytest.mark.usefixtures("home")

RAISED = """format = 1
title = "Raised"
source = "ours"
about_s = 5

[[steps]]
id = "one"
kind = "tool"
zone = "cheek"
side = "left"
technique = "sweep"
repetition = "stroke"
time_limit_s = 5
hint = "Roll."
band = { stop_kpa = 14 }
i_accept = "stop_kpa 14, for the test"
"""
MINE = RAISED.replace("band = { stop_kpa = 14 }\n", "").partition("i_accept")[0]


def written(name: str, document: str) -> Path:
    routines_folder().mkdir(parents=True, exist_ok=True)
    file = routines_folder() / f"{name}.toml"
    file.write_text(document, encoding="utf-8")
    return file


def taken(flags: dict[str, object] | None = None, url: str = "mqtt://house") -> str:
    held = load_settings({"mqtt": {"url": url}, **(flags or {})}, {})
    settings, _ = chosen_settings(held, held.settings)
    return settings.routine


def test_every_routine_that_raises_no_limit_may_be_chosen() -> None:
    written("raised", RAISED)
    written("mine", MINE)
    written("broken", "format = ")
    shipped = {entry.name for entry in list_routines() if entry.origin is Whose.SHIPPED}
    assert set(choosable_routines()) == shipped | {"mine"}


def test_a_choice_is_of_one_session_and_comes_before_the_settings() -> None:
    assert taken() == "five-minutes"
    choose_routine("quick")
    choose_routine("slow")
    held = load_settings({"mqtt": {"url": "mqtt://house"}}, {})
    settings, choice = chosen_settings(held, held.settings)
    assert settings.routine == "slow"
    (notice,) = chosen_notice(choice)
    assert "'slow'" in text(notice.key, **notice.values)
    use_up_choice(choice)
    assert (taken(), chosen_routine(), chosen_notice(None)) == ("five-minutes", None, ())


def test_what_this_session_says_itself_comes_first_and_leaves_the_choice() -> None:
    choose_routine("slow")
    assert taken({"routine": "quick"}) == "quick"
    assert taken(url="") == "five-minutes"
    assert taken() == "slow"


def test_a_choice_that_was_made_meanwhile_stays() -> None:
    choose_routine("slow")
    before = chosen_routine()
    choose_routine("slow")
    use_up_choice(before)
    assert taken() == "slow"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"format": 1, "routine": "slow"}', '{"format": 2}', "\0" * 9]
)
def test_a_choice_that_cannot_be_read_is_none(content: str) -> None:
    choose_routine("slow")
    choice_file().write_text(content, encoding="utf-8")
    assert chosen_routine() is None
    choose_routine("quick")
    assert taken() == "quick"


def test_a_routine_that_is_gone_or_raises_a_limit_by_now_is_not_taken() -> None:
    file = written("mine", MINE)
    choose_routine("mine")
    assert taken() == "mine"
    file.write_text(RAISED, encoding="utf-8")
    assert taken() == "five-minutes"
    file.unlink()
    assert taken() == "five-minutes"


def test_a_choice_that_cannot_be_forgotten_is_no_error_of_the_session(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(file: Path) -> None:
        raise FileRefused(str(file), "", "no")

    choose_routine("slow")
    monkeypatch.setattr(next_routine, "delete_private", refuse)
    use_up_choice(chosen_routine())
    assert "stays chosen" in caplog.text
