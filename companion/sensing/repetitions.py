"""Counts repetitions as the step declares them; a count is never taken back."""

from companion.sensing.contact import ON_TIME_US
from companion.sensing.types import RepetitionKind

CONTACT_US = 40_000
"""Shortest contact that counts: half of a brisk fingertip tap (engineering choice)."""
BOUNCE_US = 60_000
"""Time off the skin below which it is a bounce; double taps at 4 Hz leave twice that."""
EARLY_US = 300_000
"""How long before its step a repetition may begin: the step before ends by a confirmation, and
that comes up to this long after the stroke."""


class RepetitionCounter:
    """Counts strokes, cycles or contacts since a step began.

    A cycle is counted at the confirmation of its way back. A stroke in the same direction as
    the one before closes a cycle whose way back was through the air; without a wheel's sign
    every second stroke is a way back.

    Attributes:
        count: repetitions so far.
    """

    def __init__(self, kind: RepetitionKind, begin_us: int | None) -> None:
        self.count = 0
        self._kind = kind
        self._earliest_us = None if begin_us is None else begin_us - EARLY_US
        self._outward: int | None = None
        self._contact: tuple[int, int] | None = None

    def stroke(self, start_us: int, sign: int) -> bool:
        """Take a confirmed stroke; return whether it was one more repetition."""
        if self._is_early(start_us) or self._kind is RepetitionKind.CONTACT:
            return False
        if self._kind is RepetitionKind.STROKE:
            return self._add()
        if self._outward is None:
            self._outward = sign
            return False
        is_next = sign != 0 and sign == self._outward
        self._outward = sign if is_next else None
        return self._add()

    def contact_began(self, began_us: int) -> int:
        """Take the beginning of a contact; return when what it belongs to began."""
        pending = self._contact
        if pending is not None and began_us - pending[1] < BOUNCE_US:
            self._contact = None
            return pending[0]
        return began_us

    def contact_ended(self, began_us: int, ended_us: int) -> None:
        """Take the end of a contact: it counts once it can be no bounce any more."""
        if self._kind is RepetitionKind.CONTACT and not self._is_early(began_us):
            self._contact = (began_us, ended_us)

    def is_counted(self, t_us: int) -> bool:
        """Return whether a contact became one more repetition by now."""
        if self._contact is None or t_us - self._contact[1] < BOUNCE_US + ON_TIME_US:
            return False
        began_us, ended_us = self._contact
        self._contact = None
        return ended_us - began_us >= CONTACT_US and self._add()

    def drop(self) -> None:
        """Forget a contact that has not counted yet: silence hides whether it went on."""
        self._contact = None

    def _is_early(self, start_us: int) -> bool:
        return self._earliest_us is not None and start_us < self._earliest_us

    def _add(self) -> bool:
        self.count += 1
        return True
