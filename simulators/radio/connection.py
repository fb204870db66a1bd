"""One controller's end of an LE connection: packets of the host to packets of the air."""

import struct
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bumble import hci, ll
from bumble.controller import Connection

from simulators.radio.phy import LONGEST_DATA_OCTETS, SHORTEST_DATA_OCTETS, control_octets

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController
    from simulators.radio.link import AirLink

_START, _CONTINUATION = 2, 1
_MOST_CONTROLS = 16
_COMPLETED = bytes([hci.HCI_EVENT_PACKET, hci.HCI_NUMBER_OF_COMPLETED_PACKETS_EVENT, 5, 1])
"""The head of Number Of Completed Packets for one link (Core Vol 4 E 7.7.19); it is sent once
for every packet, and bumble's class for it is slow."""

_OVERFLOW = bytes([hci.HCI_EVENT_PACKET, 0x1A, 1, 1])
"""Data Buffer Overflow of an ACL link (Core Vol 4 E 7.7.26); bumble has no class for it."""


@dataclass(slots=True)
class AirPdu:
    """One link-layer packet on its way.

    Attributes:
        payload: data, or a control PDU.
        octets: the size of its payload on the air.
        is_start: whether data begins an L2CAP PDU.
        completes: whether it is the last of a packet of the host.
        is_received: whether the other end has it, though the sender may not know.
    """

    payload: bytes | ll.ControlPdu
    octets: int
    is_start: bool = False
    completes: bool = False
    is_received: bool = False


@dataclass(eq=False)
class RadioConnection(Connection):
    """One controller's end of a link.

    Attributes:
        air_link: the link, None before there is one.
        identity: the peer's identity address, if this controller has resolved its private one.
        own_private_address: the resolvable private address that it is known by, if any.
        waiting: what has not been acknowledged, oldest first.
        heard_at: when it last heard the other end, on the loop's clock.
        send_octets: how much data one packet may carry.
        receive_octets: how much the other end's may.
        wished_octets: how much data it would like to send in one packet.
        send_phy: what it sends on.
        receive_phy: what the other end sends on.
        wished_phys: what it has asked to send and receive on, as bits.
        asks_for_phy: whether its host waits to hear of a PHY.
        closing: the reason with which its host is closing the connection, if it is.
        is_encrypted: whether its host was told that the link is encrypted.
    """

    controller: "RadioController"
    air_link: "AirLink | None" = None
    identity: hci.Address | None = None
    own_private_address: hci.Address | None = None
    waiting: deque[AirPdu] = field(default_factory=deque)
    heard_at: float = 0.0
    send_octets: int = SHORTEST_DATA_OCTETS
    receive_octets: int = SHORTEST_DATA_OCTETS
    wished_octets: int = SHORTEST_DATA_OCTETS
    send_phy: hci.Phy = hci.Phy.LE_1M
    receive_phy: hci.Phy = hci.Phy.LE_1M
    wished_phys: tuple[int, int] | None = None
    asks_for_phy: bool = False
    closing: int | None = None
    is_encrypted: bool = False
    _held: int = 0
    _asked: int = 0

    @property
    def is_open(self) -> bool:
        """Whether this end's host still has the connection."""
        return self.controller.le_connections.get(self.peer_address) is self

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Take a packet from the host; it counts as completed when it is acknowledged."""
        data = packet.data
        if not data or len(data) > LONGEST_DATA_OCTETS or self._is_full:
            self.controller.send_bytes(_OVERFLOW)
            return
        if self.air_link is None or self.closing is not None:
            self.complete_packet()
            return
        self._held += 1
        is_start = packet.pb_flag != _CONTINUATION
        for offset in range(0, len(data), self.send_octets):
            part = data[offset : offset + self.send_octets]
            is_last = offset + self.send_octets >= len(data)
            self.waiting.append(AirPdu(part, len(part), is_start and not offset, is_last))
        self.air_link.await_event()

    @property
    def is_busy(self) -> bool:
        """Whether so many control PDUs wait that its host may start no further procedure."""
        return self._asked >= _MOST_CONTROLS

    @property
    def _is_full(self) -> bool:
        return self._held >= self.controller.total_num_le_acl_data_packets

    def send_ll_control_pdu(self, packet: ll.ControlPdu) -> None:
        """Send a control PDU, in order with the data before it."""
        if self.air_link is not None:
            self._asked += 1
            self.waiting.append(AirPdu(packet, control_octets(packet)))
            self.air_link.await_event()

    def acknowledge(self, pdu: AirPdu) -> None:
        """The other end has the oldest packet, and this end knows."""
        self.waiting.popleft()
        self._asked -= not isinstance(pdu.payload, bytes)
        if pdu.completes:
            self._held -= 1
            if self.is_open:
                self.complete_packet()

    def complete_packet(self) -> None:
        """Tell the host that one of its packets has gone out."""
        self.controller.send_bytes(_COMPLETED + struct.pack("<HH", self.handle, 1))

    def receive(self, pdu: AirPdu) -> None:
        """Take what the other end sent."""
        if not self.is_open:
            return
        payload = pdu.payload
        if isinstance(payload, bytes):
            flag = _START if pdu.is_start else _CONTINUATION
            self.controller.send_hci_packet(
                hci.HCI_AclDataPacket(self.handle, flag, 0, len(payload), payload)
            )
        else:
            self.controller.on_link_control_pdu(self, payload)
