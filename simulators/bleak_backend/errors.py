"""bumble's errors in bleak's words."""

import contextlib
from collections.abc import Iterator

from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci

from simulators.radio.errors import AirError


@contextlib.contextmanager
def bleak_errors(doing: str) -> Iterator[None]:
    """Turn what bumble raises into what bleak promises.

    Args:
        doing: what was tried, to begin the sentence of the error with.

    Raises:
        BleakGATTProtocolError: the peer answered with an ATT error.
        BleakError: anything else that went wrong between us and the peer.
    """
    try:
        yield
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(error.error_code) from error
    except core.TimeoutError as error:
        raise BleakError(f"{doing}: the peer did not answer") from error
    except (core.BaseBumbleError, AirError) as error:
        raise BleakError(f"{doing}: {_reason(error)}") from error


def disconnection_reason(code: int) -> str:
    """An HCI disconnection reason in words, e.g. "connection timeout (0x08)"."""
    if code == 0:
        return "the radio is gone"
    words = hci.HCI_ErrorCode(code).name.removesuffix("_ERROR")
    return f"{words.replace('_', ' ').lower()} (0x{code:02X})"


def _reason(error: Exception) -> str:
    if isinstance(error, core.ProtocolError) and error.error_code is not None:
        if error.error_namespace == "hci":
            return disconnection_reason(error.error_code)
        return error.error_name.replace("_", " ").lower()
    return str(error) or type(error).__name__
