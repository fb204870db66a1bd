"""A central that says whatever it likes, byte by byte, in virtual time."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bumble import att, hci, l2cap, smp
from bumble.core import UUID
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.host import Host
from bumble.pairing import PairingConfig, PairingDelegate

from protocols.massage_tool import ToolFeature
from simulators.firmware import Firmware
from simulators.peripheral import Peripheral, controller_address
from simulators.radio import Air, RadioController, connect_host
from simulators.virtual_time import run_virtual
from tests.simulators.firmware.scripted import ROLLER, ScriptedBody, ScriptedTool

ATT = att.ATT_CID
SMP = smp.SMP_CID
SIGNALLING = l2cap.L2CAP_LE_SIGNALING_CID
TOOL = "F0:12:34:56:78:9A"
ALICE = "C0:00:00:00:00:01"
BOB = "C0:00:00:00:00:02"
_SETTLE_S = 0.2


class RawCentral(Device):
    """Hears everything, and answers nothing by itself once it is raw.

    Attributes:
        heard: channel and bytes of each packet.
        is_raw: whether bumble's own stack is left out.
        is_confirming: whether it confirms indications while it is raw.
    """

    def __init__(self, host: Host, address: str) -> None:
        config = DeviceConfiguration(name="raw", address=hci.Address(address))
        super().__init__(host=host, config=config)
        self.heard: list[tuple[int, bytes]] = []
        self.is_raw = False
        self.is_confirming = True
        self.link: Connection
        self.use()

    def use(self, delegate: PairingDelegate | None = None, *, bonding: bool = True) -> None:
        """Pair so from now on."""
        self.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=delegate is not None, bonding=bonding, delegate=delegate
        )

    def on_l2cap_pdu(self, connection_handle: int, cid: int, pdu: bytes) -> None:
        self.heard.append((cid, pdu))
        if not self.is_raw:
            super().on_l2cap_pdu(connection_handle, cid, pdu)
            return
        is_indication = cid == ATT and pdu[0] == att.Opcode.ATT_HANDLE_VALUE_INDICATION
        if is_indication and self.is_confirming:
            self.send_l2cap_pdu(connection_handle, ATT, b"\x1e")

    async def join(self, address: hci.Address | None = None) -> None:
        """Connect, with bumble's stack."""
        self.is_raw = False
        self.link = await self.connect(address or hci.Address(TOOL), timeout=30)

    async def hears(self, seconds: float) -> list[tuple[float, Advertisement]]:
        """Scan for a while; return when it heard what."""
        loop = asyncio.get_running_loop()
        heard: list[tuple[float, Advertisement]] = []

        def listen(advertisement: Advertisement) -> None:
            heard.append((loop.time(), advertisement))

        self.on(Device.EVENT_ADVERTISEMENT, listen)
        await self.start_scanning(filter_duplicates=False)
        await asyncio.sleep(seconds)
        await self.stop_scanning()
        self.remove_listener(Device.EVENT_ADVERTISEMENT, listen)
        return heard

    async def part(self) -> None:
        self.is_raw = False
        await self.link.disconnect()
        await asyncio.sleep(_SETTLE_S)

    def say(self, cid: int, pdu: bytes) -> None:
        """Send, raw from now on."""
        self.is_raw = True
        self.send_l2cap_pdu(self.link.handle, cid, pdu)

    async def ask(self, cid: int, pdu: bytes) -> list[bytes]:
        """Send, and return what comes on that channel within a moment."""
        self.heard.clear()
        self.say(cid, pdu)
        await asyncio.sleep(_SETTLE_S)
        return [heard for channel, heard in self.heard if channel == cid]


@dataclass
class RawRoom:
    """An air with a tool on it."""

    air: Air
    controller: RadioController
    tool: Peripheral
    body: ScriptedBody
    centrals: list[RawCentral] = field(default_factory=list)

    async def central(self, address: str = ALICE) -> RawCentral:
        central = RawCentral(connect_host(self.air.add_controller(address)), address)
        await central.power_on()
        self.centrals.append(central)
        return central

    async def joined(self, address: str = ALICE) -> RawCentral:
        central = await self.central(address)
        await central.join()
        return central

    async def paired(self, address: str = ALICE) -> RawCentral:
        central = await self.joined(address)
        await central.link.pair()
        return central

    def handle(self, uuid: str) -> int:
        """The handle of a characteristic's value; its configuration follows it."""
        server = self.tool._serving.server
        found = [each.handle for each in server.attributes if each.type == UUID(uuid)]
        assert len(found) == 1
        return found[0]


@contextlib.asynccontextmanager
async def raw_room(
    feature: ToolFeature = ROLLER,
    *,
    keys: Path | None = None,
    external_power: bool = True,
    bonding_s: float | None = None,
    drain_percent_per_hour: float = 0.0,
    **tool_data: Any,  # noqa: ANN401  # fields of the scripted tool
) -> AsyncIterator[RawRoom]:
    air, body = Air(), ScriptedBody()
    data = replace(ScriptedTool(feature), **tool_data)
    controller = air.add_controller("tool", address=controller_address(data))
    firmware = Firmware(data, body, drain_percent_per_hour=drain_percent_per_hour)
    async with Peripheral(
        firmware,
        connect_host(controller),
        keys=keys,
        external_power=external_power,
        bonding_s=bonding_s,
    ) as tool:
        yield RawRoom(air, controller, tool, body)


class _Faults(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


@contextlib.contextmanager
def _watched() -> Iterator[list[str]]:
    faults = _Faults()
    logging.getLogger().addHandler(faults)
    try:
        yield faults.seen
    finally:
        logging.getLogger().removeHandler(faults)


def play(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in virtual time; no error log and no call of the loop's exception handler is borne."""

    async def watched(faults: list[str]) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, what: faults.append(str(what)))
        await main()
        await asyncio.sleep(0)

    with _watched() as faults:
        run_virtual(watched(faults))
    assert faults == []
