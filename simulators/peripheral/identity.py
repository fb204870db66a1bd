"""Who the tool is on the air: its identity address, and the ones it shows instead."""

import hashlib
from typing import Final

from bumble import hci
from bumble.crypto import ah
from bumble.pairing import PairingConfig

from simulators.firmware import Tool
from simulators.radio.errors import AirError

STATIC: Final = "static"
PUBLIC: Final = "public"
PRIVATE: Final = "private"
KINDS: Final = (STATIC, PUBLIC, PRIVATE)
ROTATION_S: Final = 900.0
"""How long a private address is shown at most (Core Vol 3 C 10.7.1.2, TGAP(private_addr_int))."""
_RESOLVABLE: Final = 0x40
_LOW_BITS: Final = 0x3F


class Identity:
    """One tool's identity.

    The identity resolving key follows from the address, so that a simulation repeats itself;
    it hides nothing from who knows that.

    Attributes:
        kind: static, public or private.
        irk: identity resolving key, given to centrals that bond.

    Args:
        address: the identity address; of a public one the controller's own counts instead.
        kind: static, public or private.

    Raises:
        ValueError: there is no such kind, or the address is not of it.
    """

    def __init__(self, address: str, kind: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"an address is {', '.join(KINDS)}, not {kind}")
        self.kind = kind
        self.address = hci.Address(address)
        if kind == STATIC and not self.address.is_static:
            raise ValueError(f"{address} is no static random address: it must begin with C0 to FF")
        self.irk = hashlib.blake2b(address.encode(), digest_size=16).digest()
        self._shown = 0

    @property
    def own_address_type(self) -> hci.OwnAddressType:
        """What advertisements are sent with."""
        return hci.OwnAddressType.PUBLIC if self.kind == PUBLIC else hci.OwnAddressType.RANDOM

    @property
    def pairing_type(self) -> PairingConfig.AddressType:
        """Which address is given to centrals that bond."""
        kinds = PairingConfig.AddressType
        return kinds.PUBLIC if self.kind == PUBLIC else kinds.RANDOM

    def check(self, public_address: hci.Address) -> None:
        """Look whether the controller has the public address that the tool is to have.

        Raises:
            AirError: the tool is to have one, and the controller has none.
        """
        if self.kind == PUBLIC and not any(bytes(public_address)):
            raise AirError("the tool has a public address, and its controller has none")

    def next_shown(self) -> hci.Address:
        """Return the next resolvable private address to show."""
        self._shown += 1
        digest = hashlib.blake2b(self._shown.to_bytes(8, "little"), key=self.irk, digest_size=3)
        low, middle, high = digest.digest()
        prand = bytes([low, middle, high & _LOW_BITS | _RESOLVABLE])
        return hci.Address(ah(self.irk, prand) + prand)


def controller_address(tool: Tool) -> str | None:
    """Return the address that a virtual controller for this tool needs; None for any."""
    return tool.address if tool.address_kind == PUBLIC else None
