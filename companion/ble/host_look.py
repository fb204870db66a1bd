"""What can be seen of a Linux computer's Bluetooth, from the kernel up."""

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """Whether a daemon can be asked."""

    THERE = "there"
    MISSING = "missing"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterLook:
    """An adapter as BlueZ tells it.

    Attributes:
        name: hci0 and so on.
        address: its address.
        is_powered: whether it is on.
        version: BlueZ's version; empty where it is not told.
    """

    name: str
    address: str
    is_powered: bool
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLook:
    """A computer's Bluetooth.

    Attributes:
        bus: whether the system's message bus can be asked.
        service: whether BlueZ's daemon can be.
        kernel: the adapters that the kernel has.
        blocked: the rfkill switches of Bluetooth that are on, ``soft`` or ``hard``.
        adapters: those that BlueZ has.
    """

    bus: Reach
    service: Reach
    kernel: tuple[str, ...]
    blocked: tuple[str, ...]
    adapters: tuple[AdapterLook, ...] = ()
