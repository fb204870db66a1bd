"""The tool on the air: firmware, GATT server and link put together on asyncio's clock."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from bumble import hci
from bumble.att import ATT_Error
from bumble.core import ConnectionError as LinkError
from bumble.core import UnreachableError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic
from bumble.host import Host

from protocols.massage_tool import (
    CCCD_IMPROPERLY_CONFIGURED,
    PROCEDURE_IN_PROGRESS,
    FaultKind,
    Features,
    Op,
    Result,
)
from simulators.firmware import Firmware
from simulators.peripheral.advertising import INTERVAL_MS, advertisement, scan_response
from simulators.peripheral.bonds import Configurations, bonds
from simulators.peripheral.database import Database
from simulators.peripheral.link import Link
from simulators.peripheral.security import Guard, Pairing, StrictSecurity
from simulators.peripheral.server import StrictServer, ToolDevice

MTU: Final = 247
_MICROSECONDS: Final = 1_000_000
_FAREWELL_S: Final = 1.0
"""How long a tool that switches off waits for its last event to be confirmed."""
_HCI_S: Final = 2.0
"""How long the controller may take for what it is told at the end."""


class Peripheral:
    """A tool that is on while the context lasts, unless it is switched off before.

    It stands on external power with a finger on its button: it advertises whenever no central
    is connected, and accepts new bonds at any time unless ``bonding_s`` says otherwise.

    Attributes:
        firmware: the tool's logic.

    Args:
        firmware: the tool's logic.
        host: any bumble host: over a virtual controller, a socket or a dongle.
        keys: file of the bonds; None keeps them in memory, for as long as this object lives.
        bonding_s: for how long after switch-on or a button press new bonds are accepted, in
            seconds; None is always. The profile says 30.

    Raises:
        InvalidArgumentError: the tool's name does not fit a scan response.
        ValueError: the file of the bonds is no key file.
        OSError: it cannot be read.
    """

    def __init__(
        self,
        firmware: Firmware,
        host: Host,
        *,
        keys: Path | None = None,
        bonding_s: float | None = None,
    ) -> None:
        tool = firmware.tool
        self.firmware = firmware
        self._scan_response = scan_response(tool.name)
        self._bonding_s = bonding_s
        self._bonding_until = 0.0
        has_display = Features.DISPLAY in tool.feature.features
        self._pairing = Pairing(has_display=has_display, is_open=self._accepts_bonds)
        self._keystore = bonds(tool.address, keys)
        self._guard = Guard(self._keystore, needs_passkey=has_display)
        self._device = _device(host, tool.name, tool.address)
        self._device.keystore = self._keystore
        self._device.smp_manager = StrictSecurity(self._device, self._pairing)
        self._server = self._device.gatt_server = StrictServer(self._device, self._on_confirmed)
        self._server.max_mtu = MTU
        self._database = Database(
            self._server,
            tool,
            self._guard,
            on_request=self._on_request,
            on_subscribed=self._on_subscribed,
            battery_percent=lambda: firmware.battery_percent,
        )
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)
        self._link: Link | None = None
        self._indicating: asyncio.Task[None] | None = None
        self._configurations = Configurations(self._server)
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        # bumble loses its advertising set when starting and stopping overlap.
        self._advertising = asyncio.Lock()
        self._is_on = False
        self._was_on = False

    async def __aenter__(self) -> Self:
        await self._device.power_on()
        await self.switch_on()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            await self._go_off(hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)
            self._device.remove_listener(Device.EVENT_CONNECTION, self._on_connection)
            async with _bounded():
                await self._device.power_off()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_on(self) -> bool:
        """Whether the tool is switched on."""
        return self._is_on

    @property
    def is_connected(self) -> bool:
        """Whether a central is connected."""
        return self._link is not None

    @property
    def dropped_frames(self) -> int:
        """Frames of the present link that were given up because it did not take them."""
        return self._link.dropped if self._link is not None else 0

    async def switch_on(self, *, clock_start_us: int = 0) -> None:
        """Switch the tool on and advertise.

        Args:
            clock_start_us: what the clock shows after a restart; at the first switch-on the
                firmware's own start counts.
        """
        if self._is_on:
            return
        if self._was_on:
            self.firmware.restart(self._now_us(), clock_start_us=clock_start_us)
        else:
            self.firmware.advance(self._now_us())
        self._is_on = self._was_on = True
        self._open_bonding()
        await self._advertise()
        self._schedule()

    async def power_off(self) -> None:
        """Switch off as a tool does: tell, wait shortly, disconnect with reason 0x15."""
        if not self._is_on:
            return
        self.firmware.switching_off(self._now_us())
        self._tick()
        if self._link is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_S):
                    await self._link.idle()
        await self._go_off(hci.HCI_REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR)

    async def vanish(self) -> None:
        """Go dead without a word: the central sees a supervision timeout (0x08).

        `switch_on` brings the tool back, as after a change of batteries.
        """
        await self._go_off(hci.HCI_CONNECTION_TIMEOUT_ERROR)

    async def lose_link(self) -> None:
        """Lose the central (0x08) and stay on: the run goes on, the tool advertises."""
        await self._disconnect(hci.HCI_CONNECTION_TIMEOUT_ERROR)

    async def shown_passkey(self) -> int:
        """Wait until the tool's display shows a passkey, and read it."""
        return await self._pairing.shown_passkey()

    def press_button(self, presses: int = 1) -> None:
        """The user presses the tool's button, ``presses`` times in a row."""
        self.firmware.press_button(self._now_us(), presses)
        self._open_bonding()
        self._tick()

    async def hold_button(self) -> None:
        """The user holds the button for 10 s: every bond is forgotten."""
        await self._keystore.delete_all()
        self._configurations.clear()

    def set_fault(self, fault: FaultKind, *, raised: bool) -> None:
        """Something in the tool stops working rightly, or works again."""
        self.firmware.set_fault(self._now_us(), fault, raised=raised)
        self._tick()

    def set_battery(self, percent: int) -> None:
        """The charge is now ``percent``, 0 to 100."""
        self.firmware.set_battery(self._now_us(), percent)
        if self._link is not None:
            self._link.notify(self._database.battery_level, bytes([percent]))
        self._tick()

    def _now_us(self) -> int:
        return round(asyncio.get_running_loop().time() * _MICROSECONDS)

    def _open_bonding(self) -> None:
        if self._bonding_s is not None:
            self._bonding_until = asyncio.get_running_loop().time() + self._bonding_s

    def _accepts_bonds(self) -> bool:
        loop = asyncio.get_running_loop()
        return self._is_on and (self._bonding_s is None or loop.time() < self._bonding_until)

    def _tick(self) -> None:
        """Let the firmware catch up, and send what it has."""
        if not self._is_on:
            return
        outgoing = self.firmware.advance(self._now_us())
        if self._link is not None:
            for answer in outgoing.answers:
                self._link.answer(answer)
            for event in outgoing.events:
                self._link.tell(event)
            for frame in outgoing.frames:
                self._link.send(frame)
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_us = self.firmware.next_us() if self._is_on else None
        if due_us is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(due_us / _MICROSECONDS, self._tick)

    async def _advertise(self) -> None:
        """Advertise while nobody is connected."""
        async with self._advertising:
            if not self._is_on or self._link is not None:
                return
            await self._device.start_advertising(
                advertising_data=advertisement(),
                scan_response_data=self._scan_response,
                advertising_interval_min=INTERVAL_MS,
                advertising_interval_max=INTERVAL_MS,
            )

    def _on_connection(self, connection: Connection) -> None:
        if not self._is_on or self._link is not None:
            self._spawn(_refuse(connection))
            return
        link = Link(connection, self._server, self._database, self.firmware.next_resent)
        self._link = link
        self._indicating = self._spawn(link.run())
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        connection.on(connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, self._on_encryption)
        connection.on(connection.EVENT_PAIRING, self._on_paired)
        connection.on(connection.EVENT_PAIRING_FAILURE, self._on_paired)
        self.firmware.connected(self._now_us())
        self._schedule()

    def _on_disconnection(self, _reason: int) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        self._configurations.keep(link.connection)
        link.close()
        if self._indicating is not None:
            self._indicating.cancel()
        self._pairing.clear_display()
        self.firmware.disconnected(self._now_us())
        self._schedule()
        if self._is_on:
            self._spawn(self._advertise())

    def _on_encryption(self) -> None:
        if self._link is not None:
            self._configurations.give_back(self._link.connection)

    def _on_paired(self, _keys_or_reason: object) -> None:
        self._pairing.clear_display()

    def _on_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> None:
        link = self._link
        if link is None or characteristic is not self._database.tool_event:
            return
        if self._database.is_subscribed(connection, characteristic):
            self._tick()
            for event in self.firmware.standing_events(self._now_us()):
                link.tell(event)

    def _on_confirmed(self) -> None:
        if self._link is not None:
            self._link.confirmed()

    async def _on_request(self, connection: Connection, value: bytes) -> None:
        link = self._link
        if link is None:
            return
        if not self._database.is_subscribed(connection, self._database.control_point):
            raise ATT_Error(CCCD_IMPROPERLY_CONFIGURED)
        if link.is_answering:
            raise ATT_Error(PROCEDURE_IN_PROGRESS)
        link.take_request()
        self._tick()
        telemetry_on = self._database.is_subscribed(connection, self._database.telemetry)
        answer = self.firmware.request(
            value, self._now_us(), mtu=connection.att_mtu, telemetry_on=telemetry_on
        )
        if answer is not None:
            if _ends_frames(answer):
                link.discard_frames()
            link.answer(answer)
        self._schedule()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a task of the simulated tool failed", "exception": error}
            )

    async def _disconnect(self, reason: int) -> None:
        if self._link is None:
            return
        async with _bounded():
            await self._link.connection.disconnect(reason)

    async def _go_off(self, reason: int) -> None:
        if not self._is_on:
            return
        self._is_on = False
        self._schedule()
        await self._disconnect(reason)
        if self._link is not None:
            self._on_disconnection(reason)
        async with _bounded(), self._advertising:
            await self._device.stop_advertising()


def _ends_frames(answer: bytes) -> bool:
    """Whether a run has begun or ended, so that frames still waiting belong to none."""
    _code, op, result = answer[:3]
    return op in {Op.START, Op.STOP} and result == Result.SUCCESS


@contextlib.asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    """Bear with a controller that refuses, or that no longer answers."""
    with contextlib.suppress(hci.HCI_Error, LinkError, UnreachableError, TimeoutError):
        async with asyncio.timeout(_HCI_S):
            yield


async def _refuse(connection: Connection) -> None:
    async with _bounded():
        await connection.disconnect(hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)


def _device(host: Host, name: str, address: str) -> Device:
    """Return a bumble device without services of its own."""
    return ToolDevice(
        host=host,
        config=DeviceConfiguration(
            name=name,
            address=hci.Address(address),
            irk=hashlib.blake2b(address.encode(), digest_size=16).digest(),
            gap_service_enabled=False,
            gatt_service_enabled=False,
        ),
    )
