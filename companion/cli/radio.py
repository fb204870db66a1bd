"""The radio a command uses: the computer's Bluetooth, or an air of another process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from companion.ble.adapter import Adapter
from companion.cli.arguments import Address
from companion.coaching.events import Notice
from companion.texts import text


@asynccontextmanager
async def opened_radio(air: Address | None) -> AsyncIterator[Adapter]:
    """Open the computer's Bluetooth, or with ``air`` the virtual radio at that address.

    Raises:
        AirFailed: there is no air at that address.
    """
    if air is None:
        yield Adapter(name=text("cli.radio.own"))
        return
    # The simulators are loaded only where one is asked for.
    from companion.cli.simulation import refusals  # noqa: PLC0415 -- as above
    from simulators.bleak_backend import Adapter as VirtualAdapter  # noqa: PLC0415 -- as above
    from simulators.radio import open_air  # noqa: PLC0415 -- as above

    with refusals():
        async with open_air(str(air)) as host, VirtualAdapter(host) as virtual:
            yield Adapter(
                name=text("cli.radio.air", address=air),
                client_backend=virtual.client_backend,
                scanner_backend=virtual.scanner_backend,
            )


def radio_note(adapter: Adapter) -> Notice:
    """Return the first line of a session: which radio it uses."""
    return Notice(device_s=0.0, key="cli.radio.note", values={"radio": adapter.name})
