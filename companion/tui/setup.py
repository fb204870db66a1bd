"""What the Set-up screen shows and asks for: plain data, and who arranges it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

YES = "yes"
NO = "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values that an entry can have, and what it is called."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be said, or done.

    Attributes:
        key: its name.
        words: what it is called, or the question.
        about: what it does, or what follows from a yes.
        value: what is said now; empty for nothing yet, or for no words.
        options: the values it can have; empty where it is typed only.
        is_typed: another value than the options may be typed.
        is_question: silence is no answer.
        is_part: it belongs to the entry above it.
        is_deed: it is not said but done.
        held: why it cannot be changed here; empty where it can.
    """

    key: str
    words: str
    about: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    is_typed: bool = False
    is_question: bool = False
    is_part: bool = False
    is_deed: bool = False
    held: str = ""

    @property
    def shown(self) -> str:
        """What is said now, in words."""
        return next((one.words for one in self.options if one.value == self.value), self.value)

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is answered by yes or no."""
        return {one.value for one in self.options} == {YES, NO}

    @property
    def is_open(self) -> bool:
        """Whether a question is not answered."""
        return self.is_question and not self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries that belong together.

    Attributes:
        name: its name.
        title: what it is called, short.
        entries: in order.
        notes: what is said of it, a line each.
    """

    name: str
    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What became of the settings file while nobody here wrote to it.

    Attributes:
        words: in a line.
        is_trouble: it cannot be used, and what held last goes on to hold.
    """

    words: str
    is_trouble: bool


class Setup(Protocol):
    """What can be arranged on this computer, for one person."""

    @property
    def trouble(self) -> Sequence[str]:
        """What is to be mended in the settings file, a line each with its line; mostly nothing."""
        ...

    async def sections(self) -> Sequence[Section]:
        """Return everything as it stands.

        Raises:
            CompanionError: it cannot be read.
        """
        ...

    def complaint(self, key: str, value: str) -> str:
        """Return why an entry cannot have a value; empty where it can.

        Args:
            key: the entry's.
            value: as it was typed.
        """
        ...

    async def change(self, key: str, value: str) -> str:
        """Let an entry have a value, and return what is to be said of that.

        Raises:
            CompanionError: it cannot; then nothing has changed.
        """
        ...

    def do(self, key: str) -> AsyncIterator[str]:
        """Do what an entry names, and yield what is to be said, line by line.

        Raises:
            CompanionError: it cannot be done; then nothing has changed.
        """
        ...

    async def look(self) -> News | None:
        """Return what became of the settings file since the last look; None for nothing."""
        ...
