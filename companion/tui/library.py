"""What screens show of what is kept on this computer: plain data, and where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from companion.coaching.events import Summary
from companion.coaching.routine import Routine, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A session in a list.

    Attributes:
        number: its short number.
        began: when, in words.
        routine: what was done.
        outcome: how it ended, in words.
        duration_s: time with samples; None where not known.
        percent: its score; None where it has none.
        warnings: how many of over-pressure.
        fault: why it cannot be read; empty where it can.
    """

    number: int
    began: str = ""
    routine: str = ""
    outcome: str = ""
    duration_s: float | None = None
    percent: int | None = None
    warnings: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastWhole:
    """One session in detail.

    Attributes:
        head: which, in words.
        summary: what it came to; None for one without an end, or that cannot be read.
        fault: why there is none.
    """

    head: str
    summary: Summary | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A zone in a week.

    Attributes:
        on_target: share of contact on target, 0 to 1; None without contact that was judged.
        warnings: how many of over-pressure.
    """

    on_target: float | None = None
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class Trends:
    """Zones over weeks, the present week last.

    Attributes:
        weeks: what each week is called.
        zones: each zone that was worked on, a Week for each of ``weeks``.
        sessions: how many sessions this is made of.
        unread: how many could not be read.
    """

    weeks: tuple[str, ...]
    zones: tuple[tuple[Zone, tuple[Week, ...]], ...]
    sessions: int
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A routine in a list.

    Attributes:
        name: what to ask for.
        origin: whose it is, in words.
        routine: None where its file cannot be used.
        fault: why it cannot.
        evidence: its source and what is known of it, a line each.
    """

    name: str
    origin: str
    routine: Routine | None
    fault: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """What a person chose to begin.

    Attributes:
        routine: its name.
        simulated: with the simulated tool and hand.
        scale_percent: how much of it.
    """

    routine: str
    simulated: bool
    scale_percent: int = 100


@dataclass(frozen=True, slots=True)
class Again:
    """What a person chose to see again: a session's number."""

    number: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a dashboard without a session shows first.

    Attributes:
        told: what to say, e.g. why the last session did not begin.
        shows: the mode to open with; empty for the first one.
        welcomes: whether to offer what can be done without a known tool.
    """

    told: str = ""
    shows: str = ""
    welcomes: bool = False


class Library(Protocol):
    """What is kept; nothing here is waited for by a running session."""

    async def count(self) -> int:
        """Return how many sessions there are.

        Raises:
            CompanionError: they cannot be read.
        """
        ...

    async def page(self, first: int, most: int) -> Sequence[Past]:
        """Return some sessions, the newest first.

        Args:
            first: how many to leave out.
            most: how many to return.

        Raises:
            CompanionError: they cannot be read.
        """
        ...

    async def whole(self, number: int) -> PastWhole:
        """Return one session.

        Raises:
            CompanionError: the store cannot be read.
        """
        ...

    async def trends(self) -> Trends:
        """Return the zones over the last weeks.

        Raises:
            CompanionError: the store cannot be read.
        """
        ...

    async def programme(self) -> Sequence[str]:
        """Return how the programme stands, a line each.

        Raises:
            CompanionError: it cannot be read.
        """
        ...

    async def routines(self) -> Sequence[Shelved]:
        """Return every routine that has a name.

        Raises:
            CompanionError: they cannot be read.
        """
        ...
