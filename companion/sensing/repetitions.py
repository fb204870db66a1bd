"""Counts repetitions as the step declares them; a count is never taken back."""

from collections import deque
from statistics import median

from companion.sensing.contact import ON_TIME_US
from companion.sensing.strokes import Leg
from companion.sensing.types import RepetitionKind

CONTACT_US = 40_000
"""Shortest contact that counts: half of a brisk fingertip tap (engineering choice)."""
BOUNCE_US = 60_000
"""Time off the skin below which it is a bounce; double taps at 4 Hz leave twice that."""
EARLY_US = 300_000
"""How long before its step a repetition may begin: the step before ends by a confirmation, and
that comes up to this long after the stroke."""
CUT_US = 1_000_000
"""Silence after which what goes on is another stroke."""
WIGGLE_SHARE = 0.25
"""Share of the usual travel below which, looked at again, a stroke was a wiggle."""
KEPT_US = 600_000_000
"""How long repetitions are kept for the second look: ten minutes."""


class RepetitionCounter:
    """Counts strokes, cycles or contacts since a step began.

    A cycle is counted at the confirmation of its way back. A stroke in the same direction as
    the one before closes a cycle whose way back was through the air; without a wheel's sign
    every second stroke is a way back. A stroke that rests and goes on the same way, without
    leaving the skin, is one repetition. Where repetitions are strokes, the light way back of one
    is none.

    Attributes:
        count: repetitions so far.
    """

    def __init__(self, kind: RepetitionKind, begin_us: int | None) -> None:
        self.count = 0
        self._kind = kind
        self._earliest_us = None if begin_us is None else begin_us - EARLY_US
        self._outward: int | None = None
        self._contact: tuple[int, int] | None = None
        self._cut_sign: int | None = None
        self._cut_us = self._resumed_us = 0
        self._way: tuple[int, int] | None = None
        self._kept: deque[tuple[int, int, float]] = deque()

    def stroke(self, leg: Leg) -> bool:
        """Take a confirmed stroke; return whether it was one more repetition."""
        if self._is_early(leg.start_us) or self._kind is RepetitionKind.CONTACT:
            return False
        if self._goes_on(leg):
            return False
        sign = leg.sign
        way, self._way = self._way, (leg.contact_us, sign)
        if sign and way == self._way:
            return False
        if leg.is_light_return and self._kind is RepetitionKind.STROKE:
            return False
        self._keep(leg.end_us, sign, abs(leg.net_m) if sign and leg.net_m else 0.0)
        if self._kind is RepetitionKind.CYCLE:
            self._outward, is_counted = _cycle(self._outward, sign)
            if not is_counted:
                return False
        return self._add()

    def cut(self, leg: Leg) -> bool:
        """Take a stroke whose end silence hides; return whether it was one more repetition.

        What goes on after the silence, the same way and still on the skin, is the same one.
        """
        is_counted = self.stroke(leg)
        if is_counted and leg.is_open:
            self._cut_sign, self._cut_us = leg.sign, leg.end_us
        return is_counted

    def resumed(self, t_us: int) -> None:
        """Samples come again."""
        self._resumed_us = t_us
        if t_us - self._cut_us > CUT_US:
            self._cut_sign = None

    def _goes_on(self, leg: Leg) -> bool:
        """Return whether a stroke is the rest of one that silence cut."""
        sign, self._cut_sign = self._cut_sign, None
        has_touched = leg.contact_us - self._resumed_us <= BOUNCE_US
        return sign is not None and has_touched and sign == leg.sign

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
        if ended_us - began_us < CONTACT_US:
            return False
        self._keep(ended_us, 0, 0.0)
        return self._add()

    def close(self) -> bool:
        """The step is over: return whether the last contact became one more repetition."""
        return self._contact is not None and self.is_counted(
            self._contact[1] + BOUNCE_US + ON_TIME_US
        )

    def final_us(self) -> list[int]:
        """Return the time of every repetition after a second look, without the wiggles."""
        travels = [travel for _, _, travel in self._kept if travel]
        least = WIGGLE_SHARE * median(travels) if travels else 0.0
        times: list[int] = []
        outward: int | None = None
        for end_us, sign, travel in self._kept:
            if sign and travel < least:
                continue
            is_counted = True
            if self._kind is RepetitionKind.CYCLE:
                outward, is_counted = _cycle(outward, sign)
            if is_counted:
                times.append(end_us)
        return times

    def drop(self) -> None:
        """Forget a contact that has not counted yet: silence hides whether it went on."""
        self._contact = None

    def _is_early(self, start_us: int) -> bool:
        return self._earliest_us is not None and start_us < self._earliest_us

    def _add(self) -> bool:
        self.count += 1
        return True

    def _keep(self, end_us: int, sign: int, travel_m: float) -> None:
        self._kept.append((end_us, sign, travel_m))
        while end_us - self._kept[0][0] > KEPT_US:
            self._kept.popleft()


def _cycle(outward: int | None, sign: int) -> tuple[int | None, bool]:
    """Return the way out that waits for its way back, and whether a cycle was closed."""
    if outward is None:
        return sign, False
    return (sign if sign != 0 and sign == outward else None), True
