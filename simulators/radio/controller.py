"""A virtual Bluetooth LE controller with what bumble's leaves out put right.

bumble 0.0.236's `Controller` never completes a cancelled connection, knows no supervision
timeout, reports fixed connection parameters to the peripheral, has no scan responses and
keeps everything over a reset. The overrides below say which of these they mend.
"""

import asyncio
from typing import TYPE_CHECKING

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport

from simulators.radio.advertising import (
    LEGACY_PDUS,
    Advertisement,
    RadioAdvertisingSet,
    RadioLegacyAdvertiser,
    legacy_report,
    report,
)
from simulators.radio.link import LinkParameters, RadioConnection

if TYPE_CHECKING:
    from simulators.radio.air import Air

_ACL_LINK = hci.HCI_Connection_Complete_Event.LinkType.ACL
_EVENTS_TO_ESTABLISH = 6
_ACTIVE_SCAN = 1


class RadioController(Controller):
    """One controller on the air.

    Attributes:
        air: where it is.
        rssi_dbm: how loud others hear it, in dBm; may be set at any time.
    """

    # 247 octets of ATT and 4 of L2CAP in one packet (Core Vol 6 B 2.4).
    le_acl_data_packet_length = 251

    def __init__(self, name: str, air: "Air", address: str | None) -> None:
        super().__init__(name, public_address=address)
        self.air = air
        self.link = air
        self.rssi_dbm = -50
        self.le_legacy_advertiser = RadioLegacyAdvertiser(self)
        self._scans_extended = False
        self._heard: set[tuple[bytes, bytes, bytes | None]] = set()

    def silence(self) -> None:
        """Stop everything it sends of its own accord."""
        self.le_legacy_advertiser.stop()
        for advertising_set in self.advertising_sets.values():
            advertising_set.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None

    # Resetting

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget all state; bumble's keeps it. Peers notice by their own timeout."""
        self.silence()
        self.advertising_sets.clear()
        connections = [c for c in self.le_connections.values() if isinstance(c, RadioConnection)]
        self.le_connections.clear()
        for connection in connections:
            if connection.air_link is not None:
                connection.air_link.sever()
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

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

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report what was heard, and connect if this is the one that is waited for."""
        if not isinstance(pdu, Advertisement):
            return
        if self.le_scan_enable and self._is_news(pdu):
            for kind, data in pdu.heard(active=self.le_scan_type == _ACTIVE_SCAN):
                if self._scans_extended:
                    self.send_hci_packet(report(pdu, kind, data))
                elif kind in LEGACY_PDUS:
                    self.send_hci_packet(legacy_report(pdu, kind, data))
        pending = self.pending_le_connection
        if pending and pdu.is_connectable and pending.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _is_news(self, pdu: Advertisement) -> bool:
        if not self.filter_duplicates:
            return True
        told = (bytes(pdu.advertiser_address), pdu.data, pdu.scan_response)
        if told in self._heard:
            return False
        self._heard.add(told)
        return True

    # Connecting

    def on_hci_le_create_connection_command(
        self, command: hci.HCI_LE_Create_Connection_Command
    ) -> None:
        """Wait for an advertiser; parameters out of range are refused."""
        if _asked_parameters(command).is_allowed:
            super().on_hci_le_create_connection_command(command)
        else:
            self._refuse(command)

    def on_hci_le_extended_create_connection_command(
        self, command: hci.HCI_LE_Extended_Create_Connection_Command
    ) -> None:
        """Wait for an advertiser; parameters out of range are refused."""
        if command.connection_interval_mins and _asked_parameters(command).is_allowed:
            super().on_hci_le_extended_create_connection_command(command)
        else:
            self._refuse(command)

    def _refuse(self, command: hci.HCI_Command) -> None:
        self._send_hci_command_status(
            hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR, command.op_code
        )

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Complete the pending connection with 0x02 (Core Vol 4 E 7.8.13)."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def create_le_connection(self, peer_address: hci.Address) -> None:
        """Connect to an advertiser that was just heard, with what the host asked for."""
        pending = self.pending_le_connection
        if pending is None or peer_address in self.le_connections:
            return
        self.pending_le_connection = None
        is_public = pending.own_address_type == hci.OwnAddressType.PUBLIC
        connection = self._open(
            hci.Role.CENTRAL,
            self_address=self.public_address if is_public else self.random_address,
            peer_address=peer_address,
        )
        parameters = _asked_parameters(pending)
        self._report_connection(connection, parameters)
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
        self._report_connection(connection, parameters)
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
        connection = RadioConnection(
            controller=self,
            handle=self.allocate_connection_handle(),
            role=role,
            self_address=self_address,
            peer_address=peer_address,
            link=self.air,
            transport=PhysicalTransport.LE,
            link_type=_ACL_LINK,
        )
        self.le_connections[peer_address] = connection
        return connection

    def _report_connection(self, connection: RadioConnection, parameters: LinkParameters) -> None:
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.SUCCESS,
                connection_handle=connection.handle,
                role=connection.role,
                peer_address_type=connection.peer_address.address_type,
                peer_address=connection.peer_address,
                connection_interval=parameters.interval,
                peripheral_latency=parameters.latency,
                supervision_timeout=parameters.timeout,
                central_clock_accuracy=0,
            )
        )

    # While connected

    def on_hci_le_connection_update_command(
        self, command: hci.HCI_LE_Connection_Update_Command
    ) -> None:
        """Change the parameters at the next event; both ends report them then."""
        connection = self.find_le_connection_by_handle(command.connection_handle)
        if connection is None:
            self._send_hci_command_status(
                hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code
            )
            return
        asked = LinkParameters(
            command.connection_interval_min, command.max_latency, command.supervision_timeout
        )
        if not asked.is_allowed:
            self._refuse(command)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        connection.send_ll_control_pdu(
            ll.ConnectionUpdateInd(
                interval=asked.interval, latency=asked.latency, timeout=asked.timeout
            )
        )

    def on_hci_disconnect_command(self, command: hci.HCI_Disconnect_Command) -> None:
        """As bumble does, but a handle that is gone is refused instead of left hanging."""
        if self.find_connection_by_handle(command.connection_handle) is None:
            self._send_hci_command_status(
                hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR, command.op_code
            )
            return
        super().on_hci_disconnect_command(command)

    def on_le_disconnected(self, connection: object, reason: int) -> None:
        """Tell the host, and let the link rest when both ends are gone."""
        if not isinstance(connection, RadioConnection) or not connection.is_open:
            return
        super().on_le_disconnected(connection, reason)
        if connection.air_link is not None:
            connection.air_link.end_closed()


def _asked_parameters(
    command: hci.HCI_LE_Create_Connection_Command | hci.HCI_LE_Extended_Create_Connection_Command,
) -> LinkParameters:
    """The shortest interval the host allows, as a controller with an idle radio chooses."""
    if isinstance(command, hci.HCI_LE_Extended_Create_Connection_Command):
        return LinkParameters(
            command.connection_interval_mins[0],
            command.max_latencies[0],
            command.supervision_timeouts[0],
        )
    return LinkParameters(
        command.connection_interval_min, command.max_latency, command.supervision_timeout
    )
