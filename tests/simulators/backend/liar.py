"""A peripheral that answers ATT as a test tells it to, in raw octets."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from enum import Enum

from bumble import att, smp
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import Address

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.world import ADDRESS

MTU, SERVICES, CHARACTERISTICS, DESCRIPTORS = 0x02, 0x10, 0x08, 0x04
READ, READ_BLOB, WRITE = 0x0A, 0x0C, 0x12
UUID = bytes(range(16))
VALUE_HANDLE = 3


class Trick(Enum):
    """What a liar does instead of answering."""

    SILENCE = "silence"
    HANG_UP = "hang up"


Answer = bytes | list[bytes] | Trick
Lie = Callable[[bytes], Answer] | Answer


def error(request: bytes, code: int) -> bytes:
    return struct.pack("<BBHB", 0x01, request[0], 0, code)


def service(first: int, last: int, uuid: bytes = UUID) -> bytes:
    entry = struct.pack("<HH", first, last) + uuid
    return bytes([0x11, len(entry)]) + entry


def characteristic(handle: int, value_handle: int, properties: int = 0x1A) -> bytes:
    entry = struct.pack("<HBH", handle, properties, value_handle) + UUID
    return bytes([0x09, len(entry)]) + entry


def descriptor(handle: int, uuid: int) -> bytes:
    return struct.pack("<BBHH", 0x05, 1, handle, uuid)


def honest(request: bytes) -> bytes:
    """One service 1..5: a characteristic 2 with its value 3 and descriptors 4 and 5."""
    start = struct.unpack_from("<H", request, 1)[0] if len(request) > 2 else 0
    answers = {
        (MTU, 0): struct.pack("<BH", 0x03, 247),
        (SERVICES, 1): service(1, 5),
        (CHARACTERISTICS, 2): characteristic(2, VALUE_HANDLE),
        (DESCRIPTORS, 4): descriptor(4, 0x2902),
        (DESCRIPTORS, 5): descriptor(5, 0x2901),
        (READ, 0xFFFF): b"\x0bvalue",
        (WRITE, 0xFFFF): b"\x13",
    }
    for (code, last), answer in answers.items():
        if request[0] == code and (start <= last or code == MTU):
            return answer
    return error(request, 0x0A)


class Liar:
    """Answers honestly, save where `lies` has something else for a request's opcode."""

    def __init__(self, device: Device, lies: Mapping[int, Lie]) -> None:
        self.device = device
        self.lies = dict(lies)
        self.asked: list[bytes] = []
        self.connections: list[Connection] = []
        self.leaving: set[asyncio.Task[None]] = set()
        device.on(device.EVENT_CONNECTION, self.connections.append)
        manager = device.l2cap_channel_manager
        manager.register_fixed_channel(att.ATT_CID, self._on_att)

    def send(self, *answers: bytes) -> None:
        for answer in answers:
            self.connections[-1].send_l2cap_pdu(att.ATT_CID, answer)

    def mute_pairing(self) -> None:
        """Never answer the Security Manager again."""
        manager = self.device.l2cap_channel_manager
        manager.register_fixed_channel(smp.SMP_CID, lambda *_: None)

    def hang_up_on_pairing(self) -> None:
        manager = self.device.l2cap_channel_manager
        manager.register_fixed_channel(smp.SMP_CID, lambda *_: self._hang_up())

    def _on_att(self, *arguments: object) -> None:
        request = arguments[-1]
        assert isinstance(request, bytes)
        self.asked.append(request)
        lie = self.lies.get(request[0], honest)
        answer = lie(request) if callable(lie) else lie
        match answer:
            case bytes():
                self.send(answer)
            case list():
                self.send(*answer)
            case Trick.HANG_UP:
                self._hang_up()
            case Trick.SILENCE:
                pass

    def _hang_up(self) -> None:
        task = asyncio.create_task(self.connections[-1].disconnect())
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)


@asynccontextmanager
async def liar_and_adapter(lies: Mapping[int, Lie]) -> AsyncIterator[tuple[Liar, Adapter]]:
    air = Air()
    device = Device(
        config=DeviceConfiguration(name="liar", address=Address(ADDRESS)),
        host=connect_host(air.add_controller("liar")),
    )
    liar = Liar(device, lies)
    await device.power_on()
    await device.start_advertising(auto_restart=True)
    try:
        async with Adapter(connect_host(air.add_controller("adapter"))) as adapter:
            yield liar, adapter
    finally:
        await device.power_off()
