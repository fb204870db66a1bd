"""Counts repetitions as the step declares them; a count is never taken back."""

from companion.sensing.contact import ON_TIME_US
from companion.sensing.copied import Copied
from companion.sensing.holes import Holes, Seen
from companion.sensing.second_look import SecondLook, cycle
from companion.sensing.strokes import MINIMUM_US, Leg
from companion.sensing.types import RepetitionKind

CONTACT_US = 40_000
"""Shortest contact that counts: half of a brisk fingertip tap (engineering choice)."""
BOUNCE_US = 60_000
"""Time off the skin below which it is a bounce; double taps at 4 Hz leave twice that."""
EARLY_US = 300_000
"""How long before its step a repetition may begin: the step before ends by a confirmation, and
that comes up to this long after the stroke."""
LONGER_TIMES = 1.5
"""Times the longest whole contact so far up to which two pieces around missing samples are one."""
CUT_US = 1_000_000
"""Silence after which what goes on is another stroke."""


class RepetitionCounter(Copied):
    """Counts strokes, cycles or contacts since a step began.

    A cycle is counted at the confirmation of its way back. A stroke in the same direction as
    the one before closes a cycle whose way back was through the air; without a wheel's sign
    every second stroke is a way back. A stroke that rests and goes on the same way, without
    leaving the skin, is one repetition. Where repetitions are strokes, the light way back of one
    is none.

    Attributes:
        kind: what one repetition is.
        count: repetitions so far.
        holes: where samples are missing.
    """

    def __init__(self, kind: RepetitionKind, begin_us: int | None) -> None:
        self.count = 0
        self.kind = kind
        self._earliest_us = None if begin_us is None else begin_us - EARLY_US
        self._outward: int | None = None
        self._contact: tuple[int, int] | None = None
        self._held: tuple[int, int] | None = None
        self._longest_us = self._faint_us = 0
        self._cut: Leg | None = None
        self._resumed_us = 0
        self._was_touching = self._came_late = False
        self._way: tuple[int, int] | None = None
        self._step = SecondLook(kind)
        self.holes = Holes()

    def stroke(self, leg: Leg) -> bool:
        """Take a confirmed stroke; return whether it was one more repetition."""
        if self._is_early(leg.start_us) or self.kind is RepetitionKind.CONTACT:
            return False
        cut, self._cut = self._cut, None
        if cut is leg:
            return False
        goes_on = cut is not None and self._goes_on(cut, leg)
        self._step.take(leg, goes_on=goes_on)
        if goes_on:
            return False
        sign = leg.sign
        way, self._way = self._way, (leg.contact_us, sign)
        if sign and way == self._way:
            return False
        if self.kind is RepetitionKind.CYCLE:
            self._outward, is_counted = cycle(self._outward, sign)
            return is_counted and self._add()
        return not leg.is_light_return and self._add()

    def cut(self, leg: Leg) -> bool:
        """Take a stroke whose end silence hides; return whether it was one more repetition.

        What goes on after the silence, the same way and still on the skin, is the same one.
        """
        is_counted = self.stroke(leg)
        if leg.is_open and not self._is_early(leg.start_us):
            self._cut = leg
        return is_counted

    def resumed(self, t_us: int, *, came_late: bool = False) -> None:
        """Samples come again; ``came_late``: none is missing, so that nothing was hidden."""
        self._resumed_us = t_us
        self._came_late = came_late and self._was_touching
        if self._cut is not None and t_us - self._cut.end_us > CUT_US:
            self._cut = None

    def _goes_on(self, cut: Leg, leg: Leg) -> bool:
        """Return whether a stroke is the rest of one that silence cut."""
        has_touched = leg.contact_us - self._resumed_us <= BOUNCE_US
        return has_touched and cut.sign == leg.sign

    def contact_began(self, began_us: int) -> int:
        """Take the beginning of a contact; return when what it belongs to began."""
        pending = self._contact
        if pending is not None and began_us - pending[1] < BOUNCE_US:
            self._contact = None
            return pending[0]
        return began_us

    def contact_ended(self, began_us: int, ended_us: int, faint_us: int = 0) -> None:
        """Take the end of a contact: it counts once it can be no bounce any more.

        Args:
            began_us: its first sample above the threshold.
            ended_us: the end of its last one.
            faint_us: how long faint force went before and after.
        """
        if self.kind is not RepetitionKind.CONTACT or self._is_early(began_us):
            return
        held, is_rest = self._held, self._is_rest(began_us, ended_us)
        self._held = None
        if is_rest:
            return
        if held is None or began_us - self._resumed_us > BOUNCE_US:
            self._longest_us = max(self._longest_us, ended_us - began_us)
        self._contact = (began_us, ended_us)
        self._faint_us = faint_us

    def _is_rest(self, began_us: int, ended_us: int) -> bool:
        """Return whether a contact is the rest of the one that silence cut."""
        held = self._held
        if held is None or began_us - self._resumed_us > BOUNCE_US:
            return False
        most_us = LONGER_TIMES * self._longest_us
        return self._came_late or not most_us or ended_us - held[0] <= most_us

    def is_due(self, t_us: int) -> bool:
        """Whether by then a contact can be no bounce any more: then ask ``is_counted``."""
        return self._contact is not None and t_us - self._contact[1] >= BOUNCE_US + ON_TIME_US

    def is_counted(self, t_us: int) -> bool:
        """Return whether a contact became one more repetition by now."""
        return self.is_due(t_us) and self._take_contact()

    def suspend(self, touching: tuple[int, int] | None) -> None:
        """Take silence: a contact before it counts, its rest after it does not.

        Args:
            touching: since when the tool touches, and up to when that is known; None if it does
                not.
        """
        if self._contact is not None:
            self._take_contact()
        self._was_touching = touching is not None
        if touching is None or self.kind is not RepetitionKind.CONTACT or self._is_rest(*touching):
            return
        self._held = None if self._is_early(touching[0]) else touching
        if self._held is not None:
            self._step.contact(Seen(*touching, is_whole=False))
            self._add()

    def _take_contact(self) -> bool:
        """Count the contact that has ended, unless it was a knock."""
        contact, self._contact = self._contact, None
        if contact is None or contact[1] - contact[0] + self._faint_us < CONTACT_US:
            return False
        self._step.contact(Seen(*contact))
        return self._add()

    def close(self) -> bool:
        """The step is over: return whether the last contact became one more repetition."""
        return self._take_contact()

    def final_us(self) -> list[int]:
        """Return the time of every repetition after a second look at the whole step."""
        return self._step.times_us()

    @property
    def unseen(self) -> int:
        """How many more repetitions may lie wholly where samples are missing."""
        least_us = CONTACT_US if self.kind is RepetitionKind.CONTACT else MINIMUM_US
        return self.holes.unseen(self._step.seen(), least_us=least_us)

    def _is_early(self, start_us: int) -> bool:
        return self._earliest_us is not None and start_us < self._earliest_us

    def _add(self) -> bool:
        self.count += 1
        return True
