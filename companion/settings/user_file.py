"""Changing the settings file: one value at a time, checked as a whole, comments kept."""

import tomllib
from pathlib import Path

from companion.errors import FileRefused
from companion.settings.checked import checked
from companion.settings.files import TomlFile, read_document, read_toml
from companion.settings.private_files import put_in_place, refusing
from companion.settings.toml_edit import Value, with_value
from companion.settings.toml_lines import line_numbers
from companion.settings.user import UserSettings, settings_file
from companion.texts import text

_MODE = 0o644


def change_setting(path: tuple[str, ...], value: Value) -> UserSettings:
    """Give one setting a value in the file, and return what the file says then.

    The file is read anew, so that what was changed in it by hand meanwhile stays.

    Args:
        path: the key, with the table it is in.
        value: what it shall have.

    Raises:
        FileRefused: the file has a fault, the value cannot be used, or it cannot be written. Then
            the file is as it was.
    """
    file = settings_file()
    document = text("files.settings_begun") + "\n"
    if file.exists():
        checked(UserSettings, read_toml(file, str(file)))
        document = read_document(file, str(file))
    try:
        changed = with_value(document, path, value)
    except ValueError:
        key = ".".join(map(str, path))
        raise FileRefused(str(file), key, text("files.by_hand")) from None
    found = TomlFile(str(file), tomllib.loads(changed), line_numbers(changed))
    settings = checked(UserSettings, found)
    _write(file, changed)
    return settings


def _write(file: Path, document: str) -> None:
    """Put the document in the file's place, or that of what it points to, for whom it was for."""
    with refusing(file):
        target = file.resolve()
        mode = target.stat().st_mode & 0o777 if target.exists() else _MODE
    put_in_place(target, document.encode(), mode=mode)
