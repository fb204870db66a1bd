"""Another central that takes the tool whenever it is free."""

import asyncio
import contextlib
from typing import Final

from bumble import hci
from bumble.core import BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.host import Host

_ADDRESS: Final = "C9:00:00:00:00:99"
_TRY_S: Final = 60.0
_PAUSE_S: Final = 0.2
_BOUND_S: Final = 5.0


class Rival:
    """A telephone in the same room, with an app of its own.

    Args:
        host: its radio.
        address: the identity address of the tool it is after.
    """

    def __init__(self, host: Host, address: str) -> None:
        config = DeviceConfiguration(name="rival", address=hci.Address(_ADDRESS))
        self._device = Device(host=host, config=config)
        self._wanted = hci.Address(address)
        self._connection: Connection | None = None
        self._hunt: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect whenever the tool advertises."""
        await self._device.power_on()
        self._hunt = asyncio.get_running_loop().create_task(self._keep_connected())

    async def stop(self) -> None:
        """Let go, and stay away."""
        if self._hunt is not None:
            self._hunt.cancel()
            await asyncio.gather(self._hunt, return_exceptions=True)
        with contextlib.suppress(BaseBumbleError, TimeoutError):
            async with asyncio.timeout(_BOUND_S):
                if self._connection is not None:
                    await self._connection.disconnect()
                await self._device.power_off()

    async def _keep_connected(self) -> None:
        while True:
            with contextlib.suppress(BaseBumbleError, TimeoutError):
                connection = await self._device.connect(self._wanted, timeout=_TRY_S)
                lost = asyncio.Event()
                connection.on(connection.EVENT_DISCONNECTION, lambda _reason, e=lost: e.set())
                self._connection = connection
                await lost.wait()
            self._connection = None
            await asyncio.sleep(_PAUSE_S)
