"""Contacts that a short gap parts and a stroke goes on over, made one again."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, TypeAlias

Fields: TypeAlias = dict[str, Any]
"""A JSON object."""
DECIMALS = 6
"""Of times and forces in the document."""


def bridged(
    contacts: Sequence[Fields], strokes: Sequence[Fields], gaps: Sequence[Fields], last_s: float
) -> list[Fields]:
    """Return contacts, those on both sides of a gap made one where the stroke is one.

    A stroke goes on over a short gap with contact on both sides (``strokes.BRIDGE_US``). The hand
    then did not leave the skin, either; what it pressed meanwhile is taken for the mean of the two.

    Args:
        contacts: in order, as the engine told them; none lasts over a gap.
        strokes: those that were told, in order.
        gaps: from the last sample before to the first after; each is bridged where a stroke covers
            it and contact reaches both.
        last_s: the end of a contact that has none.
    """
    goes_on = {gap["start_s"]: gap["end_s"] for gap in gaps if _is_covered(gap, strokes)}
    told: list[Fields] = []
    for contact in contacts:
        if told and goes_on.get(told[-1]["end_s"]) == contact["start_s"]:
            told[-1] = _joined(told[-1], contact, last_s)
        else:
            told.append(contact)
    return told


def _is_covered(gap: Fields, strokes: Sequence[Fields]) -> bool:
    """Return whether a stroke lasts from before a gap to after it: the last one begun by then."""
    begun = bisect_left(strokes, gap["start_s"], key=itemgetter("start_s"))
    return begun > 0 and bool(strokes[begun - 1]["end_s"] > gap["end_s"])


def _joined(before: Fields, after: Fields, last_s: float) -> Fields:
    """Return two parts as one; its mean is theirs, each for as long as it was seen."""
    end_s = last_s if after["end_s"] is None else after["end_s"]
    seen_s = [before["end_s"] - before["start_s"], end_s - after["start_s"]]
    peaks_n = [one["peak_n"] for one in (before, after) if one["peak_n"] is not None]
    mean_n = None
    if None not in (before["mean_n"], after["mean_n"]):
        sums_ns = before["mean_n"] * seen_s[0] + after["mean_n"] * seen_s[1]
        mean_n = round(sums_ns / sum(seen_s), DECIMALS) if sum(seen_s) else before["mean_n"]
    return {
        "start_s": before["start_s"],
        "end_s": after["end_s"],
        "mean_n": mean_n,
        "peak_n": max(peaks_n, default=None),
    }
