"""Files that go by a name: the shipped ones of a kind, and the user's own, which come first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, Generic, TypeVar

from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings.checked import did_you_mean
from companion.settings.files import Source

ENDING: Final = ".toml"
Content = TypeVar("Content")


class Origin(StrEnum):
    """Whose file it is."""

    SHIPPED = "shipped"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file and what it is called.

    Attributes:
        name: what to ask for.
        source: the file.
        shown: the file as it is named to the user.
        origin: shipped with the companion, or the user's own.
        shadows_shipped: it is the user's, and taken in place of a shipped one of that name.
    """

    name: str
    source: Source
    shown: str
    origin: Origin = Origin.USER
    shadows_shipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[Content]):
    """A named file with what it says.

    Attributes:
        name: what to ask for.
        origin: whose it is.
        shadows_shipped: it is the user's, and taken in place of a shipped one of that name.
        content: what it says; None where it cannot be used.
        fault: why it cannot be used.
    """

    name: str
    origin: Origin
    shadows_shipped: bool
    content: Content | None
    fault: FileRefused | None


def is_path(name_or_path: str) -> bool:
    """Return whether words are a path: they end in ``.toml``, or have a separator in them."""
    return name_or_path.endswith(ENDING) or Path(name_or_path).name != name_or_path


def file_at(path: str) -> NamedFile:
    """Return the file at a path, called as its name there."""
    return NamedFile(name=Path(path).stem, source=Path(path), shown=path)


def named_files(kind: str, own: Path) -> dict[str, NamedFile]:
    """Return every file that has a name, by name; the user's own hides a shipped one of its name.

    Args:
        kind: the folder of the shipped ones.
        own: the user's folder; one that is not there, or cannot be listed, has none.
    """
    found = {
        name: NamedFile(
            name=name, source=source, shown=f"{kind}/{source.name}", origin=Origin.SHIPPED
        )
        for name, source in _files(default_file(kind))
    }
    for name, source in _files(own):
        hides = name in found
        found[name] = NamedFile(name=name, source=source, shown=str(source), shadows_shipped=hides)
    return dict(sorted(found.items()))


def wanted_file(name_or_path: str, kind: str, own: Path, none_such: str) -> NamedFile:
    """Return the file of a name, or at a path.

    Args:
        name_or_path: what was asked for.
        kind: the folder of the shipped ones.
        own: the user's folder.
        none_such: the sentence for a name that no file has.

    Raises:
        FileRefused: no file has this name.
    """
    if is_path(name_or_path):
        return file_at(name_or_path)
    found = named_files(kind, own)
    if name_or_path not in found:
        raise FileRefused(
            name_or_path, "", f"{none_such} {did_you_mean(name_or_path, list(found))}"
        )
    return found[name_or_path]


def own_in_place(name: str, kind: str, own: Path) -> Path | None:
    """Return the user's file that is taken in place of a shipped one of this name, if one is."""
    file = named_files(kind, own).get(name)
    is_own = file is not None and file.shadows_shipped
    return own / f"{name}{ENDING}" if is_own else None


def read_entries(
    kind: str, own: Path, read: Callable[[NamedFile], Content]
) -> list[Entry[Content]]:
    """Return every file that has a name, with what it says or why it cannot be used.

    Args:
        kind: the folder of the shipped ones.
        own: the user's folder.
        read: reads one; raises ``FileRefused``.
    """
    return [_entry(file, read) for file in named_files(kind, own).values()]


def _entry(file: NamedFile, read: Callable[[NamedFile], Content]) -> Entry[Content]:
    content, fault = None, None
    try:
        content = read(file)
    except FileRefused as refused:
        fault = refused
    return Entry(
        name=file.name,
        origin=file.origin,
        shadows_shipped=file.shadows_shipped,
        content=content,
        fault=fault,
    )


def _files(folder: Traversable) -> Iterator[tuple[str, Source]]:
    """Yield the files of a folder; a folder that cannot be listed has none."""
    try:
        for entry in folder.iterdir():
            if entry.name.endswith(ENDING):
                yield entry.name.removesuffix(ENDING), entry
    except OSError:
        return
