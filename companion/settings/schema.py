"""JSON schemas of files a person writes, made from the models that check them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

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

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- pydantic's
        return False


def schema_text(kind: str) -> str:
    """Return the JSON schema of a kind of file as indented JSON.

    It knows keys, types, words and bounds. What the care table refuses and how keys go together
    only ``companion routines check`` knows.

    Args:
        kind: one of ``MODELS``.
    """
    schema = MODELS[kind].model_json_schema(schema_generator=_TomlSchema)
    return json.dumps(schema, indent=2, ensure_ascii=False).replace("``", "`") + "\n"
