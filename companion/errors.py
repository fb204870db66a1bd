"""Errors that reach a user: each carries data, and its sentence stands in the text catalogue."""

from typing import ClassVar

from companion.texts import text


class CompanionError(Exception):
    """Root of everything the companion tells a user has gone wrong.

    Attributes:
        key: key of its sentence in the text catalogue.
        values: what the sentence names, by placeholder.
        exit_code: the exit status of a command that ends with it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return text(self.key, **self.values)


class FileRefused(CompanionError):
    """A routine, care, tool, scenario or settings file that cannot be used.

    Attributes:
        file: the file as the user named it.
        where: the key (dotted) or line at which the fault lies, empty for the whole file.
        reason: what is wrong and what would be accepted.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, file: str, where: str, reason: str) -> None:
        key = "errors.file_refused_at" if where else "errors.file_refused"
        super().__init__(key, file=file, where=where, reason=reason)
        self.file = file
        self.where = where
        self.reason = reason


def unreadable(file: str, error: Exception) -> FileRefused:
    """Return the refusal of a file that the system does not let us read; it says why."""
    return FileRefused(file, "", text("files.unreadable", reason=_reason(error)))


def no_access(file: str, error: Exception) -> FileRefused:
    """Return the refusal of a file that the system does not let us read or write."""
    return FileRefused(file, "", text("files.no_access", reason=_reason(error)))


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
