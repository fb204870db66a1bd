"""What two connected controllers agree on: data length, PHY, parameters, encryption, the end.

Core Vol 6 B 5.1. bumble 0.0.236 has neither the data length nor the PHY procedure, and ends a
connection for the local host before the other end knows.
"""

from dataclasses import dataclass

from bumble import hci, ll
from bumble.controller import Connection

from simulators.radio.connection import RadioConnection
from simulators.radio.parameters import LinkParameters
from simulators.radio.phy import PHYS, SHORTEST_DATA_OCTETS, longest_time_us
from simulators.radio.standard import StandardController

_EVERY_PHY = hci.PhyBit.LE_1M | hci.PhyBit.LE_2M
_NO_RSSI = 0x7F
_PROCEDURES = (
    hci.HCI_LE_Connection_Update_Command,
    hci.HCI_LE_Enable_Encryption_Command,
    hci.HCI_LE_Read_Remote_Features_Command,
    hci.HCI_LE_Set_Data_Length_Command,
    hci.HCI_LE_Set_PHY_Command,
)
_ANY_TX, _ANY_RX = 1, 2
_NO_CONNECTION = hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR
_DIFFERENT_KEYS = hci.HCI_ErrorCode.CONNECTION_TERMINATED_DUE_TO_MIC_FAILURE_ERROR
_ENDED_HERE = hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR


@dataclass
class LengthReq(ll.ControlPdu):
    """What one end can receive and would send (Core Vol 6 B 2.4.2.21)."""

    opcode = ll.ControlPdu.Opcode.LL_LENGTH_REQ
    receive_octets: int
    send_octets: int


@dataclass
class LengthRsp(LengthReq):
    """The answer, in the same form (Core Vol 6 B 2.4.2.21)."""

    opcode = ll.ControlPdu.Opcode.LL_LENGTH_RSP


@dataclass
class PhyReq(ll.ControlPdu):
    """The PHYs that one end would send and receive on (Core Vol 6 B 2.4.2.22)."""

    opcode = ll.ControlPdu.Opcode.LL_PHY_REQ
    send_phys: int
    receive_phys: int


@dataclass
class PhyRsp(PhyReq):
    """The peripheral's answer, in the same form (Core Vol 6 B 2.4.2.22)."""

    opcode = ll.ControlPdu.Opcode.LL_PHY_RSP


@dataclass
class PhyUpdateInd(ll.ControlPdu):
    """What the central has decided (Core Vol 6 B 2.4.2.23)."""

    opcode = ll.ControlPdu.Opcode.LL_PHY_UPDATE_IND
    central_sends_on: hci.Phy
    peripheral_sends_on: hci.Phy


class LinkController(StandardController):
    """The part of a controller that looks after its open connections."""

    def on_hci_command_packet(self, command: hci.HCI_Command) -> None:
        """Refuse procedures without end: the queue of a link is bounded."""
        if isinstance(command, _PROCEDURES):
            connection = self._connection(command.connection_handle)
            if connection is not None and connection.is_busy:
                self.refuse(command.op_code, hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
                return
        super().on_hci_command_packet(command)

    def begin_link(self, connection: RadioConnection) -> None:
        """What a controller does of its own accord once connected."""
        if self.suggested_max_tx_octets > SHORTEST_DATA_OCTETS:
            self._ask_for_length(connection, self.suggested_max_tx_octets)
        if connection.role == hci.Role.CENTRAL and self.default_phy["tx_phys"]:
            self._ask_for_phys(connection, *self._preferred_phys())

    def on_link_control_pdu(self, connection: RadioConnection, pdu: ll.ControlPdu) -> None:
        """Take a control PDU of the other end."""
        match pdu:
            case LengthRsp():
                self._take_length(connection, pdu)
            case LengthReq():
                connection.send_ll_control_pdu(self._length_of(connection))
                self._take_length(connection, pdu)
            case PhyReq():
                self._answer_phys(connection, pdu)
            case PhyUpdateInd():
                self._take_phys(connection, pdu)
            case _:
                self.on_ll_control_pdu(connection.peer_address, pdu)

    def on_link_control_pdu_sent(self, connection: RadioConnection, pdu: ll.ControlPdu) -> None:
        """A control PDU of ours has arrived: what holds at both ends takes effect here too."""
        link = connection.air_link
        if link is None:
            return
        match pdu:
            case ll.ConnectionUpdateInd():
                link.update(LinkParameters(pdu.interval, pdu.latency, pdu.timeout))
                self.on_ll_control_pdu(connection.peer_address, pdu)
            case PhyUpdateInd():
                self._take_phys(connection, pdu)
            case ll.StartEncRsp():
                link.encrypt()
            case ll.TerminateInd(error_code=reason):
                self.on_le_disconnected(
                    connection, _ENDED_HERE if connection.closing is not None else reason
                )

    # Data length

    def on_hci_le_set_data_length_command(
        self, command: hci.HCI_LE_Set_Data_Length_Command
    ) -> hci.HCI_StatusAndConnectionHandleReturnParameters:
        """Ask the other end to take longer packets (Core Vol 4 E 7.8.33)."""
        connection = self._connection(command.connection_handle)
        status = hci.HCI_ErrorCode.SUCCESS
        if connection is None:
            status = _NO_CONNECTION
        elif not SHORTEST_DATA_OCTETS <= command.tx_octets <= self.supported_max_tx_octets:
            status = hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR
        else:
            self._ask_for_length(connection, command.tx_octets)
        return hci.HCI_StatusAndConnectionHandleReturnParameters(
            status=status, connection_handle=command.connection_handle
        )

    def on_hci_le_write_suggested_default_data_length_command(
        self, command: hci.HCI_LE_Write_Suggested_Default_Data_Length_Command
    ) -> hci.HCI_StatusReturnParameters:
        """What to ask for on new connections (Core Vol 4 E 7.8.35)."""
        if (
            not SHORTEST_DATA_OCTETS
            <= command.suggested_max_tx_octets
            <= (self.supported_max_tx_octets)
        ):
            return hci.HCI_StatusReturnParameters(
                hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR
            )
        return super().on_hci_le_write_suggested_default_data_length_command(command)

    def _ask_for_length(self, connection: RadioConnection, octets: int) -> None:
        connection.wished_octets = octets
        pdu = self._length_of(connection)
        connection.send_ll_control_pdu(LengthReq(pdu.receive_octets, pdu.send_octets))

    def _length_of(self, connection: RadioConnection) -> LengthRsp:
        return LengthRsp(self.supported_max_rx_octets, connection.wished_octets)

    def _take_length(self, connection: RadioConnection, pdu: LengthReq) -> None:
        before = connection.send_octets, connection.receive_octets
        connection.send_octets = min(connection.wished_octets, pdu.receive_octets)
        connection.receive_octets = min(self.supported_max_rx_octets, pdu.send_octets)
        if (connection.send_octets, connection.receive_octets) == before:
            return
        self.send_hci_packet(
            hci.HCI_LE_Data_Length_Change_Event(
                connection_handle=connection.handle,
                max_tx_octets=connection.send_octets,
                max_tx_time=longest_time_us(connection.send_octets),
                max_rx_octets=connection.receive_octets,
                max_rx_time=longest_time_us(connection.receive_octets),
            )
        )

    # PHY

    def on_hci_le_set_phy_command(self, command: hci.HCI_LE_Set_PHY_Command) -> None:
        """Change the PHY, if the other end can (Core Vol 4 E 7.8.49)."""
        connection = self._connection(command.connection_handle)
        if connection is None:
            self.refuse(command.op_code, _NO_CONNECTION)
            return
        send = _EVERY_PHY if command.all_phys & _ANY_TX else command.tx_phys
        receive = _EVERY_PHY if command.all_phys & _ANY_RX else command.rx_phys
        if not send or not receive:
            self.refuse(command.op_code)
        elif (send | receive) & ~_EVERY_PHY:
            self.refuse(
                command.op_code, hci.HCI_ErrorCode.UNSUPPORTED_FEATURE_OR_PARAMETER_VALUE_ERROR
            )
        else:
            self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
            connection.asks_for_phy = True
            self._ask_for_phys(connection, send, receive)

    def on_hci_le_read_phy_command(
        self, command: hci.HCI_LE_Read_PHY_Command
    ) -> hci.HCI_LE_Read_PHY_ReturnParameters:
        """Tell the PHYs in use (Core Vol 4 E 7.8.47); bumble's always says LE 1M."""
        connection = self._connection(command.connection_handle)
        return hci.HCI_LE_Read_PHY_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS if connection else _NO_CONNECTION,
            connection_handle=command.connection_handle,
            tx_phy=connection.send_phy if connection else hci.Phy.LE_1M,
            rx_phy=connection.receive_phy if connection else hci.Phy.LE_1M,
        )

    def _preferred_phys(self) -> tuple[int, int]:
        default = self.default_phy
        send = _EVERY_PHY if default["all_phys"] & _ANY_TX else default["tx_phys"]
        receive = _EVERY_PHY if default["all_phys"] & _ANY_RX else default["rx_phys"]
        return send or _EVERY_PHY, receive or _EVERY_PHY

    def _ask_for_phys(self, connection: RadioConnection, send: int, receive: int) -> None:
        connection.wished_phys = send, receive
        connection.send_ll_control_pdu(PhyReq(send, receive))

    def _answer_phys(self, connection: RadioConnection, pdu: PhyReq) -> None:
        """The central decides; the peripheral says what it would have (Core Vol 6 B 5.1.10)."""
        if connection.role == hci.Role.PERIPHERAL:
            connection.send_ll_control_pdu(PhyRsp(*self._preferred_phys()))
            return
        ours = connection.wished_phys if isinstance(pdu, PhyRsp) else self._preferred_phys()
        if ours is None:
            return
        connection.send_ll_control_pdu(
            PhyUpdateInd(
                central_sends_on=_fastest(ours[0] & pdu.receive_phys, connection.send_phy),
                peripheral_sends_on=_fastest(ours[1] & pdu.send_phys, connection.receive_phy),
            )
        )

    def _take_phys(self, connection: RadioConnection, pdu: PhyUpdateInd) -> None:
        send, receive = pdu.central_sends_on, pdu.peripheral_sends_on
        if connection.role == hci.Role.PERIPHERAL:
            send, receive = receive, send
        before = connection.send_phy, connection.receive_phy
        connection.send_phy, connection.receive_phy = send, receive
        is_news = connection.asks_for_phy or before != (send, receive)
        connection.asks_for_phy = False
        if is_news:
            self.send_hci_packet(
                hci.HCI_LE_PHY_Update_Complete_Event(
                    status=hci.HCI_ErrorCode.SUCCESS,
                    connection_handle=connection.handle,
                    tx_phy=send,
                    rx_phy=receive,
                )
            )

    # Parameters, encryption, RSSI, version

    def on_hci_le_connection_update_command(
        self, command: hci.HCI_LE_Connection_Update_Command
    ) -> None:
        """Change the parameters at the next event; both ends report them then."""
        connection = self._connection(command.connection_handle)
        asked = LinkParameters(
            command.connection_interval_min, command.max_latency, command.supervision_timeout
        )
        if connection is None:
            self.refuse(command.op_code, _NO_CONNECTION)
        elif not asked.is_allowed:
            self.refuse(command.op_code)
        else:
            self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
            connection.send_ll_control_pdu(
                ll.ConnectionUpdateInd(
                    interval=asked.interval, latency=asked.latency, timeout=asked.timeout
                )
            )

    def on_le_long_term_key_reply(
        self, connection: Connection, request: ll.EncReq, long_term_key: bytes | None
    ) -> None:
        """Encrypt, or refuse; with different keys both ends see their first packet fail."""
        if long_term_key is None or long_term_key == request.ltk:
            super().on_le_long_term_key_reply(connection, request, long_term_key)
        else:
            connection.send_ll_control_pdu(ll.TerminateInd(_DIFFERENT_KEYS))

    def on_le_encryption_change(self, connection: Connection, status: int) -> None:
        """Tell the host; a link that was encrypted has a new key (Core Vol 4 E 7.7.39)."""
        is_success = status == hci.HCI_ErrorCode.SUCCESS
        if not isinstance(connection, RadioConnection):
            return
        if is_success and connection.is_encrypted:
            self.send_hci_packet(
                hci.HCI_Encryption_Key_Refresh_Complete_Event(
                    status=status, connection_handle=connection.handle
                )
            )
            return
        connection.is_encrypted = connection.is_encrypted or is_success
        super().on_le_encryption_change(connection, status)

    def on_hci_read_rssi_command(
        self, command: hci.HCI_Read_RSSI_Command
    ) -> hci.HCI_Read_RSSI_ReturnParameters:
        """How loud the other end is heard (Core Vol 4 E 7.5.4)."""
        connection = self._connection(command.handle)
        if connection is None or connection.air_link is None:
            return hci.HCI_Read_RSSI_ReturnParameters(
                status=_NO_CONNECTION, handle=command.handle, rssi=_NO_RSSI
            )
        sender = connection.air_link.other(connection).controller
        return hci.HCI_Read_RSSI_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS,
            handle=command.handle,
            rssi=self.air.rssi_dbm(sender, connection.controller),
        )

    def on_hci_read_remote_version_information_command(
        self, command: hci.HCI_Read_Remote_Version_Information_Command
    ) -> None:
        """Every controller of the air is of the same make (Core Vol 4 E 7.1.23)."""
        connection = self._connection(command.connection_handle)
        if connection is None:
            self.refuse(command.op_code, _NO_CONNECTION)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.send_hci_packet(
            hci.HCI_Read_Remote_Version_Information_Complete_Event(
                status=hci.HCI_ErrorCode.SUCCESS,
                connection_handle=connection.handle,
                version=self.lmp_version,
                manufacturer_name=self.manufacturer_company_identifier,
                subversion=self.lmp_subversion,
            )
        )

    # The end

    def on_hci_disconnect_command(self, command: hci.HCI_Disconnect_Command) -> None:
        """Tell the other end; the host hears of it when that is acknowledged, or too late."""
        connection = self._connection(command.connection_handle)
        if connection is None:
            self.refuse(command.op_code, _NO_CONNECTION)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        if connection.closing is None:
            connection.closing = command.reason
            connection.send_ll_control_pdu(ll.TerminateInd(command.reason))

    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        """Tell the host, and let the link rest when both ends are gone."""
        if not isinstance(connection, RadioConnection) or not connection.is_open:
            return
        super().on_le_disconnected(connection, reason)
        if connection.air_link is not None:
            connection.air_link.end_closed()

    def _connection(self, handle: int) -> RadioConnection | None:
        connection = self.find_le_connection_by_handle(handle)
        return connection if isinstance(connection, RadioConnection) else None


def _fastest(phys: int, now: hci.Phy) -> hci.Phy:
    """The fastest PHY of these, or the present one if there is none."""
    return max((phy for bit, phy in PHYS.items() if phys & bit), default=now)
