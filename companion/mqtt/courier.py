"""The one that owns the connection: keeps it, sends what there is, and hands over what comes.

Three kinds of messages wait here, each bounded. Held ones are the newest of their topic: after an
outage only what is true now goes out. Letters wait until the broker has them. Answers are for who
asked just now. What only passes by never waits: without a connection it is gone.

A warning overtakes all of them, and never waits for the disk: what the broker has is let go from
the outbox by a task beside the one that sends.
"""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from companion.mqtt.backoff import Backoff
from companion.mqtt.errors import BrokerError
from companion.mqtt.letters import Kind, Letter, Outbox
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Connection, Incoming, Outgoing, Transport

log = logging.getLogger(__name__)

MOST_LETTERS: Final = 256
MOST_ANSWERS: Final = 64
MOST_SENT: Final = 4096
BATCH: Final = 50
STOOD_S: Final = 10.0
"""A connection that stood this long begins the delays anew; a flapping broker does not."""

FAREWELL_S: Final = 2.0

Hears = Callable[[Incoming], Awaitable[Outgoing | None]]
Tells = Callable[[BrokerError | None], None]


class Courier:
    """Keeps one connection for as long as it runs.

    Args:
        transport: makes connections.
        topics: the tree.
        outbox: where letters outlive us.
        hears: takes each message that comes, and returns the answer.
        tells: called with each new trouble, and with None when it is over.
        seed: for the jitter of delays; None takes chance.

    Attributes:
        version: the MQTT version spoken; None without a connection.
        lost: letters and answers that were given up.
    """

    def __init__(
        self,
        transport: Transport,
        topics: Topics,
        outbox: Outbox,
        *,
        hears: Hears,
        tells: Tells,
        seed: int | None = None,
    ) -> None:
        self.version: str | None = None
        self.lost = 0
        self._transport = transport
        self._topics = topics
        self._outbox = outbox
        self._hears = hears
        self._tells = tells
        self._backoff = Backoff(seed)
        self._held: dict[str, Outgoing] = {}
        self._dirty: dict[str, None] = {}
        self._letters: OrderedDict[str, Letter] = OrderedDict()
        self._sent: OrderedDict[str, None] = OrderedDict()
        self._answers: deque[Outgoing] = deque(maxlen=MOST_ANSWERS)
        self._passing: dict[str, Outgoing] = {}
        self._news = asyncio.Event()
        self._unsettled = asyncio.Event()
        self._is_closing = False
        self._trouble: BrokerError | None = None
        self.hold(Outgoing(topic=topics.status, payload="online", retain=True))

    @property
    def waiting(self) -> int:
        """Letters that no broker has."""
        return len(self._letters)

    def hold(self, outgoing: Outgoing) -> None:
        """Say something that stays true until it is said anew; each connection hears it."""
        if self._held.get(outgoing.topic) != outgoing:
            self._held[outgoing.topic] = outgoing
            self._dirty[outgoing.topic] = None
            self._news.set()

    def pass_by(self, outgoing: Outgoing) -> None:
        """Say something that is of this moment: sent now, replaced by the next one, or never."""
        if self.version is not None:
            self._passing[outgoing.topic] = outgoing
            self._news.set()

    def release(self, topic: str) -> None:
        """Hold nothing more on a topic."""
        self._held.pop(topic, None)
        self._dirty.pop(topic, None)

    def again(self) -> None:
        """Say everything that is held once more."""
        self._dirty = dict.fromkeys(self._held)
        self._news.set()

    def post(self, letter: Letter) -> None:
        """Take a letter; of too many the oldest alerts are given up first."""
        if letter.msg_id in self._sent:
            return
        self._letters[letter.msg_id] = letter
        if len(self._letters) > MOST_LETTERS:
            self._give_up()
        self._news.set()

    async def run(self) -> None:
        """Keep a connection until closed or cancelled."""
        settling = asyncio.create_task(self._settle())
        try:
            while not self._is_closing:
                await self._try(settling)
        finally:
            settling.cancel()
            await asyncio.gather(settling, return_exceptions=True)
        await self._outbox.settle()

    def close(self) -> None:
        """Send what waits, if there is a connection, say that we leave, and end `run`."""
        self._is_closing = True
        self._news.set()

    async def _try(self, settling: asyncio.Task[None]) -> None:
        """Have one connection for as long as it stands; where it fails, rest."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await self._once(settling)
        except BrokerError as error:
            if loop.time() - began >= STOOD_S:
                self._backoff.reset()
            self._told(error)
            await self._rest(self._backoff.next_s(is_lasting=error.is_lasting))

    async def _settle(self) -> None:
        """Let go what the broker has, beside the sending: a warning must not wait for the disk."""
        while True:
            await self._unsettled.wait()
            self._unsettled.clear()
            await self._outbox.settle()

    async def _once(self, settling: asyncio.Task[None]) -> None:
        will = Outgoing(topic=self._topics.status, payload="offline", retain=True)
        async with self._transport.connect(will) as connection:
            is_lost = False
            try:
                await connection.subscribe((self._topics.commands, self._topics.birth))
                self.version = connection.version
                self._told(None)
                await self._both(connection, settling)
            except BrokerError:
                is_lost = True
                raise
            finally:
                self.version = None
                if not is_lost:
                    await _farewell(connection, will)

    async def _both(self, connection: Connection, settling: asyncio.Task[None]) -> None:
        """Hear and send until one of them ends; sending ends when we are closed.

        The task that settles outlives the connection; it ends here only by an error of ours.
        """
        works = [
            asyncio.create_task(self._hear(connection)),
            asyncio.create_task(self._send(connection)),
        ]
        try:
            first = asyncio.FIRST_COMPLETED
            done, _ = await asyncio.wait([*works, settling], return_when=first)
            for work in done:
                work.result()
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _hear(self, connection: Connection) -> None:
        async for message in connection.messages():
            answer = await self._hears(message)
            if answer is not None:
                if len(self._answers) == MOST_ANSWERS:
                    self.lost += 1
                self._answers.append(answer)
                self._news.set()

    async def _send(self, connection: Connection) -> None:
        self._passing.clear()
        self.again()
        await self._send_held(connection)
        await self._send_old(connection)
        while True:
            self._news.clear()
            await self._send_letters(connection)
            while self._answers:
                await connection.publish(self._answers.popleft())
                await self._send_alerts(connection)
            await self._send_held(connection)
            while self._passing:
                await connection.publish(self._passing.pop(next(iter(self._passing))))
                await self._send_alerts(connection)
            self._unsettled.set()
            if self._news.is_set():
                continue
            if self._is_closing:
                return
            await self._news.wait()

    async def _send_held(self, connection: Connection) -> None:
        while self._dirty:
            topic = next(iter(self._dirty))
            del self._dirty[topic]
            await connection.publish(self._held[topic])
            await self._send_alerts(connection)

    async def _send_old(self, connection: Connection) -> None:
        """Send what earlier runs, or an outage, left in the outbox."""
        after = 0
        while batch := await self._outbox.waiting(after, BATCH):
            for number, letter in batch:
                after = number
                if letter.msg_id not in self._sent:
                    await self._deliver(connection, letter)
                    await self._send_alerts(connection)
            self._unsettled.set()

    async def _send_alerts(self, connection: Connection) -> None:
        """Let warnings overtake; summaries keep their order, for the last one is retained."""
        for letter in [one for one in self._letters.values() if one.kind is Kind.ALERT]:
            await self._deliver(connection, letter)

    async def _send_letters(self, connection: Connection) -> None:
        while self._letters:
            await self._deliver(connection, next(iter(self._letters.values())))

    async def _deliver(self, connection: Connection, letter: Letter) -> None:
        outgoing = letter.outgoing(datetime.now(UTC).timestamp())
        if outgoing is None:
            log.info("a letter grew too old: %s", letter.kind)
        else:
            await connection.publish(outgoing)
        self._letters.pop(letter.msg_id, None)
        self._sent[letter.msg_id] = None
        while len(self._sent) > MOST_SENT:
            self._sent.popitem(last=False)
        self._outbox.delivered(letter.msg_id)

    def _give_up(self) -> None:
        alerts = (key for key, letter in self._letters.items() if letter.kind is Kind.ALERT)
        given_up = self._letters.pop(next(alerts, next(iter(self._letters))))
        self.lost += 1
        log.warning(
            "too many letters wait for the broker: one is no longer in memory: %s", given_up.kind
        )

    async def _rest(self, seconds: float) -> None:
        """Wait; a close ends it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self._is_closing:
                    self._news.clear()
                    await self._news.wait()

    def _told(self, error: BrokerError | None) -> None:
        """Tell a trouble that is new, and the end of one that was told."""
        before, self._trouble = self._trouble, error
        if error is None:
            log.info("the broker is there, MQTT %s", self.version)
            if before is not None:
                self._tells(None)
        elif before is None or before.fault is not error.fault:
            log.warning("the broker cannot be used: %s", error.fault)
            self._tells(error)


async def _farewell(connection: Connection, will: Outgoing) -> None:
    """Say ``offline`` ourselves: after a clean end the broker would not say our will."""
    with suppress(BrokerError, TimeoutError):
        async with asyncio.timeout(FAREWELL_S):
            await connection.publish(will)
