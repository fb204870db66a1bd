"""One LE connection on the virtual air: events, air time, repeats and supervision."""

import asyncio
import math
import random
from typing import TYPE_CHECKING

from bumble import hci, ll

from simulators.radio.connection import AirPdu, RadioConnection
from simulators.radio.parameters import LinkParameters
from simulators.radio.phy import T_IFS_US, air_time_us

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController

_ROUNDING = 1e-6
_US = 1e-6


class AirLink:
    """The air between a central and a peripheral.

    At a connection event the two take turns, the central first, one packet or an empty one
    each, for as long as either has more and another exchange fits before the next event
    (Core Vol 6 B 4.5.1). A packet that is lost ends the event; it is repeated at the next
    one, and what was received twice counts once (Core Vol 6 B 4.5.9). An end that hears
    nothing for the supervision timeout loses the connection with reason 0x08 (4.5.2).

    Without losses, events at which neither has anything to say are not simulated, and the
    last packet of an event counts as acknowledged. From the moment of going away the other
    end counts as not heard.

    Args:
        central: the central's end.
        peripheral: the peripheral's end.
        parameters: what the central chose.
        chance: what losses are drawn from.
        is_paced: False lets everything move at once, without events and air time, as long
            as nothing is lost.
    """

    def __init__(
        self,
        central: RadioConnection,
        peripheral: RadioConnection,
        parameters: LinkParameters,
        *,
        chance: random.Random,
        is_paced: bool,
    ) -> None:
        self.central = central
        self.peripheral = peripheral
        self.parameters = parameters
        self._ends = central, peripheral
        self._chance = chance
        self._is_paced = is_paced
        self._loop = asyncio.get_running_loop()
        self._anchor_at = self._loop.time()
        self._closes_at = 0.0
        self._lost_share = 0.0
        self._is_encrypted = False
        self._is_in_event = False
        self._is_closed = False
        self._timer: asyncio.Handle | None = None
        self._supervision: asyncio.TimerHandle | None = None
        self._is_severed = False
        central.air_link = peripheral.air_link = self

    def joins(self, controller: "RadioController") -> bool:
        """Whether this controller holds an end of the link."""
        return controller is self.central.controller or controller is self.peripheral.controller

    def other(self, end: RadioConnection) -> RadioConnection:
        """The opposite end."""
        return self.peripheral if end is self.central else self.central

    def set_loss(self, share: float) -> None:
        """Lose this share of packets from now on; 1 is out of range."""
        share = 1.0 if self._is_severed else share
        if share == self._lost_share or self._is_closed:
            return
        if self._lost_share == 0.0:
            for end in self._ends:
                end.heard_at = self._loop.time()
        self._lost_share = share
        self._supervise()
        if share == 1.0:
            self._end_event()
        else:
            self.await_event()

    def sever(self) -> None:
        """One end has forgotten the link for good; the other is left to its timeout."""
        self.set_loss(1.0)
        self._is_severed = True

    def end_closed(self) -> None:
        """One end is gone: the other hears nothing more; when both are, nothing is left."""
        if self.central.is_open or self.peripheral.is_open:
            self.sever()
        else:
            self._close()

    def await_event(self) -> None:
        """Make sure that an event comes if there is reason for one."""
        if self._timer is not None or self._is_in_event or self._lost_share == 1.0:
            return
        if not self._lost_share and not any(end.waiting for end in self._ends):
            return
        # On a lossy link events go on for ever: without a pace, time would stand still.
        if self._is_paced or self._lost_share:
            self._timer = self._loop.call_at(self._next_event_at(), self._begin_event)
        else:
            self._timer = self._loop.call_soon(self._begin_event)

    def update(self, parameters: LinkParameters) -> None:
        """From now on, keep to other parameters."""
        self._anchor_at = self._loop.time()
        self.parameters = parameters
        self._supervise()

    def encrypt(self) -> None:
        """From now on, packets carry a message integrity code."""
        self._is_encrypted = True

    def _next_event_at(self) -> float:
        interval_s = self.parameters.interval_s
        passed = math.floor((self._loop.time() - self._anchor_at) / interval_s + _ROUNDING)
        return self._anchor_at + (passed + 1) * interval_s

    def _begin_event(self) -> None:
        self._is_in_event = True
        self._closes_at = self._loop.time() + self.parameters.interval_s - T_IFS_US * _US
        self._exchange()

    def _end_event(self) -> None:
        self._is_in_event = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _heads(self) -> tuple[AirPdu | None, AirPdu | None]:
        """What both send next; the central's packet tells the peripheral what has arrived."""
        ours = self.central.waiting[0] if self.central.waiting else None
        theirs = next((pdu for pdu in self.peripheral.waiting if not pdu.is_received), None)
        return ours, theirs

    def _exchange_s(self) -> float:
        """How long the next two packets and the space between them take."""
        air_us = T_IFS_US
        for end, pdu in zip(self._ends, self._heads(), strict=True):
            octets = pdu.octets if pdu else 0
            air_us += air_time_us(octets, end.send_phy, is_encrypted=self._is_encrypted)
        return air_us * _US

    def _exchange(self, *, after_s: float = 0.0) -> None:
        heads = self._heads()
        if self._is_paced:
            ends_s = after_s + self._exchange_s()
            self._timer = self._loop.call_later(ends_s, self._end_exchange, *heads)
        else:
            self._end_exchange(*heads)

    def _end_exchange(self, ours: AirPdu | None, theirs: AirPdu | None) -> None:
        """What the central sent has arrived or not, and then what the peripheral answered."""
        self._timer = None
        is_heard = self._is_heard()
        if is_heard:
            self._arrive(self.central, self.peripheral, ours)
            is_heard = self._is_in_event and self._is_heard()
        if is_heard:
            self._arrive(self.peripheral, self.central, theirs)
        if not self._is_in_event:
            return
        if is_heard and self._has_more():
            self._exchange(after_s=T_IFS_US * _US)
        else:
            self._end_event()
            self.await_event()

    def _has_more(self) -> bool:
        if not any(end.waiting for end in self._ends):
            return False
        ends_at = self._loop.time() + T_IFS_US * _US + self._exchange_s()
        return not self._is_paced or ends_at <= self._closes_at

    def _is_heard(self) -> bool:
        return self._lost_share == 0.0 or self._chance.random() >= self._lost_share

    def _arrive(
        self, sender: RadioConnection, receiver: RadioConnection, pdu: AirPdu | None
    ) -> None:
        """A packet is heard: it acknowledges what its sender has received before."""
        receiver.heard_at = self._loop.time()
        answered = receiver.waiting[0] if receiver.waiting else None
        if answered is not None and answered.is_received:
            receiver.acknowledge(answered)
        if pdu is None or pdu.is_received:
            return
        pdu.is_received = True
        if self._lost_share == 0.0 or isinstance(pdu.payload, ll.TerminateInd):
            sender.acknowledge(pdu)
        receiver.receive(pdu)
        if not isinstance(pdu.payload, bytes):
            sender.controller.on_link_control_pdu_sent(sender, pdu.payload)

    def _supervise(self) -> None:
        if self._supervision is not None:
            self._supervision.cancel()
            self._supervision = None
        heard = [end.heard_at for end in self._ends if end.is_open]
        if self._lost_share and heard:
            self._supervision = self._loop.call_at(
                min(heard) + self.parameters.timeout_s, self._check_supervision
            )

    def _check_supervision(self) -> None:
        overdue_at = self._loop.time() - self.parameters.timeout_s + _ROUNDING
        for end in self._ends:
            if end.is_open and end.heard_at <= overdue_at:
                reason = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
                if end.closing is not None:
                    reason = hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR
                end.controller.on_le_disconnected(end, reason)
        if not self._is_closed:
            self._supervise()

    def _close(self) -> None:
        """Forget everything that was waiting."""
        self._is_closed = True
        self._end_event()
        if self._supervision is not None:
            self._supervision.cancel()
            self._supervision = None
        for end in self._ends:
            end.waiting.clear()
        self.central.controller.air.forget(self)
