"""The connections of one adapter: one to a peer, shared by all clients that want it."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from bumble import core, hci
from bumble.device import Advertisement, Connection, ConnectionParametersPreferences, Device

from simulators.bleak_backend.errors import bleak_errors
from simulators.bleak_backend.exchange import Exchange
from simulators.bleak_backend.neighbours import Neighbours
from simulators.bleak_backend.scanner import Listening
from simulators.radio.errors import AirError

_INTERVAL_MS: Final = 15.0
_SUPERVISION_TIMEOUT_MS: Final = 2000
_LONGEST_HCI_ANSWER_S: Final = 2.0
_PREFERENCES: Final = {
    hci.Phy.LE_1M: ConnectionParametersPreferences(
        connection_interval_min=_INTERVAL_MS,
        connection_interval_max=_INTERVAL_MS,
        max_latency=0,
        supervision_timeout=_SUPERVISION_TIMEOUT_MS,
    )
}


class Links:
    """Makes connections, and knows which there are.

    Args:
        device: the radio's bumble device.
        listening: the radio's scan.
        neighbours: whom it has heard.
    """

    def __init__(self, device: Device, listening: Listening, neighbours: Neighbours) -> None:
        self._device = device
        self._listening = listening
        self._neighbours = neighbours
        self._connecting = asyncio.Lock()
        self._links: set[Exchange] = set()
        self._searches: dict[asyncio.Future[hci.Address | None], str] = {}

    def __iter__(self) -> Iterator[Exchange]:
        """The links that are up."""
        return iter([link for link in self._links if not link.is_dropped])

    def to_peer(self, address: str) -> Exchange | None:
        """The link to a peer, by its identity address or the one it advertises."""
        return next((link for link in self if self.peer_of(link) == address.upper()), None)

    def peer_of(self, link: Exchange) -> str:
        """The identity address of the peer at the other end."""
        return self._neighbours.identity_of(link.connection.peer_address)

    async def connect(self, address: str, heard: hci.Address | None) -> tuple[Exchange, bool]:
        """Connect to a peer; one after the other, as long as the caller waits.

        Args:
            address: the peer's identity address, or the one it advertises.
            heard: the address that a scan heard. Without one, or where it is a private one
                that the peer may have changed since, the peer is waited for on the air.

        Returns:
            The link, and whether it was made for this call.

        Raises:
            BleakError: the radio refused or is gone.
        """
        is_lasting = heard is not None and not heard.is_resolvable
        peer = heard if is_lasting else await self._find(address)
        async with self._connecting:
            link = self.to_peer(address)
            if link is not None:
                return link, False
            if peer is None:
                raise BleakError(f"connecting to {address}: the link there was is gone again")
            return self._add(await self._make(peer, address)), True

    def _add(self, connection: Connection) -> Exchange:
        link = Exchange(connection)
        self._links.add(link)
        link.dropped.add_done_callback(lambda _: self._links.discard(link))
        peer = self.peer_of(link)
        for search, wanted in self._searches.items():
            if wanted == peer and not search.done():
                search.set_result(None)
        return link

    async def _make(self, peer: hci.Address, address: str) -> Connection:
        attempt = asyncio.create_task(self._device.connect_le(peer, _PREFERENCES, timeout=None))
        try:
            await asyncio.wait({attempt})
        except asyncio.CancelledError:
            await self._abandon(attempt)
            raise
        if attempt.cancelled():
            raise BleakError(f"connecting to {address}: the radio is gone")
        with bleak_errors(f"connecting to {address}"):
            return attempt.result()

    async def _abandon(self, attempt: asyncio.Task[Connection]) -> None:
        """Cancel a connection that is being made; if it came about after all, end it."""
        with contextlib.suppress(TimeoutError, core.BaseBumbleError, AirError):
            async with asyncio.timeout(_LONGEST_HCI_ANSWER_S):
                with contextlib.suppress(hci.HCI_Error):
                    await self._device.send_sync_command(
                        hci.HCI_LE_Create_Connection_Cancel_Command()
                    )
                connection = await attempt
                await connection.disconnect()
        attempt.cancel()

    async def _find(self, address: str) -> hci.Address | None:
        """The address, with its type, that the peer advertises; None if it is connected."""
        wanted = address.upper()
        if self.to_peer(wanted) is not None:
            return None
        known = self._neighbours.address_of(wanted)
        if known is not None and not known.is_resolvable:
            return known
        found: asyncio.Future[hci.Address | None] = asyncio.get_running_loop().create_future()

        def listen(advertisement: Advertisement, _data: AdvertisementData) -> None:
            heard = advertisement.address
            if self._neighbours.identity_of(heard) == wanted and not found.done():
                found.set_result(heard)

        self._searches[found] = wanted
        await self._listening.add(listen, active=False)
        try:
            return await found
        finally:
            del self._searches[found]
            await self._listening.remove(listen)
