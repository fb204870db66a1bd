"""What is known of a tool that does not speak the profile: how to find, start and read it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from protocols.massage_tool.feature import ToolFeature
from protocols.other_tools.readings import Codec


class CodecName(StrEnum):
    """The codecs that a description can name."""

    FIELDS = "fields"
    LINES = "lines"
    TINDEQ = "tindeq"
    WITMOTION = "witmotion"
    BLUEFRUIT = "bluefruit"
    INDUSTRIAL_MEASUREMENT = "industrial_measurement"


class Proof(StrEnum):
    """How far a description has been proven."""

    EXAMPLE = "example"
    """Made up by us, and simulated only."""
    DOCUMENTED = "documented"
    """By public documentation and clients."""
    CAPTURED = "captured"
    """On bytes of a real device that others published."""
    REAL_DEVICE = "real_device"
    """On a real device in our hands."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A characteristic in its service, both UUIDs in full and in lower case."""

    service: str
    characteristic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Bytes to write.

    Attributes:
        to: where.
        value: what.
        with_response: whether the tool confirms the write.
    """

    to: Endpoint
    value: bytes
    with_response: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTool:
    """One kind of tool.

    Attributes:
        name: what a user calls it by.
        title: what it is called on a screen.
        source: where what is said here comes from.
        proof: how far it was proven.
        codec: which codec reads it.
        new_codec: makes that codec for one connection.
        listens: what to subscribe to.
        start: what to write to let it send.
        stop: what to write to end that.
        tare: what to write to zero it; the host zeroes the rest in any case.
        rate_hz: samples per second.
        has_clock: whether its readings bring its own time.
        pairs: whether to pair with it.
        feature: what the profile's Tool Feature would say of it.
        services: advertised UUIDs that tell it, in lower case.
        names: advertised names that tell it; ``*`` stands for anything.
    """

    name: str
    title: str
    source: str
    proof: Proof
    codec: CodecName
    new_codec: Callable[[], Codec]
    listens: tuple[Endpoint, ...]
    start: tuple[Write, ...] = ()
    stop: tuple[Write, ...] = ()
    tare: tuple[Write, ...] = ()
    rate_hz: int
    has_clock: bool
    pairs: bool = False
    feature: ToolFeature
    services: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def likeness(self, services: frozenset[str], name: str) -> int:
        """Return how surely an advertisement is of such a tool; 0: it is not.

        A name says more than a service, and a longer pattern more than a shorter one.

        Args:
            services: advertised UUIDs in lower case.
            name: the advertised name, empty for none.
        """
        by_name = [
            2 + len(pattern.replace("*", ""))
            for pattern in self.names
            if fnmatchcase(name, pattern)
        ]
        by_service = 1 if services & set(self.services) else 0
        return max([*by_name, by_service] if name else [by_service])
