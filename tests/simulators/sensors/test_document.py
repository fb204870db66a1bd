"""docs/simulated-tools.md says what the models say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulators.data_files import config_root
from simulators.sensors import FAULT_KINDS, SensorFault
from simulators.tool_data.tables import ToolFile

PAGE = (Path(__file__).parents[3] / "docs" / "simulated-tools.md").read_text("utf-8")


def rows(columns: int) -> list[list[str]]:
    """Return the cells of all table rows with so many columns."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == columns]


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        inner = table_in(field.annotation)
        if prefix:
            yield f"{prefix}{name}", field
        if inner is not None:
            yield from keys(inner, f"{prefix}{name}.")


def table_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = getattr(annotation, "__args__", ())
    return next((table for part in inner if (table := table_in(part))), None)


def test_every_key_is_listed_with_its_default() -> None:
    written = {key.strip("`"): default.strip("`") for key, _, default, _ in rows(4) if "." in key}
    known = {
        key: "given" if field.is_required() else json.dumps(field.default)
        for key, field in keys(ToolFile)
    }
    assert written == known


def test_every_fault_is_listed_with_its_word() -> None:
    written = {(part.strip("`"), kind.strip("`")): word for part, kind, *_, word in rows(5)[-14:]}
    assert written == {
        (part, kind): f"`{SensorFault(part, kind, 0.0).word}`"
        for part, kinds in FAULT_KINDS.items()
        for kind in kinds
    }


def test_every_shipped_tool_is_listed() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \| (?:roller|gua sha|other)", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(path.stem for path in (config_root() / "tools").glob("*.toml"))
