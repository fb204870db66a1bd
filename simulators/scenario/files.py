"""Scenario files: found, checked one by one, laid over each other, turned into a scenario."""

from collections.abc import Iterator
from functools import reduce
from pathlib import Path, PurePath
from typing import Final, TypeVar

from pydantic import BaseModel

from simulators.data_files import DataFileError, is_file, parse, read_file
from simulators.scenario.mishaps import mishap_of
from simulators.scenario.sheet import Change, Habits, Person, PlannedFault, Press, Scenario
from simulators.scenario.tables import ChangeTable, ScenarioFile

_TAP_GAP_S: Final = 0.1
"""The least time in the air between two taps: up and down again within a centimetre."""

_Model = TypeVar("_Model", bound=BaseModel)
_Files = dict[str, ScenarioFile]


class ScenarioError(DataFileError):
    """A scenario file that cannot be used."""


def load_scenario(name_or_path: str) -> Scenario:
    """Return a shipped scenario by its name, or one from a file by its path.

    Several joined by ``+`` (``careful+left-hand``) are laid over each other: later ones win, lists
    are added. So is whatever a file is ``based_on``, beneath the file itself. A file that comes
    up twice counts once, where it comes first.

    Raises:
        ScenarioError: with file, key and reason.
    """
    files: _Files = {}
    parts = [name_or_path] if is_file(Path(name_or_path)) else name_or_path.split("+")
    asked = [_collect(part, None, files, ()) for part in parts]
    return _scenario(files, asked)


def parse_scenario(text: str, file: str) -> Scenario:
    """Return the scenario that a TOML text describes; what it is based on is looked up.

    Raises:
        ScenarioError: with ``file``, the key and the reason.
    """
    files: _Files = {}
    _add(text, file, Path(file).parent, files, ())
    return _scenario(files, [file])


def _collect(asked: str, beside: Path | None, files: _Files, above: tuple[str, ...]) -> str:
    """Read one file and all that it is based on; return the name it is kept under."""
    name = asked
    if _is_path(asked) and beside is not None:
        name = str(beside / asked)
    if not name:
        raise ScenarioError("+".join(above) or "scenario", "", "a name is missing beside +")
    text, file = read_file("scenarios", name, ScenarioError)
    _add(text, file, Path(name).parent if _is_path(name) else None, files, above)
    return file


def _add(text: str, file: str, folder: Path | None, files: _Files, above: tuple[str, ...]) -> None:
    if file in above:
        circle = " -> ".join([*above[above.index(file) :], file])
        raise ScenarioError(above[-1], "based_on", f"goes round in a circle: {circle}")
    if file in files:
        return
    content = parse(text, file, ScenarioFile, ScenarioError)
    for base in content.based_on:
        _collect(base, folder, files, (*above, file))
    files[file] = content


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.endswith(".toml")


def _scenario(files: _Files, asked: list[str]) -> Scenario:
    """Lay the files over each other, in their order."""
    whole = reduce(_over, files.values())
    _check_taps(whole, asked[-1])
    titled = [files[name] for name in dict.fromkeys(asked)]
    return Scenario(
        name="+".join(PurePath(name).stem for name in dict.fromkeys(asked)),
        title=" + ".join(content.title for content in titled),
        description=" ".join(content.description for content in titled if content.description),
        habits=Habits(**whole.hand.model_dump()),
        person=Person(**whole.person.model_dump()),
        friction=whole.skin.friction,
        presses=tuple(Press(**press.model_dump()) for press in whole.press),
        changes=tuple(_change(change) for change in whole.change),
        faults=tuple(PlannedFault(**fault.model_dump()) for fault in whole.fault),
        mishaps=tuple(mishap_of(mishap) for mishap in whole.mishap),
    )


def _over(below: _Model, above: _Model) -> _Model:
    """Return one content laid over another: set keys win, tables key by key, lists are added."""
    update: dict[str, object] = {}
    for key in above.model_fields_set:
        old, new = getattr(below, key), getattr(above, key)
        if isinstance(new, BaseModel):
            new = _over(old, new)
        elif any(isinstance(item, BaseModel) for item in _items(new)):
            new = (*old, *new)
        update[key] = new
    return below.model_copy(update=update)


def _items(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        yield from value


def _change(table: ChangeTable) -> Change:
    kept = table.model_dump(exclude={"hand"})
    return Change(**kept, habits=table.hand.model_dump(include=table.hand.model_fields_set))


def _check_taps(whole: ScenarioFile, file: str) -> None:
    """Refuse taps that leave no time to lift: known only when all files lie over each other.

    Raises:
        ScenarioError: with the key of the table that asks for it.
    """
    manners = {"hand": whole.hand}
    manners |= {
        f"change[{index}].hand": _over(whole.hand, change.hand)
        for index, change in enumerate(whole.change)
    }
    for key, hand in manners.items():
        if hand.tap_rate_hz[1] * (hand.tap_contact_s[1] + _TAP_GAP_S) > 1:
            reason = "tap_contact_s and tap_rate_hz leave no time to lift between taps"
            raise ScenarioError(file, key, reason)
