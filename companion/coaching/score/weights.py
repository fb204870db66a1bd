"""What the parts of a score weigh; every figure here is ours (grade D, docs/coaching.md)."""

from typing import Final

from companion.coaching.events.score import Part

WEIGHTS: Final = {
    Part.BAND: 35,
    Part.OVER_PRESSURE: 30,
    Part.DIRECTION: 10,
    Part.TEMPO: 5,
    Part.REPETITIONS: 10,
    Part.COMPLETENESS: 10,
}
"""Points of each part of a step: a hundred in all. Pressure is what we measure best and what can
do harm, so two thirds are its own."""

CAUTION_POINTS: Final = 6
"""What a warning at caution costs: five of them are all the points of the part."""

STOP_POINTS: Final = 12
"""What a warning at stop costs, besides the caution it went through."""

SECONDS_FREE: Final = 1.0
"""How long a warning may stand for that: time to hear it and to ease off."""

CAUTION_PER_S: Final = 2
"""What every further whole second at caution costs."""

STOP_PER_S: Final = 4
"""What every further whole second at stop costs."""

EDGE_S: Final = 0.5
"""Light or firm for so long at a time costs nothing: force comes on and goes off."""

KNOWN_SHARE: Final = 0.5
"""Share of a step's or session's time in which the pressure must have been known."""

TOUCH_AT_LEAST_S: Final = 1.0
"""Seconds of judged contact without which a session has no score."""

MISCOUNT: Final = 1
"""Repetitions that may be missing at no cost: the counter may be wrong by one."""
