"""The broker's figures, with a real mosquitto on loopback: measured by hand, not in the suite.

    python -m tests.mqtt.figures alerts [--count 1000]
    python -m tests.mqtt.figures drain [--count 4000]
    python -m tests.mqtt.figures session [--seconds 60]
    python -m tests.mqtt.figures flapping [--minutes 10]
    python -m tests.mqtt.figures frozen|slow|full|refusing [--minutes 10]
    python -m tests.mqtt.figures quiet [--minutes 10]
    python -m tests.mqtt.figures idle [--seconds 60]

``alerts``: from the decision to another process that hears the alert, while the state changes and
the live stream runs. ``drain``: summaries that wait in the store, the broker killed twice on the
way. ``session``: how many messages a session makes, by topic. ``flapping``: a broker that comes and
goes every two seconds beside sessions of a simulated tool: what the service adds to a notification,
how late its event loop is, and its memory by the minute. ``frozen``: the same beside one that is
stopped for most of each minute; ``slow``: one that runs for a tenth of each second; ``full``: one
that has no memory left and answers nothing; ``refusing``: one that lets nobody in. ``quiet``: the
same without any broker, to be run beside it, so that both have the same of the machine. ``idle``:
messages while a session is paused and the tool held still.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import replace
from pathlib import Path

import aiomqtt

from companion.cli.house import housed
from companion.cli.keeping import kept
from companion.cli.persons import Prepared
from companion.cli.stored_outbox import opened_outbox
from companion.mqtt.address import Broker
from companion.mqtt.client import AiomqttTransport
from companion.mqtt.courier import Courier
from companion.mqtt.transport import Incoming, Outgoing
from companion.service import Service
from companion.settings.routines import load_routine
from companion.store.database import open_store, store_file
from companion.store.outbox import OutboxReader, Queued
from tests.mqtt import test_house as rooms
from tests.mqtt.mosquitto import Mosquitto, listening, running
from tests.mqtt.parts import TOOL, TOPICS, view
from tests.mqtt.sessions_beside import Beside, sessions, watch
from tests.mqtt.test_outbox import began, queued, write
from tests.store.sessions import RAISED, STARTED

ROOT = Path(__file__).parents[2]
FULL = "memory_limit 100000"
NOBODY = "allow_anonymous false"
Trouble = Callable[[Mosquitto | None], Awaitable[None]]
"""What happens to a broker, again and again."""

STRAY_S = 0.0137
"""Between two alerts, so that they meet the other messages at every moment."""


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


async def alerts(broker: Mosquitto, count: int) -> None:
    """Print how long alerts take to another process."""
    ears = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.mqtt.figures", "hear", str(broker.port), str(count)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert ears.stdout is not None
    await ears.stdout.readline()
    said: dict[int, float] = {}
    beside = Beside()
    watching = asyncio.create_task(watch(beside))
    async with rooms.session(rooms.settings(broker, live=True)) as (service, _):
        service.hub.publish(STARTED)
        await asyncio.sleep(1.0)
        for number in range(count):
            service.seen = view(kpa=1.0 + number % 7)
            said[number] = time.time()
            service.hub.publish(replace(RAISED, alert=number))
            await asyncio.sleep(STRAY_S)
        heard: dict[str, float] = json.loads(await ears.stdout.read())
    await ears.wait()
    watching.cancel()
    took_ms = sorted((heard[str(number)] - at) * 1e3 for number, at in said.items())
    _say(f"alerts heard by another process: {len(took_ms)} of {count}")
    _say(f"median {statistics.median(took_ms):.2f} ms, p99 {_p99(took_ms):.2f} ms (at most 10)")
    _say(f"longest {took_ms[-1]:.2f} ms; our own event loop was late {beside.late_words()}")


async def hear(port: int, count: int) -> None:
    """Hear alerts, and print when each came."""
    heard: dict[int, float] = {}
    async with aiomqtt.Client("127.0.0.1", port) as client:
        await client.subscribe("massage/#", qos=1)
        _say("listening")
        async for message in client.messages:
            if str(message.topic).endswith("/alert"):
                came = time.time()
                assert isinstance(message.payload, bytes)
                heard[json.loads(message.payload)["id"]] = came
            if len(heard) == count:
                break
    _say(json.dumps(heard))


def _fill(count: int) -> None:
    """Put summaries into the store, as sessions without a broker would have."""
    with closing(open_store(store_file())) as store:
        write(store, began("5e55"))
        write(store, *(_waiting(number) for number in range(count)))


def _waiting(number: int) -> Queued:
    body = {"msg_id": f"m{number}", "body": "x" * 400}
    topic = TOPICS.of(TOOL, "session/summary")
    return replace(queued(number, topic=topic), payload=json.dumps(body), created=time.time())


async def drain(broker: Mosquitto, count: int) -> None:
    """Print what of many waiting summaries reaches another client, the broker killed twice."""
    _fill(count)
    outbox = opened_outbox()
    transport = AiomqttTransport(Broker(host="127.0.0.1", port=broker.port), "drain")
    courier = Courier(transport, TOPICS, outbox, hears=_deaf, tells=lambda _: None)
    got: Counter[str] = Counter()
    listening = asyncio.create_task(_listen(broker.port, got))
    await asyncio.sleep(1.0)
    started = time.monotonic()
    keeping = asyncio.create_task(courier.run())
    for part in (1, 2):
        while len(got) < part * count // 3:  # noqa: ASYNC110 - a counter has no event
            await asyncio.sleep(0.01)
        broker.kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.start)
    while await outbox.waiting(0, 1):
        await asyncio.sleep(0.05)
        await outbox.settle()
    await asyncio.sleep(2.0)
    took_s = time.monotonic() - started
    courier.close()
    for task in (keeping, listening):
        task.cancel()
    await asyncio.gather(keeping, listening, return_exceptions=True)
    outbox.close()
    lost, twice = count - len(got), sum(got.values()) - len(got)
    _say(f"{count} summaries, the broker killed twice: {lost} lost, {twice} came twice")
    _say(f"{took_s:.1f} s, the pauses between attempts included")


async def _deaf(_: Incoming) -> Outgoing | None:
    return None


async def _listen(port: int, got: Counter[str]) -> None:
    """Hear summaries as a reader that outlives the broker would: with a session that persists."""
    while True:
        with suppress(aiomqtt.MqttError):
            async with aiomqtt.Client(
                "127.0.0.1", port, identifier="reader", clean_session=False
            ) as client:
                await client.subscribe(TOPICS.of(TOOL, "#"), qos=1)
                async for message in client.messages:
                    assert isinstance(message.payload, bytes)
                    got[json.loads(message.payload)["msg_id"]] += 1
        await asyncio.sleep(0.05)


async def session(broker: Mosquitto, seconds: float, *, still: bool = False) -> None:
    """Print how many messages a session makes, or one that is paused."""
    async with listening(broker) as heard, _beside(broker, still=still) as beside:
        await beside.begun.wait()
        if still:
            await asyncio.sleep(5.0)  # until it is paused, and that is told
        before = len(heard)
        await asyncio.sleep(seconds)
        made = Counter(str(one.topic).rpartition("/")[2] for one in heard[before:])
    for topic, number in made.most_common():
        _say(f"{topic}: {number / seconds:.2f} a second")
    most = "1 a minute" if still else "2"
    _say(f"together: {sum(made.values()) / seconds:.2f} a second (at most {most})")


@asynccontextmanager
async def _beside(broker: Mosquitto | None, *, still: bool = False) -> AsyncIterator[Beside]:
    """Have sessions that are kept in the store, and published where there is a broker."""
    ready = Prepared(load_routine("five-minutes"), None, ())

    @asynccontextmanager
    async def at_home(service: Service) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            room = None
            if broker is not None:
                settings = rooms.settings(broker)
                (room,) = await stack.enter_async_context(housed(settings, service))
            await stack.enter_async_context(kept(service, ready, room))
            yield

    async with sessions(at_home, still=still) as beside:
        yield beside


async def troubled(broker: Mosquitto | None, minutes: float, trouble: Trouble) -> None:
    """Print what a broker in trouble costs sessions; None for none at all."""
    async with _beside(broker) as beside:
        await beside.begun.wait()
        resident_mb = [_resident_mb()]
        for _ in range(round(minutes)):
            until = time.monotonic() + 60
            while time.monotonic() < until:
                await trouble(broker)
            resident_mb.append(_resident_mb())
        _say(f"{minutes:g} minutes: {beside.words()}")
        _say(f"resident, minute by minute, MB: {', '.join(f'{mb:.0f}' for mb in resident_mb)}")
    with closing(open_store(store_file())) as store:
        depth = OutboxReader(store).depth()
    _say(f"waiting at the end: {depth or 'nothing'}")


async def _flap(broker: Mosquitto | None) -> None:
    assert broker is not None
    await asyncio.to_thread(broker.kill)
    await asyncio.sleep(2.0)
    await asyncio.to_thread(broker.start)
    await asyncio.sleep(2.0)


def _stopped(for_s: float, runs_s: float) -> Trouble:
    """Return the trouble of a broker that is stopped for a while, again and again."""

    async def stop(broker: Mosquitto | None) -> None:
        assert broker is not None
        assert broker.process is not None
        broker.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(for_s)
        finally:
            broker.process.send_signal(signal.SIGCONT)
        await asyncio.sleep(runs_s)

    return stop


async def _left_alone(_broker: Mosquitto | None) -> None:
    await asyncio.sleep(2.0)


TROUBLES: dict[str, Trouble] = {
    "flapping": _flap,
    "frozen": _stopped(50.0, 10.0),
    "slow": _stopped(0.9, 0.1),
    "full": _left_alone,
    "refusing": _left_alone,
    "quiet": _left_alone,
}


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Measure one of them in a home and with a broker of its own."""
    parser = argparse.ArgumentParser(description="The broker's figures.")
    parser.add_argument("what", choices=("alerts", "drain", "session", "idle", *TROUBLES, "hear"))
    parser.add_argument("numbers", nargs="*", type=int)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    wanted = parser.parse_args()
    if wanted.what == "hear":
        asyncio.run(hear(*wanted.numbers))
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(folder, name))
        place = Path(folder, "broker")
        kept = ("persistence true", f"persistence_location {place}/", "max_queued_messages 0")
        often = ("autosave_on_changes true", "autosave_interval 1")
        access = NOBODY if wanted.what == "refusing" else "allow_anonymous true"
        as_shipped = (access, "set_tcp_nodelay true", *kept)
        more = {"drain": often, "full": (FULL,)}.get(wanted.what, ())
        with running(place, *as_shipped, *more) as broker:
            works = {
                "alerts": lambda: alerts(broker, wanted.count or 1000),
                "drain": lambda: drain(broker, wanted.count or 4000),
                "session": lambda: session(broker, wanted.seconds),
                "idle": lambda: session(broker, wanted.seconds, still=True),
            }
            if wanted.what in TROUBLES:
                troubles = None if wanted.what == "quiet" else broker
                asyncio.run(troubled(troubles, wanted.minutes, TROUBLES[wanted.what]))
                return
            asyncio.run(works[wanted.what]())


if __name__ == "__main__":
    main()
