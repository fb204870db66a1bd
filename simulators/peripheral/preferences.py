"""Asks a central that chose other connection parameters for the tool's own, once."""

import asyncio
from typing import Final

from bumble.device import Connection
from bumble.l2cap import L2CAP_LE_SIGNALING_CID

from simulators.peripheral.database import PREFERRED
from simulators.peripheral.signalling import update_request

PAUSE_S: Final = 5.0
"""How long a peripheral leaves a new connection alone (Core Vol 3 C A, TGAP(conn_pause_
peripheral))."""
_IDENTIFIER: Final = 1
_INTERVAL_MS: Final = (15.0, 30.0)
_TIMEOUT_MS: Final = (2000.0, 4000.0)


def is_preferred(parameters: Connection.Parameters) -> bool:
    """Whether a connection is as the profile prefers it (tool-profile.md, Link)."""
    return (
        _INTERVAL_MS[0] <= parameters.connection_interval <= _INTERVAL_MS[1]
        and parameters.peripheral_latency == 0
        and _TIMEOUT_MS[0] <= parameters.supervision_timeout <= _TIMEOUT_MS[1]
    )


def ask_later(connection: Connection) -> asyncio.TimerHandle:
    """Ask by L2CAP after a pause, if the parameters are then still others; return the timer.

    The central may refuse, or not answer: what it chose then stays.
    """

    def ask() -> None:
        if not is_preferred(connection.parameters):
            request = update_request(_IDENTIFIER, PREFERRED)
            connection.send_l2cap_pdu(L2CAP_LE_SIGNALING_CID, request)

    return asyncio.get_running_loop().call_later(PAUSE_S, ask)
