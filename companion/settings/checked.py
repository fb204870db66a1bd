"""Checking a file's content against a pydantic model, with complaints in plain words."""

import math
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from companion.settings.faults import Fault, FaultsFound
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
    """A table of a file: strict and frozen; a key it does not know is a fault."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,  # most commands read few kinds of files
    )


Model = TypeVar("Model", bound=BaseModel)


def no_list() -> list[Any]:
    """Return an empty list, for what may be left out.

    pydantic asks a factory for its signature. Of ``list`` it learns that by compiling a tokenizer,
    which takes longer than to check a routine.
    """
    return []


def unacceptable(rule: str, /, **context: object) -> PydanticCustomError:
    """Return the error a model's own check raises.

    Args:
        rule: the sentence's key in the catalogue, below ``files.``.
        context: what the sentence names; ``key`` (or ``keys``) moves the complaint to a key
            below the model that checks.
    """
    return PydanticCustomError(rule, "{rule}", {"rule": rule, **context})


def checked(model: type[Model], file: TomlFile, *, strict: bool | None = None) -> Model:
    """Check a file against a model.

    Args:
        model: what it may say.
        file: what it says.
        strict: False where every value was said in words; None asks the model.

    Raises:
        FaultsFound: the file has faults; all of them are in it. One from a newer version has that
            one fault, for nobody here knows what else in it is right.
    """
    known_version(model, file)
    try:
        return model.model_validate(file.data, strict=strict)
    except ValidationError as error:
        raise FaultsFound(in_order(faults_in(error, model, file))) from None


def known_version(model: type[BaseModel], file: TomlFile) -> None:
    """Make sure that a file is not from a newer version than its model.

    Raises:
        FaultsFound: its ``format`` is higher than any the model knows.
    """
    field, version = model.model_fields.get("format"), file.data.get("format")
    if field is None or not isinstance(version, int) or isinstance(version, bool):
        return
    known = max(get_args(field.annotation))
    if version > known:
        raise file.refused(("format",), text("files.newer", version=version, known=known))


def faults_in(
    error: ValidationError, model: type[BaseModel], file: TomlFile, at: KeyPath = ()
) -> list[Fault]:
    """Return the faults that pydantic found; a key that is only misspelt is not missing, too.

    Args:
        error: what it raised.
        model: what it checked against.
        file: where the data is from.
        at: the place in the file of what was checked, empty for the whole.
    """
    errors = error.errors(include_url=False)
    misspelt = {_meant(found, model) for found in errors if found["type"] == "extra_forbidden"}
    return [
        _fault(found, model, file, at)
        for found in errors
        if found["type"] != "missing" or found["loc"] not in misspelt
    ]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults in the order of their lines, each once; those of no line last."""
    return sorted(
        dict.fromkeys(faults), key=lambda fault: math.inf if fault.line is None else fault.line
    )


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """Return a sentence that suggests the nearest known word, and lists what is known."""
    accepted = text("files.accepted", known=", ".join(known))
    near = _nearest(word, known)
    return f"{text('files.did_you_mean', near=near)} {accepted}" if near else accepted


def no_such_value(value: object, known: Sequence[str]) -> str:
    """Return a sentence that says that a value is not known, and what would be accepted."""
    shown = str(value)
    shown = shown if len(shown) <= _SHOWN_VALUE else f"{shown[:_SHOWN_VALUE]}…"
    return f"{text('files.no_such_value', value=shown)} {did_you_mean(value, known)}"


def _nearest(word: object, known: Sequence[str]) -> str:
    return next(iter(get_close_matches(str(word).lower(), known, n=1)), "")


def _meant(found: ErrorDetails, model: type[BaseModel]) -> KeyPath:
    """Return the path of the key that an unknown one is near to."""
    *table, word = found["loc"]
    return (*table, _nearest(word, known_keys(model, tuple(table))))


def _fault(found: ErrorDetails, model: type[BaseModel], file: TomlFile, at: KeyPath) -> Fault:
    context: dict[str, Any] = found.get("ctx", {})
    path = (*at, *found["loc"], *context.get("keys", ()))
    if "key" in context:
        path = (*path, context["key"])
    match found["type"]:
        case "extra_forbidden":
            known = known_keys(model, found["loc"][:-1])
            reason = f"{text('files.unknown_key')} {did_you_mean(found['loc'][-1], known)}"
        case "enum" | "literal_error":
            known = _alternatives(context["expected"])
            reason = no_such_value(found["input"], known)
            if str(found["input"]) in known:
                reason = text("files.not_so_quoted", value=found["input"])
        case _:
            known, reason = [], _reason(found, context)
    return file.fault(path, reason, known)


def known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys of a table of a model; none where the path leads to no table.

    Args:
        model: the whole file's.
        path: the way to the table.
    """
    hint: object = model
    for part in path:
        table = _table_in(hint)
        if table is not None and isinstance(part, str):
            hint = table.model_fields[part].annotation if part in table.model_fields else None
        else:
            hint = get_args(hint)[-1] if get_args(hint) else None
    table = _table_in(hint)
    return [] if table is None else list(table.model_fields)


def _table_in(hint: object) -> type[BaseModel] | None:
    """Return the table a type hint is, or is besides None."""
    if get_origin(hint) is Annotated:
        return _table_in(get_args(hint)[0])
    if isinstance(hint, type) and not get_origin(hint) and issubclass(hint, BaseModel):
        return hint
    if get_origin(hint) in {Union, UnionType}:
        return next((table for part in get_args(hint) if (table := _table_in(part))), None)
    return None


def _reason(found: ErrorDetails, context: dict[str, Any]) -> str:
    kind = found["type"]
    if "rule" in context:
        return text(f"files.{context['rule']}", **context)
    if kind in _TYPES:
        return text(f"files.{_TYPES[kind]}")
    if kind in _BOUNDS:
        sentence, bound = _BOUNDS[kind]
        return text(f"files.{sentence}", bound=f"{context[bound]:g}")
    return text("files.other", reason=found["msg"])


def _alternatives(expected: str) -> list[str]:
    """Split pydantic's ``'a', 'b' or 'c'``."""
    return [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
