"""A host that is nothing but bytes, for tests of what a controller says to one."""

import asyncio
import struct
from dataclasses import dataclass, field

from bumble import hci

from simulators.radio import Air, RadioController

LINUX_LE_EVENTS = 0x000B_FFFF
"""The LE events of Bluetooth 5.0, as a Linux kernel asks for them and a few more."""


@dataclass
class RawHost:
    """Sends commands as bytes and keeps what comes back."""

    controller: RadioController
    heard: list[bytes] = field(default_factory=list)

    def on_packet(self, packet: bytes) -> None:
        """Keep what the controller sent."""
        self.heard.append(packet)

    async def send(self, command: hci.HCI_Command) -> bytes:
        """Send a command; return the event that answers it."""
        return await self.send_bytes(bytes(command))

    async def send_bytes(self, packet: bytes) -> bytes:
        before = len(self.heard)
        self.controller.on_packet(packet)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return self.heard[before]

    async def mask(self, events: int) -> None:
        answer = await self.send(
            hci.HCI_LE_Set_Event_Mask_Command(le_event_mask=events.to_bytes(8, "little"))
        )
        assert answer[-1] == 0

    def le_events(self) -> list[int]:
        """The LE events that came, by their code."""
        return [packet[3] for packet in self.heard if packet[:2] == b"\x04\x3e"]


def raw_host(air: Air, *, address: str | None = None) -> RawHost:
    """A fresh controller with a host of bytes."""
    controller = air.add_controller("raw", address=address)
    host = RawHost(controller)
    controller.host = host
    return host


def acl(handle: int, data: bytes, *, flag: int = 0) -> bytes:
    """A data packet of the host."""
    return b"\x02" + struct.pack("<HH", handle | flag << 12, len(data)) + data
