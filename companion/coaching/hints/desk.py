"""Which hint is said, and when: by priority, with room between them, never over a warning."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.routine import Direction
from companion.sensing.types import StrokeDirection

AGAIN_S: Final = 10.0
"""Seconds from a hint to the next one of its kind, at least. Source: ours, grade D."""

BETWEEN_S: Final = 4.0
"""Seconds from any hint to one that does not matter more: time to hear it and to act on it.
Source: ours, grade D."""

PRIORITY: Final = {
    HintKind.TOO_LIGHT: 10,
    HintKind.SESSION_LONG: 15,
    HintKind.RUSHING: 20,
    HintKind.TOO_FIRM: 30,
    HintKind.WRONG_DIRECTION: 40,
    HintKind.PULLING_DOWN: 50,
    HintKind.DOSE_CAUTION: 60,
    HintKind.DOSE_STOP: 70,
}
"""What matters more: harm before order, order before comfort. Source: ours, grade D."""

INSISTS: Final = frozenset({HintKind.DOSE_STOP})
"""Said at once whatever else was said or stands: it is a stop, not advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a watch would like to be said; None where a figure has no part in it.

    Attributes:
        kind: what it is about.
        onset_s: when that began, on the tool clock.
        direction: the direction seen.
        wanted: the direction declared.
        pressure_kpa: the pressure met.
        speed_cm_s: the speed met.
        seconds: for how long.
        limit: what the figure is compared with, in its unit.
    """

    kind: HintKind
    onset_s: float
    direction: StrokeDirection | None = None
    wanted: Direction | None = None
    pressure_kpa: float | None = None
    speed_cm_s: float | None = None
    seconds: float | None = None
    limit: float | None = None


class HintDesk:
    """Lets one hint through at a time; what is not said now is forgotten, never queued."""

    def __init__(self) -> None:
        self._said_s: dict[HintKind, float] = {}
        self._last: HintKind | None = None

    def choose(self, wishes: Iterable[Wish], now_s: float, *, warned: bool) -> Wish | None:
        """Return the wish that matters most of those that may be said now; it is then said.

        Args:
            wishes: what the watches would like.
            now_s: seconds on the tool clock.
            warned: a warning of too much pressure stands.
        """
        allowed = [wish for wish in wishes if self._may(wish.kind, now_s, warned=warned)]
        if not allowed:
            return None
        chosen = max(allowed, key=lambda wish: PRIORITY[wish.kind])
        self._said_s[chosen.kind] = now_s
        self._last = chosen.kind
        return chosen

    def _may(self, kind: HintKind, now_s: float, *, warned: bool) -> bool:
        if kind in INSISTS:
            return True
        said_s, last = self._said_s.get(kind), self._last
        if warned or (said_s is not None and now_s - said_s < AGAIN_S):
            return False
        if last is None or now_s - self._said_s[last] >= BETWEEN_S:
            return True
        return PRIORITY[kind] > PRIORITY[last]
