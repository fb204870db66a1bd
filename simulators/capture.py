"""Write a host's HCI traffic to a file that Wireshark and tshark read.

Key distribution is in clear on HCI: a capture of a pairing holds the keys. The file is
readable by its owner only; treat it as a secret.
"""

import asyncio
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from bumble.hci import HCI_COMMAND_PACKET, HCI_EVENT_PACKET
from bumble.host import Host
from bumble.snoop import Snooper

EPOCH_S = 1_767_225_600
"""2026-01-01T00:00:00Z in Unix seconds: the instant that captures call the loop's time 0."""

_US = 1_000_000
# The btsnoop clock counts microseconds from the year 0.
_BTSNOOP_EPOCH_US = 0x00DCDDB30F2F8000
_H4_WITH_DIRECTION = 201
_H4_IN_BTSNOOP = 1002
_COMMAND_OR_EVENT = 0x02


class Capture(Snooper):
    """Captures a host's traffic while it is open.

    Open it before the host's device is switched on and close it after it is switched off.
    Time stamps are the loop's clock after `EPOCH_S`, so they are right in virtual time too.

    Args:
        host: whose traffic; in this process or joined to an air of another.
        path: the file, written anew with mode 0600: ".pcap" makes a pcap file, anything
            else a btsnoop file.

    Raises:
        OSError: on entering, when the file cannot be written.
    """

    def __init__(self, host: Host, path: Path) -> None:
        self._host = host
        self._path = path
        self._is_pcap = path.suffix == ".pcap"
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._path.chmod(0o600)
        self._file.write(_pcap_header() if self._is_pcap else _btsnoop_header())
        self._host.snooper = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._host.snooper = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def snoop(self, hci_packet: bytes, direction: Snooper.Direction) -> None:
        """Write one packet; bumble calls this for every packet of the host."""
        if self._file is not None:
            now_us = EPOCH_S * _US + round(asyncio.get_running_loop().time() * _US)
            make_record = _pcap_record if self._is_pcap else _btsnoop_record
            self._file.write(make_record(hci_packet, direction, now_us))


def capture(host: Host, path: Path) -> Capture:
    """Capture a host's traffic in a `with` block; see `Capture`."""
    return Capture(host, path)


def _btsnoop_header() -> bytes:
    return b"btsnoop\0" + struct.pack(">II", 1, _H4_IN_BTSNOOP)


def _btsnoop_record(packet: bytes, direction: Snooper.Direction, unix_us: int) -> bytes:
    is_command_or_event = packet[0] in {HCI_COMMAND_PACKET, HCI_EVENT_PACKET}
    flags = int(direction) | (_COMMAND_OR_EVENT if is_command_or_event else 0)
    size = len(packet)
    return struct.pack(">IIIIq", size, size, flags, 0, unix_us + _BTSNOOP_EPOCH_US) + packet


def _pcap_header() -> bytes:
    return struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, _H4_WITH_DIRECTION)


def _pcap_record(packet: bytes, direction: Snooper.Direction, unix_us: int) -> bytes:
    seconds, microseconds = divmod(unix_us, _US)
    size = len(packet) + 4
    header = struct.pack("<IIII", seconds, microseconds, size, size)
    return header + struct.pack(">I", int(direction)) + packet
