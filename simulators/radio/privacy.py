"""Lists of peers and their private addresses: Core Vol 6 B 4.3 and 6.

bumble 0.0.236 claims LL Privacy and takes these commands without doing anything.
"""

import asyncio
from dataclasses import dataclass, field

from bumble import crypto, hci

from simulators.radio.connection import RadioConnection
from simulators.radio.parameters import CreateConnection, LinkParameters
from simulators.radio.procedures import LinkController

_NO_KEY = bytes(16)
_PRAND_MASK, _PRAND_RESOLVABLE = 0x3F, 0x40
_FILTERED_POLICIES = (1, 3)
_USE_ACCEPT_LIST = 1
_DEFAULT_PRIVATE_S = 900
_SUCCESS = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)
_FULL = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR)
_UNKNOWN = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR)


@hci.HCI_SyncCommand.sync_command(hci.HCI_StatusReturnParameters)
@dataclass
class HCI_LE_Remove_Device_From_Resolving_List_Command(  # noqa: N801  # bumble's way of naming
    hci.HCI_SyncCommand[hci.HCI_StatusReturnParameters]
):
    """Core Vol 4 E 7.8.39; bumble has no class for it."""

    peer_identity_address_type: int = field(metadata=hci.metadata(hci.Address.ADDRESS_TYPE_SPEC))
    peer_identity_address: hci.Address = field(
        metadata=hci.metadata(hci.Address.parse_address_preceded_by_type)
    )


@dataclass
class KnownPeer:
    """One entry of the resolving list.

    Attributes:
        identity: the peer's identity address.
        peer_irk: its identity resolving key, all zero if it has none.
        local_irk: the key that our own private address to it is made with, or all zero.
        own: that address, None before it is first needed.
        own_made_at: when that was made, on the loop's clock.
    """

    identity: hci.Address
    peer_irk: bytes
    local_irk: bytes
    own: hci.Address | None = None
    own_made_at: float = 0.0


class PrivacyController(LinkController):
    """The part of a controller that tells its peers apart.

    Peers in the resolving list are taken with their identity address too, as in device
    privacy mode (Core Vol 6 B 4.7).
    """

    le_rpa_timeout = _DEFAULT_PRIVATE_S

    def forget_peers(self) -> None:
        """Empty both lists, as a reset does."""
        self._accepted: list[hci.Address] = []
        self._known: list[KnownPeer] = []
        self.le_address_resolution = False
        self.le_rpa_timeout = _DEFAULT_PRIVATE_S
        self.le_scanning_filter_policy = 0

    # The filter accept list

    def on_hci_le_clear_filter_accept_list_command(
        self, _command: hci.HCI_LE_Clear_Filter_Accept_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget everyone (Core Vol 4 E 7.8.15)."""
        self._accepted.clear()
        return _SUCCESS

    def on_hci_le_add_device_to_filter_accept_list_command(
        self, command: hci.HCI_LE_Add_Device_To_Filter_Accept_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Remember one (Core Vol 4 E 7.8.16)."""
        if command.address in self._accepted:
            return _SUCCESS
        if len(self._accepted) >= self.filter_accept_list_size:
            return _FULL
        self._accepted.append(command.address)
        return _SUCCESS

    def on_hci_le_remove_device_from_filter_accept_list_command(
        self, command: hci.HCI_LE_Remove_Device_From_Filter_Accept_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget one (Core Vol 4 E 7.8.17)."""
        self._accepted = [peer for peer in self._accepted if peer != command.address]
        return _SUCCESS

    def is_reported(self, address: hci.Address) -> bool:
        """Whether the host's filter policy lets an advertiser through."""
        is_filtered = self.le_scanning_filter_policy in _FILTERED_POLICIES
        return not is_filtered or self._is_accepted(address)

    def is_awaited(self, pending: CreateConnection, address: hci.Address) -> bool:
        """Whether the host wants a connection to this advertiser."""
        if pending.initiator_filter_policy == _USE_ACCEPT_LIST:
            return self._is_accepted(address)
        return pending.peer_address in (address, self.identity_of(address))

    def _is_accepted(self, address: hci.Address) -> bool:
        return address in self._accepted or self.identity_of(address) in self._accepted

    # The resolving list

    def on_hci_le_add_device_to_resolving_list_command(
        self, command: hci.HCI_LE_Add_Device_To_Resolving_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Remember a peer's keys (Core Vol 4 E 7.8.38)."""
        if len(self._known) >= self.resolving_list_size:
            return _FULL
        self._known.append(
            KnownPeer(command.peer_identity_address, command.peer_irk, command.local_irk)
        )
        return _SUCCESS

    def on_hci_le_remove_device_from_resolving_list_command(
        self, command: HCI_LE_Remove_Device_From_Resolving_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget a peer's keys (Core Vol 4 E 7.8.39)."""
        kept = [peer for peer in self._known if peer.identity != command.peer_identity_address]
        is_there = len(kept) < len(self._known)
        self._known = kept
        return _SUCCESS if is_there else _UNKNOWN

    def on_hci_le_clear_resolving_list_command(
        self, _command: hci.HCI_LE_Clear_Resolving_List_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget all keys (Core Vol 4 E 7.8.40)."""
        self._known.clear()
        return _SUCCESS

    def identity_of(self, address: hci.Address) -> hci.Address | None:
        """Resolve a private address, if the host has asked for that (Core Vol 6 B 1.3.2.3)."""
        if not self.le_address_resolution or not address.is_resolvable:
            return None
        octets = bytes(address)
        for peer in self._known:
            if peer.peer_irk != _NO_KEY and crypto.ah(peer.peer_irk, octets[3:]) == octets[:3]:
                kind = (
                    hci.AddressType.PUBLIC_IDENTITY
                    if peer.identity.is_public
                    else hci.AddressType.RANDOM_IDENTITY
                )
                return hci.Address(bytes(peer.identity), kind)
        return None

    def own_address(self, own_type: int, peer: hci.Address) -> hci.Address:
        """The address that is used towards a peer (Core Vol 4 E 7.8.5, Own_Address_Type)."""
        if own_type in (
            hci.OwnAddressType.RESOLVABLE_OR_PUBLIC,
            hci.OwnAddressType.RESOLVABLE_OR_RANDOM,
        ):
            for known in self._known:
                if known.identity == peer and known.local_irk != _NO_KEY:
                    return self._private_address(known)
        is_public = own_type in (
            hci.OwnAddressType.PUBLIC,
            hci.OwnAddressType.RESOLVABLE_OR_PUBLIC,
        )
        return self.public_address if is_public else self.random_address

    def _private_address(self, known: KnownPeer) -> hci.Address:
        now = asyncio.get_running_loop().time()
        if known.own is None or now - known.own_made_at >= self.le_rpa_timeout:
            prand = bytearray(self.air.chance.randbytes(3))
            prand[2] = prand[2] & _PRAND_MASK | _PRAND_RESOLVABLE
            octets = crypto.ah(known.local_irk, bytes(prand)) + bytes(prand)
            known.own = hci.Address(octets, hci.AddressType.RANDOM_DEVICE)
            known.own_made_at = now
        return known.own

    # Telling the host of a connection

    def report_connection(self, connection: RadioConnection, parameters: LinkParameters) -> None:
        """Tell the host of a new connection, in the richest form that it listens to."""
        identity, private = connection.identity, connection.own_private_address
        peer = identity or connection.peer_address
        self._report(
            hci.HCI_LE_Enhanced_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.SUCCESS,
                connection_handle=connection.handle,
                role=connection.role,
                peer_address_type=peer.address_type,
                peer_address=peer,
                local_resolvable_private_address=private or hci.Address.ANY_RANDOM,
                peer_resolvable_private_address=(
                    connection.peer_address if identity else hci.Address.ANY_RANDOM
                ),
                connection_interval=parameters.interval,
                peripheral_latency=parameters.latency,
                supervision_timeout=parameters.timeout,
                central_clock_accuracy=0,
            )
        )
        self.send_hci_packet(
            hci.HCI_LE_Channel_Selection_Algorithm_Event(
                connection_handle=connection.handle, channel_selection_algorithm=1
            )
        )

    def report_no_connection(self, peer: hci.Address, error: int) -> None:
        """Tell the host that there will be no connection."""
        self._report(
            hci.HCI_LE_Enhanced_Connection_Complete_Event(
                status=error,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=peer.address_type,
                peer_address=peer,
                local_resolvable_private_address=hci.Address.ANY_RANDOM,
                peer_resolvable_private_address=hci.Address.ANY_RANDOM,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )

    def _report(self, enhanced: hci.HCI_LE_Enhanced_Connection_Complete_Event) -> None:
        """Send one form only: the enhanced one if wanted (Core Vol 4 E 7.7.65.1)."""
        if self.is_wanted(hci.HCI_LE_ENHANCED_CONNECTION_COMPLETE_EVENT):
            self.send_hci_packet(enhanced)
            return
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=enhanced.status,
                connection_handle=enhanced.connection_handle,
                role=enhanced.role,
                peer_address_type=enhanced.peer_address_type,
                peer_address=enhanced.peer_address,
                connection_interval=enhanced.connection_interval,
                peripheral_latency=enhanced.peripheral_latency,
                supervision_timeout=enhanced.supervision_timeout,
                central_clock_accuracy=enhanced.central_clock_accuracy,
            )
        )
