"""Who may read and write: bonds, pairing, and a check per access."""

from collections.abc import Callable
from pathlib import Path

from bumble.att import ATT_Error
from bumble.device import Connection
from bumble.keys import KeyStore

from protocols.massage_tool import INSUFFICIENT_AUTHENTICATION, INSUFFICIENT_ENCRYPTION, Features
from simulators.firmware import Tool
from simulators.peripheral.bonds import bonds
from simulators.peripheral.device import ToolDevice
from simulators.peripheral.identity import Identity
from simulators.peripheral.key_exchange import KeyExchange
from simulators.peripheral.pairing import Pairing


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


class Security:
    """All of a tool's security, put into its device.

    Attributes:
        keystore: its bonds.
        pairing: what a person sees of a pairing.
        guard: checks each access.

    Args:
        tool: what the maker wrote into it.
        device: takes the bonds and the strict key exchange over.
        identity: the tool's.
        keys: file of the bonds; None keeps them in memory.
        is_open: whether new bonds are accepted now.

    Raises:
        DataFileError: the file is there and holds no bonds.
        OSError: the file cannot be read.
    """

    def __init__(
        self,
        tool: Tool,
        device: ToolDevice,
        identity: Identity,
        *,
        keys: Path | None,
        is_open: Callable[[], bool],
    ) -> None:
        has_display = Features.DISPLAY in tool.feature.features
        self.keystore = device.keystore = bonds(tool.address, keys)
        self.pairing = Pairing(
            has_display=has_display, identity=identity.pairing_type, is_open=is_open
        )
        key_exchange = device.smp_manager = KeyExchange(device, self.pairing)
        self.guard = Guard(self.keystore, key_exchange, needs_passkey=has_display)
