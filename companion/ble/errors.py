"""What can go wrong on the way to a tool, each kind with a sentence that says what to do."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakGATTProtocolError,
)

from companion.errors import CompanionError
from protocols.massage_tool import (
    INSUFFICIENT_AUTHENTICATION,
    INSUFFICIENT_ENCRYPTION,
    PROCEDURE_IN_PROGRESS,
)


class LinkFault(StrEnum):
    """The kind of a link's failure; its sentence in the catalogue is ``link.fault.<kind>``."""

    NO_ADAPTER = "no_adapter"
    BLUETOOTH_OFF = "bluetooth_off"
    NO_PERMISSION = "no_permission"
    NOT_FOUND = "not_found"
    TAKEN = "taken"
    NO_ANSWER = "no_answer"
    PAIRING_REFUSED = "pairing_refused"
    BOND_LOST = "bond_lost"
    BOND_GONE = "bond_gone"
    STRANGER = "stranger"
    LOOKALIKE = "lookalike"
    OWNED = "owned"
    NOT_ENCRYPTED = "not_encrypted"
    NOT_A_TOOL = "not_a_tool"
    NOT_AS_DESCRIBED = "not_as_described"
    FEATURE_UNREADABLE = "feature_unreadable"
    ANOTHER_TOOL = "another_tool"
    EDGE_REFUSED = "edge_refused"
    TOO_WIDE = "too_wide"
    MTU_TOO_SMALL = "mtu_too_small"
    DROPPED = "dropped"
    SILENT = "silent"
    BUSY = "busy"
    REFUSED = "refused"
    TARE_REFUSED = "tare_refused"
    STACK = "stack"

    @property
    def is_final(self) -> bool:
        """Whether trying again by ourselves is no use: a person has to do something first."""
        return self in _FINAL

    @property
    def is_unheard(self) -> bool:
        """Whether the tool was only not heard: it is gone on being looked for."""
        return self in _UNHEARD

    @property
    def is_of_radio(self) -> bool:
        """Whether there is no radio just now; one that was there may come back."""
        return self in _RADIO

    @property
    def is_of_bond(self) -> bool:
        """Whether pairing anew is what helps."""
        return self in _UNBONDED


_FINAL = frozenset(
    {
        LinkFault.NO_ADAPTER,
        LinkFault.BLUETOOTH_OFF,
        LinkFault.NO_PERMISSION,
        LinkFault.PAIRING_REFUSED,
        LinkFault.BOND_LOST,
        LinkFault.BOND_GONE,
        LinkFault.OWNED,
        LinkFault.NOT_ENCRYPTED,
        LinkFault.NOT_A_TOOL,
        LinkFault.NOT_AS_DESCRIBED,
        LinkFault.FEATURE_UNREADABLE,
        LinkFault.ANOTHER_TOOL,
        LinkFault.EDGE_REFUSED,
        LinkFault.TOO_WIDE,
        LinkFault.MTU_TOO_SMALL,
        LinkFault.TARE_REFUSED,
    }
)

_UNHEARD = frozenset({LinkFault.NOT_FOUND, LinkFault.STRANGER, LinkFault.LOOKALIKE})
_RADIO = frozenset({LinkFault.NO_ADAPTER, LinkFault.BLUETOOTH_OFF})
_UNBONDED = frozenset({LinkFault.BOND_LOST, LinkFault.BOND_GONE, LinkFault.NOT_ENCRYPTED})


class Stage(StrEnum):
    """What was being done when something failed."""

    SCAN = "scan"
    CONNECT = "connect"
    USE = "use"


class LinkError(CompanionError):
    """The link to the tool could not be made or used.

    Attributes:
        fault: the kind.
        detail: the stack's or the tool's own words, for the log; may be empty.
    """

    def __init__(self, fault: LinkFault, *, tool: str = "", detail: str = "") -> None:
        super().__init__(f"link.fault.{fault}", tool=tool, detail=detail)
        self.fault = fault
        self.detail = detail


class OutOfReach(LinkError):
    """There is no radio to use, or no tool to hear on it."""

    exit_code: ClassVar[int] = 3


class AdapterMissing(OutOfReach):
    """The adapter that was chosen is not there; others are.

    Args:
        adapter: which was chosen.
        names: those that are there.
    """

    def __init__(self, adapter: str, names: Sequence[str]) -> None:
        super().__init__(LinkFault.NO_ADAPTER, detail=adapter)
        self.key = "link.adapter.missing"
        self.values = {"adapter": adapter, "names": ", ".join(names)}


class OthersHeard(OutOfReach):
    """The tool that was named was not heard; others were.

    Args:
        wanted: its name or address.
        names: of those that were heard, printable.
    """

    def __init__(self, wanted: str, names: Sequence[str]) -> None:
        super().__init__(LinkFault.NOT_FOUND, tool=wanted)
        self.key = "link.heard.others"
        self.values = {"tool": wanted, "names": ", ".join(names)}


_OUT_OF_REACH = frozenset(
    {
        LinkFault.NO_ADAPTER,
        LinkFault.BLUETOOTH_OFF,
        LinkFault.NO_PERMISSION,
        LinkFault.NOT_FOUND,
    }
)


_UNAVAILABLE = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: LinkFault.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: LinkFault.NO_ADAPTER,
    BleakBluetoothNotAvailableReason.POWERED_OFF: LinkFault.BLUETOOTH_OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: LinkFault.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: LinkFault.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: LinkFault.NO_PERMISSION,
    BleakBluetoothNotAvailableReason.UNKNOWN: LinkFault.NO_ADAPTER,
}

_ATT = {
    INSUFFICIENT_AUTHENTICATION: LinkFault.NOT_ENCRYPTED,
    0x08: LinkFault.NOT_ENCRYPTED,
    0x0C: LinkFault.NOT_ENCRYPTED,
    INSUFFICIENT_ENCRYPTION: LinkFault.NOT_ENCRYPTED,
    PROCEDURE_IN_PROGRESS: LinkFault.BUSY,
}
"""ATT errors with a kind of their own; 0x08 is authorization, 0x0C the key's size (Core 3 F)."""

_DBUS = {
    "org.bluez.Error.AuthenticationFailed": LinkFault.PAIRING_REFUSED,
    "org.bluez.Error.AuthenticationCanceled": LinkFault.PAIRING_REFUSED,
    "org.bluez.Error.AuthenticationRejected": LinkFault.PAIRING_REFUSED,
    "org.bluez.Error.AuthenticationTimeout": LinkFault.PAIRING_REFUSED,
    "org.bluez.Error.NotReady": LinkFault.BLUETOOTH_OFF,
    "org.bluez.Error.InProgress": LinkFault.BUSY,
    "org.freedesktop.DBus.Error.AccessDenied": LinkFault.NO_PERMISSION,
    "org.freedesktop.DBus.Error.ServiceUnknown": LinkFault.NO_ADAPTER,
    "org.freedesktop.DBus.Error.Spawn.ChildExited": LinkFault.NO_ADAPTER,
}

_BOND_WORDS = ("lost its bond", "key missing")
_LOSS_WORDS = (
    "connection timeout",
    "connection was lost",
    "disconnected",
    "not connected",
    "is gone",
    "terminated",
)
_PAIRING_WORDS = ("pair", "authentic", "encrypt")

_PLAIN = (
    (BleakCharacteristicNotFoundError, LinkFault.NOT_A_TOOL),
    (BleakDeviceNotFoundError, LinkFault.NOT_FOUND),
    (PermissionError, LinkFault.NO_PERMISSION),
)

_TIMEOUT = {
    Stage.SCAN: LinkFault.STACK,
    Stage.CONNECT: LinkFault.NO_ANSWER,
    Stage.USE: LinkFault.SILENT,
}

_BY_STAGE = {
    Stage.SCAN: LinkFault.NO_ADAPTER,
    Stage.CONNECT: LinkFault.TAKEN,
    Stage.USE: LinkFault.STACK,
}


def classify(error: Exception, stage: Stage, tool: str = "") -> LinkError:
    """Turn what the Bluetooth stack raised into the error a person can act on.

    Args:
        error: the exception of bleak, of the operating system, or a timeout.
        stage: what was being done.
        tool: name or address for the sentence.
    """
    fault = _fault_of(error, stage)
    kind = OutOfReach if fault in _OUT_OF_REACH else LinkError
    return kind(fault, tool=tool, detail=_detail(error))


def _detail(error: Exception) -> str:
    """The stack's words in one line; an ATT error's own text is its last argument."""
    words = str(error.args[-1]) if isinstance(error, BleakGATTProtocolError) else str(error)
    words = words or type(error).__name__
    return "".join(sign if sign.isprintable() else " " for sign in words)


def _fault_of(error: Exception, stage: Stage) -> LinkFault:
    match error:
        case BleakBluetoothNotAvailableError():
            return _UNAVAILABLE[error.reason]
        case BleakGATTProtocolError():
            return _ATT.get(int(error.args[0]), LinkFault.REFUSED)
        case BleakDBusError() if error.dbus_error in _DBUS:
            return _DBUS[error.dbus_error]
        case TimeoutError():
            return _TIMEOUT[stage]
        case _:
            plain = (fault for kind, fault in _PLAIN if isinstance(error, kind))
            return next(plain, None) or _by_words(error, stage)


def _by_words(error: Exception, stage: Stage) -> LinkFault:
    """Judge a bare `BleakError` of connecting by its words: stacks give nothing better."""
    words = str(error).lower() if stage is Stage.CONNECT else ""
    if any(word in words for word in _BOND_WORDS):
        return LinkFault.BOND_LOST
    if any(word in words for word in _LOSS_WORDS):
        return LinkFault.DROPPED
    if any(word in words for word in _PAIRING_WORDS):
        return LinkFault.PAIRING_REFUSED
    return _BY_STAGE[stage]
