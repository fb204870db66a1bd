"""Who may read and write: pairing as the profile wants it, and a check per access."""

import asyncio
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
_SIZES: Final[dict[int, int]] = {
    smp.CommandCode.PAIRING_REQUEST: 7,
    smp.CommandCode.PAIRING_CONFIRM: 17,
    smp.CommandCode.PAIRING_RANDOM: 17,
    smp.CommandCode.PAIRING_FAILED: 2,
    smp.CommandCode.ENCRYPTION_INFORMATION: 17,
    smp.CommandCode.MASTER_IDENTIFICATION: 11,
    smp.CommandCode.IDENTITY_INFORMATION: 17,
    smp.CommandCode.IDENTITY_ADDRESS_INFORMATION: 8,
    smp.CommandCode.SIGNING_INFORMATION: 17,
    smp.CommandCode.PAIRING_PUBLIC_KEY: 65,
    smp.CommandCode.PAIRING_DHKEY_CHECK: 17,
    smp.CommandCode.PAIRING_KEYPRESS_NOTIFICATION: 2,
}
"""Bytes of each command that a peripheral may be sent (Core Vol 3 H 3.5, 3.6)."""
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
        self._passkey: int | None = None
        self._shown = asyncio.Event()
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
        self._passkey = number
        self._shown.set()

    async def shown_passkey(self) -> int:
        """Wait until the display shows a passkey, and read it."""
        await self._shown.wait()
        return self._passkey or 0

    def clear_display(self) -> None:
        """Show nothing any more."""
        self._passkey = None
        self._shown.clear()


class StrictSecurity(smp.Manager):
    """bumble's security manager, with LE Secure Connections and 16-byte keys only.

    bumble 0.0.236 takes any command for the begin of a pairing, stumbles over malformed ones,
    and keeps a session that is over until the link ends, so that a second pairing on the same
    link falls into it. Here only a Pairing Request begins one, each afresh.
    """

    def __init__(self, device: Device, pairing: Pairing) -> None:
        super().__init__(device, pairing_config_factory=pairing.config)

    def on_smp_pdu(self, connection: Connection, pdu: bytes) -> None:
        """Refuse what has no place here, pass on all else."""
        session = self.sessions.get(connection.handle)
        if session is not None and session.completed:
            self.on_session_end(session)
            session = None
        reason = _why_not(pdu, is_pairing=session is not None)
        if reason is None:
            super().on_smp_pdu(connection, pdu)
        elif session is not None:
            session.send_pairing_failed(reason)
        elif pdu[:1] != bytes([smp.CommandCode.PAIRING_FAILED]):
            self.send_command(connection, smp.SMP_Pairing_Failed_Command(reason=reason))


def _why_not(pdu: bytes, *, is_pairing: bool) -> smp.ErrorCode | None:
    """Judge a command by its code, its length and whether it may come now (Core Vol 3 H 3)."""
    size = _SIZES.get(pdu[0]) if pdu else None
    if size is None:
        return smp.ErrorCode.COMMAND_NOT_SUPPORTED
    if len(pdu) != size:
        return smp.ErrorCode.INVALID_PARAMETERS
    if (pdu[0] == smp.CommandCode.PAIRING_REQUEST) is is_pairing:
        return smp.ErrorCode.UNSPECIFIED_REASON
    return None if is_pairing else _why_not_so(pdu)


def _why_not_so(request: bytes) -> smp.ErrorCode | None:
    """Look at a Pairing Request's AuthReq and key size (Core Vol 3 H 3.5.1)."""
    if not request[3] & smp.AuthReq.SC:
        return smp.ErrorCode.AUTHENTICATION_REQUIREMENTS
    return smp.ErrorCode.ENCRYPTION_KEY_SIZE if request[4] < _KEY_BYTES else None
