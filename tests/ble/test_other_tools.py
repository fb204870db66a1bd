"""Another tool behind the profile's door: asked what it can do, and what it cannot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from bleak import BleakClient

from companion.ble.adapter import Adapter
from companion.ble.devices.client import FIRST_S, OtherToolClient, client_for
from companion.ble.devices.zero import STILL_STEPS, Zero
from companion.ble.errors import LinkError, LinkFault
from companion.ble.scanner import find
from companion.ble.tool import Refused, ToolClient
from companion.settings.described_tools import load_other_tool
from protocols.massage_tool import (
    Answer,
    Haptic,
    Op,
    Pattern,
    Result,
    SetLimit,
    Start,
    Started,
    Stop,
    Tare,
)
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Sample, Telemetry
from simulators.bleak_backend import Adapter as Radio
from simulators.defaults import in_hand, strokes
from simulators.peripheral import Peripheral
from simulators.radio import Air, connect_host
from simulators.virtual_time import run_virtual

RESOLUTION_N = 0.001


@dataclass
class Room:
    """One connected tool, and what it told."""

    tool: OtherToolClient
    peripheral: Peripheral
    told: list[object] = field(default_factory=list)

    @property
    def samples(self) -> list[Sample]:
        return [s for each in self.told if isinstance(each, Telemetry) for s in each.samples]


def drop(met: list[Room]) -> None:
    for each in met:
        each.tool.drop()


@asynccontextmanager
async def room(kind: OtherTool, simulated: str = "") -> AsyncIterator[Room]:
    air = Air()
    hand = in_hand(simulated or kind.name, "careful", strokes(), 1)
    own = connect_host(air.add_controller("computer"))
    async with hand.on_air(air) as peripheral, Radio(own) as virtual:
        adapter = Adapter("air", virtual.client_backend, virtual.scanner_backend)
        found = await find(adapter, None, 10.0, kind=kind)
        met: list[Room] = []
        client = adapter.client(found.device, lambda: drop(met), timeout_s=10.0, pair=kind.pairs)
        tool = client_for(client, found.label, kind)
        assert isinstance(tool, OtherToolClient)
        met.append(Room(tool, peripheral))
        await client.connect()
        await tool.watch_telemetry(met[0].told.append)
        yield met[0]
        await client.disconnect()


def test_nothing_is_told_before_the_start_and_the_answer_comes_first() -> None:
    async def session() -> None:
        async with room(load_other_tool("lines-json")) as met:
            await asyncio.sleep(1.0)
            assert met.told == []
            values = await met.tool.request(Start(100, 0), met.told.append)
            assert values == Started(50, 1, 0, 0)
            first, second, *_ = met.told
            assert first == Answer(Op.START, Result.SUCCESS, values)
            assert isinstance(second, Telemetry)
            assert (second.device_us, second.first_sample) == (0, 0)
            await met.tool.request(Stop())
            count = len(met.told)
            await asyncio.sleep(1.0)
            assert len(met.told) == count

    run_virtual(session())


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ["lines-json", "progressor-dome"])
def test_a_zero_is_learnt_in_the_air_and_refused_while_the_hand_works(name: str) -> None:
    async def session() -> None:
        async with room(load_other_tool(name)) as met:
            await met.tool.request(Start(100, 0))
            await met.tool.request(Tare())
            results = [await tared(met.tool) for _ in range(25)]
            assert {Result.SUCCESS, Result.OPERATION_FAILED} == set(results)
            await asyncio.sleep(60.0)
            rest = [sample.force_n[0] or 0.0 for sample in met.samples[-20:]]
            assert sum(rest) / len(rest) == pytest.approx(0.0, abs=0.04)

    run_virtual(session())


async def tared(tool: OtherToolClient) -> Result | int:
    try:
        await tool.request(Tare())
    except Refused as refused:
        return refused.result
    return Result.SUCCESS


@pytest.mark.parametrize(
    "request_", [Haptic(Pattern.SINGLE, 100, 1.0), SetLimit(0.5, 1.0, 0.06)], ids=["buzz", "limit"]
)
def test_what_it_has_not_got_is_refused(request_: Haptic | SetLimit) -> None:
    async def session() -> None:
        async with room(load_other_tool("tindeq")) as met:
            with pytest.raises(Refused) as caught:
                await met.tool.request(request_)
            assert caught.value.result is Result.OP_CODE_NOT_SUPPORTED

    run_virtual(session())


def test_a_tool_without_force_needs_no_zero() -> None:
    async def session() -> None:
        async with room(load_other_tool("witmotion")) as met:
            await met.tool.request(Start(100, 0))
            with pytest.raises(Refused) as caught:
                await met.tool.request(Tare())
            assert caught.value.result is Result.OP_CODE_NOT_SUPPORTED

    run_virtual(session())


def test_a_tool_that_does_not_start_is_given_up_in_time() -> None:
    async def session() -> None:
        async with room(replace(load_other_tool("tindeq"), start=())) as met:
            began = asyncio.get_running_loop().time()
            with pytest.raises(LinkError) as caught:
                await met.tool.request(Start(80, 0))
            assert caught.value.fault is LinkFault.SILENT
            assert asyncio.get_running_loop().time() - began <= FIRST_S + 0.1

    run_virtual(session())


@pytest.mark.parametrize("op", [Start(80, 0), Tare()], ids=["start", "tare"])
def test_who_waits_learns_of_a_lost_link_at_once(op: Start | Tare) -> None:
    async def session() -> None:
        async with room(replace(load_other_tool("tindeq"), start=(), tare=())) as met:
            waiting = asyncio.ensure_future(met.tool.request(op))
            await asyncio.sleep(1.0)
            began = asyncio.get_running_loop().time()
            await met.peripheral.lose_link()
            with pytest.raises(LinkError) as caught:
                await waiting
            assert caught.value.fault is LinkFault.DROPPED
            assert asyncio.get_running_loop().time() - began < 1.0

    run_virtual(session())


def test_it_says_what_the_description_says() -> None:
    async def session() -> None:
        kind = load_other_tool("progressor-dome")
        async with room(kind) as met:
            feature = await met.tool.read_feature()
            assert feature is kind.feature
            assert await met.tool.read_channels(feature) == ()
            identity = await met.tool.read_identity()
            assert (identity.manufacturer, identity.serial) == ("Simulated Tools", "")
            assert await met.tool.read_battery() == 80

    run_virtual(session())


def test_a_tool_of_the_profile_has_the_profiles_client() -> None:
    async def session() -> None:
        air = Air()
        own = connect_host(air.add_controller("computer"))
        async with Radio(own) as virtual:
            client = BleakClient("C4:00:00:00:00:01", backend=virtual.client_backend)
            assert type(client_for(client, "roller", None)) is ToolClient

    run_virtual(session())


def frame(*forces: float | None) -> Telemetry:
    samples = tuple(Sample((force,), None, None, None) for force in forces)
    return Telemetry(0, 10_000, 0, resent=False, saturated=False, touching=None, samples=samples)


def test_a_zero_takes_half_a_second() -> None:
    zero = Zero(1, 10.0, RESOLUTION_N, None)
    assert zero.apply(frame(0.5)).samples[0].force_n == (0.5,)
    zero.apply(frame(0.5, 0.5, 0.5))
    assert not zero.is_full
    assert not zero.learn()
    zero.apply(frame(0.51))
    assert zero.learn()
    (freed,) = zero.apply(frame(0.6)).samples
    assert freed.force_n == pytest.approx((0.6 - 0.502,))
    zero.forget()
    assert not zero.learn()


@pytest.mark.parametrize("spoiled", [None, 0.5 + 1.5 * STILL_STEPS * RESOLUTION_N])
def test_a_zero_is_not_learnt_from_what_moves_or_is_not_known(spoiled: float | None) -> None:
    zero = Zero(1, 10.0, RESOLUTION_N, None)
    zero.apply(frame(0.5, 0.5, spoiled, 0.5, 0.5))
    assert zero.is_full
    assert not zero.learn()


def test_a_coarse_gauge_may_be_less_still() -> None:
    zero = Zero(1, 10.0, RESOLUTION_N, 100.0)
    zero.apply(frame(0.0, 0.9, 0.0, 0.9, 0.0))
    assert zero.learn()


def test_a_known_zero_tells_whether_the_tool_is_loaded() -> None:
    zero = Zero(1, 10.0, RESOLUTION_N, 4.0)
    zero.apply(frame(*[0.9] * 5))
    assert not zero.is_loaded
    assert zero.learn()
    assert zero.is_known
    zero.apply(frame(*[0.97] * 5))
    assert not zero.is_loaded
    zero.apply(frame(*[0.99] * 5))
    assert zero.is_loaded


def test_without_force_there_is_no_zero() -> None:
    zero = Zero(0, 10.0, 0.0, None)
    sample = Sample((), (0.0, 0.0, 9.8), None, None)
    telemetry = replace(frame(0.0), samples=(sample,) * 5)
    assert zero.apply(telemetry).samples == telemetry.samples
    assert not zero.learn()
