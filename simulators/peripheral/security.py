"""Who may read and write: pairing as the profile wants it, and a check per access."""

import secrets
from collections.abc import Callable
from typing import Final

from bumble import smp
from bumble.att import ATT_Error
from bumble.device import Connection, Device
from bumble.keys import KeyStore
from bumble.pairing import PairingConfig, PairingDelegate

from protocols.massage_tool import INSUFFICIENT_AUTHENTICATION, INSUFFICIENT_ENCRYPTION

_KEY_BYTES: Final = 16
_PAIRING_REQUEST_BYTES: Final = 7
_MOST_PASSKEYS: Final = 1_000_000


class Guard:
    """Checks one access (tool-profile.md, Security).

    bumble calls any encrypted LE link authenticated, so the stored key is asked instead.

    Args:
        keystore: the tool's bonds.
        needs_passkey: whether only an authenticated key counts (a tool with a display).
    """

    def __init__(self, keystore: KeyStore, *, needs_passkey: bool) -> None:
        self._keystore = keystore
        self._needs_passkey = needs_passkey

    async def check(self, connection: Connection) -> None:
        """Let an access pass.

        Raises:
            ATT_Error: no fitting key exists, or one does and the link is not encrypted.
        """
        if connection.is_encrypted and not self._needs_passkey:
            return
        if not await self.has_fitting_key(connection):
            raise ATT_Error(INSUFFICIENT_AUTHENTICATION)
        if not connection.is_encrypted:
            raise ATT_Error(INSUFFICIENT_ENCRYPTION)

    async def has_fitting_key(self, connection: Connection) -> bool:
        """Whether this central is bonded with a key that is good enough."""
        keys = await self._keystore.get(str(connection.peer_address))
        if keys is None or keys.ltk is None:
            return False
        return keys.ltk.authenticated or not self._needs_passkey


class Pairing(PairingDelegate):
    """The tool's side of a pairing: Just Works, or a passkey on its display.

    Attributes:
        passkey: what the display shows; None while it shows none.

    Args:
        has_display: whether the tool can show a passkey.
        is_open: whether new bonds are accepted now.
    """

    def __init__(self, *, has_display: bool, is_open: Callable[[], bool]) -> None:
        super().__init__(
            io_capability=(
                PairingDelegate.DISPLAY_OUTPUT_ONLY
                if has_display
                else PairingDelegate.NO_OUTPUT_NO_INPUT
            )
        )
        self.passkey: int | None = None
        self._has_display = has_display
        self._is_open = is_open

    def config(self, _connection: Connection) -> PairingConfig:
        """Return what bumble needs for a pairing: Secure Connections, bonding."""
        return PairingConfig(sc=True, mitm=self._has_display, bonding=True, delegate=self)

    async def accept(self) -> bool:
        """Accept new bonds only while the window is open."""
        return self._is_open()

    async def generate_passkey(self) -> int:
        """Choose the passkey to show."""
        return secrets.randbelow(_MOST_PASSKEYS)

    async def display_number(self, number: int, digits: int) -> None:  # noqa: ARG002  # bumble's
        """Show the passkey."""
        self.passkey = number


class StrictSecurity(smp.Manager):
    """bumble's security manager, with LE Secure Connections and 16-byte keys only."""

    def __init__(self, device: Device, pairing: Pairing) -> None:
        super().__init__(device, pairing_config_factory=pairing.config)

    def on_smp_pdu(self, connection: Connection, pdu: bytes) -> None:
        """Refuse a pairing request that would end in a weaker key, pass on all else."""
        reason = _why_not(pdu)
        if reason is None:
            super().on_smp_pdu(connection, pdu)
        else:
            self.send_command(connection, smp.SMP_Pairing_Failed_Command(reason=reason))


def _why_not(pdu: bytes) -> smp.ErrorCode | None:
    """Look at a Pairing Request's AuthReq and key size (Core Vol 3 H 3.5.1)."""
    if not pdu or pdu[0] != smp.CommandCode.PAIRING_REQUEST:
        return None
    if len(pdu) != _PAIRING_REQUEST_BYTES:
        return smp.ErrorCode.INVALID_PARAMETERS
    if not pdu[3] & smp.AuthReq.SC:
        return smp.ErrorCode.AUTHENTICATION_REQUIREMENTS
    return smp.ErrorCode.ENCRYPTION_KEY_SIZE if pdu[4] < _KEY_BYTES else None
