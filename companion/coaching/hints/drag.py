"""Skin that drags: strokes that stick and slip much more than the person's own first ones."""

from collections import deque
from statistics import median
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import Wish
from companion.sensing.drag import DRY_TIMES, NEWEST_STROKES

REMIND_S: Final = 60.0
"""Seconds from asking for oil until it may be asked for again: it has been heard, and the screen
goes on asking. Source: ours, grade D."""


class OilWatch:
    """Finds that oil is needed; what it heard is forgotten when the person says that it is there.

    What is dry is sensing's to say (``DRY_TIMES``, over ``NEWEST_STROKES``).

    Attributes:
        is_wanted: the person was asked for more oil, and has not said yet that it is there.
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self._newest: deque[float] = deque(maxlen=NEWEST_STROKES)
        self._onset_s = self._asked_s = 0.0

    def stroke(self, onset_s: float, index: float | None) -> list[Wish]:
        """Take a stroke's stick-slip index; return that oil is needed, where it is.

        Args:
            onset_s: when the stroke began.
            index: 1 is like the person's first strokes; None where nobody knows.
        """
        if index is None:
            return []
        self._onset_s = onset_s
        self._newest.append(index)
        if self.is_wanted and onset_s - self._asked_s < REMIND_S:
            return []
        if len(self._newest) < NEWEST_STROKES or median(self._newest) <= DRY_TIMES:
            return []
        return [Wish(kind=HintKind.DRAGGING, onset_s=onset_s)]

    def said(self) -> None:
        """The person was asked for oil."""
        self.is_wanted = True
        self._asked_s = self._onset_s

    def oiled(self) -> None:
        """There is oil again."""
        self.is_wanted = False
        self._newest.clear()
