"""Whether the core was ours alone while something was measured.

On a host of virtual machines a neighbour may run on the other thread of the same core. No count of
processes shows it, and everything here takes half as long again while it lasts, for tenths of a
second or for minutes. A loop that always does the same shows it: what is measured is looked at in
short stretches, and one is alone if the loop was fast before and after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from time import perf_counter_ns
from typing import Final

_ROUNDS: Final = 1000
_LOOKS: Final = 3
"""The fastest of so many loops is believed: any one may be interrupted."""
_SHARED: Final = 1.2
"""On a core that is shared the loop takes at least so many times as long as when it is fast: alone
it scatters by a tenth, and a neighbour makes it 1.5 (measured on the machine of the figures)."""
_FAST: Final = 0.05
"""The loop is fast where only this share of the looks found it faster: single ones may be odd."""
_PER_STRETCH: Final = 40


@dataclass(frozen=True, slots=True)
class Watched:
    """What was measured: all of it, and what was measured while the core was not shared.

    Attributes:
        every: all of it, in order.
        alone: that of stretches before and after which the loop was fast; all if there were none.
        alone_percent: how much of it was measured in such stretches.
        loop_us: the loop where it was fast, in microseconds: compare it between runs.
    """

    every: list[float]
    alone: list[float]
    alone_percent: float
    loop_us: float


def watched(measuring: Iterable[float]) -> Watched:
    """Return what is measured while this is iterated over, with looks at the loop in between."""
    given, looks_us = iter(measuring), [_loop_us()]
    stretches = []
    while stretch := list(islice(given, _PER_STRETCH)):
        stretches.append(stretch)
        looks_us.append(_loop_us())
    fast_us = sorted(looks_us)[int(_FAST * len(looks_us))]
    shared = pairwise(look_us > _SHARED * fast_us for look_us in looks_us)
    quiet = [stretch for stretch, looks in zip(stretches, shared, strict=True) if not any(looks)]
    every, alone = [*chain(*stretches)], [*chain(*quiet)]
    return Watched(every, alone or every, 100 * len(alone) / len(every), fast_us)


def _loop_us() -> float:
    return min(_loop_ns() for _ in range(_LOOKS)) / 1e3


def _loop_ns() -> int:
    total, began = 0, perf_counter_ns()
    for number in range(_ROUNDS):
        total += number * number % 7
    return perf_counter_ns() - began
