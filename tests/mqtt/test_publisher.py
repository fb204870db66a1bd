"""What happens, put into the tree: in virtual time, without a broker."""

import asyncio
import json
from collections.abc import Iterable

from companion.coaching.events import Event, LinkLost, LinkUp
from companion.coaching.view import Phase
from companion.hub import Hub
from companion.mqtt.discovery import Described
from companion.mqtt.front import About, Front
from companion.mqtt.publisher import Publisher, Said
from companion.mqtt.transport import Outgoing
from companion.sensing.types import Level
from protocols.telemetry import Sample, Telemetry
from simulators.virtual_time import run_virtual
from tests.mqtt.parts import TOOL, TOPICS, FakeLive, view
from tests.store.sessions import FINISHED, RAISED, STARTED

UP = LinkUp(device_s=0.0, tool="Roller", rate_hz=100.0, resumed=False, gap_s=None)
LOST = LinkLost(device_s=1.0, tool="Roller", reason="vanished")
STATUS = TOPICS.of(TOOL, "status")
STATE = TOPICS.of(TOOL, "state")


class Held:
    """Everything that was held, with when."""

    def __init__(self) -> None:
        self.all: list[tuple[float, Outgoing]] = []

    def hold(self, outgoing: Outgoing) -> None:
        self.all.append((asyncio.get_running_loop().time(), outgoing))

    def pass_by(self, outgoing: Outgoing) -> None:
        self.hold(outgoing)

    def on(self, topic: str) -> list[str]:
        return [one.payload for _, one in self.all if one.topic == topic]

    def times(self, topic: str) -> list[float]:
        return [at for at, one in self.all if one.topic == topic]


class Memory:
    """What is remembered of devices."""

    def __init__(self) -> None:
        self.notes: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def entities(self, device: str) -> frozenset[str]:
        return self.notes.get(device, (frozenset(), frozenset()))[0]

    def topics(self, device: str) -> frozenset[str]:
        return self.notes.get(device, (frozenset(), frozenset()))[1]

    def described(self, device: str, entities: Iterable[str], topics: Iterable[str]) -> None:
        self.notes[device] = (self.entities(device) | frozenset(entities), frozenset(topics))


class Room:
    """A publisher, what it looks at, and what it said."""

    def __init__(
        self, discovery: str = "device", memory: Memory | None = None, *, live: bool = False
    ) -> None:
        self.held, self.live, self.hub = Held(), FakeLive(), Hub()
        self.memory = memory or Memory()
        about = About(
            software="0.1.0",
            computer="bathroom",
            discovery=discovery,
            routines=("quick", "slow"),
            live=live,
        )
        self.front = Front(self.held, TOPICS, self.memory, about)
        self.publisher = Publisher(self.front, self.live, "5e55")
        self.running = asyncio.create_task(self.publisher.run(self.hub.subscribe("broker")))

    def know(self) -> None:
        said = Said(60, "slow")
        self.publisher.know(Described(id=TOOL, name="Roller"), 2e-4, lambda: said)

    async def tell(self, *events: Event, wait_s: float = 0.0) -> None:
        for event in events:
            self.hub.publish(event)
        await asyncio.sleep(wait_s)

    async def end(self) -> None:
        self.hub.close()
        await self.running


def test_a_tool_is_there_once_it_is_linked_and_gone_some_seconds_after_it_is_lost() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(UP, wait_s=1.0)
        await room.tell(LOST, wait_s=3.0)
        await room.tell(UP, wait_s=10.0)
        assert set(room.held.on(STATUS)) == {"online"}
        await room.tell(LOST, wait_s=4.9)
        assert set(room.held.on(STATUS)) == {"online"}
        await room.tell(wait_s=0.2)
        assert room.held.on(STATUS)[-1] == "offline"
        await room.end()

    run_virtual(go())


def test_the_last_state_is_the_end_however_soon_it_comes() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(STARTED, wait_s=0.1)
        room.live.seen = view(Phase.FINISHED)
        await room.tell(FINISHED)
        await room.end()
        said = [json.loads(one)["phase"] for one in room.held.on(STATE)]
        assert said == ["running", "finished"]

    run_virtual(go())


def test_the_end_says_offline_and_leaves_nothing_running() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(UP, LOST, wait_s=0.1)
        await room.end()
        assert room.held.on(STATUS)[-1] == "offline"
        count = len(room.held.all)
        await asyncio.sleep(60.0)
        assert len(room.held.all) == count

    run_virtual(go())


def test_the_state_follows_the_session_and_a_warning_is_seen_with_its_event() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(STARTED, wait_s=2.0)
        first = json.loads(room.held.on(STATE)[0])
        assert (first["phase"], first["limit_percent"], first["force_n"]) == ("running", 60, 0.8)
        assert first["next_routine"] == "slow"
        room.live.seen = view(level=Level.STOP, kpa=14.0)
        began = asyncio.get_running_loop().time()
        await room.tell(RAISED, wait_s=0.01)
        assert json.loads(room.held.on(STATE)[-1])["level"] == "stop"
        assert room.held.times(STATE)[-1] == began
        await room.end()

    run_virtual(go())


def test_two_tools_share_the_hub_and_one_that_drops_goes_alone() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        other, hub = "tool-9876543210", Hub()
        beside = Publisher(room.front, FakeLive(), "5e56")
        beside.know(Described(id=other, name="Stone"), 2e-4, lambda: Said(100))
        running = asyncio.create_task(beside.run(hub.subscribe("broker")))
        hub.publish(UP)
        await room.tell(UP, wait_s=1.0)
        hub.publish(LOST)
        await room.tell(wait_s=6.0)
        assert room.held.on(TOPICS.of(other, "status")) == ["online", "offline"]
        assert room.held.on(STATUS) == ["online"]
        assert json.loads(room.held.on(TOPICS.info)[-1])["tools"] == [TOOL, other]
        (config,) = room.held.on(TOPICS.discovery(other))
        device = json.loads(config)["device"]
        assert (device["name"], device["via_device"]) == ("Stone", room.front.hub_id)
        hub.close()
        await running
        assert room.held.on(STATUS) == ["online"]
        await room.end()

    run_virtual(go())


def test_a_waiting_tool_is_quiet() -> None:
    async def go() -> None:
        room = Room()
        room.live.seen = view(Phase.WAITING, Level.UNKNOWN, None)
        room.know()
        await room.tell(UP, wait_s=3600.0)
        assert len(room.held.on(STATE)) == 1
        await room.end()

    run_virtual(go())


def frame(number: int, *, resent: bool = False) -> Telemetry:
    """Ten samples, 10 ms apart, whose force is their frame's number."""
    sample = Sample((float(number),), (0.0, 0.0, 9.81), None, 0.001)
    start_us = 100_000 * number
    return Telemetry(start_us, 10_000, 10 * number, resent, False, None, (sample,) * 10)


def test_the_live_stream_goes_by_five_times_a_second_while_somebody_is_in_a_session() -> None:
    async def go() -> None:
        room = Room(live=True)
        room.know()
        await room.tell(UP, STARTED)
        for number in range(20):
            room.publisher.feel(frame(number))
            room.publisher.feel(frame(number, resent=True))
            await asyncio.sleep(0.1)
        room.live.seen = view(Phase.FINISHED)
        for number in range(20, 30):
            room.publisher.feel(frame(number))
            await asyncio.sleep(0.1)
        await room.end()
        said = [one for _, one in room.held.all if one.topic == TOPICS.of(TOOL, "live")]
        assert 9 <= len(said) <= 10
        assert not any(one.retain or one.qos for one in said)
        bodies = [json.loads(one.payload) for one in said]
        assert sum(body["samples"] for body in bodies) == 10 * 2 * len(bodies)
        assert bodies[1] == {
            "device_s": 0.39,
            "samples": 20,
            "level": "on_target",
            "pressure_kpa": 4.0,
            "force_n": [2.5],
            "accel_mps2": [0.0, 0.0, 9.81],
            "gyro_radps": None,
            "travel_m": 0.02,
        }
        config = json.loads(room.held.on(TOPICS.discovery(TOOL))[-1])
        assert config["components"]["live_pressure"]["expire_after"] == 5

    run_virtual(go())


def test_without_being_asked_for_there_is_no_live_stream() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(UP, STARTED)
        for number in range(20):
            room.publisher.feel(frame(number))
            await asyncio.sleep(0.1)
        await room.end()
        assert not room.held.on(TOPICS.of(TOOL, "live"))
        config = json.loads(room.held.on(TOPICS.discovery(TOOL))[-1])
        assert "live_pressure" not in config["components"]

    run_virtual(go())


def test_before_a_tool_is_known_only_the_hub_is_spoken_of() -> None:
    async def go() -> None:
        room = Room()
        await room.tell(STARTED, RAISED, FINISHED, wait_s=5.0)
        topics = {one.topic for _, one in room.held.all}
        assert topics == {TOPICS.info, "homeassistant/device/massage-bath/config"}
        assert room.publisher.letters(FINISHED) == ()
        await room.end()

    run_virtual(go())


def test_letters_asked_for_twice_are_the_very_same() -> None:
    async def go() -> None:
        room = Room()
        room.know()
        await room.tell(STARTED, wait_s=1.0)
        (alert,) = room.publisher.letters(RAISED)
        both = room.publisher.letters(FINISHED)
        await asyncio.sleep(5.0)
        assert room.publisher.letters(RAISED) == (alert,)
        assert room.publisher.letters(FINISHED) == both
        assert json.loads(both[0].payload)["began_at"] == STARTED.started_at
        assert room.publisher.letters(STARTED) == ()
        await room.end()

    run_virtual(go())


def test_another_kind_of_discovery_empties_the_topics_of_the_one_before() -> None:
    async def go() -> None:
        memory = Memory()
        room = Room("component", memory)
        room.know()
        old = memory.topics(TOOL)
        assert len(old) > 20
        await room.end()
        room = Room("device", memory)
        room.know()
        emptied = {one.topic for _, one in room.held.all if one.payload == ""}
        assert emptied >= old
        assert memory.topics(TOOL) == {TOPICS.discovery(TOOL)}
        await room.end()
        room = Room("off", memory)
        room.know()
        assert room.held.on(TOPICS.discovery(TOOL)) == [""]
        await room.end()

    run_virtual(go())


def test_an_entity_of_an_earlier_version_is_removed() -> None:
    async def go() -> None:
        memory = Memory()
        memory.described(TOOL, ["select/routine"], [TOPICS.discovery(TOOL)])
        room = Room("device", memory)
        room.know()
        (payload,) = room.held.on(TOPICS.discovery(TOOL))
        assert json.loads(payload)["components"]["routine"] == {"platform": "select"}
        await room.end()

    run_virtual(go())
