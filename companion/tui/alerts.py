"""Which warnings the screen still shows, and when the bell rings for them: no terminal, no clock.

Times here are seconds of the caller's clock, unless they carry the name of another.
"""

from collections import deque
from dataclasses import dataclass

from companion.coaching.events import AlertCleared, AlertRaised
from companion.sensing.types import Level

LINGER_S = 2.0
"""A warning stays this long after it is over, so that a glance can still catch it."""

STOP_CHIME_S = (0.0, 0.25, 0.5)
"""The pattern of a stop: three rings."""

STOP_AGAIN_S = 1.5
"""A stop that stands unseen rings its pattern again after this long."""

LOGGED = 200
"""So many warnings can be read again; older ones are counted."""

_RANK = {Level.CAUTION: 1, Level.STOP: 2}


@dataclass(slots=True)
class Shown:
    """One warning on the screen: how it began, and how it ended if it has.

    Attributes:
        at_s: when it was raised, in seconds of the session.
    """

    raised: AlertRaised
    at_s: float = 0.0
    cleared: AlertCleared | None = None
    over_at: float | None = None
    acknowledged: bool = False

    @property
    def insists(self) -> bool:
        """Whether this is a stop that stands and that nobody has seen."""
        return self.raised.level is Level.STOP and self.cleared is None and not self.acknowledged


class Alerts:
    """The warnings that stand or have just ended, and the log of all.

    Attributes:
        log: the newest warnings of the session, in the order in which they were raised.
        count: how many there were.
    """

    def __init__(self) -> None:
        self._shown: dict[int, Shown] = {}
        self.log: deque[Shown] = deque(maxlen=LOGGED)
        self.count = 0

    def begin(self, event: AlertRaised, at_s: float = 0.0) -> None:
        """Show a warning that was raised so many seconds into the session."""
        if event.alert not in self._shown:
            self._shown[event.alert] = shown = Shown(event, at_s)
            self.log.append(shown)
            self.count += 1

    def end(self, event: AlertCleared, now: float) -> None:
        """Note that a warning is over; it stays for ``LINGER_S`` more seconds."""
        if shown := self._shown.get(event.alert):
            shown.cleared, shown.over_at = event, now

    def acknowledge(self, alert: int) -> None:
        """Note that the person has seen a warning."""
        if shown := self._shown.get(alert):
            shown.acknowledged = True

    @property
    def any_unseen(self) -> bool:
        """Whether a warning stands that has not been acknowledged."""
        return any(s.cleared is None and not s.acknowledged for s in self._shown.values())

    def foremost(self, now: float) -> Shown | None:
        """Return the warning to show: standing before over, the graver, then the newer."""
        for alert, shown in list(self._shown.items()):
            if shown.over_at is not None and now >= shown.over_at + LINGER_S:
                del self._shown[alert]
        return max(self._shown.values(), key=_order, default=None)


def _order(shown: Shown) -> tuple[bool, int, float]:
    return shown.cleared is None, _RANK.get(shown.raised.level, 0), shown.raised.device_s


class Chime:
    """When to ring the terminal's bell: once for a warning, a repeated pattern for a stop."""

    def __init__(self) -> None:
        self._due: deque[float] = deque()
        self._again_at = 0.0

    def begin(self, level: Level, now: float) -> None:
        """Plan the rings of a warning that has just been raised."""
        pattern = STOP_CHIME_S if level is Level.STOP else (0.0,)
        if len(pattern) >= len(self._due):
            self._due = deque(now + after for after in pattern)
        self._again_at = now + pattern[-1] + STOP_AGAIN_S

    def rings(self, now: float, *, insist: bool) -> bool:
        """Return whether to ring now.

        Args:
            now: seconds.
            insist: a stop stands that nobody has seen.
        """
        if insist and not self._due and now >= self._again_at:
            self.begin(Level.STOP, now)
        if not insist and len(self._due) > 1:
            self._due.clear()
        if not self._due or now < self._due[0]:
            return False
        self._due.popleft()
        return True
