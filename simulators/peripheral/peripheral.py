"""The tool on the air: firmware, GATT server and link put together on asyncio's clock."""

import asyncio
import contextlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bumble import hci
from bumble.device import Connection, Device
from bumble.host import Host

from protocols.massage_tool import MASSAGE_TOOL_SERVICE, FaultKind
from simulators.firmware import Firmware
from simulators.other_tools.dress import Dress
from simulators.other_tools.server import OtherServer
from simulators.peripheral.advertising import LONG_S, SHORT_S, Beacon
from simulators.peripheral.around import Around
from simulators.peripheral.device import tool_device
from simulators.peripheral.identity import Identity
from simulators.peripheral.look import LinkLook, Notice, look_at, no_notice
from simulators.peripheral.memory import Memory
from simulators.peripheral.security import Security
from simulators.peripheral.tasks import Tasks, bounded
from simulators.peripheral.tool_server import ToolServer

_MICROSECONDS: Final = 1_000_000
_FAREWELL_S: Final = 1.0
"""How long a tool that switches off waits for its last event to be confirmed."""
BONDING_S: Final = 30.0
"""How long new bonds are accepted after switch-on or a button press (tool-profile.md, Security)."""


class Peripheral:
    """A tool that is on while the context lasts, unless it is switched off before.

    By default it does as the profile says: it advertises and accepts new bonds for 30 s after
    switch-on or a button press. A tool on external power always advertises; for a tool that can
    be found and bonded at any time, as a demonstration wants it, give
    ``external_power=True, bonding_s=None``.

    Attributes:
        firmware: the tool's logic.

    Args:
        firmware: the tool's logic.
        host: any bumble host: over a virtual controller, a socket or a dongle. For a tool with
            a public address its controller has that.
        keys: file of the bonds, beside which the calibration is kept; None keeps both in
            memory, for as long as this object lives.
        external_power: whether it stands on external power, and so always advertises while
            nobody is connected, and its battery does not drain.
        bonding_s: for how long after switch-on or a button press new bonds are accepted, in
            seconds; None is always.
        notice: told in words what happens: links, bonds, requests and their results.
        dress: what it looks like from outside, where it does not speak the profile.

    Raises:
        InvalidArgumentError: the tool's name does not fit a scan response.
        DataFileError: the file of the bonds or of the calibration is none or another tool's.
        ValueError: the tool has an address or a service of a kind that there is not.
        OSError: a file cannot be read.
    """

    def __init__(
        self,
        firmware: Firmware,
        host: Host,
        *,
        keys: Path | None = None,
        external_power: bool = False,
        bonding_s: float | None = BONDING_S,
        notice: Notice = no_notice,
        dress: Dress | None = None,
    ) -> None:
        tool = firmware.tool
        self.firmware = firmware
        self._is_on = False
        self._was_on = False
        self._is_dying = False
        self._is_ended_by_button = False
        self._bonding_s = bonding_s
        self._bonding_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks = Tasks()
        self._identity = Identity(tool.address, tool.address_kind)
        self._memory = Memory(keys)
        kept = self._memory.read(tool.feature.force_channels)
        if kept is not None:
            firmware.restore_calibration(kept)
        self._device = tool_device(host, tool.name, self._identity)
        self._security = Security(
            tool, self._device, self._identity, keys=keys, is_open=self._accepts_bonds
        )
        self._beacon = Beacon(
            self._device,
            self._identity,
            tool.name,
            tasks=self._tasks,
            is_wanted=lambda: self._is_on and not self.is_connected,
            service=MASSAGE_TOOL_SERVICE if dress is None else dress.service,
        )
        self._beacon.is_plugged = external_power
        self._serving = self._server(notice, dress)
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    async def __aenter__(self) -> Self:
        await self._device.power_on()
        self._identity.check(self._device.public_address)
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
            async with bounded():
                await self._device.power_off()
        finally:
            await self._tasks.end()

    def _server(self, notice: Notice, dress: Dress | None) -> ToolServer | OtherServer:
        """Make what answers a central: the profile's services, or another kind's."""
        firmware, guard = self.firmware, self._security.guard
        around = Around(tasks=self._tasks, now_us=_now_us, tick=self._tick, notice=notice)
        if dress is not None:
            return OtherServer(dress, firmware, self._device, guard, around)
        keep = self._memory.write
        return ToolServer(firmware, self._device, guard, around, keep=keep)

    @property
    def is_on(self) -> bool:
        """Whether the tool is switched on."""
        return self._is_on

    @property
    def is_connected(self) -> bool:
        """Whether a central is connected."""
        return self._serving.link is not None

    @property
    def is_plugged(self) -> bool:
        """Whether the tool is on external power."""
        return self._beacon.is_plugged

    @property
    def is_advertising(self) -> bool:
        """Whether the tool can be found now."""
        return self._beacon.is_advertising

    @property
    def link_look(self) -> LinkLook | None:
        """The link to the present central; None where nobody is connected."""
        link = self._serving.link
        return None if link is None else look_at(link.connection)

    @property
    def passkey(self) -> str:
        """What the tool's display shows: six digits, or nothing."""
        return self._security.pairing.shown

    @property
    def device_us(self) -> int:
        """The tool's continuous microseconds now."""
        return self.firmware.device_us(_now_us())

    @property
    def dropped_frames(self) -> int:
        """Frames of the present link that were given up because it did not take them."""
        return self._serving.link.dropped if self._serving.link is not None else 0

    async def switch_on(self, *, clock_start_us: int = 0) -> None:
        """Switch the tool on and advertise; with an empty battery it stays off.

        Args:
            clock_start_us: what the clock shows after a restart; at the first switch-on the
                firmware's own start counts.
        """
        if self._is_on or self._is_empty:
            return
        if self._was_on:
            self.firmware.restart(_now_us(), clock_start_us=clock_start_us)
        else:
            self.firmware.advance(_now_us())
        self.firmware.plug(_now_us(), is_plugged=self.is_plugged)
        self._is_on = self._was_on = True
        self._open_windows()
        await self._beacon.update()
        self._tick()

    async def power_off(self) -> None:
        """Switch off as a tool does: tell, wait shortly, disconnect with reason 0x15."""
        if not self._is_on:
            return
        self.firmware.switching_off(_now_us())
        self._deliver()
        if self._serving.link is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_S):
                    await self._serving.link.idle()
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
        return await self._security.pairing.shown_passkey()

    def press_button(self, presses: int = 1) -> None:
        """The user presses the tool's button, ``presses`` times in a row.

        While a central is connected it is told, and new bonds are accepted; without one the
        tool advertises. A tool that is off does not notice.
        """
        if not self._is_on:
            return
        self.firmware.press_button(_now_us(), presses)
        self._open_windows()
        self._tick()

    async def hold_button(self) -> None:
        """The user holds the button for 10 s: every bond is forgotten, and a connection ends.

        As after a press the tool then advertises and accepts new bonds.
        """
        await self._security.keystore.delete_all()
        await self._device.refresh_resolving_list()
        self._serving.forget_bonds()
        if not self._is_on:
            return
        self._is_ended_by_button = True
        await self._disconnect(hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        self._is_ended_by_button = False
        self._open_windows()

    def plug(self, *, is_plugged: bool) -> None:
        """External power comes or goes."""
        self._beacon.is_plugged = is_plugged
        if self._is_on:
            self.firmware.plug(_now_us(), is_plugged=is_plugged)
            self._beacon.refresh()
            self._tick()

    def set_fault(self, fault: FaultKind, *, raised: bool) -> None:
        """Something in the tool stops working rightly, or works again."""
        self.firmware.set_fault(_now_us(), fault, raised=raised)
        self._tick()

    def set_battery(self, percent: float) -> None:
        """The charge is now ``percent``, 0 to 100; at 0 the tool switches itself off."""
        self.firmware.set_battery(_now_us(), percent)
        self._tick()

    def drain(self, percent_per_hour: float) -> None:
        """The battery drains so fast from now on, while the tool is on and not plugged in."""
        self.firmware.drain(_now_us(), percent_per_hour)
        self._tick()

    @property
    def _is_empty(self) -> bool:
        return self.firmware.battery_percent == 0 and not self.is_plugged

    def _open_windows(self) -> None:
        """Advertise, and accept new bonds, as after switch-on or a button press."""
        if self._bonding_s is not None:
            self._bonding_until = asyncio.get_running_loop().time() + self._bonding_s
        self._beacon.open(SHORT_S)

    def _accepts_bonds(self) -> bool:
        loop = asyncio.get_running_loop()
        return self._is_on and (self._bonding_s is None or loop.time() < self._bonding_until)

    def _tick(self) -> None:
        """Let the firmware catch up, send what it has, and switch off when it is empty."""
        if not self._is_on:
            return
        self._deliver()
        if self._is_empty and not self._is_dying:
            self._is_dying = True
            self._tasks.spawn(self.power_off())

    def _deliver(self) -> None:
        self._serving.deliver(self.firmware.advance(_now_us()))
        self._schedule()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_us = self.firmware.next_us() if self._is_on else None
        if due_us is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(due_us / _MICROSECONDS, self._tick)

    def _on_connection(self, connection: Connection) -> None:
        if not self._is_on or self.is_connected:
            self._device.refused.add(connection)
            self._tasks.spawn(self._refuse(connection))
            return
        self._beacon.interrupted()
        self._serving.serve(connection, on_end=self._on_disconnection)
        connection.on(connection.EVENT_PAIRING, self._on_paired)
        connection.on(connection.EVENT_PAIRING_FAILURE, self._on_paired)
        self._schedule()

    def _on_disconnection(self, _reason: int) -> None:
        if not self.is_connected:
            return
        self._serving.leave()
        self._security.pairing.clear_display()
        self._schedule()
        if self._is_on and not self._is_ended_by_button:
            self._beacon.open(LONG_S)

    def _on_paired(self, _keys_or_reason: object) -> None:
        self._security.pairing.clear_display()

    async def _refuse(self, connection: Connection) -> None:
        async with bounded():
            await connection.disconnect(hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        self._device.refused.discard(connection)

    async def _disconnect(self, reason: int) -> None:
        if self._serving.link is None:
            return
        async with bounded():
            await self._serving.link.connection.disconnect(reason)

    async def _go_off(self, reason: int) -> None:
        if not self._is_on:
            return
        self._is_on = self._is_dying = False
        self._schedule()
        await self._disconnect(reason)
        self._on_disconnection(reason)
        await self._beacon.stop()


def _now_us() -> int:
    return round(asyncio.get_running_loop().time() * _MICROSECONDS)
