"""bumble's security manager, held to LE Secure Connections and to the order of the standard."""

import asyncio
from typing import Any, Final

from bumble import smp
from bumble.core import ConnectionError as LinkError
from bumble.device import Connection, Device
from bumble.hci import Address, AddressType
from bumble.keys import PairingKeys
from bumble.pairing import PairingConfig

from simulators.peripheral.pairing import Pairing

Code = smp.CommandCode
Reason = smp.ErrorCode

TIMEOUT_S: Final = 30.0
"""Silence after which a pairing has failed, for the whole link (Core Vol 3 H 3.4)."""
_PASSKEY_BITS: Final = 20
_KEY_BYTES: Final = 16
_SHORTEST_KEY_BYTES: Final = 7
_MOST_IO_CAPABILITY: Final = 0x04
_SIZES: Final[dict[int, int]] = {
    Code.PAIRING_REQUEST: 7,
    Code.PAIRING_CONFIRM: 17,
    Code.PAIRING_RANDOM: 17,
    Code.PAIRING_FAILED: 2,
    Code.ENCRYPTION_INFORMATION: 17,
    Code.MASTER_IDENTIFICATION: 11,
    Code.IDENTITY_INFORMATION: 17,
    Code.IDENTITY_ADDRESS_INFORMATION: 8,
    Code.SIGNING_INFORMATION: 17,
    Code.PAIRING_PUBLIC_KEY: 65,
    Code.PAIRING_DHKEY_CHECK: 17,
    Code.PAIRING_KEYPRESS_NOTIFICATION: 2,
}
"""Bytes of each command that a peripheral may be sent (Core Vol 3 H 3.5, 3.6)."""
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""The curve P-256: y2 = x3 - 3x + b modulo p (FIPS 186-4 D.1.2.3)."""


class Exchange(smp.Session):
    """One pairing, in which each command has its place (Core Vol 3 H 2.3.5.6).

    bumble 0.0.236 takes commands in any order and stumbles over those that come too early.
    Here what may come next follows from what the tool has sent.
    """

    def __init__(
        self,
        manager: "KeyExchange",
        connection: Connection,
        config: PairingConfig,
        *,
        is_initiator: bool,
    ) -> None:
        super().__init__(manager, connection, config, is_initiator=is_initiator)
        self._manager = manager
        self._due: frozenset[int] = frozenset({Code.PAIRING_REQUEST})
        self._is_agreed = False
        self._is_renewed = False
        self._timer: asyncio.TimerHandle | None = None
        self._restart_timer()

    @property
    def agreed_key(self) -> bytes | None:
        """The key, once both sides have proven that they have it."""
        return self.ltk if self._is_agreed else None

    @property
    def is_authenticated(self) -> bool:
        """Whether a person has compared or typed something."""
        return self.pairing_method is not smp.PairingMethod.JUST_WORKS

    def on_smp_command(self, command: smp.SMP_Command) -> None:
        """Take a command that is due; any other ends the pairing."""
        if self.completed:
            return
        if command.code == Code.PAIRING_FAILED:
            super().on_smp_command(command)
            return
        if command.code not in self._expected():
            self.send_pairing_failed(Reason.UNSPECIFIED_REASON)
            return
        self._due = frozenset()
        self._restart_timer()
        super().on_smp_command(command)

    def _expected(self) -> frozenset[int]:
        if self._is_renewed:
            return frozenset(each.code for each in self.peer_expected_distributions)
        return self._due

    def on_smp_pairing_public_key_command(
        self, command: smp.SMP_Pairing_Public_Key_Command
    ) -> None:
        """Refuse a key that is no point of the curve, or the tool's own sent back."""
        x = int.from_bytes(command.public_key_x, "little")
        y = int.from_bytes(command.public_key_y, "little")
        is_own = command.public_key_x == self.ecc_key.x[::-1]
        if is_own or x >= _P or y >= _P or (y * y - x * x * x + 3 * x - _B) % _P:
            self.send_pairing_failed(Reason.INVALID_PARAMETERS)
            return
        super().on_smp_pairing_public_key_command(command)

    def send_command(self, command: smp.SMP_Command) -> None:
        """Send, and know what is due next; nothing but a failure follows the end."""
        if self.completed and command.code != Code.PAIRING_FAILED:
            return
        super().send_command(command)
        self._restart_timer()
        self._due = self._due_after(command.code)

    def _due_after(self, sent: int) -> frozenset[int]:
        is_passkey = self.pairing_method is smp.PairingMethod.PASSKEY
        match sent:
            case Code.PAIRING_RESPONSE:
                return frozenset({Code.PAIRING_PUBLIC_KEY})
            case Code.PAIRING_PUBLIC_KEY:
                return frozenset({Code.PAIRING_CONFIRM} if is_passkey else ())
            case Code.PAIRING_CONFIRM:
                return frozenset({Code.PAIRING_RANDOM})
            case Code.PAIRING_RANDOM:
                is_last = not is_passkey or self.passkey_step == _PASSKEY_BITS - 1
                return frozenset({Code.PAIRING_DHKEY_CHECK if is_last else Code.PAIRING_CONFIRM})
            case Code.PAIRING_DHKEY_CHECK:
                self._is_agreed = True
        return frozenset()

    def on_connection_encryption_change(self) -> None:
        """Go on only if it is the agreed key that encrypts the link now."""
        if self._is_agreed and not self.completed:
            self._is_renewed = True
            self._manager.link_is_encrypted_by(self)
            super().on_connection_encryption_change()

    def on_pairing_failure(self, reason: smp.ErrorCode) -> None:
        """End without a key."""
        self._is_agreed = False
        self.leave()
        super().on_pairing_failure(reason)

    async def on_pairing(self) -> None:
        """End with a key."""
        self.leave()
        try:
            await super().on_pairing()
        except LinkError:
            return

    def on_disconnection(self, reason: int) -> None:
        """End with the link."""
        self.leave()
        self.completed = True
        super().on_disconnection(reason)

    def leave(self) -> None:
        """Stop the clock."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _restart_timer(self) -> None:
        self.leave()
        if not self.completed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(TIMEOUT_S, self._expire)

    def _expire(self) -> None:
        self._manager.mute(self.connection)
        self.on_pairing_failure(Reason.UNSPECIFIED_REASON)


class KeyExchange(smp.Manager):
    """bumble's security manager, with LE Secure Connections and 16-byte keys only.

    bumble 0.0.236 takes any command for the begin of a pairing, stumbles over malformed ones,
    keeps a session that is over until the link ends, gives the key of a failed pairing to who
    asks, stores keys that nobody wanted to keep, and lets a weaker key replace a stronger one.
    """

    def __init__(self, device: Device, pairing: Pairing) -> None:
        super().__init__(device, pairing_config_factory=pairing.config)
        self.session_proxy = Exchange
        self._mute: set[Connection] = set()
        self._new_keys: dict[Connection, Exchange] = {}
        self._unkept: set[Connection] = set()

    def paired_on(self, connection: Connection) -> Exchange | None:
        """Return the pairing whose key encrypts this link; None if a bond's does, or none."""
        session = self.sessions.get(connection.handle)
        if isinstance(session, Exchange) and session.agreed_key is not None:
            return session
        return self._new_keys.get(connection)

    def is_bonded(self, connection: Connection) -> bool:
        """Whether the key that encrypts this link is one that the tool keeps."""
        session = self.paired_on(connection)
        is_kept = session is None or (session.completed and connection not in self._unkept)
        return bool(connection.is_encrypted) and is_kept

    def on_smp_pdu(self, connection: Connection, pdu: bytes) -> None:
        """Refuse what has no place here, pass on all else."""
        if connection in self._mute:
            return
        session = self.sessions.get(connection.handle)
        if session is not None and session.completed:
            self._drop(session)
            session = None
        reason = _why_not(pdu, is_pairing=session is not None)
        if reason is None:
            super().on_smp_pdu(connection, pdu)
        elif session is not None:
            session.send_pairing_failed(reason)
        elif pdu[:1] != bytes([Code.PAIRING_FAILED]):
            self.send_command(connection, smp.SMP_Pairing_Failed_Command(reason=reason))

    def get_long_term_key(self, connection: Connection, rand: bytes, ediv: int) -> bytes | None:
        """Give the key of a pairing only when both sides have proven it."""
        session = self.sessions.get(connection.handle)
        is_secure = rand == bytes(8) and ediv == 0
        return session.agreed_key if isinstance(session, Exchange) and is_secure else None

    def mute(self, connection: Connection) -> None:
        """Hear nothing more on this link: its pairing has timed out (Core Vol 3 H 3.4)."""
        self._mute.add(connection)
        connection.once(connection.EVENT_DISCONNECTION, lambda _: self._mute.discard(connection))

    def link_is_encrypted_by(self, session: Exchange) -> None:
        """A link is encrypted with a new key from here on."""
        connection = session.connection
        if connection not in self._new_keys:
            connection.once(connection.EVENT_DISCONNECTION, lambda _: self._forget(connection))
        self._new_keys[connection] = session
        self._unkept.add(connection)

    async def on_pairing(
        self, session: smp.Session, identity_address: Address | None, keys: PairingKeys
    ) -> None:
        """Keep the keys of a bond, unless it has a better one already."""
        connection = session.connection
        is_kept = session.bonding and identity_address is not None
        if is_kept and not await self._is_weaker(str(identity_address), keys):
            await self.device.update_keys(str(identity_address), keys)
            self._unkept.discard(connection)
            self.device.on_pairing(connection, identity_address, keys, session.sc)
        else:
            self.device.on_pairing(connection, None, keys, session.sc)

    async def _is_weaker(self, name: str, keys: PairingKeys) -> bool:
        kept = await self.device.keystore.get(name) if self.device.keystore else None
        if kept is None or kept.ltk is None or keys.ltk is None:
            return False
        return kept.ltk.authenticated and not keys.ltk.authenticated

    def _forget(self, connection: Connection) -> None:
        self._new_keys.pop(connection, None)
        self._unkept.discard(connection)

    def _drop(self, session: smp.Session) -> None:
        """End a session that is over, with all that it listens to."""
        connection = session.connection
        for event, listener in (
            (
                connection.EVENT_CONNECTION_ENCRYPTION_CHANGE,
                session.on_connection_encryption_change,
            ),
            (
                connection.EVENT_CONNECTION_ENCRYPTION_KEY_REFRESH,
                session.on_connection_encryption_key_refresh,
            ),
            (connection.EVENT_DISCONNECTION, session.on_disconnection),
        ):
            listeners: Any = connection
            listeners.remove_listener(event, listener)
        self.on_session_end(session)


def _why_not(pdu: bytes, *, is_pairing: bool) -> smp.ErrorCode | None:
    """Judge a command by its code, its length and whether it may come now (Core Vol 3 H 3)."""
    size = _SIZES.get(pdu[0]) if pdu else None
    if size is None:
        return Reason.COMMAND_NOT_SUPPORTED
    if len(pdu) != size:
        return Reason.INVALID_PARAMETERS
    if (pdu[0] == Code.PAIRING_REQUEST) is is_pairing:
        return Reason.UNSPECIFIED_REASON
    if pdu[0] == Code.IDENTITY_ADDRESS_INFORMATION and not _is_identity(pdu):
        return Reason.INVALID_PARAMETERS
    return None if is_pairing else _why_not_so(pdu)


def _why_not_so(request: bytes) -> smp.ErrorCode | None:
    """Look at a Pairing Request (Core Vol 3 H 3.5.1); the tool has no out-of-band data."""
    _code, io_capability, oob, auth_req, key_bytes = request[:5]
    if io_capability > _MOST_IO_CAPABILITY or oob > 1:
        return Reason.INVALID_PARAMETERS
    if not _SHORTEST_KEY_BYTES <= key_bytes <= _KEY_BYTES:
        return Reason.INVALID_PARAMETERS
    if oob:
        return Reason.OOB_NOT_AVAILABLE
    if not auth_req & smp.AuthReq.SC:
        return Reason.AUTHENTICATION_REQUIREMENTS
    return Reason.ENCRYPTION_KEY_SIZE if key_bytes < _KEY_BYTES else None


def _is_identity(pdu: bytes) -> bool:
    """Whether an address is public or static random (Core Vol 3 H 3.6.5)."""
    address = Address(pdu[2:], AddressType(pdu[1]))
    return pdu[1] == AddressType.PUBLIC_DEVICE or (
        pdu[1] == AddressType.RANDOM_DEVICE and address.is_static
    )
