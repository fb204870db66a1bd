"""A routine made shorter or longer as a whole: fewer or more repetitions, less or more time."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # else reading the settings alone would load the whole engine
    from companion.coaching.routine import Step

PLAIN_PERCENT: Final = 100
"""What the routine's file says."""

SCALES: Final = (50, 75, PLAIN_PERCENT, 125, 150)
"""Percents to choose from. Source: ours, grade D; caps on dose and session hold at each."""

SHORTEST_S: Final = 1.0


def next_scale(percent: int, *, longer: bool) -> int:
    """Return the next percent in a direction; the same one at the end of the list."""
    if longer:
        return min((scale for scale in SCALES if scale > percent), default=percent)
    return max((scale for scale in SCALES if scale < percent), default=percent)


def scaled(step: "Step", percent: int, *, done: int = 0, elapsed_s: float = 0.0) -> "Step":
    """Return a step with its repetitions and time scaled; limits, pace and rest stay.

    Args:
        step: as the routine has it.
        percent: one of ``SCALES``.
        done: repetitions done already, which are not taken back.
        elapsed_s: seconds it has lasted already.
    """
    if percent == PLAIN_PERCENT:
        return step
    count, time_s = step.repetitions, max(SHORTEST_S, step.time_limit_s * percent / 100)
    return replace(
        step,
        repetitions=None if count is None else max(1, done, (count * percent + 50) // 100),
        time_limit_s=max(time_s, elapsed_s),
    )
