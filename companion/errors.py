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
