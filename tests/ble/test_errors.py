"""Every failure of a Bluetooth stack has its kind, every kind its sentence."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

from companion.ble.errors import LinkFault, Stage, classify
from companion.texts import text

Reason = BleakBluetoothNotAvailableReason


@pytest.mark.parametrize(
    ("error", "stage", "fault"),
    [
        (BleakBluetoothNotAvailableError("", Reason.NO_BLUETOOTH), Stage.SCAN, "no_adapter"),
        (BleakBluetoothNotAvailableError("", Reason.POWERED_OFF), Stage.SCAN, "bluetooth_off"),
        (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), Stage.SCAN, "no_permission"),
        (FileNotFoundError(2, "No such file"), Stage.SCAN, "no_adapter"),
        (PermissionError(13, "Permission denied"), Stage.SCAN, "no_permission"),
        (
            BleakDBusError("org.bluez.Error.AuthenticationFailed", []),
            Stage.CONNECT,
            "pairing_refused",
        ),
        (BleakDBusError("org.bluez.Error.NotReady", []), Stage.CONNECT, "bluetooth_off"),
        (BleakError("pairing: pairing not supported"), Stage.CONNECT, "pairing_refused"),
        (BleakError("pairing: connection timeout (0x08)"), Stage.CONNECT, "dropped"),
        (
            BleakError("encrypting the link: the connection was lost, not established (0x3E)"),
            Stage.CONNECT,
            "dropped",
        ),
        (BleakError("the peer has lost its bond with us"), Stage.CONNECT, "bond_lost"),
        (BleakError("connection refused"), Stage.CONNECT, "taken"),
        (TimeoutError(), Stage.CONNECT, "no_answer"),
        (TimeoutError(), Stage.USE, "silent"),
        (BleakGATTProtocolError(0x05), Stage.USE, "not_encrypted"),
        (BleakGATTProtocolError(0x0F), Stage.USE, "not_encrypted"),
        (BleakGATTProtocolError(0xFD), Stage.USE, "refused"),
        (BleakGATTProtocolError(0xFE), Stage.USE, "busy"),
    ],
)
def test_every_failure_has_its_kind(error: Exception, stage: Stage, fault: str) -> None:
    assert classify(error, stage).fault == fault


@pytest.mark.parametrize("fault", LinkFault)
def test_every_kind_has_a_sentence(fault: LinkFault) -> None:
    assert text(f"link.fault.{fault}", tool="the tool", detail="why").endswith(".")
