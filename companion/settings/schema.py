"""JSON schemas of files a person writes, made from the models that check them."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from companion.settings.checked import Table
from companion.settings.described_file import OtherToolFile
from companion.settings.programme_file import ProgrammeFile
from companion.settings.routine_file import RoutineFile
from companion.settings.user import UserSettings

MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "programme": ProgrammeFile,
    "routine": RoutineFile,
    "settings": UserSettings,
    "other-tool": OtherToolFile,
}
"""The kinds of files that have a schema; it is shipped as ``schema/<kind>.schema.json``."""


class _TomlSchema(GenerateJsonSchema):
    """A schema for TOML, which has no null: a key that may be left out is just not required."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: part for key, part in made.items() if (key, part) != ("default", None)}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        words = key_words(schema["cls"])
        for key, said in made.get("properties", {}).items():
            if key in words:
                said["description"] = words[key]
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- pydantic's
        return False


def key_words(model: type[BaseModel]) -> dict[str, str]:
    """Return what each key of a table means: the string that stands below its field.

    Pydantic could read them too, but whenever the model is loaded, which takes as long as all
    else about it; they are needed for schemas and pages only.
    """
    tables = (one for one in reversed(model.__mro__) if issubclass(one, Table))
    return {key: words for table in tables for key, words in _own_words(table)}


def _own_words(table: type[Table]) -> Iterator[tuple[str, str]]:
    (made,) = ast.parse(inspect.getsource(table)).body
    for field, said in pairwise(made.body if isinstance(made, ast.ClassDef) else []):
        match field, said:
            case (
                ast.AnnAssign(target=ast.Name(id=key)),
                ast.Expr(value=ast.Constant(value=str(words))),
            ):
                yield key, inspect.cleandoc(words)
            case _:
                pass


def schema_text(kind: str) -> str:
    """Return the JSON schema of a kind of file as indented JSON.

    It knows keys, types, words and bounds. What the care table refuses and how keys go together
    only ``companion routines check`` knows.

    Args:
        kind: one of ``MODELS``.
    """
    schema = MODELS[kind].model_json_schema(schema_generator=_TomlSchema)
    return json.dumps(schema, indent=2, ensure_ascii=False).replace("``", "`") + "\n"
