"""A listener of the link that keeps what it was told."""

import asyncio
from dataclasses import dataclass, field

from companion.ble.errors import LinkError
from companion.ble.scanner import Found
from companion.ble.tool import Identity
from companion.live import LinkState
from protocols.massage_tool import Channel, Started, ToolFeature
from protocols.telemetry import Telemetry
from tests.ble.scripted_tool import NAME


@dataclass
class Recorder:
    """A listener that keeps what it was told; the tool has to be called as `name` says."""

    name: str = NAME
    states: list[LinkState] = field(default_factory=list)
    runs: list[Started] = field(default_factory=list)
    ups: list[float] = field(default_factory=list)
    losts: list[float] = field(default_factory=list)
    troubles: list[LinkError] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    batteries: list[int] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    channels: list[tuple[Channel, ...]] = field(default_factory=list)
    features: list[ToolFeature] = field(default_factory=list)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    def on_link_state(self, state: LinkState) -> None:
        self.states.append(state)

    def on_found(self, found: Found) -> None:
        assert found.name == self.name

    def on_tool(
        self, name: str, feature: ToolFeature, identity: Identity, channels: tuple[Channel, ...]
    ) -> None:
        assert name == self.name
        self.features.append(feature)
        self.identities.append(identity)
        self.channels.append(channels)

    def on_run(self, started: Started) -> None:
        self.runs.append(started)

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        assert isinstance(value, bytes)
        self.frames.append(value)

    def on_tool_event(self, value: bytes) -> None: ...

    def on_battery(self, percent: int) -> None:
        self.batteries.append(percent)

    def on_link_up(self, rate_hz: int) -> None:
        assert rate_hz == 100
        self.ups.append(asyncio.get_running_loop().time())
        self.lost.clear()
        self.up.set()

    def on_link_lost(self) -> None:
        self.losts.append(asyncio.get_running_loop().time())
        self.up.clear()
        self.lost.set()

    def on_trouble(self, error: LinkError) -> None:
        self.troubles.append(error)
