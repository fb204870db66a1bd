"""bumble's GATT server, held to what the standard says about strange requests."""

from collections.abc import Awaitable, Callable
from typing import Final

from bumble import att
from bumble.device import Connection, Device
from bumble.gatt import GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE, Characteristic
from bumble.gatt_server import Server

from simulators.peripheral.tasks import Tasks

Check = Callable[[Connection], Awaitable[None]]

SMALLEST_MTU: Final = 23
_REFUSED: Final = (
    att.ATT_Read_Multiple_Request,
    att.ATT_Read_Multiple_Variable_Request,
)
"""Optional for a server (Core Vol 3 G 4.2), and bumble leaves a refused value unanswered."""
_READS: Final = (att.ATT_Read_Request, att.ATT_Read_Blob_Request)
_WRITES: Final = (att.ATT_Write_Request, att.ATT_Prepare_Write_Request)
_SEARCHES: Final = (
    att.ATT_Find_Information_Request,
    att.ATT_Find_By_Type_Value_Request,
    att.ATT_Read_By_Type_Request,
    att.ATT_Read_By_Group_Type_Request,
)
_MOST_EXECUTE_FLAGS: Final = 1
_WITH_RESPONSE: Final = Characteristic.Properties.WRITE
_WITHOUT_RESPONSE: Final = Characteristic.Properties.WRITE_WITHOUT_RESPONSE

Refusal = tuple[att.ErrorCode, int]


class StrictServer(Server):
    """A server that lets nobody write what is not writable or read what is not readable.

    bumble 0.0.236 checks only encryption: a write to a declaration would replace it. It queues
    prepared writes without a check, lets the MTU change whenever it is asked to, and searches
    in ranges that are none. A confirmation that nobody waits for is left alone.

    Attributes:
        checks: attribute by handle -> who may write it, asked before a part is queued.

    Args:
        device: whose server it is.
        tasks: carry out what needs a look at the bonds.
        confirmed: told of each confirmation when it comes; bumble tells its waiting task later.
    """

    def __init__(self, device: Device, tasks: Tasks, confirmed: Callable[[], None]) -> None:
        super().__init__(device)
        self._tasks = tasks
        self.checks: dict[int, Check] = {}
        self._confirmed = confirmed
        self._has_mtu: set[att.Bearer] = set()

    def on_disconnection(self, bearer: att.Bearer) -> None:
        """Forget all about a client."""
        self._has_mtu.discard(bearer)
        super().on_disconnection(bearer)

    def on_gatt_pdu(self, bearer: att.Bearer, att_pdu: att.ATT_PDU) -> None:
        """Check a client's PDU, then let bumble carry it out."""
        match att_pdu:
            case att.ATT_Signed_Write_Command():
                return
            case att.ATT_Write_Command():
                self._tasks.spawn(self._command(bearer, att_pdu))
                return
            case att.ATT_Handle_Value_Confirmation():
                pending = self.pending_confirmations[bearer]
                if pending is None or pending.done():
                    return
                self._confirmed()
        refusal = self._refusal(att_pdu)
        if refusal is not None:
            self._refuse(bearer, att_pdu, *refusal)
        elif isinstance(att_pdu, att.ATT_Prepare_Write_Request):
            self._tasks.spawn(self._prepare(bearer, att_pdu))
        else:
            super().on_gatt_pdu(bearer, att_pdu)

    def on_att_exchange_mtu_request(
        self, bearer: att.Bearer, request: att.ATT_Exchange_MTU_Request
    ) -> None:
        """Agree on an MTU once; later requests are answered and change nothing.

        A client may ask once per connection (Core Vol 3 F 3.4.2.1).
        """
        before = bearer.att_mtu
        super().on_att_exchange_mtu_request(bearer, request)
        if bearer in self._has_mtu:
            bearer.on_att_mtu_update(before)
        self._has_mtu.add(bearer)

    async def _command(self, bearer: att.Bearer, command: att.ATT_Write_Command) -> None:
        """Write without response; whatever is wrong is silently left (Core Vol 3 F 3.4.5.3)."""
        attribute = self.get_attribute(command.attribute_handle)
        if _takes(attribute, _WITHOUT_RESPONSE) and attribute is not None:
            try:
                await attribute.write_value(bearer, command.attribute_value)
            except att.ATT_Error:
                return

    async def _prepare(self, bearer: att.Bearer, request: att.ATT_Prepare_Write_Request) -> None:
        check = self.checks.get(request.attribute_handle)
        if check is not None and isinstance(bearer, Connection):
            try:
                await check(bearer)
            except att.ATT_Error as error:
                code = att.ErrorCode(error.error_code)
                self._refuse(bearer, request, code, request.attribute_handle)
                return
        super().on_gatt_pdu(bearer, request)

    def _refuse(
        self, bearer: att.Bearer, request: att.ATT_PDU, code: att.ErrorCode, handle: int
    ) -> None:
        self.send_response(
            bearer,
            att.ATT_Error_Response(
                request_opcode_in_error=request.op_code,
                attribute_handle_in_error=handle,
                error_code=code,
            ),
        )

    def _refusal(self, pdu: att.ATT_PDU) -> Refusal | None:
        """Return the error code and handle that a PDU deserves by itself."""
        if isinstance(pdu, _REFUSED):
            return att.ErrorCode.REQUEST_NOT_SUPPORTED, 0
        if isinstance(pdu, _READS):
            lacks = self._is_unreadable(pdu.attribute_handle)
            return (att.ErrorCode.READ_NOT_PERMITTED, pdu.attribute_handle) if lacks else None
        if isinstance(pdu, _WRITES):
            attribute = self.get_attribute(pdu.attribute_handle)
            lacks = attribute is not None and not _takes(attribute, _WITH_RESPONSE)
            return (att.ErrorCode.WRITE_NOT_PERMITTED, pdu.attribute_handle) if lacks else None
        if isinstance(pdu, _SEARCHES):
            return self._refused_search(pdu)
        return _refused_parameter(pdu)

    def _refused_search(
        self,
        pdu: att.ATT_Find_Information_Request
        | att.ATT_Find_By_Type_Value_Request
        | att.ATT_Read_By_Type_Request
        | att.ATT_Read_By_Group_Type_Request,
    ) -> Refusal | None:
        first, last = pdu.starting_handle, pdu.ending_handle
        if not first or first > last:
            return att.ErrorCode.INVALID_HANDLE, first
        if (
            isinstance(pdu, att.ATT_Find_By_Type_Value_Request)
            and pdu.attribute_type != GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE
        ):
            return att.ErrorCode.ATTRIBUTE_NOT_FOUND, first
        if isinstance(pdu, att.ATT_Read_By_Type_Request):
            found = (a for a in self.attributes if a.type == pdu.attribute_type)
            handle = next((a.handle for a in found if first <= a.handle <= last), 0)
            if self._is_unreadable(handle):
                return att.ErrorCode.READ_NOT_PERMITTED, handle
        return None

    def _is_unreadable(self, handle: int) -> bool:
        attribute = self.get_attribute(handle)
        return attribute is not None and not attribute.permissions & att.Attribute.READABLE


def _refused_parameter(pdu: att.ATT_PDU) -> Refusal | None:
    is_bad = (
        isinstance(pdu, att.ATT_Execute_Write_Request) and pdu.flags > _MOST_EXECUTE_FLAGS
    ) or (isinstance(pdu, att.ATT_Exchange_MTU_Request) and pdu.client_rx_mtu < SMALLEST_MTU)
    return (att.ErrorCode.INVALID_PDU, 0) if is_bad else None


def _takes(attribute: att.Attribute[bytes] | None, kind: Characteristic.Properties) -> bool:
    """Whether an attribute may be written in this way; a descriptor only with response."""
    if attribute is None or not attribute.permissions & att.Attribute.WRITEABLE:
        return False
    if isinstance(attribute, Characteristic):
        return bool(attribute.properties & kind)
    return kind is _WITH_RESPONSE
