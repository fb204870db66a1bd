"""What is simulated where nothing is named."""

from typing import Final

from simulators.plan import Plan, PlannedStep

DEFAULT_TOOL: Final = "small-roller"
"""The tool where none is named."""

DEFAULT_SCENARIO: Final = "careful"
"""The person's manner where none is named."""


def strokes(
    zone: str = "forehead",
    *,
    side: str = "left",
    technique: str = "sweep",
    direction: str = "any",
    repetitions: int = 10,
    low_kpa: float = 2.0,
    high_kpa: float = 6.0,
) -> Plan:
    """A plan of one step, for those who have no routine; see `PlannedStep` for the words."""
    step = PlannedStep(
        id=f"{zone}-{technique}",
        hand_only=False,
        zone=zone,
        side=side,
        technique=technique,
        direction=direction,
        repetitions=repetitions,
        duration_s=0.0,
        low_kpa=low_kpa,
        high_kpa=high_kpa,
        caution_kpa=None,
        stop_kpa=None,
    )
    return Plan(steps=(step,))
