"""One central's link: indications one at a time, telemetry no faster than the air takes it."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from bumble import att, hci
from bumble.core import ConnectionError as LinkError
from bumble.device import Connection
from bumble.gatt import Characteristic
from bumble.gatt_server import Server

from simulators.peripheral.database import Database

MOST_IN_FLIGHT: Final = 8
"""Packets handed to the controller before frames wait here."""
MOST_WAITING: Final = 32
"""Frames that wait; then the oldest is dropped (tool-profile.md, Loss)."""


class Link:
    """What is on its way to one central.

    Attributes:
        dropped: frames given up because the link did not take them.

    Args:
        connection: the central.
        server: sends.
        database: the characteristics.
        next_resent: gives a frame of a resend, when no live frame waits.
    """

    def __init__(
        self,
        connection: Connection,
        server: Server,
        database: Database,
        next_resent: Callable[[], bytes | None],
    ) -> None:
        self.connection = connection
        self.dropped = 0
        self._server = server
        self._database = database
        self._next_resent = next_resent
        self._queue = connection.device.host.get_data_packet_queue(connection.handle)
        self._answer: bytes | None = None
        self._is_answering = False
        self._is_answer_out = False
        self._events: deque[bytes] = deque()
        self._frames: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        if self._queue is not None:
            self._queue.on("flow", self.pump)

    @property
    def is_answering(self) -> bool:
        """Whether a request was taken whose answer is not yet confirmed."""
        return self._is_answering

    def take_request(self) -> None:
        """A request was accepted: its answer is owed."""
        self._is_answering = True

    def confirmed(self) -> None:
        """The central has confirmed an indication: at once, as its next request may follow."""
        if self._is_answer_out:
            self._is_answer_out = self._is_answering = False

    def answer(self, value: bytes) -> None:
        """Indicate the answer that is owed, before any event."""
        self._answer = value
        self._rouse()

    def tell(self, event: bytes) -> None:
        """Indicate an event, if the central wants events."""
        if self._database.is_subscribed(self.connection, self._database.tool_event):
            self._events.append(event)
            self._rouse()

    def send(self, frame: bytes) -> None:
        """Notify a live frame as soon as the air takes it, if the central wants telemetry."""
        if not self._database.is_subscribed(self.connection, self._database.telemetry):
            return
        self._frames.append(frame)
        self.pump()
        while len(self._frames) > MOST_WAITING:
            self._frames.popleft()
            self.dropped += 1

    def discard_frames(self) -> None:
        """Give up the live frames that wait: their run is over."""
        self._frames.clear()

    def pump(self) -> None:
        """Hand over what the air takes; live frames first, none before an answer that waits."""
        if self._queue is None or self._answer is not None:
            return
        while self._queue.pending < MOST_IN_FLIGHT:
            frame = self._frames.popleft() if self._frames else self._next_resent()
            if frame is None:
                return
            self.notify(self._database.telemetry, frame)

    def notify(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """Send a notification now, if the central wants it."""
        if self._database.is_subscribed(self.connection, characteristic):
            pdu = att.ATT_Handle_Value_Notification(
                attribute_handle=characteristic.handle, attribute_value=value
            )
            self._server.send_gatt_pdu(self.connection, bytes(pdu))

    def notify_if_free(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        """The same, unless the air is busy: a newer value will follow."""
        if self._queue is not None and self._queue.pending < MOST_IN_FLIGHT:
            self.notify(characteristic, value)

    async def idle(self) -> None:
        """Wait until every indication is confirmed."""
        await self._idle.wait()

    async def run(self) -> None:
        """Indicate whatever comes, one at a time; a central that never confirms is left."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while await self._indicate_next():
                    pass
                self._idle.set()
        except TimeoutError:
            await self._leave()
        finally:
            self._server.pending_confirmations.pop(self.connection, None)
            self._server.indication_semaphores.pop(self.connection, None)

    def close(self) -> None:
        """The link is gone."""
        if self._queue is not None:
            self._queue.remove_listener("flow", self.pump)
            self._queue = None
        self._frames.clear()
        self._events.clear()

    def _rouse(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _indicate_next(self) -> bool:
        if self._answer is not None:
            answer, self._answer = self._answer, None
            asyncio.get_running_loop().call_soon(self.pump)
            self._is_answer_out = True
            await self._indicate(self._database.control_point, answer)
            self.confirmed()
            return True
        if self._events:
            await self._indicate(self._database.tool_event, self._events.popleft())
            return True
        return False

    async def _indicate(self, characteristic: Characteristic[bytes], value: bytes) -> None:
        await self._server.indicate_subscriber(self.connection, characteristic, value)

    async def _leave(self) -> None:
        """Core Vol 3 F 3.3.3: after a transaction timeout nothing more may be sent."""
        leaving = self.connection.disconnect(hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        try:
            # The disconnection cancels this task, and bumble cannot set a cancelled future.
            await asyncio.shield(leaving)
        except (hci.HCI_Error, LinkError):
            return
