"""What the tools of one hub share in the tree: the hub itself, and how devices are described."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from companion.mqtt.discovery import (
    Described,
    component_payloads,
    device_payload,
    hub_components,
    retained,
    tool_components,
)
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Outgoing
from companion.strict_json import json_text


class Holds(Protocol):
    """Where messages go."""

    def hold(self, outgoing: Outgoing) -> None:
        """Say something that stays true until it is said anew."""

    def pass_by(self, outgoing: Outgoing) -> None:
        """Say something that is of this moment."""


class Notes(Protocol):
    """What is remembered of a device from one run to the next."""

    def entities(self, device: str) -> frozenset[str]:
        """Return every ``platform/key`` that was ever described."""

    def topics(self, device: str) -> frozenset[str]:
        """Return the topics at which it was described."""

    def described(self, device: str, entities: Iterable[str], topics: Iterable[str]) -> None:
        """Remember what is described now, and what ever was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the hub beforehand.

    Attributes:
        software: our version.
        computer: what people call the hub.
        discovery: ``device``, ``component`` or ``off``.
        radio: what people call the Bluetooth adapter.
        routines: what may be chosen for the next session.
        live: whether the live stream is wanted.
        depth: tells how many letters of each kind wait.
    """

    software: str
    computer: str
    discovery: str
    radio: str = ""
    routines: tuple[str, ...] = ()
    live: bool = False
    depth: Callable[[], Mapping[str, int]] = dict


class Front:
    """Speaks of the hub, and of each tool as it comes in.

    Args:
        holds: where what is true now goes.
        topics: the tree.
        notes: what is remembered of devices.
        about: the rest.

    Attributes:
        holds: the same.
        topics: the same.
        about: the same.
    """

    def __init__(self, holds: Holds, topics: Topics, notes: Notes, about: About) -> None:
        self.holds = holds
        self.topics = topics
        self.about = about
        self._notes = notes
        self._tools: list[str] = []
        self.tell_info()
        self._describe(Described(id=self.hub_id, name=about.computer), hub_components(topics))

    @property
    def hub_id(self) -> str:
        """The hub as a device."""
        return f"{self.topics.base}-{self.topics.hub}"

    def enter(self, tool: Described) -> None:
        """Say that a tool is there, and what it is."""
        if tool.id not in self._tools:
            self._tools.append(tool.id)
        self.tell_info()
        about = self.about
        entities = tool_components(self.topics, tool.id, about.routines, live=about.live)
        self._describe(replace(tool, via=self.hub_id), entities)

    def tell_info(self) -> None:
        """Say what the hub is, and what waits for the broker."""
        waiting = dict(sorted(self.about.depth().items()))
        about = {"version": self.about.software, "adapter": self.about.radio}
        body = json_text(about | {"tools": self._tools, "waiting": waiting})
        self.holds.hold(Outgoing(topic=self.topics.info, payload=body, retain=True))

    def _describe(self, device: Described, components: dict[str, dict[str, object]]) -> None:
        """Describe a device, and empty every topic that described it and no longer does."""
        software, topics = self.about.software, self.topics
        entities = {f"{one['platform']}/{key}" for key, one in components.items()}
        gone = self._notes.entities(device.id) - entities
        match self.about.discovery:
            case "device":
                payload = device_payload(device, components, topics, software, sorted(gone))
                payloads = {topics.discovery(device.id): payload}
            case "component":
                payloads = component_payloads(device, components, topics, software)
            case _:
                payloads = {}
        stale = self._notes.topics(device.id) - payloads.keys()
        for topic in sorted(stale):
            self.holds.hold(retained(topic, None))
        for topic, payload in payloads.items():
            self.holds.hold(retained(topic, payload))
        self._notes.described(device.id, entities, payloads)
