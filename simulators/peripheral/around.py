"""What a GATT server needs of the tool around it."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.peripheral.look import Notice
from simulators.peripheral.tasks import Tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The tool around its GATT server.

    Attributes:
        tasks: carry out what cannot be waited for.
        now_us: gives the present moment in true microseconds.
        tick: lets the firmware catch up and be told.
        notice: told in words what happens on the link.
    """

    tasks: Tasks
    now_us: Callable[[], int]
    tick: Callable[[], None]
    notice: Notice
