"""A virtual Bluetooth LE controller: bumble's with what it leaves out put right.

This module advertises, scans and connects; `procedures` looks after open connections,
`privacy` after lists of peers, `standard` after what a host is told.
"""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bumble import hci
from bumble.core import PhysicalTransport

from simulators.radio.advertising import (
    LEGACY_PDUS,
    LONGEST_ADVERTISING_OCTETS,
    Advertisement,
    RadioAdvertisingSet,
    RadioLegacyAdvertiser,
    legacy_report,
    report,
)
from simulators.radio.connection import RadioConnection
from simulators.radio.parameters import (
    CreateConnection,
    LinkParameters,
    asked_parameters,
    has_parameters,
)
from simulators.radio.privacy import PrivacyController

if TYPE_CHECKING:
    from simulators.radio.air import Air

_ACL_LINK = hci.HCI_Connection_Complete_Event.LinkType.ACL
_EVENTS_TO_ESTABLISH = 6
_ACTIVE_SCAN = 1
_DUPLICATES_KEPT = 1024
_UNSET = hci.Address(bytes(6))
_TOO_MUCH = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.MEMORY_CAPACITY_EXCEEDED_ERROR)


class RadioController(PrivacyController):
    """One controller on the air.

    Attributes:
        rssi_dbm: how loud others hear it in dBm while neither it nor they were moved
            (`Air.move`); may be set at any time.
    """

    def __init__(self, name: str, air: "Air", address: str | None, number: int) -> None:
        super().__init__(name, air, address, number)
        self.rssi_dbm = -50
        self.le_legacy_advertiser = RadioLegacyAdvertiser(self)
        self._scans_extended = False
        self._heard: dict[tuple[bytes, bytes, bytes | None], None] = {}
        self.forget_peers()

    def silence(self) -> None:
        """Stop everything it sends of its own accord."""
        self.le_legacy_advertiser.stop()
        for advertising_set in self.advertising_sets.values():
            advertising_set.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None

    def on_hci_reset_command(
        self, command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget all state; bumble's keeps it. Peers notice by their own timeout."""
        self.silence()
        self.advertising_sets.clear()
        self.le_legacy_advertiser = RadioLegacyAdvertiser(self)
        self.forget_peers()
        connections = [c for c in self.le_connections.values() if isinstance(c, RadioConnection)]
        self.le_connections.clear()
        for connection in connections:
            if connection.air_link is not None:
                connection.air_link.end_closed()
        return super().on_hci_reset_command(command)

    # Advertising

    def on_hci_le_set_advertising_set_random_address_command(
        self, command: hci.HCI_LE_Set_Advertising_Set_Random_Address_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Make the set one of ours, then as bumble does."""
        self._ensure_advertising_set(command.advertising_handle)
        return super().on_hci_le_set_advertising_set_random_address_command(command)

    def on_hci_le_set_extended_advertising_parameters_command(
        self, command: hci.HCI_LE_Set_Extended_Advertising_Parameters_Command
    ) -> hci.HCI_LE_Set_Extended_Advertising_Parameters_ReturnParameters:
        """Make the set one of ours, then as bumble does."""
        self._ensure_advertising_set(command.advertising_handle)
        return super().on_hci_le_set_extended_advertising_parameters_command(command)

    def on_hci_le_set_extended_advertising_data_command(
        self, command: hci.HCI_LE_Set_Extended_Advertising_Data_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Keep data up to the size that the host was told, no further."""
        advertising_set = self.advertising_sets.get(command.advertising_handle)
        kept = len(advertising_set.data) if advertising_set else 0
        if kept + len(command.advertising_data) > LONGEST_ADVERTISING_OCTETS:
            return _TOO_MUCH
        return super().on_hci_le_set_extended_advertising_data_command(command)

    def on_hci_le_set_extended_scan_response_data_command(
        self, command: hci.HCI_LE_Set_Extended_Scan_Response_Data_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Keep data up to the size that the host was told, no further."""
        advertising_set = self.advertising_sets.get(command.advertising_handle)
        kept = len(advertising_set.scan_response_data) if advertising_set else 0
        if kept + len(command.scan_response_data) > LONGEST_ADVERTISING_OCTETS:
            return _TOO_MUCH
        return super().on_hci_le_set_extended_scan_response_data_command(command)

    def _ensure_advertising_set(self, handle: int) -> None:
        if handle not in self.advertising_sets:
            self.advertising_sets[handle] = RadioAdvertisingSet(controller=self, handle=handle)

    # Scanning

    def on_hci_le_set_extended_scan_parameters_command(
        self, command: hci.HCI_LE_Set_Extended_Scan_Parameters_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Remember whether the scan is active; bumble's forgets it."""
        self.le_scan_type = command.scan_types[0]
        return super().on_hci_le_set_extended_scan_parameters_command(command)

    def on_hci_le_set_extended_scan_enable_command(
        self, command: hci.HCI_LE_Set_Extended_Scan_Enable_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Start or stop reports in the extended form."""
        self._scans_extended = True
        self._heard.clear()
        return super().on_hci_le_set_extended_scan_enable_command(command)

    def on_hci_le_set_scan_enable_command(
        self, command: hci.HCI_LE_Set_Scan_Enable_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Start or stop reports in the form of Bluetooth 4."""
        self._scans_extended = False
        self._heard.clear()
        return super().on_hci_le_set_scan_enable_command(command)

    @property
    def is_listening(self) -> bool:
        """Whether it scans or waits for an advertiser."""
        return self.le_scan_enable or self.pending_le_connection is not None

    def hear(self, advertisement: Advertisement, rssi_dbm: int, *, is_answered: bool) -> None:
        """Report an advertisement, and connect if this is the one that is waited for.

        Args:
            advertisement: what was sent.
            rssi_dbm: how loud it was.
            is_answered: whether a scan request and its response would get through.
        """
        address = advertisement.advertiser_address
        if self.le_scan_enable and self.is_reported(address) and self._is_news(advertisement):
            identity = self.identity_of(address)
            if identity is not None:
                advertisement = replace(advertisement, advertiser_address=identity)
            is_active = is_answered and self.le_scan_type == _ACTIVE_SCAN
            for kind, data in advertisement.heard(active=is_active):
                if self._scans_extended:
                    self.send_hci_packet(report(advertisement, kind, data, rssi_dbm))
                elif kind in LEGACY_PDUS:
                    self.send_hci_packet(legacy_report(advertisement, kind, data, rssi_dbm))
        pending = self.pending_le_connection
        if pending and advertisement.is_connectable and self.is_awaited(pending, address):
            self.create_le_connection(address)

    def _is_news(self, pdu: Advertisement) -> bool:
        if not self.filter_duplicates:
            return True
        told = (bytes(pdu.advertiser_address), pdu.data, pdu.scan_response)
        if told in self._heard:
            return False
        if len(self._heard) >= _DUPLICATES_KEPT:
            del self._heard[next(iter(self._heard))]
        self._heard[told] = None
        return True

    # Connecting

    def on_hci_le_create_connection_command(
        self, command: hci.HCI_LE_Create_Connection_Command
    ) -> None:
        """Wait for an advertiser; parameters out of range are refused."""
        if self._may_connect(command):
            super().on_hci_le_create_connection_command(command)

    def on_hci_le_extended_create_connection_command(
        self, command: hci.HCI_LE_Extended_Create_Connection_Command
    ) -> None:
        """Wait for an advertiser; parameters out of range are refused."""
        if self._may_connect(command):
            super().on_hci_le_extended_create_connection_command(command)

    def _may_connect(self, command: CreateConnection) -> bool:
        """Whether a command makes sense; otherwise it is refused here."""
        own = self.own_address(command.own_address_type, command.peer_address)
        if own == _UNSET or not has_parameters(command) or not asked_parameters(command).is_allowed:
            self.refuse(command.op_code)
            return False
        if not command.initiator_filter_policy and command.peer_address in self.le_connections:
            self.refuse(command.op_code, hci.HCI_ErrorCode.CONNECTION_ALREADY_EXISTS_ERROR)
            return False
        return True

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Complete the pending connection with 0x02 (Core Vol 4 E 7.8.13)."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        asyncio.get_running_loop().call_soon(
            self.report_no_connection,
            pending.peer_address,
            hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Connect to an advertiser that was just heard, with what the host asked for."""
        pending = self.pending_le_connection
        if pending is None or peer_address in self.le_connections:
            return
        self.pending_le_connection = None
        connection = self._open(
            hci.Role.CENTRAL,
            self_address=self.own_address(
                pending.own_address_type, self.identity_of(peer_address) or peer_address
            ),
            peer_address=peer_address,
        )
        parameters = asked_parameters(pending)
        self.report_connection(connection, parameters)
        if self.air.connect(connection, parameters) is None:
            asyncio.get_running_loop().call_later(
                _EVENTS_TO_ESTABLISH * parameters.interval_s, self._fail_to_establish, connection
            )

    def _fail_to_establish(self, connection: RadioConnection) -> None:
        """The advertiser did not answer within six events (Core Vol 6 B 4.5.2)."""
        if connection.is_open:
            self.on_le_disconnected(
                connection, hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
            )

    def accept(
        self, central: RadioConnection, parameters: LinkParameters
    ) -> RadioConnection | None:
        """Take a central's connection if an advertisement of ours is on at that address."""
        advertiser = self._advertiser_at(central.peer_address)
        if advertiser is None or central.self_address in self.le_connections:
            return None
        connection = self._open(
            hci.Role.PERIPHERAL,
            self_address=central.peer_address,
            peer_address=central.self_address,
        )
        self.report_connection(connection, parameters)
        if isinstance(advertiser, RadioAdvertisingSet):
            self.send_hci_packet(
                hci.HCI_LE_Advertising_Set_Terminated_Event(
                    status=hci.HCI_ErrorCode.SUCCESS,
                    advertising_handle=advertiser.handle,
                    connection_handle=connection.handle,
                    num_completed_extended_advertising_events=0,
                )
            )
        advertiser.stop()
        return connection

    def is_advertising_at(self, address: hci.Address) -> bool:
        """Whether it takes connections at an address."""
        return self._advertiser_at(address) is not None

    def _advertiser_at(
        self, address: hci.Address
    ) -> RadioLegacyAdvertiser | RadioAdvertisingSet | None:
        for advertiser in (self.le_legacy_advertiser, *self.advertising_sets.values()):
            if (
                isinstance(advertiser, RadioLegacyAdvertiser | RadioAdvertisingSet)
                and advertiser.enabled
                and advertiser.address == address
            ):
                return advertiser
        return None

    def _open(
        self, role: hci.Role, *, self_address: hci.Address, peer_address: hci.Address
    ) -> RadioConnection:
        is_private = self_address not in (self.public_address, self.random_address)
        connection = RadioConnection(
            controller=self,
            handle=self.allocate_connection_handle(),
            role=role,
            self_address=self_address,
            peer_address=peer_address,
            link=self.air,
            transport=PhysicalTransport.LE,
            link_type=_ACL_LINK,
            identity=self.identity_of(peer_address),
            own_private_address=self_address if is_private else None,
        )
        self.le_connections[peer_address] = connection
        return connection
