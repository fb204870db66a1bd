"""One rule of the profile: its clause, what it needs, and its check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from companion.conform.bench import Bench
from companion.texts import text
from protocols.massage_tool import Features

Check = Callable[[Bench], Awaitable[None]]
"""Returns where the rule holds.

Raises:
    Broken: the rule is broken.
    NotRun: it could not be tried.
"""


NOTHING: Final = Features(0)


class Need(IntEnum):
    """How far the link must stand before a check begins."""

    AIR = 0
    """Not connected."""
    OPEN = 1
    """Connected without pairing."""
    PAIRED = 2
    """Connected and paired."""
    READY = 3
    """And the Tool Feature is read, and everything that the tool sends is switched on."""


class Severity(StrEnum):
    """How binding a rule is."""

    MUST = "must"
    """The profile says so."""
    SHOULD = "should"
    """It follows from the profile, or from this project's reading of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; its title and its clause stand in the catalogue under ``conform.rule.<id>``.

    Attributes:
        id: its name.
        check: tries it.
        need: how far the link must stand.
        severity: how binding it is.
        parts: what the tool must have, else there is nothing to try.
        lacks: what the tool must not have.
        force: True where the tool needs a force sensor, False where it must have none.
        is_slow: it waits for half a minute or more.
        is_attended: a person has to do or see something.
        is_parting: it costs us the bond.
    """

    id: str
    check: Check
    need: Need = Need.READY
    severity: Severity = Severity.MUST
    parts: Features = NOTHING
    lacks: Features = NOTHING
    force: bool | None = None
    is_slow: bool = False
    is_attended: bool = False
    is_parting: bool = False

    @property
    def title(self) -> str:
        """What must hold, in one line."""
        return text(f"conform.rule.{self.id}.title")

    @property
    def section(self) -> str:
        """The part of ``docs/tool-profile.md`` that says so."""
        return text(f"conform.rule.{self.id}.section")

    @property
    def clause(self) -> str:
        """The words there."""
        return text(f"conform.rule.{self.id}.clause")
