"""The shipped JSON schemas: current, true of the shipped files, and as strict as the models."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings.checked import checked
from companion.settings.files import TomlFile
from companion.settings.routine_file import RoutineFile
from companion.settings.schema import MODELS, schema_text

ROOT = Path(__file__).parents[2]
ROUTINES = sorted((ROOT / "config" / "routines").glob("*.toml"))
PROGRAMMES = sorted((ROOT / "config" / "programmes").glob("*.toml"))
EXAMPLE = """format = 1
title = "Small"
source = "ours"
slot = "any"
about_s = 30

[[steps]]
id = "one"
kind = "tool"
zone = "cheek"
side = "left"
technique = "sweep"
repetition = "stroke"
repetitions = 3
time_limit_s = 20
slip_needed = true
hint = "Roll."
band = { high_kpa = 4 }
cadence = { low = 1, high = 2, unit = "cm_per_s" }
"""
TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda v, bound: v >= bound,
    "maximum": lambda v, bound: v <= bound,
    "exclusiveMinimum": lambda v, bound: v > bound,
    "minLength": lambda v, bound: len(v) >= bound,
    "maxLength": lambda v, bound: len(v) <= bound,
    "minItems": lambda v, bound: len(v) >= bound,
    "maxItems": lambda v, bound: len(v) <= bound,
    "pattern": lambda v, bound: re.search(bound, v) is not None,
    "enum": lambda v, bound: v in bound,
    "const": lambda v, bound: v == bound,
}
"""What each word of a schema asks, after the specification; a word that is not here is refused."""
SAYING_NOTHING = {"$defs", "title", "description", "default"}


def troubles(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:  # noqa: ANN401
    """Yield what a schema has against a value."""
    words = {word: bound for word, bound in schema.items() if word not in SAYING_NOTHING}
    if reference := words.pop("$ref", None):
        yield from troubles(value, root["$defs"][reference.removeprefix("#/$defs/")], root)
    kind = words.pop("type", None)
    if kind is not None and not TYPES[kind](value):
        yield f"{value!r} is no {kind}"
        return
    if kind == "object":
        yield from _in_table(value, words, root)
    items = words.pop("items", None)
    for item in value if items else ():
        yield from troubles(item, items, root)
    yield from (f"{value!r}: {word} {b}" for word, b in words.items() if not BOUNDS[word](value, b))


def _in_table(value: dict[str, Any], words: dict[str, Any], root: dict[str, Any]) -> Iterator[str]:
    properties = words.pop("properties")
    if missing := set(words.pop("required", ())) - set(value):
        yield f"{missing} missing"
    if words.pop("additionalProperties", True) is False and set(value) - set(properties):
        yield f"{set(value) - set(properties)} unknown"
    for key, part in properties.items():
        if key in value:
            yield from troubles(value[key], part, root)


def shipped(kind: str) -> dict[str, Any]:
    file = default_file("schema", f"{kind}.schema.json")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


@pytest.mark.parametrize("kind", list(MODELS))
def test_the_shipped_schema_is_the_models(kind: str) -> None:
    file = default_file("schema", f"{kind}.schema.json")
    assert file.read_text(encoding="utf-8") == schema_text(kind)
    assert "null" not in schema_text(kind)


def test_every_shipped_schema_has_a_model() -> None:
    names = {file.name for file in (ROOT / "config" / "schema").iterdir()}
    assert names == {f"{kind}.schema.json" for kind in MODELS}


@pytest.mark.parametrize("kind", list(MODELS))
def test_every_key_is_explained(kind: str) -> None:
    schema = shipped(kind)
    for table in (schema, *schema.get("$defs", {}).values()):
        assert table["description"]
        assert all(part["description"] for part in table.get("properties", {}).values())


@pytest.mark.parametrize("file", ROUTINES, ids=lambda file: file.stem)
def test_it_is_true_of_every_shipped_routine(file: Path) -> None:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    schema = shipped("routine")
    assert not list(troubles(data, schema, schema))


@pytest.mark.parametrize("file", PROGRAMMES, ids=lambda file: file.stem)
def test_it_is_true_of_every_shipped_programme(file: Path) -> None:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    schema = shipped("programme")
    assert not list(troubles(data, schema, schema))
    assert list(troubles(data | {"weeks": 21}, schema, schema))
    assert list(troubles(data | {"rest_days": ["sonday"]}, schema, schema))


def test_it_is_true_of_the_shipped_settings() -> None:
    data = tomllib.loads(default_file("companion.toml").read_text(encoding="utf-8"))
    schema = shipped("settings")
    assert data
    assert not list(troubles(data, schema, schema))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format = 1", "format = 2"),
        ("format = 1\n", ""),
        ('title = "Small"', "title = 1"),
        ('title = "Small"', 'title = ""'),
        ('title = "Small"', f'title = "{"x" * 121}"'),
        ('slot = "any"', 'slot = "noon"'),
        ("about_s = 30", "about_s = 3601"),
        ("about_s = 30", "about = 30"),
        ('id = "one"', 'id = "One"'),
        ('id = "one"', 'id = "one-"'),
        ('zone = "cheek"', 'zone = "nose"'),
        ('technique = "sweep"\n', ""),
        ("repetitions = 3", "repetitions = 2.5"),
        ("repetitions = 3", "repetitions = 201"),
        ("time_limit_s = 20", "time_limit_s = true"),
        ("slip_needed = true", "slip_needed = 1"),
        ("high_kpa = 4", "high_kpa = 0"),
        ("high_kpa = 4", "high = 4"),
        ("low = 1, ", ""),
        ('unit = "cm_per_s"', 'unit = "hz"'),
        ("[[steps]]", "[steps]"),
    ],
)
def test_what_the_model_refuses_by_itself_the_schema_refuses(old: str, new: str) -> None:
    schema = shipped("routine")
    assert not list(troubles(tomllib.loads(EXAMPLE), schema, schema))
    assert old in EXAMPLE
    data = tomllib.loads(EXAMPLE.replace(old, new, 1))
    assert list(troubles(data, schema, schema))
    with pytest.raises(FileRefused):
        checked(RoutineFile, TomlFile("x.toml", data, {}))
