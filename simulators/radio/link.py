"""One LE connection on the virtual air: connection events, parameters and supervision."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import hci, ll
from bumble.controller import Connection
from bumble.core import PhysicalTransport

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController

Pdu = bytes | ll.ControlPdu
_ROUNDING = 1e-6
_SHORTEST_INTERVAL = 6
_SHORTEST_TIMEOUT = 10
_LONGEST = 0x0C80
_LARGEST_LATENCY = 0x01F3


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """What the central chose, in the units of HCI (Core Vol 4 E 7.8.12).

    Attributes:
        interval: connection interval in units of 1.25 ms.
        latency: events the peripheral may skip; reported, not simulated.
        timeout: supervision timeout in units of 10 ms.
    """

    interval: int
    latency: int
    timeout: int

    @property
    def is_allowed(self) -> bool:
        """Whether a controller takes these (Core Vol 4 E 7.8.12)."""
        return (
            _SHORTEST_INTERVAL <= self.interval <= _LONGEST
            and 0 <= self.latency <= _LARGEST_LATENCY
            and _SHORTEST_TIMEOUT <= self.timeout <= _LONGEST
            and self.timeout_s > 2 * (1 + self.latency) * self.interval_s
        )

    @property
    def interval_s(self) -> float:
        """The connection interval in seconds."""
        return self.interval * 0.00125

    @property
    def timeout_s(self) -> float:
        """The supervision timeout in seconds."""
        return self.timeout * 0.01


@dataclass(eq=False)
class RadioConnection(Connection):
    """One controller's end of a link."""

    controller: "RadioController"
    air_link: "AirLink | None" = None
    _assembled: bool = False

    @property
    def is_open(self) -> bool:
        """Whether this end's host still has the connection."""
        return self.controller.le_connections.get(self.peer_address) is self

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        """Take a packet from the host; it counts as completed when it has gone out."""
        self._assembled = False
        self.assembler.feed_packet(packet)
        if not self._assembled:
            self.complete_packets(1)

    def on_acl_pdu(self, pdu: bytes) -> None:
        """Send a whole L2CAP PDU at the next connection event."""
        self._assembled = True
        if self.air_link is not None:
            self.air_link.send(self, pdu)

    def send_ll_control_pdu(self, packet: ll.ControlPdu) -> None:
        """Send a control PDU, in order with the data before it."""
        if self.air_link is not None:
            self.air_link.send(self, packet)

    def complete_packets(self, count: int) -> None:
        """Tell the host that its packets have gone out."""
        self.controller.send_hci_packet(
            hci.HCI_Number_Of_Completed_Packets_Event(
                connection_handles=[self.handle], num_completed_packets=[count]
            )
        )

    def receive(self, pdu: Pdu) -> None:
        """Take what the other end sent."""
        if not self.is_open:
            return
        if isinstance(pdu, bytes):
            self.controller.on_link_acl_data(self.peer_address, PhysicalTransport.LE, pdu)
        else:
            self.controller.on_ll_control_pdu(self.peer_address, pdu)


class AirLink:
    """The air between a central and a peripheral.

    Data and control PDUs wait for the next connection event; there the central's go
    first, then the peripheral's, all that are waiting. While one end is out of range nothing
    moves, and after the supervision timeout both ends lose the connection with reason 0x08
    (Core Vol 6 B 4.5.2). The link counts as heard up to the moment of going away.

    Args:
        central: the central's end.
        peripheral: the peripheral's end.
        parameters: what the central chose.
        is_paced: False lets everything move at once, without connection events.
    """

    def __init__(
        self,
        central: RadioConnection,
        peripheral: RadioConnection,
        parameters: LinkParameters,
        *,
        is_paced: bool,
    ) -> None:
        self.central = central
        self.peripheral = peripheral
        self.parameters = parameters
        self._is_paced = is_paced
        self._loop = asyncio.get_running_loop()
        self._anchor_at = self._loop.time()
        self._waiting: dict[hci.Role, deque[Pdu]] = {
            central.role: deque(),
            peripheral.role: deque(),
        }
        self._next_event: asyncio.Handle | None = None
        self._supervision: asyncio.TimerHandle | None = None
        self._is_severed = False
        central.air_link = peripheral.air_link = self

    @property
    def is_interrupted(self) -> bool:
        """Whether the supervision timeout is running."""
        return self._supervision is not None

    def joins(self, controller: "RadioController") -> bool:
        """Whether this controller holds an end of the link."""
        return controller in {self.central.controller, self.peripheral.controller}

    def send(self, sender: RadioConnection, pdu: Pdu) -> None:
        """Queue a PDU for the next connection event."""
        self._waiting[sender.role].append(pdu)
        self._await_event()

    def interrupt(self) -> None:
        """Nothing gets through any more; the supervision timeout starts, if it has not."""
        self._cancel_event()
        if self._supervision is None:
            self._supervision = self._loop.call_later(self.parameters.timeout_s, self._expire)

    def sever(self) -> None:
        """One end has forgotten the link for good; the other is left to its timeout."""
        self._is_severed = True
        self.interrupt()

    def restore(self) -> None:
        """Both ends hear each other again before the timeout: what was waiting goes out."""
        if self._is_severed:
            return
        if self._supervision is not None:
            self._supervision.cancel()
            self._supervision = None
        self._await_event()

    def end_closed(self) -> None:
        """One end is gone: when both are, nothing is left to do."""
        if not self.central.is_open and not self.peripheral.is_open:
            self.close()

    def close(self) -> None:
        """Forget everything that was waiting."""
        self._cancel_event()
        if self._supervision is not None:
            self._supervision.cancel()
            self._supervision = None
        for queue in self._waiting.values():
            queue.clear()
        self.central.controller.air.forget(self)

    def _await_event(self) -> None:
        if self._next_event is not None or self.is_interrupted:
            return
        if not any(self._waiting.values()):
            return
        if self._is_paced:
            self._next_event = self._loop.call_at(self._next_event_at(), self._on_event)
        else:
            self._next_event = self._loop.call_soon(self._on_event)

    def _next_event_at(self) -> float:
        interval_s = self.parameters.interval_s
        passed = math.floor((self._loop.time() - self._anchor_at) / interval_s + _ROUNDING)
        return self._anchor_at + (passed + 1) * interval_s

    def _cancel_event(self) -> None:
        if self._next_event is not None:
            self._next_event.cancel()
            self._next_event = None

    def _on_event(self) -> None:
        self._next_event = None
        for sender, receiver in (
            (self.central, self.peripheral),
            (self.peripheral, self.central),
        ):
            queue = self._waiting[sender.role]
            sent = [queue.popleft() for _ in range(len(queue))]
            self._deliver(sent, sender, receiver)
        self._await_event()

    def _deliver(self, pdus: list[Pdu], sender: RadioConnection, receiver: RadioConnection) -> None:
        for pdu in pdus:
            receiver.receive(pdu)
            if isinstance(pdu, ll.ConnectionUpdateInd):
                sender.receive(pdu)
                self._update(LinkParameters(pdu.interval, pdu.latency, pdu.timeout))
        completed = sum(isinstance(pdu, bytes) for pdu in pdus)
        if completed and sender.is_open:
            sender.complete_packets(completed)

    def _update(self, parameters: LinkParameters) -> None:
        self._anchor_at = self._loop.time()
        self.parameters = parameters

    def _expire(self) -> None:
        self._supervision = None
        for end in (self.central, self.peripheral):
            if end.is_open:
                end.controller.on_le_disconnected(end, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
        self.close()
