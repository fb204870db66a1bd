"""The radio a command uses: the computer's Bluetooth, or an air of another process."""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from companion.ble.adapter import Adapter
from companion.ble.agent import Answers
from companion.ble.platform import Platform, Untold
from companion.cli.arguments import Address
from companion.cli.endings import UsageRefused
from companion.settings.user import load_settings
from companion.texts import text

if TYPE_CHECKING:
    from companion.coaching.events import Notice

log = logging.getLogger(__name__)


@asynccontextmanager
async def opened_radio(
    air: Address | None,
    *,
    keeps: bool = False,
    answers: Answers | None = None,
    capture: Path | None = None,
    hci: str | None = None,
) -> AsyncIterator[Adapter]:
    """Open the computer's Bluetooth, or with ``air`` the virtual radio at that address.

    Args:
        air: where the virtual radio is; None for the computer's Bluetooth.
        keeps: whether bonds matter: on the virtual radio they are kept, and on BlueZ an agent
            of ours makes them.
        answers: who is asked while a tool is paired; None for nobody.
        capture: a file for all traffic of the virtual radio; None for none.
        hci: which of several adapters of the computer; None for what the settings say.

    Raises:
        FileRefused: the settings cannot be used.
        UsageRefused: an adapter is named where none can be chosen.
        AirFailed: there is no air at that address.
        LinkError: another companion of this computer uses the virtual radio's bonds.
    """
    if air is not None:
        # The simulators are loaded only where one is asked for.
        from companion.cli.virtual_radio import joined_air  # noqa: PLC0415 -- as above

        async with joined_air(air, keeps=keeps, answers=answers, capture=capture) as adapter:
            yield adapter
        return
    chosen = load_settings({"adapter": hci}).settings.adapter
    if chosen and sys.platform != "linux":
        raise UsageRefused("link.adapter.elsewhere", adapter=chosen)
    name = text("link.adapter.chosen", adapter=chosen) if chosen else text("cli.radio.own")
    async with AsyncExitStack() as stack:
        platform: Platform = Untold()
        if sys.platform == "linux":
            pairs = keeps or answers is not None
            platform = await _bluez(stack, answers, chosen, pairs=pairs)
        yield Adapter(name=name, platform=platform, asks=answers is not None, hci=chosen)


async def _bluez(
    stack: AsyncExitStack, answers: Answers | None, hci: str, *, pairs: bool
) -> Platform:
    """Return BlueZ, with an agent of ours where there is to be one.

    A BlueZ that cannot be reached is no error here: the first scan says what is wrong with it.
    """
    # dbus-fast is there on Linux only, where bleak needs it.
    from companion.ble.bluez import BlueZ, closing, has_bus, opened_bus  # noqa: PLC0415 -- as above
    from companion.ble.bluez_agent import registered  # noqa: PLC0415 -- as above

    platform = BlueZ(adapter=hci)
    if not has_bus():
        return platform
    try:
        platform.bus = stack.enter_context(closing(await opened_bus()))
        if pairs:
            bus = stack.enter_context(closing(await opened_bus()))
            platform.agent = await stack.enter_async_context(registered(bus, answers))
    except OSError as error:
        log.info("no agent: %s", error)
    return platform


def radio_note(adapter: Adapter) -> "Notice":
    """Return the first line of a session: which radio it uses."""
    # Events bring the engine's arithmetic along, which scan, pair and tools do not need.
    from companion.coaching.events import Notice  # noqa: PLC0415 -- as above

    return Notice(device_s=0.0, key="cli.radio.note", values={"radio": adapter.name})
