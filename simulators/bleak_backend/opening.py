"""What makes a new link ready for use: encryption with the bond, the MTU, pairing."""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci

from simulators.bleak_backend.exchange import Exchange

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter

_MTU: Final = 247
_PAIRING_TIMEOUT_S: Final = 30.0
"""Core Vol 3 H 3.4: the Security Manager gives up after 30 s."""


async def open_link(adapter: "Adapter", exchange: Exchange, address: str) -> None:
    """Encrypt a link if there is a bond, and exchange the MTU.

    Raises:
        BleakError: the peer refused, left, or has lost its bond.
    """
    connection = exchange.connection
    if await adapter.bonds.get(str(connection.peer_address)) is not None:
        await _encrypt(exchange, address)
    await _exchange_mtu(exchange)
    exchange.prepared.set()


async def pair_link(exchange: Exchange) -> None:
    """Pair, if the link is not encrypted; it is ended when the peer does not answer in time.

    Raises:
        BleakError: the peer refused, left or did not answer within 30 s.
    """
    if exchange.connection.is_encrypted:
        return
    try:
        async with asyncio.timeout(_PAIRING_TIMEOUT_S):
            await exchange.run("pairing", exchange.connection.pair, in_turn=False)
    except TimeoutError as error:
        with contextlib.suppress(TimeoutError):
            await exchange.hang_up()
        raise BleakError("pairing: the peer did not answer") from error


async def _exchange_mtu(exchange: Exchange) -> None:
    """Agree on the MTU; it stays 23 with a peer that knows no such request, as it may be."""
    client = exchange.connection.gatt_client
    with contextlib.suppress(BleakGATTProtocolError):
        await exchange.run("exchanging the MTU", lambda: client.request_mtu(_MTU))
    # Core Vol 3 F 3.4.2.2: less than the smallest MTU is no answer.
    client.mtu = max(client.mtu, att.ATT_DEFAULT_MTU)


async def _encrypt(exchange: Exchange, address: str) -> None:
    try:
        await exchange.run("encrypting the link", exchange.connection.encrypt, in_turn=False)
    except BleakError as error:
        if _is_key_missing(error):
            raise BleakError(
                f"{address} has lost its bond with us: unpair, then pair again"
            ) from error
        raise


def _is_key_missing(error: BleakError) -> bool:
    cause = error.__cause__
    return (
        isinstance(cause, core.ProtocolError)
        and cause.error_code == hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR
    )
