"""bumble's errors in bleak's words."""

import contextlib
from collections.abc import Iterator

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakError,
    BleakGATTProtocolError,
)
from bumble import att, core, hci
from bumble.device import Device

from simulators.radio.errors import AirError
from simulators.radio.host import RadioHost


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


def require_radio(device: Device) -> None:
    """Make sure that an adapter can be used.

    Raises:
        BleakBluetoothNotAvailableError: it is switched off, or its radio is gone.
    """
    if isinstance(device.host, RadioHost) and device.host.is_lost:
        raise BleakBluetoothNotAvailableError(
            "the radio is gone: it has been closed", BleakBluetoothNotAvailableReason.NO_BLUETOOTH
        )
    if not device.powered_on:
        raise BleakBluetoothNotAvailableError(
            "the adapter is switched off", BleakBluetoothNotAvailableReason.POWERED_OFF
        )


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
