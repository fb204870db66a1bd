"""L2CAP signalling as a peripheral that has no channels of its own to offer (Core Vol 3 A 4)."""

import struct
from enum import IntEnum
from typing import Final

LONGEST: Final = 23
"""MTU of the LE signalling channel where nothing else is agreed (Core Vol 3 A 4)."""
_HEADER: Final = struct.Struct("<BBH")
_NOT_UNDERSTOOD: Final = struct.pack("<H", 0)
_TOO_LONG: Final = struct.pack("<HH", 1, LONGEST)
_INVALID_CID: Final = struct.pack("<H", 2)
_NO_SUCH_PSM: Final = struct.pack("<H", 0x0002)
_NO_CHANNEL: Final = bytes(8)
_NO_CHANNELS: Final = bytes(6)
_UNKNOWN_DESTINATION: Final = struct.pack("<H", 0x0003)
_CHANNELS_OF_ONE_REQUEST: Final = range(1, 6)
_FIXED_BYTES: Final = 8
_SIZES_BYTES: Final = 4


class _Code(IntEnum):
    COMMAND_REJECT = 0x01
    DISCONNECTION_REQUEST = 0x06
    DISCONNECTION_RESPONSE = 0x07
    PARAMETER_UPDATE_REQUEST = 0x12
    PARAMETER_UPDATE_RESPONSE = 0x13
    LE_CREDIT_BASED_REQUEST = 0x14
    LE_CREDIT_BASED_RESPONSE = 0x15
    FLOW_CONTROL_CREDIT = 0x16
    CREDIT_BASED_REQUEST = 0x17
    CREDIT_BASED_RESPONSE = 0x18
    RECONFIGURE_REQUEST = 0x19
    RECONFIGURE_RESPONSE = 0x1A


_UNASKED: Final = frozenset(
    {
        _Code.COMMAND_REJECT,
        _Code.DISCONNECTION_RESPONSE,
        _Code.PARAMETER_UPDATE_RESPONSE,
        _Code.LE_CREDIT_BASED_RESPONSE,
        _Code.FLOW_CONTROL_CREDIT,
        _Code.CREDIT_BASED_RESPONSE,
        _Code.RECONFIGURE_RESPONSE,
    }
)
"""What needs no answer, and answers nothing that the tool has asked."""


def reply(pdu: bytes) -> bytes | None:
    """Return what the standard wants to be said to a signalling packet; None for nothing.

    There is no channel to connect to, to reconfigure or to close, and connection parameters
    are the central's to set.
    """
    if len(pdu) < _HEADER.size:
        return None
    code, identifier, length = _HEADER.unpack_from(pdu)
    if not identifier or code in _UNASKED:
        return None
    if len(pdu) > LONGEST:
        return _packet(_Code.COMMAND_REJECT, identifier, _TOO_LONG)
    parameters = pdu[_HEADER.size :]
    if length != len(parameters):
        return _packet(_Code.COMMAND_REJECT, identifier, _NOT_UNDERSTOOD)
    answer_code, answer = _answer(code, parameters)
    return _packet(answer_code, identifier, answer)


def _answer(code: int, parameters: bytes) -> tuple[_Code, bytes]:
    match code, len(parameters):
        case _Code.DISCONNECTION_REQUEST, 4:
            return _Code.COMMAND_REJECT, _INVALID_CID + parameters
        case _Code.LE_CREDIT_BASED_REQUEST, 10:
            return _Code.LE_CREDIT_BASED_RESPONSE, _NO_CHANNEL + _NO_SUCH_PSM
        case _Code.CREDIT_BASED_REQUEST, size if _is_channel_list(size - _FIXED_BYTES):
            refusal = _NO_CHANNELS + _NO_SUCH_PSM + bytes(size - _FIXED_BYTES)
            return _Code.CREDIT_BASED_RESPONSE, refusal
        case _Code.RECONFIGURE_REQUEST, size if _is_channel_list(size - _SIZES_BYTES):
            return _Code.RECONFIGURE_RESPONSE, _UNKNOWN_DESTINATION
        case _:
            return _Code.COMMAND_REJECT, _NOT_UNDERSTOOD


def update_request(identifier: int, parameters: tuple[int, int, int, int]) -> bytes:
    """Return a Connection Parameter Update Request (Core Vol 3 A 4.20).

    Args:
        identifier: 1 to 255.
        parameters: shortest and longest interval in 1.25 ms, latency in events, supervision
            timeout in 10 ms.
    """
    return _packet(_Code.PARAMETER_UPDATE_REQUEST, identifier, struct.pack("<HHHH", *parameters))


def _is_channel_list(size: int) -> bool:
    """Whether so many bytes are a list of one to five channels."""
    return not size % 2 and size // 2 in _CHANNELS_OF_ONE_REQUEST


def _packet(code: int, identifier: int, parameters: bytes) -> bytes:
    return _HEADER.pack(code, identifier, len(parameters)) + parameters
