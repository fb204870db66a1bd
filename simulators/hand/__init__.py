"""The simulated hand: it performs a plan on the simulated body."""

from simulators.hand.choreography import Performed, perform
from simulators.hand.drag import Skin
from simulators.hand.drawing import drawn
from simulators.hand.motion import GRID_HZ, UPRIGHT, Motion, up_when_reclined
from simulators.hand.moves import Contact, Move
from simulators.hand.touches import CannotPerformError
from simulators.hand.tremor import Tremor, held_still

__all__ = [
    "GRID_HZ",
    "UPRIGHT",
    "CannotPerformError",
    "Contact",
    "Motion",
    "Move",
    "Performed",
    "Skin",
    "Tremor",
    "drawn",
    "held_still",
    "perform",
    "up_when_reclined",
]
