"""bleak's scanner on the virtual radio."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble.device import Advertisement, Device

from simulators.bleak_backend.advertisement import advertisement_data
from simulators.bleak_backend.errors import bleak_errors, require_radio
from simulators.bleak_backend.filters import ScanFilter
from simulators.bleak_backend.neighbours import Heard

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter

Listener = Callable[[Advertisement, AdvertisementData], None]


class Listening:
    """One radio's scan, shared by everyone who listens.

    Args:
        device: the radio's bumble device.
        first: hears every advertisement, before the listeners.
    """

    def __init__(self, device: Device, first: Listener) -> None:
        self._device = device
        self._first = first
        self._listeners: dict[Listener, bool] = {}
        self._changing = asyncio.Lock()
        device.on(device.EVENT_ADVERTISEMENT, self._on_advertisement)

    async def add(self, listener: Listener, *, active: bool) -> None:
        """Begin to hear advertisements; `active` asks for scan responses too.

        Raises:
            BleakBluetoothNotAvailableError: the adapter is off or gone.
            BleakError: the radio refused.
        """
        require_radio(self._device)
        self._listeners[listener] = active
        try:
            await self._follow()
        except BaseException:
            self._listeners.pop(listener, None)
            with contextlib.suppress(BleakError):
                await self._follow()
            raise

    async def remove(self, listener: Listener) -> None:
        """Stop hearing them; the radio stops scanning with the last listener."""
        self._listeners.pop(listener, None)
        await self._follow()

    async def _follow(self) -> None:
        async with self._changing:
            device = self._device
            wants_active = any(self._listeners.values())
            with bleak_errors("scanning"):
                if device.is_scanning and self._is_unfit(active=wants_active):
                    await device.stop_scanning()
                if self._listeners and not device.is_scanning:
                    await device.start_scanning(active=wants_active)

    def _is_unfit(self, *, active: bool) -> bool:
        return not self._listeners or active is self._device.scanning_is_passive

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        data = advertisement_data(advertisement)
        self._first(advertisement, data)
        for listener in tuple(self._listeners):
            try:
                listener(advertisement, data)
            except Exception as error:  # noqa: BLE001  # whatever a program's callback raises
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "a detection callback failed", "exception": error}
                )


class VirtualScanner(BaseBleakScanner):
    """A bleak scanner bound to one adapter by a subclass that sets `adapter`."""

    adapter: "Adapter"

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **other_platforms: Any,  # noqa: ANN401  # bleak hands every backend everyone's arguments
    ) -> None:
        wanted = [normalize_uuid_str(u) for u in service_uuids] if service_uuids else None
        super().__init__(detection_callback, wanted)
        self._is_active = scanning_mode == "active"
        bluez = other_platforms.get("bluez") or {}
        self._filter = ScanFilter(bluez, is_active=self._is_active)
        self._is_started = False

    async def start(self) -> None:
        """Begin to scan.

        Raises:
            BleakBluetoothNotAvailableError: the adapter is off or gone.
            BleakError: it is scanning already, or the radio refused.
        """
        if self._is_started:
            raise BleakError("this scanner is scanning already")
        self.seen_devices = {}
        await self.adapter.listening.add(self._on_advertisement, active=self._is_active)
        self._is_started = True

    async def stop(self) -> None:
        """Stop scanning; without effect when it is not."""
        if self._is_started:
            self._is_started = False
            await self.adapter.listening.remove(self._on_advertisement)

    def _on_advertisement(self, advertisement: Advertisement, data: AdvertisementData) -> None:
        address = self.adapter.neighbours.identity_of(advertisement.address)
        name = self.adapter.name_of(address)
        is_wanted = self.is_allowed_uuid(data.service_uuids)
        if not (is_wanted and self._filter.lets_pass(advertisement, data, address, name)):
            return
        heard = Heard(self.adapter, advertisement.address)
        device = self.create_or_update_device(address, address, name, heard, data)
        self.call_detection_callbacks(device, data)
