"""What docs/programme.md says: its examples are run in order, its table is the model."""

import re
import shlex
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.persons import keep_session
from companion.coaching.programme import Weekday
from companion.settings.persons import load_persons
from companion.settings.programme_file import FEWEST_WEEKS, MOST_WEEKS, ProgrammeFile
from companion.settings.programmes import list_plans
from tests.cli.people import all_no, clock, summary, typing

PAGE = (Path(__file__).parents[2] / "docs" / "programme.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_examples_answer_as_shown_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path)
    monkeypatch.setattr("companion.settings.programmes.config_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    at = clock(monkeypatch)
    at("2026-11-02T18:30")
    typing(monkeypatch, *all_no())
    assert main(["person", "setup"]) == 0
    commands = 0
    for kind, label, body in BLOCKS:
        if kind == "toml":
            (tmp_path / label).write_text(body, encoding="utf-8")
            continue
        time, *days = label.split()
        for day in days:
            at(f"2026-11-{day}T21:00")
            keep_session(load_persons()["me"], summary())
        at(time)
        capsys.readouterr()
        for part in body.split("$ companion ")[1:]:
            command, _, shown = part.partition("\n")
            assert main(shlex.split(command)) == 0
            assert capsys.readouterr().out == shown
            commands += 1
    assert commands == PAGE.count("\n$ companion") == 9


def test_the_table_lists_the_keys_of_the_model_with_their_bounds() -> None:
    section = PAGE.partition("## Writing one")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, flags=re.MULTILINE))
    assert list(rows) == list(ProgrammeFile.model_fields)
    assert rows["weeks"] == f"{FEWEST_WEEKS} to {MOST_WEEKS}"
    assert rows["rest_days"] == f"up to {len(Weekday) - 1} weekdays"


def test_the_shipped_ones_are_listed() -> None:
    section = PAGE.partition("## The shipped ones")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| .* \| (.*) \|$", section, flags=re.MULTILINE)
    assert {name for name, _ in rows} == {entry.name for entry in list_plans()}
    for entry in list_plans():
        assert entry.content is not None
        assert f"{entry.content.weeks} weeks" in dict(rows)[entry.name]
