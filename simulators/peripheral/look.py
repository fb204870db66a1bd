"""What can be seen of a tool's link from outside, and what happens on it in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bumble import hci
from bumble.device import Connection

from protocols.massage_tool import Op, Result

Notice = Callable[[str], None]
"""Takes one thing that happened, in plain words."""

_RESULT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLook:
    """The link at one moment.

    Attributes:
        central: the address of who is connected; a bonded central's identity.
        is_encrypted: whether the link is encrypted.
        mtu: ATT_MTU in bytes.
        interval_ms: the connection interval.
    """

    central: str
    is_encrypted: bool
    mtu: int
    interval_ms: float


def look_at(connection: Connection) -> LinkLook:
    """Return what can be seen of a connection."""
    return LinkLook(
        central=str(connection.peer_address).partition("/")[0],
        is_encrypted=bool(connection.is_encrypted),
        mtu=connection.att_mtu,
        interval_ms=connection.parameters.connection_interval,
    )


def no_notice(_words: str) -> None:
    """Listen to nothing."""


def reason_words(reason: int) -> str:
    """Return why a link ended: HCI's name for the reason, and its number."""
    try:
        name = hci.HCI_ErrorCode(reason).name.removesuffix("_ERROR").replace("_", " ").lower()
    except ValueError:
        return f"0x{reason:02X}"
    return f"{name} (0x{reason:02X})"


def answer_words(answer: bytes) -> str:
    """Return what a Control Point answer says: which request, and its result."""
    op = _name(Op, answer[1])
    return f"{op}: {_name(Result, answer[_RESULT])}" if len(answer) > _RESULT else f"{op}: cut"


def _name(kind: type[Op] | type[Result], value: int) -> str:
    try:
        return kind(value).name.replace("_", " ").lower()
    except ValueError:
        return f"0x{value:02X}"
