"""Backends for programs that bring their own event loop: the air is joined at first use."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

from simulators.bleak_backend.adapter import Adapter
from simulators.bleak_backend.client import VirtualClient
from simulators.bleak_backend.scanner import VirtualScanner
from simulators.radio import AirError, RadioHost, open_air


class LateBackends:
    """Clients and scanners on an air of another process, one adapter for each event loop.

    Args:
        air: where, as "HOST:PORT".
        keys: file of the adapter's bonds; None keeps them in memory.
    """

    def __init__(self, air: str, keys: Path | None = None) -> None:
        self._air = air
        self._keys = keys
        self._opening: dict[asyncio.AbstractEventLoop, asyncio.Task[_Opened]] = {}

    async def adapter(self) -> Adapter:
        """The adapter of the running loop, switched on; it stays until the loop ends.

        Raises:
            BleakBluetoothNotAvailableError: there is no such air.
        """
        loop = asyncio.get_running_loop()
        self._forget_the_dead()
        if loop not in self._opening:
            self._opening[loop] = loop.create_task(self._open())
        try:
            adapter, _ = await asyncio.shield(self._opening[loop])
        except AirError as error:
            raise BleakBluetoothNotAvailableError(
                str(error), BleakBluetoothNotAvailableReason.NO_BLUETOOTH
            ) from error
        return adapter

    def client(
        self,
        address_or_ble_device: BLEDevice | str,
        **arguments: Any,  # noqa: ANN401  # bleak's own
    ) -> BaseBleakClient:
        """Make a client's backend."""
        return _LateClient(self, address_or_ble_device, **arguments)

    def scanner(self, *arguments: Any, **named: Any) -> BaseBleakScanner:  # noqa: ANN401  # as bleak has it
        """Make a scanner's backend."""
        return _LateScanner(self, *arguments, **named)

    async def get(self, **arguments: Any) -> BaseBleakAdapter:  # noqa: ANN401  # as bleak has it
        """Make the backend of bleak's adapter."""
        return await (await self.adapter()).adapter_backend.get(**arguments)

    def _forget_the_dead(self) -> None:
        """Keep only adapters whose loop and air are there, so that others are opened anew."""
        for loop, task in tuple(self._opening.items()):
            if loop.is_closed() or (task.done() and (task.exception() or _is_lost(task.result()))):
                del self._opening[loop]

    async def _open(self) -> "_Opened":
        async with contextlib.AsyncExitStack() as stack:
            host = await stack.enter_async_context(open_air(self._air))
            adapter = await stack.enter_async_context(Adapter(host, keys=self._keys))
            return adapter, stack.pop_all()


_Opened = tuple[Adapter, contextlib.AsyncExitStack]


def _is_lost(opened: _Opened) -> bool:
    host = opened[0].device.host
    return isinstance(host, RadioHost) and host.is_lost


class _LateClient(VirtualClient):
    def __init__(
        self,
        backends: LateBackends,
        address_or_ble_device: BLEDevice | str,
        **arguments: Any,  # noqa: ANN401  # as bleak has it
    ) -> None:
        super().__init__(address_or_ble_device, **arguments)
        self._backends = backends

    @property
    def name(self) -> str:
        return super().name if hasattr(self, "adapter") else self.address.replace(":", "-")

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: ANN401, FBT001  # as bleak has it
        self.adapter = await self._backends.adapter()
        await super().connect(pair, **kwargs)

    async def unpair(self) -> None:
        self.adapter = await self._backends.adapter()
        await super().unpair()


class _LateScanner(VirtualScanner):
    def __init__(self, backends: LateBackends, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  # as bleak has it
        super().__init__(*arguments, **named)
        self._backends = backends

    async def start(self) -> None:
        self.adapter = await self._backends.adapter()
        await super().start()
