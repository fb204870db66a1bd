"""What a screen may look at between events: cheap snapshots, never a queue."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from companion.coaching.view import View
from companion.sensing.trace import Trace


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
