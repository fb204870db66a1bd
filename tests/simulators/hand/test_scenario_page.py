"""docs/scenarios.md and the shipped files against the model that reads scenario files."""

import re
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from simulators.data_files import config_root
from simulators.mishaps import NEEDS_THE_AIR
from simulators.scenario import Lie, MishapKind, MishapTable, load_scenario
from simulators.scenario.mishaps import LASTING
from simulators.scenario.tables import (
    ChangeTable,
    FaultTable,
    HandTable,
    PersonTable,
    PressTable,
    ScenarioFile,
    SkinTable,
)
from simulators.scenario.within import Within

PAGE = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text(encoding="utf-8")
TABLES: dict[str, type[BaseModel]] = {
    "the file": ScenarioFile,
    "[person]": PersonTable,
    "[skin]": SkinTable,
    "[hand]": HandTable,
    "[[press]]": PressTable,
    "[[change]]": ChangeTable,
    "[[fault]]": FaultTable,
    "[[mishap]]": MishapTable,
}
Row = tuple[str, str, str, str]


def within(field: FieldInfo) -> Within | None:
    """The check of a number's limits, wherever an annotation carries it."""
    found = [data.func for data in field.metadata if isinstance(data, AfterValidator)]
    for part in get_args(field.annotation):
        found += [data.func for data in get_args(part) if isinstance(data, AfterValidator)]
    return next((check for check in found if isinstance(check, Within)), None)


def limits(field: FieldInfo) -> str:
    check = within(field)
    if check is not None:
        return f"{check.low:g} to {check.high:g}"
    if get_origin(field.annotation) is Literal:
        return " ".join(f"`{value}`" for value in get_args(field.annotation) if value)
    if field.annotation is bool:
        return "`true` `false`"
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        return "a table"
    if get_origin(field.annotation) is tuple:
        return "a list"
    assert field.annotation in (str, str | None)
    return "text"


def default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is PydanticUndefined:
        return "must be there"
    if value is None or value in ("", ()) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{value[0]:g}, {value[1]:g}]`"
    return f"`{value}`" if isinstance(value, str) else f"`{value:g}`"


def modelled(table: type[BaseModel]) -> list[Row]:
    return [
        (f"`{name}`", check.unit if (check := within(field)) else "", limits(field), default(field))
        for name, field in table.model_fields.items()
        if table is not ScenarioFile or field.annotation in (str, tuple[str, ...])
    ]


def documented(heading: str) -> list[Row]:
    section = PAGE.split(f"\n### `{heading}`\n" if "[" in heading else "\n### The file\n")[1]
    rows = re.findall(
        r"^\| (`\w+`) \|(.*?)\|(.*?)\|(.*?)\|", section.split("\n### ")[0], re.MULTILINE
    )
    return [(key, unit.strip(), limit.strip(), usual.strip()) for key, unit, limit, usual in rows]


@pytest.mark.parametrize("heading", TABLES)
def test_the_page_lists_every_key_with_unit_limits_and_default(heading: str) -> None:
    assert documented(heading) == modelled(TABLES[heading])


def test_the_page_names_every_table_of_the_model() -> None:
    tables = [name for name, field in ScenarioFile.model_fields.items() if limits(field) != "text"]
    for name in set(tables) - {"based_on"}:
        assert re.search(rf"^### `\[+{name}\]+`$", PAGE, flags=re.MULTILINE), name


def test_the_page_lists_every_kind_of_mishap_its_usual_time_and_what_it_needs() -> None:
    section = PAGE.split("\n### Kinds of mishap\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) *\| (.*?) *\|", section, flags=re.MULTILINE)
    needs = {True: "the air", False: ""}
    assert rows == [
        (kind, f"{LASTING[kind]:g} s" if kind in LASTING else "", needs[kind in NEEDS_THE_AIR])
        for kind in MishapKind
    ]


def test_the_page_lists_every_lie() -> None:
    section = PAGE.split("\n### Lies\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == list(Lie)


def test_the_page_lists_the_shipped_scenarios_with_their_words() -> None:
    listed = dict(re.findall(r"^\| `([\w-]+)` \| ([^|]*[.!]) \|$", PAGE, flags=re.MULTILINE))
    shipped = [path.stem for path in (config_root() / "scenarios").glob("*.toml")]
    assert listed == {name: load_scenario(name).description for name in shipped}


def test_the_careful_file_names_every_key_of_the_hand() -> None:
    text = (config_root() / "scenarios" / "careful.toml").read_text(encoding="utf-8")
    named = re.findall(r"^(\w+) = ", text.split("[hand]\n")[1], flags=re.MULTILINE)
    assert named == list(HandTable.model_fields)
