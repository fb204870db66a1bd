"""When a contact really began and ended: its soft edges, drawn out to no force."""

from collections.abc import Sequence

SHORTEST_US = 200_000
"""Shortest contact whose edges are drawn out: a quick tap rises and falls within a few samples,
which do not tell how (engineering choice)."""
LONGEST_US = 75_000
"""Most by which a beginning is drawn out before the first touch that was felt, and an end after the
last: a force that lingers is no edge (engineering choice)."""
LEVELS = (2.0, 1.0, 0.5)
"""Shares of the threshold whose crossings tell how an edge bends: each half of the one before;
below the lowest lies the noise (engineering choice)."""
STEEPEST = 2.0
"""Most by which a crossing may take longer than the one before: an even rise (geometry)."""
SOFTEST = 2.0 ** (1 / 3)
"""Least by which it does: a smooth movement begins with the third power of the time (Flash and
Hogan, J Neurosci 1985;5:1688)."""
BEND_TRUST = 0.25
"""How much of the bend that three crossings tell is believed, beside that of a smooth movement:
each is off by some samples' noise, and the steeper the bend the more that weighs (engineering
choice, on simulated people of its own)."""

Samples = Sequence[tuple[int, float]]


def no_force_us(samples: Samples, on_n: float) -> int | None:
    """Return when the force of a soft edge was nothing; None for one that is not soft.

    A force that grows with some power of the time, F = k (t - t0)^p, passes three levels, each
    twice the one below, at t1, t2 and t3 with t3 - t2 = q (t2 - t1) and q = 2^(1/p): hence
    t0 = t1 - (t3 - t1) / (q^2 - 1), whatever k and p are. Of what the crossings tell of q a part is
    believed (``BEND_TRUST``); the rest is a smooth movement's. An edge without a sample between its
    lowest and its highest level is not soft.

    Args:
        samples: times in us and newtons above what the untouched tool reads, from outside to
            inside: in order of time at a beginning, against it at an end.
        on_n: the threshold of contact.
    """
    highest_n = LEVELS[0] * on_n
    top = next((index for index, (_, n) in enumerate(samples) if n >= highest_n), -1)
    at, crossings = top, []
    for share in LEVELS:
        level_n = share * on_n
        while at >= 0 and samples[at][1] >= level_n:
            at -= 1
        if at < 0:
            return None
        (out_us, out_n), (in_us, in_n) = samples[at], samples[at + 1]
        crossings.append(out_us + (in_us - out_us) * (level_n - out_n) / (in_n - out_n))
    if top - at < len(LEVELS) - 1:
        return None
    third, second, first = crossings
    bend = min(max((third - second) / (second - first), SOFTEST), STEEPEST)
    bend = SOFTEST + BEND_TRUST * (bend - SOFTEST)
    return round(first - (third - first) / (bend * bend - 1.0))
