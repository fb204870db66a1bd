"""A session, its store and a real broker together; and the commands a person types."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import aiomqtt
import pytest

from companion.__main__ import main
from companion.ble.tool import Identity
from companion.cli.house import housed
from companion.cli.house_room import Room
from companion.coaching.events import Event, Notice
from companion.errors import FileRefused
from companion.hub import Hub
from companion.mqtt.courier import Courier
from companion.mqtt.errors import BrokerRefused
from companion.service.options import Keeps
from companion.settings.next_routine import chosen_routine
from companion.settings.user import MqttSettings
from companion.store.database import open_store, store_file
from companion.store.outbox import OutboxReader
from companion.store.recorder import Recorder
from companion.store.writer import Writer
from protocols.massage_tool import ToolFeature
from simulators.tool_data import load_tool
from tests.mqtt.mosquitto import Mosquitto, listening, running
from tests.mqtt.parts import FakeLive
from tests.store.frames import as_read
from tests.store.sessions import ABOUT, FINISHED, RAISED, STARTED

if TYPE_CHECKING:
    from companion.service import Service

pytestmark = pytest.mark.service("mosquitto")

ADDRESS = "AA:BB:CC:11:22:33"
OTHER = "AA:BB:CC:11:22:44"
CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    lines = ("allow_anonymous true", "persistence true")
    folder = tmp_path / "broker"
    with running(folder, *lines, f"persistence_location {folder}/") as found:
        yield found


@dataclass
class FakeService(FakeLive):
    """What a house needs of a service."""

    hub: Hub = field(default_factory=Hub)
    keeps: list[Keeps] = field(default_factory=list)
    radio: str = "adapter hci1"
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.begun.set()

    @property
    def live(self) -> FakeLive:
        return self

    def keep(self, keeps: Keeps) -> None:
        self.keeps.append(keeps)


def feature() -> ToolFeature:
    return as_read(load_tool("small-roller"))


def settings(broker: Mosquitto, **more: Any) -> MqttSettings:  # noqa: ANN401 - keys
    return MqttSettings(url=f"mqtt://127.0.0.1:{broker.port}", hub="bath", base="massage", **more)


async def until(is_so: Any) -> None:  # noqa: ANN401 - anything that is asked
    async with asyncio.timeout(100):
        while not is_so():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.02)


@asynccontextmanager
async def sessions(
    wanted: MqttSettings, *addresses: str
) -> AsyncIterator[tuple[list[FakeService], list[Room]]]:
    """Sessions that are kept and published, each with its tool known."""
    services = [FakeService() for _ in addresses]
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(housed(wanted, *cast("list[Service]", services)))
        rooms = [room for room in found if room is not None]
        for service, room, address in zip(services, rooms, addresses, strict=True):
            await stack.enter_async_context(recorded(service, room))
            for keeps in service.keeps:
                keeps.on_tool(address, "Roller", feature(), Identity(manufacturer="Maker"))
        yield services, rooms


@asynccontextmanager
async def recorded(service: FakeService, room: Room) -> AsyncIterator[None]:
    writer = Writer(store_file(), lambda _: None)
    recorder = Recorder(writer, ABOUT, also=room)
    keeping = asyncio.create_task(recorder.run(service.hub.subscribe("store")))
    try:
        yield
    finally:
        service.hub.close()
        await keeping
        assert await asyncio.to_thread(writer.close, 20.0)


@asynccontextmanager
async def session(wanted: MqttSettings) -> AsyncIterator[tuple[FakeService, Room]]:
    """A session that is kept and published, with its tool known."""
    async with sessions(wanted, ADDRESS) as ((service,), (room,)):
        yield service, room


def on(heard: list[aiomqtt.Message], ending: str) -> list[str]:
    return [str(one.payload, "utf-8") for one in heard if str(one.topic).endswith(ending)]


def waiting() -> list[str]:
    with closing(open_store(store_file())) as store:
        return [one.kind for one in OutboxReader(store).waiting(0, 100)]


async def test_a_session_goes_out_as_it_happens_and_leaves_nothing_waiting(
    broker: Mosquitto,
) -> None:
    async with listening(broker) as heard:
        async with session(settings(broker)) as (service, _):
            for event in (STARTED, RAISED, FINISHED):
                service.hub.publish(event)
            await until(lambda: on(heard, "/session/last"))
        await until(lambda: on(heard, "bath/status")[-1] == "offline")
    (alert,) = on(heard, "/alert")
    (summary,) = on(heard, "/session/summary")
    assert json.loads(alert)["event_type"] == "over_pressure"
    assert json.loads(alert)["session_id"] == json.loads(summary)["session_id"]
    assert summary == on(heard, "/session/last")[0]
    assert json.loads(on(heard, "/state")[0])["battery_percent"] == 80
    assert json.loads(on(heard, "bath/info")[-1])["adapter"] == "adapter hci1"
    assert waiting() == []
    everything = " ".join(f"{one.topic} {one.payload!r}" for one in heard)
    assert ADDRESS.replace(":", "").lower() not in everything.replace(":", "").lower()
    assert "anna" not in everything


async def test_what_a_broker_missed_goes_out_with_the_next_session(broker: Mosquitto) -> None:
    broker.kill()
    async with session(settings(broker)) as (service, _):
        for event in (STARTED, RAISED, FINISHED):
            service.hub.publish(event)
    assert waiting() == ["alert", "summary", "last"]
    broker.start()
    async with listening(broker) as heard, session(settings(broker)):
        await until(lambda: on(heard, "/session/last"))
    assert len(on(heard, "/session/summary")) == 1
    assert waiting() == []


async def test_a_session_that_is_not_kept_is_published_all_the_same(broker: Mosquitto) -> None:
    service = FakeService()
    async with (
        listening(broker) as heard,
        housed(settings(broker), cast("Service", service)) as (room,),
    ):
        assert room is not None
        room.on_tool(ADDRESS, "Roller", feature(), Identity())
        for event in (STARTED, RAISED, FINISHED):
            service.hub.publish(event)
        await until(lambda: on(heard, "/session/last"))
    assert len(on(heard, "/session/summary")) == 1
    assert waiting() == []


async def test_commands_reach_the_service_and_a_birth_is_answered(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.cli.house.BIRTH_JITTER_S", 0.0)
    async with (
        listening(broker) as heard,
        session(settings(broker)) as (service, _),
        aiomqtt.Client("127.0.0.1", broker.port) as app,
    ):
        await until(lambda: on(heard, "/state"))
        (place,) = {str(one.topic) for one in heard if str(one.topic).endswith("/state")}
        tool = place.removesuffix("/state")
        await app.publish(f"{tool}/session/set", '{"id": "1", "value": "pause"}', qos=1)
        await app.publish(f"{tool}/limit/set", '{"id": "2", "value": 50}', qos=1)
        await app.publish(f"{tool}/haptic/set", '{"id": "3", "value": "double"}', qos=1)
        await app.publish(f"{tool}/routine/set", '{"id": "4", "value": "slow"}', qos=1)
        await app.publish(f"{tool}/limit/set", "\x1b[2J", qos=1)
        await until(lambda: len(on(heard, "/response")) == 5)
        answers = [json.loads(one) for one in on(heard, "/response")]
        assert [one["id"] for one in answers if one["ok"]] == ["1", "2", "3", "4"]
        assert answers[-1]["error"] == "not_json"
        assert (service.asked, service.lowered, service.buzzes) == (["pause"], [0.5], 1)
        await until(lambda: '"limit_percent": 50' in on(heard, "/state")[-1])
        choice = chosen_routine()
        assert choice is not None
        assert choice.routine == "slow"
        before = len(on(heard, "/config"))
        await app.publish("homeassistant/status", "online")
        await until(lambda: len(on(heard, "/config")) == 2 * before)


async def test_a_command_goes_to_the_tool_whose_topic_it_came_on(broker: Mosquitto) -> None:
    async with (
        listening(broker) as heard,
        sessions(settings(broker), ADDRESS, OTHER) as (services, rooms),
        aiomqtt.Client("127.0.0.1", broker.port) as app,
    ):
        one, other = (f"massage/bath/{room.desk.tool}" for room in rooms)
        await until(lambda: {f"{one}/state", f"{other}/state"} <= {str(m.topic) for m in heard})
        for number in range(15):
            await app.publish(f"{one}/limit/set", f'{{"id": "{number}", "value": 50}}', qos=1)
        await app.publish(f"{other}/limit/set", '{"id": "a", "value": 90}', qos=1)
        await app.publish(f"{other}/session/set", '{"id": "b", "value": "pause"}', qos=1)
        await app.publish(f"{other}/routine/set", '{"id": "c", "value": "slow"}', qos=1)
        await app.publish("massage/bath/tool-0/limit/set", '{"id": "d", "value": 30}', qos=1)
        await until(lambda: on(heard, "bath/response"))
        assert json.loads(on(heard, "bath/response")[0])["error"] == "other_tool"
        answers = [json.loads(answer) for answer in on(heard, f"{other}/response")]
        assert [(answer["id"], answer["ok"]) for answer in answers] == [
            ("a", True),
            ("b", True),
            ("c", True),
        ]
        asked = [(service.asked, service.lowered[-1]) for service in services]
        assert asked == [([], 0.5), (["pause"], 0.9)]
        for tool, percent in ((one, 50), (other, 90)):
            said = f'"limit_percent": {percent}, "next_routine": "slow"'
            await until(lambda: said in on(heard, f"{tool}/state")[-1])  # noqa: B023 - as it is


async def test_the_summaries_of_all_sessions_wait_and_the_broker_is_told_of_in_one_that_lasts(
    broker: Mosquitto,
) -> None:
    broker.kill()
    async with sessions(settings(broker), ADDRESS, OTHER) as (services, rooms):
        told = services[1].hub.subscribe("test")
        for service in services:
            service.hub.publish(STARTED)
            service.hub.publish(FINISHED)
        services[0].hub.close()
        await until(lambda: rooms[0].is_over)
        await until(lambda: waiting() == ["summary", "last"] * 2)
        broker.start()
        async with asyncio.timeout(100):
            async for event in told:
                if isinstance(event, Notice) and event.key == "mqtt.works_again":
                    break
    assert waiting() == []


async def test_an_error_of_ours_ends_publishing_and_never_the_session(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(_: Courier) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(Courier, "run", stumble)
    service = FakeService()
    told: list[Event] = []
    events = service.hub.subscribe("test")
    async with housed(settings(broker), cast("Service", service)):
        async for event in events:
            told.append(event)
            break
    assert [one.key for one in told if isinstance(one, Notice)] == ["mqtt.stopped"]


async def test_a_store_that_cannot_be_used_costs_the_broker_and_not_the_session(
    broker: Mosquitto,
) -> None:
    store_file().parent.mkdir(parents=True)
    store_file().write_bytes(b"not a database at all" * 100)
    service = FakeService()
    events = service.hub.subscribe("test")
    async with housed(settings(broker), cast("Service", service)) as rooms:
        assert rooms == [None]
        assert service.keeps == []
        told = await anext(events)
    assert isinstance(told, Notice)
    assert told.key == "mqtt.not_published"


def test_a_disk_that_refuses_is_no_error_of_a_session(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "s.sqlite")
    reader = OutboxReader(connection)
    connection.execute("PRAGMA query_only = ON")
    reader.described("tool-1", ["sensor/level"], ["a"])
    reader.delivered(["1"])
    assert reader.devices() == []
    with pytest.raises(FileRefused):
        reader.secret()
    reader.close()


async def test_an_address_that_cannot_be_used_is_refused_before_the_session() -> None:
    with pytest.raises(BrokerRefused):
        async with housed(MqttSettings(url="nonsense"), cast("Service", FakeService())):
            pytest.fail("it began")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["mqtt", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_person_asks_tries_and_forgets(
    broker: Mosquitto, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"mqtt://127.0.0.1:{broker.port}"
    monkeypatch.setenv("MASSAGE_COMPANION_MQTT_HUB", "bath")
    monkeypatch.setenv("MASSAGE_COMPANION_MQTT_BASE", "massage")

    async def one_session() -> None:
        async with listening(broker) as heard, session(settings(broker)) as (service, _):
            service.hub.publish(STARTED)
            service.hub.publish(FINISHED)
            await until(lambda: on(heard, "/session/last"))

    asyncio.run(one_session())
    status, out, _ = said(capsys, "status", "--mqtt", url)
    assert status == 0
    assert "MQTT 5" in out
    assert "massage/bath/#" in out
    status, out, _ = said(capsys, "status", "--json", "--mqtt", url)
    answer = json.loads(out)
    assert (answer["mqtt"], answer["waiting"], answer["lost"]) == ("5", {}, {})
    tool = answer["devices"][-1]
    assert tool.startswith("tool-")
    assert said(capsys, "test", "--mqtt", url)[0] == 0
    status, _, err = said(capsys, "forget", "tool-nope", "--mqtt", url)
    assert status == 2
    assert tool in err
    assert said(capsys, "forget", tool, "--mqtt", url)[0] == 0

    async def left() -> set[str]:
        async with listening(broker) as heard:
            await asyncio.sleep(0.5)
            return {str(one.topic) for one in heard if one.retain}

    assert not [topic for topic in asyncio.run(left()) if tool in topic]
    assert tool not in said(capsys, "status", "--mqtt", url)[1]


def test_a_broker_that_is_not_there_is_one_sentence(
    broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    broker.kill()
    status, out, err = said(capsys, "status", "--mqtt", f"mqtt://127.0.0.1:{broker.port}")
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "nothing listens there" in err


def test_no_broker_and_a_password_on_the_command_line_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, err = said(capsys, "status")
    assert status == 2
    assert "--mqtt URL" in err
    status, _, err = said(capsys, "test", "--mqtt", "mqtt://anna:geheim@localhost")
    assert status == 2
    assert "geheim" not in err


def test_an_acl_that_forbids_is_found_by_the_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.cli.mqtt.BACK_WITHIN_S", 0.5)
    acl = tmp_path / "acl"
    acl.write_text("topic readwrite massage-companion/#\n")
    acl.chmod(0o644)
    with running(tmp_path / "guarded", "allow_anonymous true", f"acl_file {acl}") as guarded:
        status, _, err = said(capsys, "test", "--mqtt", f"mqtt://127.0.0.1:{guarded.port}")
    assert status in {1, 2}
    assert "ACL" in err
