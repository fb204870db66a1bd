"""Checking a file's content against a pydantic model, with complaints in plain words."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from companion.errors import FileRefused
from companion.settings.files import TomlFile
from companion.settings.toml_lines import KeyPath
from companion.texts import text

_SHOWN_VALUE = 40
_TYPES = {
    "string_type": "text",
    "string_unicode": "no_text",
    "int_type": "whole_number",
    "int_parsing": "whole_number_said",
    "int_parsing_size": "whole_number_said",
    "int_from_float": "whole_number",
    "float_type": "number",
    "finite_number": "finite",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "list_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "missing": "missing_key",
}
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at_most", "le"),
    "string_too_short": ("too_short", "min_length"),
    "string_too_long": ("too_long", "max_length"),
    "too_short": ("too_few", "min_length"),
    "too_long": ("too_many", "max_length"),
}


class Table(BaseModel):
    """A table of a file: strict, frozen, and with a suggestion for a key it does not know."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _knows_every_key(cls, data: object) -> object:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise unacceptable("unknown_key", key=key, known=list(cls.model_fields))
        return data


Model = TypeVar("Model", bound=BaseModel)


def unacceptable(rule: str, /, **context: object) -> PydanticCustomError:
    """Return the error a model's own check raises.

    Args:
        rule: the sentence's key in the catalogue, below ``files.``.
        context: what the sentence names; ``key`` (or ``keys``) moves the complaint to a key
            below the model that checks.
    """
    return PydanticCustomError(rule, "{rule}", {"rule": rule, **context})


def checked(model: type[Model], file: TomlFile) -> Model:
    """Check a file against a model.

    Raises:
        FileRefused: at the first fault in the file, with the number of further ones.
    """
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        raise _refusal(error, file) from None


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """Return a sentence that suggests the nearest known word, and lists what is known."""
    accepted = text("files.accepted", known=", ".join(known))
    near = get_close_matches(str(word).lower(), known, n=1)
    return f"{text('files.did_you_mean', near=near[0])} {accepted}" if near else accepted


def _refusal(error: ValidationError, file: TomlFile) -> FileRefused:
    faults = [(_path(fault), _reason(fault)) for fault in error.errors(include_url=False)]
    faults.sort(key=lambda fault: file.line(fault[0]) or 0)
    path, reason = faults[0]
    if len(faults) > 1:
        reason = f"{reason} {text('files.more', count=len(faults) - 1)}"
    return file.refused(path, reason)


def _path(fault: ErrorDetails) -> KeyPath:
    context: dict[str, Any] = fault.get("ctx", {})
    return (
        *fault["loc"],
        *context.get("keys", ()),
        *([context["key"]] if "key" in context else ()),
    )


def _reason(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if "rule" in context:
        return _own_rule(context)
    if kind in {"enum", "literal_error"}:
        suggestion = did_you_mean(fault["input"], _alternatives(context["expected"]))
        return f"{text('files.no_such_value', value=_shown(fault))} {suggestion}"
    if kind in _TYPES:
        return text(f"files.{_TYPES[kind]}")
    if kind in _BOUNDS:
        sentence, bound = _BOUNDS[kind]
        return text(f"files.{sentence}", bound=context[bound])
    return text("files.other", reason=fault["msg"])


def _own_rule(context: dict[str, Any]) -> str:
    rule = context["rule"]
    if rule == "unknown_key":
        return f"{text('files.unknown_key')} {did_you_mean(context['key'], context['known'])}"
    return text(f"files.{rule}", **context)


def _alternatives(expected: str) -> list[str]:
    """Split pydantic's ``'a', 'b' or 'c'``."""
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]


def _shown(fault: ErrorDetails) -> str:
    value = str(fault["input"])
    return value if len(value) <= _SHOWN_VALUE else f"{value[:_SHOWN_VALUE]}…"
