"""The final count: a second look at the strokes and contacts of a whole step."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from companion.sensing.copied import Copied
from companion.sensing.holes import Seen
from companion.sensing.strokes import Leg, is_light
from companion.sensing.types import RepetitionKind

KEPT_US = 600_000_000
"""How long repetitions are kept for the second look: ten minutes."""
WIGGLE_SHARE = 0.25
"""Share of the usual travel below which, looked at again, a stroke was a wiggle."""
TWICE_SHARE = 1.5
"""Times the usual travel from which two pieces around a silence were two strokes, not one."""


@dataclass(slots=True)
class _Run(Copied):
    """The legs that are one stroke: parted by a rest on the skin, or by silence."""

    legs: list[Leg]
    is_light: bool = False

    @property
    def end_us(self) -> int:
        return self.legs[-1].end_us

    @property
    def sign(self) -> int:
        return self.legs[0].sign or self.legs[-1].sign

    @property
    def travel_m(self) -> float:
        """How far it led as far as the wheel saw; 0 where none tells."""
        return sum(abs(leg.net_m or 0.0) for leg in self.legs if leg.sign)

    @property
    def is_whole(self) -> bool:
        return all(leg.is_whole and not leg.is_open for leg in self.legs)

    @property
    def mean_n(self) -> float | None:
        count = sum(leg.load.count for leg in self.legs)
        return sum(leg.load.sum_n for leg in self.legs) / count if count else None


class SecondLook(Copied):
    """Remembers the strokes or contacts of a step, and counts them again with all in view.

    Args:
        kind: what one repetition is.
    """

    def __init__(self, kind: RepetitionKind) -> None:
        self._kind = kind
        self._legs: deque[tuple[Leg, bool]] = deque()
        self._contacts: deque[Seen] = deque()

    def take(self, leg: Leg, *, goes_on: bool) -> None:
        """Remember a stroke; ``goes_on``: it looked like the rest of one that silence cut."""
        self._legs.append((leg, goes_on))
        while leg.end_us - self._legs[0][0].end_us > KEPT_US:
            self._legs.popleft()

    def contact(self, contact: Seen) -> None:
        """Remember a contact that counted."""
        self._contacts.append(contact)
        while contact.end_us - self._contacts[0].end_us > KEPT_US:
            self._contacts.popleft()

    def seen(self) -> list[Seen]:
        """Return the contacts that counted, or the strokes."""
        if self._kind is RepetitionKind.CONTACT:
            return list(self._contacts)
        runs = _without_wiggles(_joined(self._legs))
        return [Seen(run.legs[0].start_us, run.end_us, is_whole=run.is_whole) for run in runs]

    def times_us(self) -> list[int]:
        """Return the time of every repetition."""
        if self._kind is RepetitionKind.CONTACT:
            return [contact.end_us for contact in self._contacts]
        runs = _without_wiggles(_joined(self._legs))
        if self._kind is RepetitionKind.STROKE:
            return [run.end_us for run in _without_light_returns(runs)]
        times: list[int] = []
        outward: int | None = None
        for run in runs:
            outward, is_counted = cycle(outward, run.sign)
            if is_counted:
                times.append(run.end_us)
        return times


def cycle(outward: int | None, sign: int) -> tuple[int | None, bool]:
    """Return the way out that waits for its way back, and whether a cycle was closed.

    Args:
        outward: the sign of the way out that waits, None where none does.
        sign: of the stroke that came, 0 where no wheel tells.
    """
    if outward is None:
        return sign, False
    return (sign if sign != 0 and sign == outward else None), True


def _joined(legs: Iterable[tuple[Leg, bool]]) -> list[_Run]:
    """Put legs together that are one stroke."""
    legs = list(legs)
    usual = _usual_m(_Run([leg]) for leg, _ in legs if leg.is_whole)
    runs: list[_Run] = []
    for leg, goes_on in legs:
        last = runs[-1] if runs else None
        if last is not None and _is_rest_of(last, leg, usual, goes_on=goes_on):
            last.legs.append(leg)
        else:
            runs.append(_Run([leg]))
    return runs


def _is_rest_of(run: _Run, leg: Leg, usual_m: float, *, goes_on: bool) -> bool:
    """Return whether a leg is the rest of a stroke: on the same skin, or after a silence."""
    if leg.sign and leg.sign == run.sign and leg.contact_us == run.legs[-1].contact_us:
        return True
    return goes_on and not _is_twice(run, leg, usual_m)


def _is_twice(run: _Run, leg: Leg, usual_m: float) -> bool:
    """Return whether two pieces are too long to be one stroke."""
    return bool(usual_m) and run.travel_m + abs(leg.net_m or 0.0) > TWICE_SHARE * usual_m


def _without_wiggles(runs: list[_Run]) -> list[_Run]:
    least_m = WIGGLE_SHARE * _usual_m(runs)
    return [run for run in runs if not run.is_whole or not 0.0 < run.travel_m < least_m]


def _without_light_returns(runs: list[_Run]) -> list[_Run]:
    """Leave out what is light beside its neighbour on the same skin, before it or after it."""
    for one, other in pairwise(runs):
        if one.legs[-1].contact_us == other.legs[0].contact_us and one.sign * other.sign <= 0:
            one.is_light = one.is_light or is_light(one.mean_n, other.mean_n)
            other.is_light = other.is_light or is_light(other.mean_n, one.mean_n)
    return [run for run in runs if not run.is_light]


def _usual_m(runs: Iterable[_Run]) -> float:
    travels = [travel_m for run in runs if (travel_m := run.travel_m)]
    return median(travels) if travels else 0.0
