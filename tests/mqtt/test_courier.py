"""One connection, kept through every outage; nothing that matters is lost on the way."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import pytest

from companion.mqtt.courier import MOST_LETTERS, Courier
from companion.mqtt.errors import BrokerError, BrokerFault
from companion.mqtt.letters import Kind, Letter, NoOutbox
from companion.mqtt.transport import Incoming, Outgoing
from simulators.virtual_time import run_virtual
from tests.mqtt.fake import FakeBroker
from tests.mqtt.parts import TOPICS

STATE = TOPICS.of("tool-1", "state")


def in_virtual_time(
    test: Callable[..., Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - fixtures
        run_virtual(test(*args, **kwargs))

    return run


class Told:
    """What the courier told of troubles."""

    def __init__(self) -> None:
        self.faults: list[BrokerFault | None] = []

    def __call__(self, error: BrokerError | None) -> None:
        self.faults.append(None if error is None else error.fault)


class Shelf:
    """An outbox in memory."""

    def __init__(self, *letters: Letter) -> None:
        self.letters = dict(enumerate(letters, 1))

    async def waiting(self, after: int, most: int) -> Sequence[tuple[int, Letter]]:
        return [(n, letter) for n, letter in sorted(self.letters.items()) if n > after][:most]

    async def settle(self) -> None:
        pass

    def delivered(self, msg_id: str) -> None:
        self.letters = {n: one for n, one in self.letters.items() if one.msg_id != msg_id}


async def deaf(_: Incoming) -> Outgoing | None:
    return None


def courier_of(broker: FakeBroker, **more: Any) -> Courier:  # noqa: ANN401 - a test's own
    given: dict[str, Any] = {"outbox": NoOutbox(), "hears": deaf, "tells": Told(), "seed": 1} | more
    return Courier(broker, TOPICS, given.pop("outbox"), **given)


def letter(number: int, kind: Kind = Kind.SUMMARY, *, age_s: float = 0.0) -> Letter:
    return Letter(
        msg_id=str(number),
        kind=kind,
        topic=TOPICS.of("tool-1", f"session/{kind}"),
        payload=str(number),
        created=datetime.now(UTC).timestamp() - age_s,
    )


def state(value: int) -> Outgoing:
    return Outgoing(topic=STATE, payload=str(value), qos=0, retain=True)


@in_virtual_time
async def test_it_says_online_first_and_offline_last() -> None:
    broker = FakeBroker()
    courier = courier_of(broker)
    courier.hold(state(1))
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    assert [one.payload for one in broker.got] == ["online", "1"]
    assert broker.subscribed == ["massage/bath/+/+/set", "homeassistant/status"]
    courier.close()
    await running
    assert broker.on(TOPICS.status) == ["online", "offline"]
    assert broker.got[-1].retain


@in_virtual_time
async def test_it_says_offline_when_it_is_cancelled_and_when_we_stumble() -> None:
    broker = FakeBroker()
    running = asyncio.create_task(courier_of(broker).run())
    await asyncio.sleep(1.0)
    running.cancel()
    await asyncio.wait([running])
    assert broker.retained[TOPICS.status] == "offline"

    async def stumbles(_: Incoming) -> Outgoing | None:
        raise RuntimeError("ours")

    broker = FakeBroker()
    running = asyncio.create_task(courier_of(broker, hears=stumbles).run())
    await asyncio.sleep(1.0)
    broker.send(Incoming(topic="x", payload=b""))
    await asyncio.wait([running])
    assert isinstance(running.exception(), RuntimeError)
    assert broker.on(TOPICS.status)[-1] == "offline"


@in_virtual_time
async def test_after_an_outage_only_what_is_true_now_goes_out() -> None:
    broker, told = FakeBroker(refuses=BrokerFault.CLOSED), Told()
    courier = courier_of(broker, tells=told)
    running = asyncio.create_task(courier.run())
    for value in range(100):
        courier.hold(state(value))
        await asyncio.sleep(0.5)
    assert told.faults == [BrokerFault.CLOSED]
    broker.refuses = None
    await asyncio.sleep(60.0)
    assert broker.on(STATE) == ["99"]
    assert told.faults == [BrokerFault.CLOSED, None]
    broker.lose()
    await asyncio.sleep(60.0)
    assert broker.on(TOPICS.status) == ["online", "online"]
    assert broker.on(STATE) == ["99", "99"]
    courier.close()
    await running


@in_virtual_time
async def test_attempts_grow_apart_and_a_lasting_fault_is_tried_slowly() -> None:
    broker = FakeBroker(refuses=BrokerFault.CLOSED)
    courier = courier_of(broker)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(600.0)
    gaps = [b - a for a, b in zip(broker.attempts, broker.attempts[1:], strict=False)]
    assert 0.75 <= gaps[0] <= 1.25
    assert all(gap <= 37.5 for gap in gaps)
    assert all(gap >= 22.5 for gap in gaps[5:])
    assert len(set(gaps)) == len(gaps)
    broker.refuses = BrokerFault.PASSWORD
    courier.close()
    await running
    broker.attempts.clear()
    slow = asyncio.create_task(courier_of(broker).run())
    await asyncio.sleep(60.0)
    assert len(broker.attempts) <= 3
    slow.cancel()
    await asyncio.wait([slow])


@in_virtual_time
async def test_a_flapping_broker_is_not_hammered_and_nothing_piles_up() -> None:
    broker = FakeBroker()
    courier = courier_of(broker)
    running = asyncio.create_task(courier.run())
    for value in range(300):
        courier.hold(state(value))
        await asyncio.sleep(2.0)
        if broker.connection is not None:
            broker.lose()
    assert len(broker.attempts) < 40
    assert len(courier._held) == 2
    courier.close()
    await running


@in_virtual_time
async def test_letters_survive_a_broker_that_breaks_again_and_again() -> None:
    broker = FakeBroker(breaks_after=30)
    shelf = Shelf(*(letter(number) for number in range(400)))
    courier = courier_of(broker, outbox=shelf)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(3600.0)
    assert {one.payload for one in broker.got} >= {str(number) for number in range(400)}
    assert shelf.letters == {}
    courier.close()
    await running


@in_virtual_time
async def test_a_letter_goes_out_once_though_it_waits_in_both_places() -> None:
    broker = FakeBroker(refuses=BrokerFault.CLOSED)
    shelf = Shelf(letter(1), letter(2))
    courier = courier_of(broker, outbox=shelf)
    courier.post(letter(2))
    courier.post(letter(3))
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    broker.refuses = None
    await asyncio.sleep(60.0)
    assert broker.on(TOPICS.of("tool-1", "session/summary")) == ["1", "2", "3"]
    courier.close()
    await running


@in_virtual_time
async def test_an_old_alert_is_dropped_and_a_young_one_says_how_long_it_lasts() -> None:
    broker = FakeBroker()
    shelf = Shelf(letter(1, Kind.ALERT, age_s=400.0), letter(2, Kind.ALERT, age_s=100.0))
    courier = courier_of(broker, outbox=shelf)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    (sent,) = [one for one in broker.got if one.payload in {"1", "2"}]
    assert sent.payload == "2"
    assert sent.expires_s is not None
    assert 195 <= sent.expires_s <= 200
    assert not shelf.letters
    courier.close()
    await running


def test_of_too_many_letters_the_oldest_alert_goes_first_and_it_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fill() -> list[str]:
        courier = courier_of(FakeBroker())
        courier.post(letter(0))
        courier.post(letter(1, Kind.ALERT))
        courier.post(letter(2, Kind.ALERT))
        for number in range(3, MOST_LETTERS + 2):
            courier.post(letter(number))
        assert courier.lost == 2
        courier.post(letter(9999))
        assert courier.lost == 3
        return list(courier._letters)

    kept = run_virtual(fill())
    assert kept[0] == "3"
    assert len(kept) == MOST_LETTERS
    assert sum("too many letters" in record.message for record in caplog.records) == 3


@in_virtual_time
async def test_closing_sends_what_waits_first() -> None:
    broker = FakeBroker()
    courier = courier_of(broker)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    courier.post(letter(1))
    courier.hold(replace(state(1)))
    courier.close()
    await running
    assert [one.payload for one in broker.got][-3:] == ["1", "1", "offline"]


@in_virtual_time
async def test_an_alert_overtakes_everything_that_is_held() -> None:
    broker = FakeBroker()
    courier = courier_of(broker)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    for number in range(50):
        courier.hold(Outgoing(topic=f"{STATE}/{number}", payload="x"))
    courier.post(letter(1, Kind.ALERT))
    await asyncio.sleep(1.0)
    assert "1" in [one.payload for one in broker.got][:3]
    courier.close()
    await running


@in_virtual_time
async def test_an_alert_waits_neither_for_the_disk_nor_for_what_is_old() -> None:
    class SlowShelf(Shelf):
        async def settle(self) -> None:
            await asyncio.sleep(3600.0)

    broker = FakeBroker()
    courier = courier_of(broker, outbox=SlowShelf(*(letter(number) for number in range(400))))
    running = asyncio.create_task(courier.run())
    for at_s in (0.2, 2.0):  # while the old ones go out, and while they are let go from the disk
        await asyncio.sleep(at_s)
        before = len(broker.got)
        courier.post(letter(1000 + before, Kind.ALERT))
        await asyncio.sleep(0.005)
        assert str(1000 + before) in [one.payload for one in broker.got[before:]]
    assert len(broker.on(TOPICS.of("tool-1", "session/summary"))) == 400
    running.cancel()
    await asyncio.wait([running])


@in_virtual_time
async def test_an_outbox_that_stumbles_ends_it_and_says_offline() -> None:
    class Broken(Shelf):
        async def settle(self) -> None:
            raise RuntimeError("ours")

    broker = FakeBroker()
    running = asyncio.create_task(courier_of(broker, outbox=Broken(letter(1))).run())
    await asyncio.wait([running], timeout=60.0)
    assert isinstance(running.exception(), RuntimeError)
    assert broker.retained[TOPICS.status] == "offline"


@in_virtual_time
async def test_a_message_is_answered_and_a_thousand_do_no_harm() -> None:
    async def echoes(message: Incoming) -> Outgoing | None:
        return Outgoing(topic="answer", payload=message.payload.decode())

    broker = FakeBroker()
    courier = courier_of(broker, hears=echoes)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    broker.send(Incoming(topic="x", payload=b"1"))
    await asyncio.sleep(1.0)
    assert broker.on("answer") == ["1"]
    for _ in range(1000):
        broker.send(Incoming(topic="x", payload=b"2"))
    await asyncio.sleep(5.0)
    assert len(broker.on("answer")) + courier.lost == 1001
    courier.hold(state(1))
    await asyncio.sleep(1.0)
    assert broker.on(STATE) == ["1"]
    courier.close()
    await running


@in_virtual_time
async def test_a_frozen_broker_holds_up_nobody_who_hands_over() -> None:
    broker = FakeBroker()
    courier = courier_of(broker)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(1.0)
    broker.answers.clear()
    for value in range(10_000):
        courier.hold(state(value))
        courier.post(letter(value, Kind.ALERT))
    assert asyncio.get_running_loop().time() == 1.0
    assert len(courier._letters) == MOST_LETTERS
    assert len(courier._held) == 2
    running.cancel()
    await asyncio.wait([running])
    assert asyncio.get_running_loop().time() <= 3.1
