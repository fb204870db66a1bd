"""What is told, and when: by priority, with room between, never over a warning."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.events.prompts import PromptKind
from companion.coaching.person import Hand
from companion.coaching.routine import Direction
from companion.sensing.types import Level, StrokeDirection, Technique

AGAIN_S: Final = 10.0
"""Seconds from a hint to the next one of its kind, at least. Source: ours, grade D."""

BETWEEN_S: Final = 4.0
"""Seconds from anything told to what does not matter more: time to hear it and to act on it.
Source: ours, grade D."""

PRIORITY: Final[dict[HintKind | PromptKind, int]] = {
    HintKind.TOO_SLOW: 8,
    HintKind.TOO_LIGHT: 10,
    PromptKind.HANDS: 11,
    PromptKind.LAST: 12,
    HintKind.SESSION_LONG: 15,
    HintKind.RUSHING: 20,
    HintKind.TOO_FIRM: 30,
    PromptKind.REST: 35,
    HintKind.WRONG_TECHNIQUE: 38,
    HintKind.WRONG_DIRECTION: 40,
    HintKind.DRAGGING: 42,
    HintKind.HELD_LONG: 45,
    HintKind.PULLING_DOWN: 50,
    HintKind.DOSE_CAUTION: 60,
    HintKind.DOSE_STOP: 70,
    PromptKind.SLIP: 80,
}
"""What matters more: harm before order, order before comfort. Source: ours, grade D."""

STEP_PRIORITY: Final = 35
"""That of a step's beginning: what it asks for is not talked over by comfort."""

WARNING_PRIORITY: Final = {Level.LIGHT: PRIORITY[HintKind.TOO_LIGHT], Level.CAUTION: 90}
"""That of a warning by its level; a stop has ``STOP_PRIORITY``."""

STOP_PRIORITY: Final = 100

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
        per_minute: the repetitions per minute met.
        seconds: for how long, or how long still.
        limit: what the figure is compared with, in its unit.
        count: repetitions that are left.
        hand: the hand to take.
        technique: the technique seen.
        asked: the technique declared.
    """

    kind: HintKind | PromptKind
    onset_s: float
    direction: StrokeDirection | None = None
    wanted: Direction | None = None
    pressure_kpa: float | None = None
    speed_cm_s: float | None = None
    per_minute: float | None = None
    seconds: float | None = None
    limit: float | None = None
    count: int | None = None
    hand: Hand | None = None
    technique: Technique | None = None
    asked: Technique | None = None


class HintDesk:
    """Lets one wish through at a time; what is not told now is forgotten, never queued."""

    def __init__(self) -> None:
        self._said_s: dict[HintKind | PromptKind, float] = {}
        self._last: tuple[int, float] | None = None

    def told(self, priority: int, now_s: float) -> None:
        """Take note of what was told without asking: a warning, the beginning of a step."""
        self._last = (priority, now_s)

    def choose(self, wishes: Iterable[Wish], now_s: float, *, warned: bool) -> Wish | None:
        """Return the wish that matters most of those that may be told now; it is then told.

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
        self.told(PRIORITY[chosen.kind], now_s)
        return chosen

    def _may(self, kind: HintKind | PromptKind, now_s: float, *, warned: bool) -> bool:
        if kind in INSISTS:
            return True
        said_s, last = self._said_s.get(kind), self._last
        if warned or (said_s is not None and now_s - said_s < AGAIN_S):
            return False
        return last is None or now_s - last[1] >= BETWEEN_S or PRIORITY[kind] > last[0]


def warning_priority(level: Level) -> int:
    """Return how much a warning of a level matters."""
    return WARNING_PRIORITY.get(level, STOP_PRIORITY)
