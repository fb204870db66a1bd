"""UUIDs of the Nordic UART service, over which home-made tools talk (Nordic's public profile)."""

from typing import Final

SERVICE: Final = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
RX: Final = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
"""Written by the host."""
TX: Final = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
"""Notified by the tool."""
