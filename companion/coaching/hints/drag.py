"""Skin that drags: strokes that stick and slip much more than the person's own first ones."""

from collections import deque
from statistics import median
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import Wish

DRY_TIMES: Final = 1.6
"""Stick-slip index, as a multiple of the first strokes' own, above which the skin is dry. Source:
ours, on simulated hands, grade D: oiled ones stay below 1.4, dry skin makes 1.8 and more."""

NEWEST_STROKES: Final = 5
"""Newest strokes whose median is judged: one stroke alone scatters by half. Ours, grade D."""


class OilWatch:
    """Finds that oil is needed; what it heard is forgotten when the person says that it is there.

    Attributes:
        is_wanted: the person was asked for more oil, and has not said yet that it is there.
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self._newest: deque[float] = deque(maxlen=NEWEST_STROKES)

    def stroke(self, onset_s: float, index: float | None) -> list[Wish]:
        """Take a stroke's stick-slip index; return that oil is needed, where it is.

        Args:
            onset_s: when the stroke began.
            index: 1 is like the person's first strokes; None where nobody knows.
        """
        if index is None:
            return []
        self._newest.append(index)
        if len(self._newest) < NEWEST_STROKES or median(self._newest) <= DRY_TIMES:
            return []
        return [Wish(kind=HintKind.DRAGGING, onset_s=onset_s)]

    def said(self) -> None:
        """The person was asked for oil."""
        self.is_wanted = True

    def oiled(self) -> None:
        """There is oil again."""
        self.is_wanted = False
        self._newest.clear()
