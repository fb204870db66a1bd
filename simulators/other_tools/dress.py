"""What another kind of tool looks like from outside: its services, and its bytes."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, NamedTuple, TypeAlias

from protocols.telemetry import Telemetry

Value: TypeAlias = tuple[str, bytes]
"""A characteristic's UUID, and what is notified on it."""


class Act(Enum):
    """What a write asks of a tool."""

    START = auto()
    STOP = auto()
    TARE = auto()


class Asked(NamedTuple):
    """What a write comes to.

    Attributes:
        act: what is to be done; None for nothing.
        rate_hz: the rate from now on; None leaves it.
        answers: what is notified at once.
    """

    act: Act | None = None
    rate_hz: int | None = None
    answers: tuple[Value, ...] = ()


NOTHING = Asked()


@dataclass(frozen=True, slots=True)
class Served:
    """One characteristic of the tool's own service.

    Attributes:
        uuid: its UUID.
        notifies: whether it notifies; else it is written.
    """

    uuid: str
    notifies: bool


class Dress:
    """One kind of tool.

    Attributes:
        service: the service it has, and advertises.
        served: the characteristics in it.
        sends_unasked: whether it sends as soon as somebody subscribes.
        rate_hz: its rate until something else is asked for; one of the rates of its data file.
    """

    service: ClassVar[str]
    served: ClassVar[tuple[Served, ...]]
    sends_unasked: ClassVar[bool] = True
    rate_hz: ClassVar[int] = 100

    def values(self, telemetry: Telemetry) -> list[Value]:
        """Return what is notified for samples."""
        raise NotImplementedError

    def written(self, uuid: str, value: bytes) -> Asked:  # noqa: ARG002 - most take nothing
        """Return what a write comes to."""
        return NOTHING


def cut(uuid: str, data: bytes, size: int) -> list[Value]:
    """Return a stream's bytes in pieces, as a transport cuts them."""
    return [(uuid, data[place : place + size]) for place in range(0, len(data), size)]
