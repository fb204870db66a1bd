"""``companion mqtt``: whether a broker can be used, and what it is to forget."""

import asyncio
import secrets
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.house import broker_in, topics_in, transport_to
from companion.cli.printing import json_text
from companion.cli.settings import settled
from companion.log import open_log
from companion.mqtt.address import Broker
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Connection, Outgoing
from companion.settings.user import MqttSettings
from companion.store.database import open_store, store_file
from companion.store.outbox import OutboxReader
from companion.texts import text

MESSAGES: Final = 20
BACK_WITHIN_S: Final = 5.0
_MS: Final = 1e3


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        BrokerRefused: the settings name no broker, or one that cannot be used.
        BrokerError: the broker cannot be used.
        FileRefused: the settings or the store cannot be used.
        UsageRefused: there is no such device, or a message does not come back.
    """
    settings = settled(arguments).settings
    open_log(settings.log_level, verbose=arguments.verbose)
    broker, topics = broker_in(settings.mqtt), topics_in(settings.mqtt)
    match arguments.action:
        case "status":
            _status(broker, topics, settings.mqtt, as_json=arguments.json)
        case "test":
            slowest_ms = asyncio.run(tested(broker, topics))
            print(text("mqtt.tested", count=MESSAGES, ms=slowest_ms))
        case _:
            _forget(broker, topics, arguments.device)
    return ExitCode.OK


@contextmanager
def _outbox() -> Iterator[OutboxReader]:
    with closing(open_store(store_file())) as connection:
        yield OutboxReader(connection)


def _status(broker: Broker, topics: Topics, settings: MqttSettings, *, as_json: bool) -> None:
    with _outbox() as outbox:
        devices, depth, lost = outbox.devices(), outbox.depth(), outbox.lost()
    version, ms = asyncio.run(_asked(broker, topics))
    if as_json:
        answer = {"broker": str(broker), "mqtt": version, "answer_ms": ms, "root": topics.root}
        print(json_text(answer | {"devices": devices, "waiting": depth, "lost": lost}))
        return
    print(text("mqtt.status", broker=broker, version=version, ms=ms))
    print(text("mqtt.tree", root=topics.root, prefix=topics.prefix, discovery=settings.discovery))
    for key, counts in (("waiting", depth), ("lost", lost)):
        if key == "waiting" or counts:
            found = {"summaries": counts.get("summary", 0), "alerts": counts.get("alert", 0)}
            print(text(f"mqtt.{key}", **found))
    for device in devices:
        print(text("mqtt.device", device=device))
    if broker.is_in_the_clear:
        print(text("mqtt.in_the_clear", broker=broker))


async def _asked(broker: Broker, topics: Topics) -> tuple[str, float]:
    """Return the version that is spoken, and how long one answer takes in milliseconds."""
    trial = _trial(topics)
    async with transport_to(broker, topics).connect(trial) as connection:
        began = asyncio.get_running_loop().time()
        await connection.publish(trial)
        return connection.version, (asyncio.get_running_loop().time() - began) * _MS


async def tested(broker: Broker, topics: Topics) -> float:
    """Send messages, see them come back, and return the slowest in milliseconds.

    They go where commands come, and where discovery is written: a broker's ACL that forbids one
    of the two drops them without a word.
    """
    name = f"trial-{secrets.token_hex(4)}"
    places = (topics.of(name, "trial/set"), topics.component("sensor", name, "trial"))
    slowest_s = 0.0
    async with transport_to(broker, topics).connect(_trial(topics)) as connection:
        await connection.subscribe(places)
        for number in range(MESSAGES):
            place = places[number % len(places)]
            slowest_s = max(slowest_s, await _there_and_back(connection, place))
    return slowest_s * _MS


async def _there_and_back(connection: Connection, topic: str) -> float:
    loop = asyncio.get_running_loop()
    began = loop.time()
    # Home Assistant takes an empty payload as "there is nothing", so that it never shows a trial.
    await connection.publish(Outgoing(topic=topic, payload=""))
    try:
        async with asyncio.timeout(BACK_WITHIN_S):
            await anext(connection.messages())
    except TimeoutError:
        raise UsageRefused("mqtt.not_back", topic=topic, seconds=BACK_WITHIN_S) from None
    return loop.time() - began


def _forget(broker: Broker, topics: Topics, device: str) -> None:
    with _outbox() as outbox:
        known = outbox.devices()
        if device not in known:
            names = ", ".join(known) or text("mqtt.nobody")
            raise UsageRefused("mqtt.no_device", device=device, known=names)
        own = (topics.of(device, what) for what in ("status", "state", "session/last"))
        places = (*sorted(outbox.topics(device) | {topics.discovery(device)}), *own)
        asyncio.run(_empty(broker, topics, places))
        outbox.forget(device, f"{topics.root}/{device}/")
    print(text("mqtt.forgotten", device=device, broker=broker))


async def _empty(broker: Broker, topics: Topics, places: tuple[str, ...]) -> None:
    async with transport_to(broker, topics).connect(_trial(topics)) as connection:
        for place in places:
            await connection.publish(Outgoing(topic=place, payload="", retain=True))


def _trial(topics: Topics) -> Outgoing:
    """Return a message that nobody reads; also the will of a connection that says nothing."""
    return Outgoing(topic=f"{topics.root}/trial", payload="")
