"""Typed fan-out of events: every subscriber has a bounded queue and cannot delay another."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, Self

from companion.coaching.events import BatteryRead, Event, LevelChanged, Notice, TelemetryRejected

log = logging.getLogger(__name__)

Edge = Callable[[], Coroutine[Any, Any, object]]
"""A subscriber's own task, for example a dashboard or a printer of events."""

DRAIN_S: Final = 3.0
"""How long the subscribers' tasks may go on after the end, to read what is queued."""

LOSSY = (LevelChanged, BatteryRead, TelemetryRejected)
"""Events of which only the newest matter: a full queue drops the oldest of them and counts it."""

ROOM_WITHIN_S = 1.0
"""How long an event that must not be dropped waits for room before its subscriber is cut off."""


class Subscription(AsyncIterator[Event]):
    """One subscriber's queue; iterate over it with ``async for``.

    The iteration ends when the hub is closed and the queue is empty, or at once when the
    subscriber was cut off.

    Attributes:
        name: the subscriber's name.
        dropped: how many lossy events fell out.
        is_cut_off: whether the subscriber was too slow for an event that must not be dropped.
    """

    def __init__(self, name: str, maxsize: int) -> None:
        if maxsize < 1:
            raise ValueError(f"a queue needs room for one event, not {maxsize}")
        self.name = name
        self.dropped = 0
        self.is_cut_off = False
        self._maxsize = maxsize
        self._queue: deque[Event] = deque()
        self._full_since: float | None = None
        self._is_over = False
        self._news = asyncio.Event()

    def __len__(self) -> int:
        return len(self._queue)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._queue:
            if self._is_over:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        event = self._queue.popleft()
        if len(self._queue) <= self._maxsize:
            self._full_since = None
        return event

    def put(self, event: Event, now: float) -> None:
        """Queue an event; ``now`` is loop time in seconds."""
        if self._is_over:
            return
        if len(self._queue) >= self._maxsize and not self._drop_oldest_lossy():
            if isinstance(event, LOSSY):
                self.dropped += 1
                return
            if self._full_since is None:
                self._full_since = now
            if len(self._queue) >= 2 * self._maxsize:
                self.cut_off()
                return
        self._queue.append(event)
        self._news.set()

    def room_due(self) -> float | None:
        """Loop time by which there must be room again; None while nothing waits for room."""
        return None if self._full_since is None else self._full_since + ROOM_WITHIN_S

    def cut_off(self) -> None:
        """End the subscription now and forget its queue."""
        self.is_cut_off = True
        self._queue.clear()
        self._full_since = None
        self.end()

    def end(self) -> None:
        """Take no more events; what is queued can still be read."""
        self._is_over = True
        self._news.set()

    def _drop_oldest_lossy(self) -> bool:
        for position, event in enumerate(self._queue):
            if isinstance(event, LOSSY):
                del self._queue[position]
                self.dropped += 1
                return True
        return False


class Hub:
    """Where events are published: synchronous, never waiting for a subscriber."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []
        self._is_closed = False

    def subscribe(self, name: str, maxsize: int = 256) -> Subscription:
        """Open a queue for one subscriber; it holds what is published from now on.

        Args:
            name: who subscribes, for the report when it is too slow.
            maxsize: events it may leave unread.
        """
        subscription = Subscription(name, maxsize)
        self._subscriptions.append(subscription)
        if self._is_closed:
            subscription.end()
        return subscription

    def publish(self, event: Event) -> None:
        """Give an event to every subscriber; needs a running loop for its clock."""
        loop = asyncio.get_running_loop()
        for subscription in tuple(self._subscriptions):
            waited = subscription.room_due() is not None
            subscription.put(event, loop.time())
            due = subscription.room_due()
            if subscription.is_cut_off:
                self._report(subscription, event.device_s)
            elif due is not None and not waited:
                loop.call_at(due, self._check, subscription, event.device_s)

    def close(self) -> None:
        """End every subscription once its queue is read."""
        self._is_closed = True
        for subscription in self._subscriptions:
            subscription.end()

    def _check(self, subscription: Subscription, device_s: float) -> None:
        due = subscription.room_due()
        if due is None:
            return
        loop = asyncio.get_running_loop()
        if loop.time() < due:
            loop.call_at(due, self._check, subscription, device_s)
            return
        subscription.cut_off()
        self._report(subscription, device_s)

    def _report(self, subscription: Subscription, device_s: float) -> None:
        self._subscriptions.remove(subscription)
        log.warning("subscriber %s was too slow and is cut off", subscription.name)
        self.publish(
            Notice(device_s=device_s, key="link.cut_off", values={"name": subscription.name})
        )
