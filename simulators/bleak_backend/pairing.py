"""How the adapter pairs: LE Secure Connections, Just Works or with a passkey."""

from collections.abc import Awaitable, Callable

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate

Passkey = Callable[[str], Awaitable[int | None]]
"""Asks a person for the six digits that a peer shows; given the peer's address."""


class _PasskeyEntry(PairingDelegate):
    def __init__(self, ask: Passkey, address: str) -> None:
        super().__init__(PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY)
        self._ask = ask
        self._address = address

    async def get_number(self) -> int | None:
        return await self._ask(self._address)


def pairing_config(connection: Connection, passkey: Passkey | None) -> PairingConfig:
    """What to offer a peer: a keyboard if there is someone to ask, else Just Works."""
    if passkey is None:
        return PairingConfig(sc=True, mitm=False, bonding=True, delegate=PairingDelegate())
    address = connection.peer_address.to_string(False)
    return PairingConfig(sc=True, mitm=True, bonding=True, delegate=_PasskeyEntry(passkey, address))
