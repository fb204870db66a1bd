"""When the tool advertises, and what it says to everyone (tool-profile.md, Advertising)."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, NamedTuple

from bumble import hci
from bumble.core import UUID, AdvertisingData, InvalidArgumentError
from bumble.device import Device

from protocols.massage_tool import MASSAGE_TOOL_SERVICE
from simulators.peripheral.identity import PRIVATE, ROTATION_S, Identity
from simulators.peripheral.tasks import Tasks, bounded
from simulators.radio.errors import AirError

FAST_MS: Final = 100.0
"""The profile allows no more in the first 30 s."""
SLOW_MS: Final = 852.5
"""Afterwards: under the profile's 1 s even with the up to 10 ms that a controller adds to each
interval (Core Vol 6 B 4.4.2.2.1)."""
FAST_S: Final = 30.0
SHORT_S: Final = 30.0
"""How long a tool advertises after switch-on or a button press."""
LONG_S: Final = 600.0
"""How long after a connection that ended otherwise."""
LONGEST_NAME_BYTES: Final = 29
_RESOLUTION_S: Final = 1e-6
_LE_ONLY_GENERAL_DISCOVERABLE: Final = 0x06


def advertisement(service: str = MASSAGE_TOOL_SERVICE) -> bytes:
    """Return Flags and the complete list of UUIDs, for one of 128 bits 3 + 18 bytes.

    Args:
        service: UUID of the service.
    """
    uuid = UUID(service).to_bytes()
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.FLAGS, bytes([_LE_ONLY_GENERAL_DISCOVERABLE])),
                (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, uuid),
            ]
        )
    )


def scan_response(name: str) -> bytes:
    """Return the complete local name.

    Raises:
        InvalidArgumentError: the name has more than 29 bytes of UTF-8.
    """
    encoded = name.encode()
    if len(encoded) > LONGEST_NAME_BYTES:
        raise InvalidArgumentError(
            f"the name has {len(encoded)} bytes, a scan response holds {LONGEST_NAME_BYTES}"
        )
    return bytes(AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, encoded)]))


class _Setting(NamedTuple):
    interval_ms: float
    address_number: int


class Beacon:
    """Advertises while it should, no faster and no longer.

    Attributes:
        is_plugged: whether the tool is on external power and so always advertises.

    Args:
        device: advertises.
        identity: whose address is shown.
        name: of the tool.
        tasks: carry out what cannot be waited for.
        is_wanted: whether the tool is on and nobody is connected.
        service: UUID of the service it advertises.

    Raises:
        InvalidArgumentError: the name does not fit a scan response.
    """

    def __init__(
        self,
        device: Device,
        identity: Identity,
        name: str,
        *,
        tasks: Tasks,
        is_wanted: Callable[[], bool],
        service: str = MASSAGE_TOOL_SERVICE,
    ) -> None:
        self.is_plugged = False
        self._advertisement = advertisement(service)
        self._device = device
        self._identity = identity
        self._scan_response = scan_response(name)
        self._tasks = tasks
        self._is_wanted = is_wanted
        self._began_at = 0.0
        self._until = 0.0
        self._now: _Setting | None = None
        self._timer: asyncio.TimerHandle | None = None
        # bumble loses its advertising set when starting and stopping overlap.
        self._changing = asyncio.Lock()

    @property
    def is_advertising(self) -> bool:
        """Whether it advertises now."""
        return self._now is not None

    def open(self, seconds: float) -> None:
        """Advertise for so long from now, fast at first."""
        self._began_at = asyncio.get_running_loop().time()
        self._until = max(self._until, self._began_at + seconds)
        self.refresh()

    def interrupted(self) -> None:
        """A central has connected, and with that the controller has stopped to advertise."""
        self._now = None
        self._cancel()

    def refresh(self) -> None:
        """Do what is right by now; called whenever something has changed."""
        self._tasks.spawn(self._refresh())

    async def update(self) -> None:
        """The same, and wait until it is done."""
        async with self._changing:
            self._cancel()
            setting = self._setting()
            if setting != self._now:
                await self._change(setting)
            self._await_change()

    async def _refresh(self) -> None:
        with contextlib.suppress(AirError):
            await self.update()

    async def stop(self) -> None:
        """Stop at once, and forget what was opened before."""
        self._until = 0.0
        async with bounded(), self._changing:
            self._cancel()
            self._now = None
            await self._device.stop_advertising()

    def _setting(self) -> _Setting | None:
        now = _now()
        if not self._is_wanted() or not (self.is_plugged or now < self._until):
            return None
        interval_ms = FAST_MS if now < self._began_at + FAST_S else SLOW_MS
        is_private = self._identity.kind == PRIVATE
        return _Setting(interval_ms, int(now // ROTATION_S) if is_private else 0)

    async def _change(self, setting: _Setting | None) -> None:
        was, self._now = self._now, setting
        if setting is None:
            if was is not None:
                await self._device.stop_advertising()
            return
        if was is None or was.address_number != setting.address_number:
            await self._show_next()
        await self._device.start_advertising(
            own_address_type=self._identity.own_address_type,
            advertising_data=self._advertisement,
            scan_response_data=self._scan_response,
            advertising_interval_min=setting.interval_ms,
            advertising_interval_max=setting.interval_ms,
        )

    async def _show_next(self) -> None:
        """Take the next private address; a controller changes it only while it is silent."""
        if self._identity.kind != PRIVATE:
            return
        await self._device.stop_advertising()
        address = self._device.random_address = self._identity.next_shown()
        command = hci.HCI_LE_Set_Random_Address_Command(random_address=address)
        await self._device.send_sync_command(command)

    def _await_change(self) -> None:
        if self._now is None:
            return
        moments = [] if self.is_plugged else [self._until]
        if self._now.interval_ms == FAST_MS:
            moments.append(self._began_at + FAST_S)
        if self._identity.kind == PRIVATE:
            moments.append((_now() // ROTATION_S + 1) * ROTATION_S)
        if moments:
            self._timer = asyncio.get_running_loop().call_at(min(moments), self.refresh)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _now() -> float:
    """Return the loop's time, a little later: a timer may come early by the clock's resolution."""
    return asyncio.get_running_loop().time() + _RESOLUTION_S
