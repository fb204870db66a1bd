"""Who may read and write: a check per access."""

from bumble.att import ATT_Error
from bumble.device import Connection
from bumble.keys import KeyStore

from protocols.massage_tool import INSUFFICIENT_AUTHENTICATION, INSUFFICIENT_ENCRYPTION
from simulators.peripheral.key_exchange import KeyExchange


class Guard:
    """Checks one access (tool-profile.md, Security).

    bumble calls any encrypted LE link authenticated; here the key that encrypts it counts.

    Attributes:
        key_exchange: knows which links are encrypted with a key that is new.

    Args:
        keystore: the tool's bonds.
        key_exchange: the same.
        needs_passkey: whether only an authenticated key counts (a tool with a display).
    """

    def __init__(
        self, keystore: KeyStore, key_exchange: KeyExchange, *, needs_passkey: bool
    ) -> None:
        self._keystore = keystore
        self.key_exchange = key_exchange
        self._needs_passkey = needs_passkey

    async def check(self, connection: Connection) -> None:
        """Let an access pass.

        Raises:
            ATT_Error: no fitting key exists, or one does and the link is not encrypted.
        """
        if connection.is_encrypted and not self._needs_passkey:
            return
        if not await self._has_fitting_key(connection):
            raise ATT_Error(INSUFFICIENT_AUTHENTICATION)
        if not connection.is_encrypted:
            raise ATT_Error(INSUFFICIENT_ENCRYPTION)

    async def _has_fitting_key(self, connection: Connection) -> bool:
        new = self.key_exchange.paired_on(connection) if connection.is_encrypted else None
        if new is not None:
            return new.is_authenticated or not self._needs_passkey
        keys = await self._keystore.get(str(connection.peer_address))
        if keys is None or keys.ltk is None:
            return False
        return keys.ltk.authenticated or not self._needs_passkey
