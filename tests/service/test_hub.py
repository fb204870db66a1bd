"""The hub: bounded queues, what may be dropped and what never is."""

import asyncio
from collections.abc import Coroutine

import pytest

from companion.coaching.events import (
    BatteryRead,
    Event,
    LevelChanged,
    Notice,
    SessionPaused,
    StepFinished,
    StepOutcome,
)
from companion.hub import Hub, Subscription
from companion.sensing.types import Level
from simulators.virtual_time import run_virtual


def level(device_s: float) -> LevelChanged:
    return LevelChanged(device_s=device_s, level=Level.LIGHT, doubt=None, pressure_kpa=1.0)


def must(device_s: float) -> SessionPaused:
    return SessionPaused(device_s=device_s)


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 60.0))


async def rest(subscription: Subscription) -> list[Event]:
    return [event async for event in subscription]


def times(events: list[Event]) -> list[float]:
    return [event.device_s for event in events]


def test_everyone_gets_everything_in_order() -> None:
    async def main() -> None:
        hub = Hub()
        first, second = hub.subscribe("first"), hub.subscribe("second")
        events = [must(0.0), level(1.0), BatteryRead(device_s=2.0, percent=80), must(3.0)]
        for event in events:
            hub.publish(event)
        hub.close()
        assert await rest(first) == events
        assert await rest(second) == events

    play(main())


def test_a_reader_is_woken_by_what_comes() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("reader")
        reading = asyncio.create_task(anext(subscription))
        await asyncio.sleep(1.0)
        hub.publish(must(1.0))
        assert (await reading).device_s == 1.0

    play(main())


def test_a_full_queue_drops_the_oldest_of_what_may_be_lost() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("slow", 3)
        for number in range(10):
            hub.publish(level(number))
        hub.close()
        assert times(await rest(subscription)) == [7.0, 8.0, 9.0]
        assert subscription.dropped == 7
        assert not subscription.is_cut_off

    play(main())


def test_what_must_arrive_pushes_out_what_may_be_lost_wherever_it_stands() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("slow", 3)
        for event in (must(0.0), level(1.0), must(2.0), must(3.0)):
            hub.publish(event)
        hub.close()
        assert times(await rest(subscription)) == [0.0, 2.0, 3.0]
        assert subscription.dropped == 1

    play(main())


def test_a_queue_full_of_what_must_arrive_takes_no_level() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("slow", 2)
        for event in (must(0.0), must(1.0), level(2.0)):
            hub.publish(event)
        hub.close()
        assert times(await rest(subscription)) == [0.0, 1.0]
        assert subscription.dropped == 1

    play(main())


def test_a_subscriber_that_makes_room_within_a_second_loses_nothing() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("late", 2)
        for number in range(3):
            hub.publish(must(number))
        await asyncio.sleep(0.9)
        assert (await anext(subscription)).device_s == 0.0
        await asyncio.sleep(5.0)
        hub.close()
        assert times(await rest(subscription)) == [1.0, 2.0]
        assert not subscription.is_cut_off

    play(main())


def test_one_that_does_not_is_cut_off_and_reported_to_the_others() -> None:
    async def main() -> None:
        hub = Hub()
        stuck, alive = hub.subscribe("stuck", 2), hub.subscribe("alive")
        for number in range(3):
            hub.publish(must(number))
        await asyncio.sleep(1.1)
        assert stuck.is_cut_off
        assert await rest(stuck) == []
        hub.publish(must(4.0))
        hub.close()
        told = await rest(alive)
        assert times(told) == [0.0, 1.0, 2.0, 2.0, 4.0]
        (report,) = [event for event in told if isinstance(event, Notice)]
        assert (report.key, report.values) == ("link.cut_off", {"name": "stuck"})

    play(main())


def test_no_queue_grows_without_bound_within_the_second() -> None:
    async def main() -> None:
        hub = Hub()
        stuck = hub.subscribe("stuck", 4)
        for number in range(9):
            hub.publish(must(number))
            assert len(stuck) <= 8
        assert stuck.is_cut_off

    play(main())


def test_a_subscriber_that_comes_late_gets_what_comes_later() -> None:
    async def main() -> None:
        hub = Hub()
        hub.publish(must(0.0))
        subscription = hub.subscribe("late")
        hub.publish(must(1.0))
        hub.close()
        hub.publish(must(2.0))
        assert times(await rest(subscription)) == [1.0]
        assert await rest(hub.subscribe("too late")) == []

    play(main())


def test_a_queue_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        Hub().subscribe("nobody", 0)


def test_a_step_is_no_lossy_event() -> None:
    async def main() -> None:
        hub = Hub()
        subscription = hub.subscribe("slow", 1)
        done = StepFinished(
            device_s=1.0,
            step="forehead",
            index=0,
            outcome=StepOutcome.DONE,
            repetitions=1,
            goal=1,
            duration_s=1.0,
        )
        hub.publish(done)
        hub.publish(level(2.0))
        hub.close()
        assert await rest(subscription) == [done]

    play(main())
