"""What docs/routines.md says: its examples are run, its tables are the models."""

import re
import shlex
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest

from companion.__main__ import main
from companion.coaching.routine import Zone
from companion.settings import routines
from companion.settings.care import HIGHEST_STOP_KPA, load_care
from companion.settings.checked import Table
from companion.settings.routine_file import BandTable, CadenceTable, RoutineFile, StepTable
from companion.settings.routines import load_routine
from companion.settings.schema import MODELS

PAGE = (Path(__file__).parents[2] / "docs" / "routines.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: ([\w.]+))?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
RIGHT = [body for kind, name, body in BLOCKS if kind == "toml" and not name]
NAMED = {name: body for kind, name, body in BLOCKS if kind == "toml" and name}
CONSOLE = [body for kind, _, body in BLOCKS if kind == "console"]
MODEL_OF: dict[str, type[Table]] = {
    "file": RoutineFile,
    "step": StepTable,
    "band": BandTable,
    "cadence": CadenceTable,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder of routines; the named examples lie in the working directory."""
    monkeypatch.setattr(routines, "config_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    for name, body in NAMED.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    return tmp_path / "routines"


def test_no_block_is_left_out() -> None:
    assert len(RIGHT) + len(NAMED) + len(CONSOLE) == PAGE.count("```") // 2
    assert (len(RIGHT), len(NAMED), len(CONSOLE)) == (3, 1, 3)


@pytest.mark.parametrize("example", RIGHT)
def test_a_file_on_the_page_is_right(folder: Path, example: str) -> None:
    folder.mkdir()
    (folder / "example.toml").write_text(example, encoding="utf-8")
    assert load_routine("example").steps


@pytest.mark.parametrize("session", CONSOLE)
def test_a_command_on_the_page_answers_as_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], session: str
) -> None:
    parts = session.replace("FOLDER", str(folder)).split("$ companion ")[1:]
    assert parts
    for part in parts:
        command, _, shown = part.partition("\n")
        wrong = any(name in command for name in NAMED)
        assert main(shlex.split(command)) == (2 if wrong else 0)
        captured = capsys.readouterr()
        assert (captured.err if wrong else captured.out) == shown


def rows(table: str) -> dict[str, str]:
    section = PAGE.partition(f"### Keys of a {table}\n" if table != "file" else "### Keys of the")[
        2
    ]
    body = re.split(r"^#", section, maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", body, flags=re.MULTILINE))


@pytest.mark.parametrize("table", list(MODEL_OF))
def test_a_table_lists_the_keys_of_its_model_in_order(table: str) -> None:
    assert list(rows(table)) == list(MODEL_OF[table].model_fields)


@pytest.mark.parametrize(
    ("table", "key"),
    [(table, key) for table, model in MODEL_OF.items() for key in model.model_fields],
)
def test_the_values_in_a_table_are_the_models(table: str, key: str) -> None:
    model = MODEL_OF[table]
    whole = MODELS["routine"].model_json_schema()
    known = whole if model is RoutineFile else whole["$defs"][model.__name__]
    said = rows(table)[key]
    assert re.findall(r"`(\w+)`", said) == words(model.model_fields[key].annotation)
    numbers = [float(number) for number in re.findall(r"\d+", said)]
    assert numbers == bounds(known["properties"][key])


def words(hint: Any) -> list[str]:  # noqa: ANN401 -- a type hint may be anything
    """Return the words a key takes."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return [member.value for member in hint]
    parts = [part for part in get_args(hint) if isinstance(part, str)]
    return parts or [word for part in get_args(hint) for word in words(part)]


def bounds(schema: dict[str, Any]) -> list[float]:
    """Return the numbers a key's values lie between; a text's least length of 1 goes unsaid."""
    (kind, *_) = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    lengths = [kind["maxLength"]] if "maxLength" in kind else []
    names = ("const", "minimum", "exclusiveMinimum", "minItems", "maximum", "maxItems")
    return [float(kind[name]) for name in names if name in kind] + [float(n) for n in lengths]


def test_the_limits_named_on_the_page_are_the_tables() -> None:
    sentence = r"nor above (\d+) kPa anywhere: under the eyes that is (\d+) kPa, .* neck (\d+)\."
    found = re.search(sentence, " ".join(PAGE.split()))
    assert found is not None
    stops = [
        max(limits.band.stop_kpa for limits in load_care().rows[zone].limits.values())
        for zone in (Zone.UNDER_EYE, Zone.NECK_FRONT)
    ]
    assert [float(number) for number in found.groups()] == [HIGHEST_STOP_KPA, *stops]
