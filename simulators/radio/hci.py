"""A host on a controller that is really there: a USB or serial dongle, or a socket to one.

Nothing here has been tried on air: no dongle was at hand. A TCP socket to a virtual controller
goes the same way, and is tested.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bumble.transport import open_transport
from bumble.transport.common import Transport

from simulators.radio.errors import AirError, plain_reason
from simulators.radio.host import RadioHost
from simulators.radio.quiet import quiet_bumble
from simulators.radio.server import greet

_OPEN_S = 10.0


@contextlib.asynccontextmanager
async def open_hci(moniker: str) -> AsyncIterator[RadioHost]:
    """Attach to a Bluetooth controller over HCI.

    Args:
        moniker: bumble's name for the way to it: ``usb:0``, ``serial:/dev/ttyACM0,1000000``,
            ``tcp-client:127.0.0.1:9000``, ``unix-client:/run/hci0``.

    Yields:
        A host on that controller.

    Raises:
        AirError: it cannot be opened, or what is there is no controller.
    """
    quiet_bumble()
    transport = await _opened(moniker)
    try:
        host = RadioHost(transport.source, transport.sink)
        await greet(host, f"no controller at {moniker}")
        yield host
    finally:
        with contextlib.suppress(Exception):
            await transport.close()


async def _opened(moniker: str) -> Transport:
    """Open a transport; a driver may raise whatever it likes, and all of it means no controller.

    Raises:
        AirError: with the reason as far as the driver gives one.
    """
    try:
        async with asyncio.timeout(_OPEN_S):
            return await open_transport(moniker)
    except TimeoutError as error:
        raise AirError(f"no answer from {moniker}") from error
    except OSError as error:
        raise AirError(f"no controller at {moniker}: {plain_reason(error)}") from error
    except Exception as error:
        reason = str(error) or "it is not written as a way to a controller"
        raise AirError(f"no controller at {moniker}: {reason}") from error
