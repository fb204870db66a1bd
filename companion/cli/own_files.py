"""Files that have names, the user's own among them: listed, begun and checked."""

from collections.abc import Callable, Iterable, Sequence

from companion.cli.endings import ExitCode
from companion.cli.faults import print_faults
from companion.cli.printing import json_text, table
from companion.errors import FileRefused
from companion.settings.faults import Fault, faults_of
from companion.settings.named_files import Content, Entry
from companion.settings.new_file import Kind, write_new
from companion.texts import text


def print_entries(
    entries: Iterable[Entry[Content]],
    about: Callable[[Content], str],
    fields: Callable[[Content | None], dict[str, object]],
    *,
    as_json: bool,
) -> None:
    """Print what goes by a name, whose it is, and what it says or why it cannot be used.

    Args:
        entries: them.
        about: what one says, in a line.
        fields: the same for programs; of None all values are null.
        as_json: print one JSON list.
    """
    if as_json:
        print(json_text([_fields(entry) | fields(entry.content) for entry in entries]))
        return
    rows = [(one.name, text(f"files.origin.{one.origin}"), _about(one, about)) for one in entries]
    print(table(rows))


def begin_file(kind: Kind, name: str, like: str | None, *, hides: Callable[[str], object]) -> None:
    """Write a new file of the user's, and say where it is and what it hides.

    Args:
        kind: of what.
        name: what it shall be called.
        like: what to copy; None for the template.
        hides: tells whether the name hides a shipped one.

    Raises:
        FileRefused: it cannot be written.
    """
    print(text("files.own.begun", file=write_new(kind, name, like)))
    if hides(name):
        print(text("files.own.begun_hides", name=name))


def check_files(
    files: Iterable[str],
    load: Callable[[str], Content],
    right: Callable[[str, Content], str],
    *,
    as_json: bool,
) -> ExitCode:
    """Tell every fault of every file: as lines on standard error, or as JSON on standard output.

    Args:
        files: their paths.
        load: loads one; raises ``FileRefused``.
        right: the sentence on one that can be used.
        as_json: print one JSON list of faults, empty where nothing is wrong.
    """
    faults: list[Fault] = []
    for file in files:
        try:
            content = load(file)
        except FileRefused as refused:
            faults.extend(faults_of(refused))
        else:
            if not as_json:
                print(right(file, content))
    _print(faults, as_json=as_json)
    return ExitCode.REFUSED if faults else ExitCode.OK


def _print(faults: Sequence[Fault], *, as_json: bool) -> None:
    if as_json:
        print(json_text(list(faults)))
    else:
        print_faults(faults)


def _fields(entry: Entry[Content]) -> dict[str, object]:
    return {
        "name": entry.name,
        "origin": entry.origin,
        "shadows_shipped": entry.shadows_shipped,
        "fault": entry.fault and str(entry.fault),
    }


def _about(entry: Entry[Content], about: Callable[[Content], str]) -> str:
    words = str(entry.fault) if entry.content is None else about(entry.content)
    return text("files.own.hides", about=words) if entry.shadows_shipped else words
