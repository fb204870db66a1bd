"""What the Tools screen shows and asks for: the words between it and the tools in reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Acquaintance(StrEnum):
    """How a tool that is heard is known here."""

    KNOWN = "known"
    NEW = "new"
    NAMESAKE = "namesake"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLook:
    """A known tool.

    Attributes:
        key: what tells it from every other; not to be shown.
        name: what the person calls it.
        kind: what kind of tool it is, in words.
        seen: when it was last connected, in words.
        battery_percent: as it told last; None where it never did.
        rssi_dbm: signal when it was last heard before a connection; None where not known.
        calibration: how its calibration stands, in words.
        limit: whether it warns by itself, in words.
        details: what else is known of it, each with its name.
        notes: what is kept of its force and area, a sentence each.
    """

    key: str
    name: str
    kind: str
    seen: str
    battery_percent: int | None = None
    rssi_dbm: int | None = None
    calibration: str = ""
    limit: str = ""
    details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A tool that is heard.

    Attributes:
        key: what tells it from every other one that is heard.
        name: what the person calls it, else what it calls itself, else its address.
        kind: what kind of tool it is, in words; empty where that is not known yet.
        acquaintance: how it is known here.
        rssi_dbm: signal of its newest advertisement.
        age_s: seconds since then.
    """

    key: str
    name: str
    kind: str
    acquaintance: Acquaintance
    rssi_dbm: int
    age_s: float = 0.0


Feels = Callable[[], float | None]
"""Tells what a connected tool feels at the moment: newtons as it reports them, less what hangs on
its sensor, once its zero is set; None while nothing comes."""


class Talk(Protocol):
    """A person who is told how it goes, and asked."""

    def say(self, sentence: str) -> None:
        """Tell how it goes."""

    async def ask(self, question: str, *, has_default: bool = False) -> str | None:
        """Ask for a line.

        Args:
            question: it; what an empty line says stands in brackets at its end.
            has_default: whether an empty line says something.

        Returns:
            The line without spaces around it; None where no answer will come.
        """

    async def agrees(self, question: str) -> bool:
        """Ask until the answer is yes or no."""


class Guest(Talk, Protocol):
    """A person at a screen, who can also pick one of the tools in reach."""

    async def pick(self, heard: Callable[[], Sequence[Nearby]]) -> str:
        """Show the tools that are heard, as they come, and return the key of the one picked.

        Args:
            heard: those that are heard now, the strongest signal first.
        """

    def feel(self, feels: Feels | None) -> None:
        """Show what a connected tool feels, until this is called with None."""


class Workshop(Protocol):
    """The known tools and those in reach; one thing is done at a time.

    What takes a guest may be cancelled at any moment: it leaves nothing half made behind, and the
    radio free.
    """

    async def tools(self) -> Sequence[ToolLook]:
        """Return the known tools, by name.

        Raises:
            CompanionError: the file of known tools cannot be used.
        """

    async def pair(self, guest: Guest) -> str:
        """Listen for tools, pair with the one that is picked, and keep it.

        Returns:
            What came of it, in a sentence.

        Raises:
            CompanionError: it could not be paired.
        """

    async def identify(self, key: str, guest: Guest) -> str:
        """Let a known tool show which one it is; returned and raised as of `pair`."""

    async def calibrate(self, key: str, guest: Guest) -> str:
        """Calibrate a known tool on a scale; returned and raised as of `pair`."""

    async def rename(self, key: str, guest: Guest) -> str:
        """Give a known tool another name; returned and raised as of `pair`."""

    async def forget(self, key: str, guest: Guest) -> str:
        """Forget a known tool, once that is confirmed; returned and raised as of `pair`."""
