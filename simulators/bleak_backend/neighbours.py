"""Whom an adapter has heard: addresses, the identities behind them, and names."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bleak.backends.scanner import AdvertisementData
from bumble import hci
from bumble.device import Advertisement, Device

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What the backend keeps in a `BLEDevice`'s details.

    Attributes:
        adapter: who heard the peer.
        address: the address that was heard, with its type.
    """

    adapter: "Adapter"
    address: hci.Address


class Neighbours:
    """Remembers everyone whom the radio heard.

    Args:
        device: the radio's bumble device, which knows the keys of bonded peers.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._addresses: dict[str, hci.Address] = {}
        self._names: dict[str, str] = {}

    def remember(self, advertisement: Advertisement, data: AdvertisementData) -> None:
        """Take note of an advertisement."""
        address = self.identity_of(advertisement.address)
        self._addresses[address] = advertisement.address
        if data.local_name is not None:
            self._names[address] = data.local_name

    def forget(self, address: str) -> None:
        """Be as if a peer had never been heard."""
        self._addresses.pop(address, None)
        self._names.pop(address, None)

    def name_of(self, address: str) -> str | None:
        """The name a peer last advertised, None if it never said one."""
        return self._names.get(address.upper())

    def address_of(self, identity: str) -> hci.Address | None:
        """The address, with its type, that a peer last advertised."""
        return self._addresses.get(identity.upper())

    def identity_of(self, address: hci.Address) -> str:
        """The identity of a bonded peer behind its private address, else the address itself."""
        resolver = self._device.address_resolver
        identity = resolver.resolve(address) if resolver and address.is_resolvable else None
        return (identity or address).to_string(False)
