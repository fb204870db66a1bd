"""A page's pressure and strokes: as they were judged live, where that is kept."""

from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from companion.coaching.events import Summary
from companion.coaching.hints.dose import Bounds
from companion.report import Caps, Replayed, Story, replayed
from companion.report.replay import BINS, Bin, Stroked
from companion.sensing.types import RepetitionKind, StrokeDirection
from companion.store.sessions import Kept, Sessions
from companion.store.taken import known_tool
from companion.store.trace import BIN_S, Span


def told_live(
    sessions: Sessions, kept: Kept, story: Story, summary: Summary | None
) -> Replayed | None:
    """Return what was judged live; None of a session without an end, or from before it was kept.

    Raises:
        DamagedError: it cannot be read.
    """
    spans = sessions.trace(kept)
    if summary is None or not spans:
        return None
    at_once = max(1, ceil((story.ended_s - story.began_s) / BINS / BIN_S))
    return Replayed(
        bins=tuple(_bins(spans, at_once)),
        bin_s=at_once * BIN_S,
        strokes=tuple(
            Stroked(StrokeDirection(one.direction), one.speed_cm_s, one.light_return)
            for one in sessions.strokes(kept)
            if one.stands
        ),
        loaded_s={dose.zone: dose.seconds for dose in summary.doses},
    )


def judged_again(
    sessions: Sessions, kept: Kept, story: Story, bounds: Bounds, routine: Mapping[str, Any]
) -> Replayed | None:
    """Return what the kept samples tell today; None of a tool that is not known.

    Raises:
        DamagedError: they cannot be read.
    """
    row = sessions.tool(kept)
    if row is None or not row.feature:
        return None
    tool = known_tool(row, sessions.calibration(kept))
    caps = Caps(dose=bounds.dose, is_upright=bounds.is_upright)
    return replayed(sessions.telemetry(kept), story, tool, _repetitions(routine), caps)


def _bins(spans: Mapping[int, Span], at_once: int) -> Iterator[Bin]:
    """Yield pieces, so many of them taken together."""
    merged: dict[int, list[Span]] = {}
    for number, span in spans.items():
        merged.setdefault(number // at_once, []).append(span)
    for number, parts in sorted(merged.items()):
        lows = [low for low, _ in parts if low is not None]
        highs = [high for _, high in parts if high is not None]
        from_s = number * at_once * BIN_S
        yield Bin(from_s, min(lows, default=None), max(highs, default=None))


def _repetitions(routine: Mapping[str, Any]) -> dict[str, RepetitionKind]:
    return {step["id"]: RepetitionKind(step["repetition"]) for step in routine.get("steps", ())}
