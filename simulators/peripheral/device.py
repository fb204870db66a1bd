"""bumble's device, whose channels outlive whatever a central sends into them."""

import struct

from bumble import att, l2cap, smp
from bumble.core import BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.host import Host

from simulators.peripheral.identity import Identity
from simulators.peripheral.signalling import reply

_COMMAND_BIT = 0x40


class ToolDevice(Device):
    """A device without services of its own.

    Its ATT bearer outlives malformed and unknown PDUs (Core Vol 3 F 3.3, 3.4.1). Of the L2CAP
    channels only the three fixed ones of LE exist; packets for others are dropped.

    Attributes:
        refused: connections that are to end at once; what comes from them is dropped.
    """

    def __init__(self, host: Host, config: DeviceConfiguration) -> None:
        super().__init__(host=host, config=config)
        self.refused: set[Connection] = set()

    def on_l2cap_pdu(self, connection_handle: int, cid: int, pdu: bytes) -> None:
        """Give a packet to the channel it is for."""
        connection = self.lookup_connection(connection_handle)
        if connection is None or connection in self.refused:
            return
        match cid:
            case att.ATT_CID:
                self.on_gatt_pdu(connection_handle, pdu)
            case smp.SMP_CID:
                self.smp_manager.on_smp_pdu(connection, pdu)
            case l2cap.L2CAP_LE_SIGNALING_CID:
                answer = reply(pdu)
                if answer is not None:
                    connection.send_l2cap_pdu(cid, answer)

    def on_gatt_pdu(self, connection_handle: int, pdu: bytes) -> None:
        """Parse a client's PDU for the server; answer one that cannot be parsed."""
        connection = self.lookup_connection(connection_handle)
        if connection is None or not pdu or pdu[0] & 1:
            return
        parsed: att.ATT_PDU | None
        try:
            parsed = att.ATT_PDU.from_bytes(pdu)
        except (BaseBumbleError, LookupError, ValueError, struct.error):
            parsed = None
        if parsed is None or len(pdu) > connection.att_mtu:
            self._refuse(connection, pdu[0], att.ErrorCode.INVALID_PDU)
        elif type(parsed) is att.ATT_PDU:
            self._refuse(connection, pdu[0], att.ErrorCode.REQUEST_NOT_SUPPORTED)
        else:
            self.gatt_server.on_gatt_pdu(connection, parsed)

    def _refuse(self, connection: Connection, op_code: int, error: att.ErrorCode) -> None:
        if op_code & _COMMAND_BIT or op_code == att.Opcode.ATT_HANDLE_VALUE_CONFIRMATION:
            return
        response = att.ATT_Error_Response(
            request_opcode_in_error=op_code, attribute_handle_in_error=0, error_code=error
        )
        self.gatt_server.send_response(connection, response)


def tool_device(host: Host, name: str, identity: Identity) -> ToolDevice:
    """Return a bumble device with a tool's name and identity."""
    return ToolDevice(
        host=host,
        config=DeviceConfiguration(
            name=name,
            address=identity.address,
            irk=identity.irk,
            gap_service_enabled=False,
            gatt_service_enabled=False,
        ),
    )
