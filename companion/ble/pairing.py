"""Getting to know a tool: its old bond removed, a new one made, and what it says of itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError

from companion.ble.adapter import Adapter
from companion.ble.bounded import bounded
from companion.ble.errors import LinkError, LinkFault, OutOfReach, Stage, classify
from companion.ble.link import CONNECT_S, DISCONNECT_S
from companion.ble.platform import Security
from companion.ble.scanner import Found, find_among
from companion.ble.security import ASK_S, require_security
from companion.ble.tool import GATT_S, Identity, Refused, ToolClient
from protocols.massage_tool import Features, Identify, Result, Tare, ToolFeature

log = logging.getLogger(__name__)

PAIR_S: Final = 60.0
"""Longest wait for a connection that pairs: 20 s to connect, and the 30 s after which the Security
Manager gives a person up (Core Vol 3 H 3.4)."""

SEARCH_S: Final = 10.0
"""How long a tool is listened for whose bond has just been removed."""

TARE_ATTEMPTS: Final = 4
TARE_PAUSE_S: Final = 1.5
"""Between attempts to tare: time to put the tool down."""


class Zero(StrEnum):
    """What came of taring."""

    SET = "set"
    NEEDLESS = "needless"
    UNSTILL = "unstill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a tool says of itself over a bonded link.

    Attributes:
        address: its identity, as the platform gives it.
        advertised: what it calls itself; may be empty.
        feature: its Tool Feature.
        identity: its Device Information.
        battery_percent: its battery level; None where it does not tell.
        security: what the platform tells of the link; None for nothing.
    """

    address: str
    advertised: str
    feature: ToolFeature
    identity: Identity
    battery_percent: int | None
    security: Security | None


class Meeting:
    """A tool that has just been paired, still connected; its bond is removed unless it is kept.

    Attributes:
        introduction: what it said of itself.
        is_kept: whether the bond stays.

    Args:
        tool: the connection.
        introduction: what it said of itself.
    """

    def __init__(self, tool: ToolClient, introduction: Introduction) -> None:
        self.introduction = introduction
        self.is_kept = False
        self._tool = tool

    def keep(self) -> None:
        """This is the tool that was meant."""
        self.is_kept = True

    async def identify(self) -> bool:
        """Let the tool show which one it is.

        Returns:
            Whether it can.

        Raises:
            LinkError: no answer in time, or the link dropped.
        """
        try:
            await self._tool.request(Identify())
        except Refused as refused:
            if refused.result == Result.OP_CODE_NOT_SUPPORTED:
                return False
            raise
        return True

    async def tare(self) -> Zero:
        """Set the tool's zero; it has to be in the air, and still.

        Raises:
            LinkError: no answer in time, or the link dropped.
        """
        for attempt in range(TARE_ATTEMPTS):
            try:
                await self._tool.request(Tare())
            except Refused as refused:
                if refused.result == Result.OP_CODE_NOT_SUPPORTED:
                    return Zero.NEEDLESS
                if attempt + 1 < TARE_ATTEMPTS:
                    await asyncio.sleep(TARE_PAUSE_S)
            else:
                return Zero.SET
        return Zero.UNSTILL


@asynccontextmanager
async def pairing(adapter: Adapter, found: Found) -> AsyncIterator[Meeting]:
    """Connect to a tool, pair with it, and hear what it says of itself.

    Unless the meeting is kept its bond is removed again, whatever went wrong: a bond half made is
    what keeps the next attempt from working.

    Args:
        adapter: the radio.
        found: the tool, heard a moment ago.

    Raises:
        LinkError: the tool refused, did not answer in time, or is no massage tool.
    """

    def on_disconnect() -> None:
        tool.drop()

    client = adapter.client(found.device, on_disconnect, timeout_s=PAIR_S)
    tool = ToolClient(client, found.label)
    meeting: Meeting | None = None
    try:
        await _bond(adapter, found, client)
        meeting = Meeting(tool, await _introduced(adapter, found, tool))
        yield meeting
    finally:
        tool.drop()
        try:
            if meeting is None or not meeting.is_kept:
                await _unpair(client)
        finally:
            with suppress(BleakError, OSError, EOFError, AssertionError):
                await bounded(client.disconnect(), DISCONNECT_S)


async def unbonded(adapter: Adapter, found: Found) -> Found:
    """Remove this computer's old bond with a tool, if there is one, and hear the tool again.

    With the old bond gone first no stack runs into a bond that only one side still has: a known
    way to hang BlueZ's connect, and with some kernels its daemon.

    Args:
        adapter: the radio.
        found: the tool, heard a moment ago.

    Raises:
        LinkError: it was not heard again, or the radio cannot be used.
    """
    try:
        is_bonded = await bounded(adapter.platform.is_bonded(found.address), ASK_S)
    except (OSError, EOFError) as error:
        raise classify(error, Stage.CONNECT, found.label) from error
    if is_bonded is False:
        return found
    await forget_bond(adapter, found)
    by_address, heard = await find_among(adapter, _at(found.address), SEARCH_S / 2, is_one=True)
    if by_address is not None:
        return by_address
    # Without the bond a private address is not resolved any more: only the name is left.
    by_name = [one for one in heard if found.name and one.name == found.name]
    if not by_name:
        raise OutOfReach(LinkFault.NOT_FOUND, tool=found.label)
    return by_name[0]


async def forget_bond(adapter: Adapter, found: Found) -> bool:
    """Remove this computer's bond with a tool that was heard.

    Returns:
        Whether the platform did; on macOS only a person can, in the system's settings.
    """
    return await _forget(adapter, found.device)


async def forget_bond_at(adapter: Adapter, address: str) -> bool:
    """Remove this computer's bond with a tool that need not be near.

    Returns:
        Whether the platform did, and there was one.
    """
    return await _forget(adapter, address)


async def _forget(adapter: Adapter, device: BLEDevice | str) -> bool:
    return await _unpair(adapter.client(device, lambda: None, timeout_s=CONNECT_S, pair=False))


def _at(address: str) -> Callable[[Found], bool]:
    return lambda found: found.address == address


async def _bond(adapter: Adapter, found: Found, client: BleakClient) -> None:
    try:
        async with adapter.turn:
            with adapter.platform.expecting(found.address):
                await bounded(client.connect(), PAIR_S)
    except (BleakError, OSError, EOFError, AssertionError) as error:
        raise classify(error, Stage.CONNECT, found.label) from error


async def _introduced(adapter: Adapter, found: Found, tool: ToolClient) -> Introduction:
    # Where pairing is not asked for but comes with the first protected read (macOS), the system
    # asks the person meanwhile: so this one may take long, and so may the agent be asked.
    with adapter.platform.expecting(found.address):
        feature = await tool.read_feature(PAIR_S)
    security = await require_security(adapter.platform, tool.address, tool.name)
    if Features.DISPLAY in feature.features and security and security.authenticated is False:
        # It shows a passkey and was paired without: somebody may stand between us.
        raise LinkError(LinkFault.PAIRING_REFUSED, tool=tool.name, detail="no passkey")
    await tool.open_control_point()
    introduction = Introduction(
        address=tool.address.upper(),
        advertised=found.name,
        feature=feature,
        identity=await tool.read_identity(),
        battery_percent=await tool.read_battery(),
        security=security,
    )
    try:
        await bounded(adapter.platform.trust(tool.address), ASK_S)
    except (OSError, EOFError) as error:
        raise classify(error, Stage.USE, tool.name) from error
    return introduction


async def _unpair(client: BleakClient) -> bool:
    try:
        await bounded(client.unpair(), GATT_S)
    except (NotImplementedError, BleakDeviceNotFoundError):
        return False
    except (BleakError, OSError, EOFError, AssertionError) as error:
        log.info("the bond could not be removed: %s", error)
        return False
    return True
