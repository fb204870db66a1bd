"""What really happened: the simulation's own knowledge, for tests and labelled recordings.

All times are seconds on the tool's clock (``device_us`` / 1e6).
"""

from simulators.truth.finding import find_truth
from simulators.truth.sheet import (
    Course,
    Dose,
    OverPressure,
    Span,
    StepTruth,
    TrueContact,
    TrueFault,
    TrueSlip,
    TrueStroke,
    Truth,
)

__all__ = [
    "Course",
    "Dose",
    "OverPressure",
    "Span",
    "StepTruth",
    "TrueContact",
    "TrueFault",
    "TrueSlip",
    "TrueStroke",
    "Truth",
    "find_truth",
]
