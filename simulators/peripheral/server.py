"""bumble's device and GATT server, held to what the standard says about strange requests."""

import struct
from collections.abc import Callable
from typing import Final

from bumble import att
from bumble.core import BaseBumbleError
from bumble.device import Connection, Device
from bumble.gatt import GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE
from bumble.gatt_server import Server

_REFUSED: Final = (
    att.ATT_Read_Multiple_Request,
    att.ATT_Read_Multiple_Variable_Request,
)
"""Optional for a server (Core Vol 3 G 4.2), and bumble leaves a refused value unanswered."""
_COMMAND_BIT: Final = 0x40
_READS: Final = (att.ATT_Read_Request, att.ATT_Read_Blob_Request)
_WRITES: Final = (att.ATT_Write_Request, att.ATT_Prepare_Write_Request)
_SILENT: Final = (att.ATT_Write_Command, att.ATT_Signed_Write_Command)


class StrictServer(Server):
    """A server that lets nobody write what is not writable or read what is not readable.

    bumble 0.0.236 checks only encryption: a write to a declaration would replace it.
    Write commands are dropped (no characteristic of the tool takes any), a confirmation that
    nobody waits for is left alone.

    Args:
        device: whose server it is.
        confirmed: told of each confirmation when it comes; bumble tells its waiting task later.
    """

    def __init__(self, device: Device, confirmed: Callable[[], None]) -> None:
        super().__init__(device)
        self._confirmed = confirmed

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Check a client's PDU, then let bumble carry it out."""
        if isinstance(att_pdu, _SILENT):
            return
        if isinstance(att_pdu, att.ATT_Handle_Value_Confirmation):
            pending = self.pending_confirmations[bearer]
            if pending is None or pending.done():
                return
            self._confirmed()
        error = self._error(att_pdu)
        if error is None:
            super().on_gatt_pdu(bearer, att_pdu)
            return
        code, handle = error
        self.send_response(
            bearer,
            att.ATT_Error_Response(
                request_opcode_in_error=att_pdu.op_code,
                attribute_handle_in_error=handle,
                error_code=code,
            ),
        )

    def _error(self, pdu: att.ATT_PDU) -> tuple[att.ErrorCode, int] | None:
        """Return the error code and handle that a PDU deserves by itself."""
        if isinstance(pdu, _REFUSED):
            return att.ErrorCode.REQUEST_NOT_SUPPORTED, 0
        if isinstance(pdu, _READS):
            lacks = self._lacks(pdu.attribute_handle, att.Attribute.READABLE)
            return (att.ErrorCode.READ_NOT_PERMITTED, pdu.attribute_handle) if lacks else None
        if isinstance(pdu, _WRITES):
            lacks = self._lacks(pdu.attribute_handle, att.Attribute.WRITEABLE)
            return (att.ErrorCode.WRITE_NOT_PERMITTED, pdu.attribute_handle) if lacks else None
        if (
            isinstance(pdu, att.ATT_Find_By_Type_Value_Request)
            and pdu.attribute_type != GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE
        ):
            return att.ErrorCode.ATTRIBUTE_NOT_FOUND, pdu.starting_handle
        return None

    def _lacks(self, handle: int, permission: att.Attribute.Permissions) -> bool:
        attribute = self.get_attribute(handle)
        return attribute is not None and not attribute.permissions & permission


class ToolDevice(Device):
    """A device whose ATT bearer outlives malformed and unknown PDUs (Core Vol 3 F 3.3, 3.4.1)."""

    def on_gatt_pdu(self, connection_handle: int, pdu: bytes) -> None:
        """Parse a client's PDU for the server; answer one that cannot be parsed."""
        connection = self.lookup_connection(connection_handle)
        if connection is None or not pdu or pdu[0] & 1:
            return
        try:
            parsed = att.ATT_PDU.from_bytes(pdu)
        except (BaseBumbleError, LookupError, ValueError, struct.error):
            self._answer(connection, pdu[0], att.ErrorCode.INVALID_PDU)
            return
        if type(parsed) is att.ATT_PDU:
            self._answer(connection, pdu[0], att.ErrorCode.REQUEST_NOT_SUPPORTED)
        else:
            self.gatt_server.on_gatt_pdu(connection, parsed)

    def _answer(self, connection: Connection, op_code: int, error: att.ErrorCode) -> None:
        if op_code & _COMMAND_BIT or op_code == att.Opcode.ATT_HANDLE_VALUE_CONFIRMATION:
            return
        response = att.ATT_Error_Response(
            request_opcode_in_error=op_code, attribute_handle_in_error=0, error_code=error
        )
        self.gatt_server.send_response(connection, response)
