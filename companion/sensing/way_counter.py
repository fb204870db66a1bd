"""Repetitions of a tool that feels no contact, from its ways."""

from statistics import median

from companion.sensing.copied import Copied
from companion.sensing.motion_contact import BACK_COSINE, PAUSE_US, SAME_COSINE, Kind
from companion.sensing.types import RepetitionKind
from companion.sensing.ways import Way

PAIR_TIMES = 2.5
"""Times as quick that one of two ways may be of which one is the way back of the other
(docs/sensing.md, ways): a move to another place is slower by more."""
CLEAR_WAYS = 3
"""Ways on the skin from which ways can be all that there is (engineering choice)."""
CLEAR_TIMES = 3.0
"""Times as many ways such as a face allows as others from which they are."""
RUBS_SHARE = 0.5
"""Share of the strokes with their way back on the skin from which a hand rubs to and fro
(docs/sensing.md, ways)."""
LONG_TIMES = 1.85
"""Times the usual length from which a way alone led from one place to the next, where a hand rubs
(docs/sensing.md, ways)."""
SLOW_SHARE = 0.4
"""Share of the usual speed below which it did so too, if it also turned little (docs/sensing.md,
ways)."""
LITTLE_SHARE = 0.5
"""Share of the usual turn below which it turned little (docs/sensing.md, ways)."""


class WayCounter(Copied):
    """Counts what a step declares, in ways.

    A *stroke* is a way on the skin: whoever lifts the tool on the way back makes one of each motion
    there and back, whoever rubs to and fro makes two. A *cycle* is there and back, on the skin or
    through the air, counted at the return. A way that goes on after a rest, the same way, is no
    other one.

    Attributes:
        times_us: when each repetition was complete; never taken back.
    """

    def __init__(self, kind: RepetitionKind) -> None:
        self.times_us: list[int] = []
        self._kind = kind
        self._skin = self._air = self._carried = 0
        self._before: tuple[Way, Kind] | None = None
        self._outward: Way | None = None
        self._strokes: list[Way] = []
        self._pairs: set[int] = set()

    @property
    def is_work(self) -> bool:
        """Whether this is the work on a face: most ways are such as a face allows."""
        return self._skin > 0 and self._skin + self._air >= self._carried

    @property
    def is_all(self) -> bool:
        """Whether that is so clear that nothing but ways is a stroke."""
        return self._skin >= CLEAR_WAYS and self._skin + self._air >= CLEAR_TIMES * self._carried

    @property
    def may_lack(self) -> bool:
        """Whether the phase of the motion may know of more: where it repeats as ways would.

        It does not for strokes whose way back is lifted: of those it sees two in each motion.
        """
        return self._kind is RepetitionKind.CYCLE or self._air == 0

    def take(self, way: Way, kind: Kind, *, is_back: bool = False) -> None:
        """Take the next way; ``is_back``: it undoes the turn of the one before."""
        before, self._before = self._before, (way, kind)
        if is_back and kind is Kind.SKIN and before is not None and _is_way_back(way, before):
            self._pairs |= {before[0].end_us, way.end_us}
        match kind:
            case Kind.CARRIED:
                self._carried += 1
                self._outward = None
            case Kind.AIR:
                self._air += 1
                self._return(way)
            case Kind.SKIN:
                self._skin += 1
                if before is None or not _goes_on(way, before):
                    self._stroke(way)

    def _stroke(self, way: Way) -> None:
        if self._kind is RepetitionKind.CYCLE:
            if not self._return(way):
                self._outward = way
            return
        self.times_us.append(way.end_us)
        self._strokes.append(way)

    def final_us(self) -> list[int]:
        """Return the time of each repetition after a second look at all of them.

        Where a hand rubs to and fro, a way that has no way back and is not like the others only
        led from one place to the next.
        """
        strokes, pairs = self._strokes, self._pairs
        rubs = sum(way.end_us in pairs for way in strokes) > RUBS_SHARE * len(strokes)
        if not rubs:
            return self.times_us
        length_m = median(way.length_m for way in strokes)
        speed_mps = median(way.mps for way in strokes)
        turn_rad = median(way.turn_rad for way in strokes)

        def is_stroke(way: Way) -> bool:
            if way.end_us in pairs:
                return True
            is_slow = way.mps < SLOW_SHARE * speed_mps
            leads_on = is_slow and way.turn_rad < LITTLE_SHARE * turn_rad
            return way.length_m <= LONG_TIMES * length_m and not leads_on

        return [way.end_us for way in strokes if is_stroke(way)]

    def _return(self, way: Way) -> bool:
        """Take a way that may close a cycle; return whether it did."""
        outward, self._outward = self._outward, None
        if outward is None or way.likeness(outward) > BACK_COSINE:
            return False
        self.times_us.append(way.end_us)
        return True


def _is_way_back(way: Way, before: tuple[Way, Kind]) -> bool:
    out, kind = before
    return kind is Kind.SKIN and 1 / PAIR_TIMES < way.mps / max(out.mps, 1e-9) < PAIR_TIMES


def _goes_on(way: Way, before: tuple[Way, Kind]) -> bool:
    earlier, kind = before
    rests_us = way.start_us - earlier.end_us
    return kind is Kind.SKIN and rests_us < PAUSE_US and way.likeness(earlier) > SAME_COSINE
