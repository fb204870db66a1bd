"""What is wrong with a file, fault by fault: one is told as an error, all of them by a check."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.errors import FileRefused
from companion.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to mend in a file.

    Attributes:
        file: the file as it is shown to the user.
        line: where it lies, counted from 1; None where it concerns no line.
        key: the key as a person writes it, list items counted from 1; empty for none.
        reason: what is wrong and what would be accepted, in a sentence or two.
        accepted: the words that would be accepted, where there is a list of them.
    """

    file: str
    line: int | None = None
    key: str = ""
    reason: str
    accepted: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The key with its line, as far as they are known."""
        if self.line is None:
            return self.key
        if not self.key:
            return text("files.line", line=self.line)
        return text("files.key_at_line", key=self.key, line=self.line)


class FaultsFound(FileRefused):
    """A file that is refused for faults at known places; its sentence tells the first.

    Attributes:
        faults: all that were found, in the order of the file, at least one.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        reason = first.reason
        if len(faults) > 1:
            reason = f"{reason} {text('files.more', count=len(faults) - 1)}"
        super().__init__(first.file, first.where, reason)
        self.faults = tuple(faults)


def faults_of(refused: FileRefused) -> tuple[Fault, ...]:
    """Return the faults behind a refusal, at least one."""
    if isinstance(refused, FaultsFound):
        return refused.faults
    return (Fault(file=refused.file, key=refused.where, reason=refused.reason),)
