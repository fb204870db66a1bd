"""What a step needs to be told while it goes on: that it is nearly done, and to change hands."""

from typing import Final

from companion.coaching.events.prompts import PromptKind
from companion.coaching.hints.desk import Wish
from companion.coaching.person import Hand
from companion.coaching.routine import Step, StepKind

LAST_COUNT: Final = 2
"""Repetitions that are left when it is said. Source: ours, grade D."""

LAST_FROM_COUNT: Final = 6
"""Steps of fewer repetitions end without notice."""

LAST_S: Final = 10.0
"""Seconds that are left of a step that is timed when it is said. Source: ours, grade D."""

LAST_FROM_S: Final = 20.0
"""Shorter timed steps end without notice."""

_TOOL: Final = StepKind.TOOL
_OTHER = {Hand.LEFT: Hand.RIGHT, Hand.RIGHT: Hand.LEFT}


class TurnWatch:
    """Finds the moments of a step; each is found once.

    In a step whose hands take turns they change after every repetition. Where nothing counts the
    repetitions, as on a hand step, their time is shared out evenly among them; a step that says
    no number changes hands once, at half its time.

    Args:
        hand: the hand the person prefers: it begins. None where nobody knows.
    """

    def __init__(self, hand: Hand | None) -> None:
        self._hand = hand
        self._turn = 0
        self._last_is_said = False

    def begin(self) -> None:
        """A step begins."""
        self._turn = 0
        self._last_is_said = False

    def wishes(self, step: Step, repetitions: int, elapsed_s: float, now_s: float) -> list[Wish]:
        """Return what could be told now.

        Args:
            step: as it is scaled.
            repetitions: done.
            elapsed_s: seconds of the step.
            now_s: seconds on the tool clock.
        """
        return [
            *self._last(step, repetitions, elapsed_s, now_s),
            *self._hands(step, repetitions, elapsed_s, now_s),
        ]

    def _last(self, step: Step, repetitions: int, elapsed_s: float, now_s: float) -> list[Wish]:
        if self._last_is_said:
            return []
        count = seconds = None
        if _is_counted(step):
            left = (step.repetitions or 0) - repetitions
            is_due = left == LAST_COUNT and (step.repetitions or 0) >= LAST_FROM_COUNT
            count = left
        else:
            seconds = step.time_limit_s - elapsed_s
            is_due = 0 < seconds <= LAST_S and step.time_limit_s >= LAST_FROM_S
        if not is_due:
            return []
        self._last_is_said = True
        return [Wish(kind=PromptKind.LAST, onset_s=now_s, count=count, seconds=seconds)]

    def _hands(self, step: Step, repetitions: int, elapsed_s: float, now_s: float) -> list[Wish]:
        if not step.alternate_hands:
            return []
        turns = step.repetitions or 2
        turn = repetitions if _is_counted(step) else int(turns * elapsed_s / step.time_limit_s)
        before, self._turn = self._turn, turn
        if turn == before or turn >= turns:
            return []
        hand = self._hand if turn % 2 == 0 or self._hand is None else _OTHER[self._hand]
        return [Wish(kind=PromptKind.HANDS, onset_s=now_s, hand=hand)]


def _is_counted(step: Step) -> bool:
    return step.kind is _TOOL and step.repetitions is not None
