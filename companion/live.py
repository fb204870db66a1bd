"""What a screen may look at between events: cheap snapshots, never a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from companion.coaching.events import Event, Summary
from companion.coaching.view import View
from companion.sensing.trace import Trace
from companion.sensing.types import Level, Point


class LinkState(StrEnum):
    """Where the connection to the tool stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    PREPARING = "preparing"
    LIVE = "live"
    SILENT = "silent"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """The link in figures; None where not known.

    Attributes:
        state: where the connection stands.
        tool: the tool's name, empty until seen.
        rate_hz: samples per second the tool granted.
        loss_percent: share of samples of the last ten seconds that did not come.
        latency_ms: how late samples arrive above the quickest path seen (the constant part of
            the path delay cannot be measured).
        rssi_dbm: signal of the last advertisement; there is none for a connected tool.
        rssi_age_s: seconds since that advertisement.
        battery_percent: the tool's battery level.
    """

    state: LinkState
    tool: str = ""
    rate_hz: float | None = None
    loss_percent: float | None = None
    latency_ms: float | None = None
    rssi_dbm: int | None = None
    rssi_age_s: float | None = None
    battery_percent: int | None = None


class Live(Protocol):
    """What the service offers a screen to read at its own frame rate."""

    def view(self) -> View:
        """Return the session as it stands."""
        ...

    def link(self) -> LinkView:
        """Return the link as it stands."""
        ...

    @property
    def trace(self) -> Trace:
        """The ring of pressure samples."""
        ...

    @property
    def muted(self) -> bool:
        """Whether sound is off."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A warning on the bar of a replay: when it was raised, and its level."""

    at_s: float
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a replay stands; all times in seconds from its beginning.

    Attributes:
        position_s: what is shown.
        length_s: how long all of it is.
        speed: times real time.
        is_paused: it stands still because that was asked for.
        is_seeking: it waits until the samples up to there have been taken in.
        taken_s: up to where they have been.
        marks: the warnings that are known so far, in order of time.
        holes: from and to, where samples are missing.
    """

    position_s: float
    length_s: float
    speed: float
    is_paused: bool
    is_seeking: bool
    taken_s: float
    marks: Sequence[Mark]
    holes: Sequence[tuple[float, float]]

    @property
    def is_at_end(self) -> bool:
        """Whether all of it has been shown."""
        return self.position_s >= self.length_s


class Replayed(Live, Protocol):
    """A session of the past that is read as a live one, and can be moved about in.

    It has no clock: whoever shows it tells it how much time has passed.
    """

    def progress(self) -> Progress:
        """Return where it stands."""
        ...

    @property
    def summary(self) -> Summary | None:
        """What the session had come to, once its end has been shown."""
        ...

    @property
    def jumps(self) -> int:
        """How many times the position has changed otherwise than by time that passed."""
        ...

    def recent(self) -> Sequence[Point]:
        """Return the samples of the last minute before the position; a jump adds none."""
        ...

    def fill(self) -> bool:
        """Take a few more samples in; False when there are no more."""
        ...

    def advance(self, seconds: float) -> Sequence[Event]:
        """Let time pass, at the speed chosen; return what was said in it."""
        ...

    def pause(self) -> None:
        """Stand still, or go on; at the end, begin again."""
        ...

    def change_speed(self, *, faster: bool) -> None:
        """Take the next speed."""
        ...

    def seek(self, seconds: float) -> None:
        """Go forward, or back."""
        ...

    def seek_edge(self, *, end: bool) -> None:
        """Go to the beginning or to the end."""
        ...

    def seek_warning(self, *, later: bool) -> None:
        """Go to the next warning, or to the one before; where there is none, stay."""
        ...
