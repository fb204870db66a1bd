"""Contact of a tool that feels none: which of its ways follow the skin."""

from collections import deque
from enum import Enum
from statistics import median

from companion.sensing.copied import Copied
from companion.sensing.types import ContactBegan, ContactEnded, SensingEvent
from companion.sensing.ways import Way

LIFTED_M = 0.0075
"""Excess of a way from which the tool was lifted off the skin (docs/sensing.md, ways)."""
STROKE_TIMES = 2.0
"""Times that excess where the way is a stroke by what the hand did before."""
FOLLOWS_M = 0.004
"""Excess up to which it followed the skin; in between it does what it did not do on the way
before, of which this is the way back (docs/sensing.md, ways)."""
TURNED_M = -0.012
"""Excess below which the tool was turned in the hand more than skin turns it."""
EXCESS_DOUBT_MPS2 = 0.001
"""What drift makes of an excess, per squared time (docs/sensing.md, ways)."""
LENGTH_DOUBT_MPS2 = 0.006
"""What drift makes of a length, per squared time (docs/sensing.md, ways)."""
LEAST_M = 0.02
"""Shortest way on the skin."""
SHIFT_SHARE = 0.45
"""Share of the length and the turn of the stroke before, below which a way is none: the tool is set
down at another place (engineering choice; a stroke that rests midway has halves)."""
SHIFT_SPEED_SHARE = 0.35
"""The same of its mean speed: what is as quick is a piece of a stroke, or goes on from it."""
HABIT = 2
"""Ways back after which it is believed that a hand lifts the tool on them, or that it does not."""
LASTS_TIMES = 3.0
"""Times as long as usual from which, where a hand rubs, a way led to another place: a cadence that
changes by four tenths either way makes 2.3 (docs/sensing.md, ways)."""
USUAL_WAYS = 15
"""Newest ways on the skin that tell what is usual (engineering choice)."""
FEWEST_WAYS = 4
"""Ways from which that is known (engineering choice)."""
FACE_M = 0.2
"""Longest way along a face or neck: from the chin over the cheek to the hairline."""
FACE_MPS = 0.8
"""Mean speed above which nobody strokes a face: nearly twice the fastest of 20 cm/s."""
FACE_RAD = 1.2
"""Largest turn on one way: from the nose to the ear."""
FAR_M = 0.4
"""The same for a way that goes back where the one before came from: such ways are work, and what
is longer was made so by drift (docs/sensing.md, ways)."""
BACK_COSINE = -0.7
"""Cosine of two turns below which one way is the way back of the other."""
SAME_COSINE = 0.5
"""Cosine of two turns above which one way goes on where the other rested."""
BACK_TIMES = 2.5
"""Times that one of them may be larger."""
BACK_US = 1_000_000
"""Rest between them at most."""
PAUSE_US = 3_000_000
"""Rest after which a contact is over: longer ones are no part of the work (docs/recordings.md)."""
SOURCE_MOTION = "motion"
_MILLION = 1_000_000


class Kind(Enum):
    """What a way was."""

    SKIN = "skin"
    """The tool bent off the straight line as far as it turned: it followed something round."""
    AIR = "air"
    """It bent off farther: it was lifted."""
    CARRIED = "carried"
    """It was longer, or turned farther, than a face allows."""


class MotionContact(Copied):
    """Tells which ways follow the skin, and when contact began and ended by that.

    A way is told when it is over, and so is contact; its beginning and end are the way's.

    Attributes:
        is_back: whether the newest way undid the turn of the one before.
    """

    def __init__(self) -> None:
        self._before: Way | None = None
        self._stroke: Way | None = None
        self._kind = Kind.CARRIED
        self.is_back = False
        self._habit = 0
        self._lasted_s: deque[float] = deque(maxlen=USUAL_WAYS)
        self._began_us: int | None = None
        self._last_us = 0

    def restart(self, t_us: int, out: list[SensingEvent]) -> None:
        """A gap: what comes after it is no way back of what was before."""
        self.end(t_us, out)
        self._before = None

    def take(self, way: Way, t_us: int, out: list[SensingEvent]) -> Kind:
        """Take a way told at ``t_us``; return what it was."""
        self.is_back = self._is_back(way)
        kind = self._kind = self._kind_of(way)
        self._before = way
        if kind is not Kind.SKIN:
            self.end(t_us, out)
            return kind
        if self._began_us is not None and way.start_us - self._last_us >= PAUSE_US:
            self.end(t_us, out)
        if self._began_us is None:
            self._began_us = way.start_us
            out.append(ContactBegan(device_s=t_us / _MILLION, source=SOURCE_MOTION))
        self._last_us = way.end_us
        self._stroke = way
        self._lasted_s.append(way.seconds)
        return kind

    def rest(self, t_us: int, out: list[SensingEvent]) -> None:
        """Let time pass without a way."""
        if self._began_us is not None and t_us - self._last_us >= PAUSE_US:
            self.end(t_us, out)

    def end(self, t_us: int, out: list[SensingEvent]) -> None:
        """End the contact, if there is one: it ended with the last way on the skin."""
        began_us, self._began_us = self._began_us, None
        if began_us is not None:
            out.append(
                ContactEnded(
                    device_s=t_us / _MILLION,
                    began_s=began_us / _MILLION,
                    ended_s=self._last_us / _MILLION,
                    mean_n=None,
                    peak_n=None,
                )
            )

    def _kind_of(self, way: Way) -> Kind:
        is_way_back = self.is_back and self._kind is Kind.SKIN
        excess, doubt = way.excess_m(self._length_m(way)), EXCESS_DOUBT_MPS2 * way.seconds**2
        if way.length_m > FACE_MPS * way.seconds or way.turn_rad > FACE_RAD:
            return Kind.CARRIED
        reach_m = (FAR_M if self.is_back else FACE_M) + _drift_m(way)
        if excess < TURNED_M - 2 * doubt or way.length_m > reach_m:
            return Kind.CARRIED
        if self._is_shift(way) or self._leads_on(way) or self._moves_on(way):
            return Kind.AIR
        is_lifted, follows = excess >= self._lifted_m() + doubt, excess <= FOLLOWS_M
        if not is_way_back:
            return Kind.AIR if is_lifted else Kind.SKIN
        lifts = self._habit > 0 or (self._habit == 0 and not follows)
        if is_lifted or follows:
            self._habit = max(-HABIT, min(HABIT, self._habit + (1 if is_lifted else -1)))
        return Kind.AIR if is_lifted or lifts else Kind.SKIN

    def _lifted_m(self) -> float:
        """Return the excess from which the way is a lift.

        The way back of a way through the air is a stroke where a hand lifts the tool after each.
        """
        is_stroke = self.is_back and self._kind is Kind.AIR and self._habit >= HABIT
        return STROKE_TIMES * LIFTED_M if is_stroke else LIFTED_M

    def _length_m(self, way: Way) -> float:
        """Return the length of a way; of the way back of a stroke not more than the stroke's."""
        if self._before is None or not self.is_back or self._kind is not Kind.SKIN:
            return way.length_m
        return min(way.length_m, self._before.length_m)

    def _is_shift(self, way: Way) -> bool:
        """Return whether a way is only the tool set down at another place."""
        stroke = self._stroke
        if stroke is None:
            return way.length_m < LEAST_M
        least_m = stroke.length_m - _drift_m(stroke)
        is_short = way.length_m < max(LEAST_M, SHIFT_SHARE * least_m)
        is_slow = way.mps < SHIFT_SPEED_SHARE * stroke.mps
        return is_short and is_slow and way.turn_rad < SHIFT_SHARE * stroke.turn_rad

    def _leads_on(self, way: Way) -> bool:
        """Return whether a way took so long that it only led a hand that rubs to another place."""
        lasted_s = self._lasted_s
        is_known = self._habit <= -HABIT and len(lasted_s) >= FEWEST_WAYS
        return is_known and way.seconds > LASTS_TIMES * median(lasted_s)

    def _moves_on(self, way: Way) -> bool:
        """Return whether a hand that lifts the tool after each stroke leaves its place.

        What comes right after a stroke, and neither goes back nor on the same way as quickly, is no
        other one.
        """
        before = self._before
        if before is None or self._habit < HABIT or self._kind is not Kind.SKIN or self.is_back:
            return False
        follows = way.start_us - before.end_us < BACK_US
        is_slow = way.mps < SHIFT_SPEED_SHARE * before.mps
        return follows and (is_slow or way.likeness(before) < SAME_COSINE)

    def _is_back(self, way: Way) -> bool:
        """Return whether a way undoes the turn of the way just before."""
        before = self._before
        if before is None or way.start_us - before.end_us >= BACK_US:
            return False
        if self._kind is Kind.SKIN and way.length_m - _drift_m(way) >= BACK_TIMES * before.length_m:
            return False
        is_like = 1 / BACK_TIMES < way.turn_rad / before.turn_rad < BACK_TIMES
        return is_like and way.likeness(before) < BACK_COSINE


def _drift_m(way: Way) -> float:
    """Return how much longer than it was drift can have made a way."""
    return LENGTH_DOUBT_MPS2 * way.seconds**2
