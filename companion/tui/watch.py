"""What the screens of one session share: its warnings, the bell, and where commands go."""

from collections.abc import Callable

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Command,
    Event,
    SessionFinished,
    Summary,
)
from companion.coaching.routine import Zone
from companion.coaching.view import View
from companion.live import Live
from companion.tui.alerts import Alerts, Chime, Shown


class Watch:
    """One session as screens follow it; the application tells it every event, once.

    Args:
        live: what may be looked at between events.
        command: where the person's commands go.
        clock: seconds, for what lingers and rings; never compared with the tool's clock.
        note: what else belongs on the first line, e.g. that the radio is a virtual one.
        off: zones that are to be left alone for this person today.
        rings: whether warnings ring the terminal's bell.
        name: what the tool is called among several; empty where there is one.
        number: its number among them, from 1 on.

    Attributes:
        has_ended: whether no more events will come.
        alerts: the warnings that stand or have just ended.
        summary: what the session came to; None while it goes on.
        mirrored: left and right as in a mirror; else as another person sees the face.
    """

    def __init__(
        self,
        live: Live,
        command: Callable[[Command], None],
        clock: Callable[[], float],
        *,
        note: str = "",
        off: frozenset[Zone] = frozenset(),
        rings: bool = True,
        name: str = "",
        number: int = 1,
    ) -> None:
        self.live = live
        self.command = command
        self.clock = clock
        self.note = note
        self.off = off
        self.name = name
        self.number = number
        self.has_ended = False
        self.alerts = Alerts()
        self.summary: Summary | None = None
        self.mirrored = True
        self._chime = Chime()
        self._has_bell = rings
        self._cursor = 0
        self._newest_s = 0.0

    def begin(self) -> View:
        """Take in the warnings that stand already, and return the session as it stands."""
        view = self.live.view()
        for alert in view.alerts:
            self.take(alert)
        for seen in view.acknowledged:
            self.alerts.acknowledge(seen)
        return view

    def look_anew(self, summary: Summary | None) -> None:
        """Forget what was shown: the session stands at another moment now.

        Args:
            summary: what it had come to; None where it was going on.
        """
        self.alerts, self._chime = Alerts(), Chime()
        self.summary = summary
        self.begin()

    def take(self, event: Event) -> None:
        """Take in an event."""
        match event:
            case AlertRaised():
                self.alerts.begin(event, self.live.view().session_elapsed_s)
                self._chime.begin(event.level, self.clock())
            case AlertCleared():
                self.alerts.end(event, self.clock())
            case AlertAcknowledged(alert=alert):
                self.alerts.acknowledge(alert)
            case SessionFinished(summary=summary):
                self.summary = summary
            case _:
                pass

    @property
    def device_s(self) -> float:
        """The newest sample's time, on the tool's clock; 0 before the first."""
        points, self._cursor = self.live.trace.since(self._cursor)
        if points:
            self._newest_s = points[-1].device_s
        return self._newest_s

    @property
    def is_over(self) -> bool:
        """Whether the session has ended."""
        return self.summary is not None

    @property
    def foremost(self) -> Shown | None:
        """The warning to show now; None for none."""
        return self.alerts.foremost(self.clock())

    def rings(self, shown: Shown | None) -> bool:
        """Say whether the bell rings now.

        Args:
            shown: the foremost warning.
        """
        insist = shown is not None and shown.insists
        is_due = self._chime.rings(self.clock(), insist=insist)
        return is_due and self._has_bell and not self.live.muted
