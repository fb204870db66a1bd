"""Reading the simulator's own TOML files: found by name or path, refused with file, key, reason."""

import tomllib
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails

_LARGEST_BYTES: Final = 256 * 1024
_SENTENCES: Final = {
    "missing": "this key must be there",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


class DataFileError(Exception):
    """A file of the simulator that cannot be used.

    Attributes:
        file: the file's name, as it was asked for or found.
        key: the dotted key at fault; empty where the whole file is.
        reason: one plain sentence.
    """

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(file, key, reason)
        self.file = file
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.reason) if part)


class Table(BaseModel):
    """A table of a data file: no key that is not listed, no value that is not finite."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, strict=True, defer_build=True
    )


def _ascending(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError(f"the first value is the smaller one, not {pair[0]:g} before {pair[1]:g}")
    return pair


Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Span = Annotated[tuple[float, float], Field(strict=False), AfterValidator(_ascending)]
"""A range to draw from: smallest and largest value."""

_Model = TypeVar("_Model", bound=BaseModel)


def config_root() -> Path:
    """Return the folder of shipped data: the checkout's ``config``, or the wheel's copy of it.

    The wheel carries ``config`` inside the package ``companion`` as ``defaults``. The package is
    located here, not imported: the simulator knows nothing of the service.
    """
    spec = find_spec("companion")
    for place in (spec and spec.submodule_search_locations) or ():
        if (Path(place) / "defaults").is_dir():
            return Path(place) / "defaults"
    return Path(__file__).parent.parent / "config"


def read_file(folder: str, name_or_path: str, refuse: type[DataFileError]) -> tuple[str, str]:
    """Return the text and the display name of a shipped file (by bare name) or of any path.

    Args:
        folder: the folder below ``config`` that holds the shipped ones.
        name_or_path: ``careful``, or a path: anything with a separator or a ``.toml`` at its end.
        refuse: the error to raise.

    Raises:
        DataFileError: as ``refuse``: no such file, not readable, too large or not UTF-8.
    """
    shipped = config_root() / folder
    if "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith(".toml"):
        path = Path(name_or_path)
    else:
        path = shipped / f"{name_or_path}.toml"
        if not is_file(path):
            raise refuse(name_or_path, "", _unknown_name(shipped, name_or_path))
    shown = path.name if path.is_relative_to(shipped) else name_or_path
    data = _read(path, shown, refuse)
    try:
        return data.decode("utf-8-sig"), shown
    except UnicodeDecodeError as error:
        raise refuse(shown, "", f"is not UTF-8 text (byte {error.start})") from error


def is_file(path: Path) -> bool:
    """Return whether there is a file; a name that no file could have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _read(path: Path, shown: str, refuse: type[DataFileError]) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise refuse(shown, "", "cannot be read (not a file)")
        with path.open("rb") as stream:
            data = stream.read(_LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(shown, "", f"cannot be read ({reason})") from error
    if len(data) > _LARGEST_BYTES:
        raise refuse(shown, "", f"is larger than {_LARGEST_BYTES // 1024} KiB")
    return data


def parse(text: str, file: str, model: type[_Model], refuse: type[DataFileError]) -> _Model:
    """Return the validated content of a TOML text.

    Raises:
        DataFileError: as ``refuse``, for the first thing that is wrong.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise refuse(file, "", f"is not valid TOML: {error}") from error
    except RecursionError as error:
        raise refuse(file, "", "is nested too deeply") from error
    except ValidationError as error:
        first = min(error.errors(include_url=False), key=_unknown_keys_first)
        raise refuse(file, _dotted(first["loc"]), _sentence(first, model)) from error


def did_you_mean(word: str, known: "Iterable[str]") -> str:
    """Return `` (did you mean ...?)`` where a known word is close, else nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _unknown_name(folder: Path, name: str) -> str:
    known = sorted(path.stem for path in folder.rglob("*.toml"))
    return f"no such file; there are: {', '.join(known) or 'none'}{did_you_mean(name, known)}"


def _unknown_keys_first(error: "ErrorDetails") -> bool:
    return error["type"] != "extra_forbidden"


def _dotted(location: tuple[int | str, ...]) -> str:
    dotted = ""
    for part in location:
        dotted += f"[{part}]" if isinstance(part, int) else f".{part}"
    return dotted.removeprefix(".")


def _sentence(error: "ErrorDetails", model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _keys_beside(model, error["loc"])
        return f"no such key{did_you_mean(str(error['loc'][-1]), known)}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    message = error["msg"]
    return _SENTENCES.get(kind, message[:1].lower() + message[1:].replace("Input", "it"))


def _keys_beside(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    fields: Mapping[str, Any] = model.model_fields
    for part in location[:-1]:
        if isinstance(part, str):
            inner = _table_in(fields[part].annotation)
            fields = inner.model_fields if inner else {}
    return sorted(fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = getattr(annotation, "__args__", ())
    return next((table for part in inner if (table := _table_in(part))), None)
