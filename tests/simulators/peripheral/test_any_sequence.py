"""Whatever centrals and hands do in whatever order: the tool stays a tool and keeps secrets."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from bumble.core import BaseBumbleError
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    FaultKind,
)
from simulators.peripheral import Peripheral
from tests.simulators.peripheral.raw import (
    ALICE,
    ATT,
    BOB,
    SIGNALLING,
    SMP,
    RawCentral,
    RawRoom,
    play,
    raw_room,
)

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

SERVICES = ("immediate_alert", "industrial_measurement")
TOLD = (0x1B, 0x1D)

Step = Callable[[RawRoom, dict[str, RawCentral]], Awaitable[None]]


def _say(name: str, cid: int, pdu: bytes) -> Step:
    async def step(_room: RawRoom, centrals: dict[str, RawCentral]) -> None:
        central = centrals[name]
        if central.connections:
            central.say(cid, pdu)

    return step


def _join(name: str, *, pairs: bool, confirms: bool) -> Step:
    async def step(room: RawRoom, centrals: dict[str, RawCentral]) -> None:
        central = centrals[name]
        if central.connections or room.tool.is_connected or not room.tool.is_on:
            return
        central.is_confirming = confirms
        with contextlib.suppress(BaseBumbleError, TimeoutError, asyncio.CancelledError):
            await central.join()
            if pairs:
                await asyncio.wait_for(central.link.pair(), 5)
        central.is_raw = True

    return step


def _part(name: str) -> Step:
    async def step(_room: RawRoom, centrals: dict[str, RawCentral]) -> None:
        if centrals[name].connections:
            await centrals[name].link.disconnect()

    return step


def _wait(seconds: float) -> Step:
    async def step(_room: RawRoom, _centrals: dict[str, RawCentral]) -> None:
        await asyncio.sleep(seconds)

    return step


async def _restart(tool: Peripheral, *, in_order: bool) -> None:
    await (tool.power_off() if in_order else tool.vanish())
    await tool.switch_on(clock_start_us=5)


def _hand(act: Callable[[Peripheral], Awaitable[None] | None]) -> Step:
    async def step(room: RawRoom, _centrals: dict[str, RawCentral]) -> None:
        done = act(room.tool)
        if done is not None:
            await done

    return step


ACTS: list[Callable[[Peripheral], Awaitable[None] | None]] = [
    lambda tool: tool.press_button(),
    lambda tool: tool.hold_button(),
    lambda tool: tool.lose_link(),
    lambda tool: _restart(tool, in_order=False),
    lambda tool: _restart(tool, in_order=True),
    lambda tool: tool.set_fault(FaultKind.HOT, raised=True),
    lambda tool: tool.set_battery(10),
    lambda tool: tool.plug(is_plugged=not tool.is_plugged),
]
NAMES = st.sampled_from([ALICE, BOB])
HANDLES = st.integers(0, 45).map(lambda handle: handle.to_bytes(2, "little"))
REQUESTS = st.sampled_from(
    [
        "01640005",
        "0164000a",
        "02",
        "03",
        "04e803d0070000",
        "050364a00f",
        "06",
        "07000000006400",
        "08",
        "0900404b4c000500",
        "0a00",
        "0b00",
        "ff",
        "01",
        "0b09",
    ]
).map(bytes.fromhex)
VALUES = st.one_of(st.sampled_from([b"\1\0", b"\2\0", b"\0\0"]), REQUESTS, st.binary(max_size=30))
ATT_PDUS = st.one_of(
    st.builds(lambda handle, value: b"\x12" + handle + value, HANDLES, VALUES),
    st.builds(lambda handle, value: b"\x52" + handle + value, HANDLES, VALUES),
    st.builds(lambda handle: b"\x0a" + handle, HANDLES),
    st.builds(lambda handle, value: b"\x16" + handle + b"\0\0" + value, HANDLES, VALUES),
    st.sampled_from([b"\x18\0", b"\x18\1", b"\x1e", b"\x02\xf7\0", b"\x02\x17\0"]),
    st.builds(lambda op, body: bytes([op]) + body, st.integers(0, 255), st.binary(max_size=40)),
)
SMP_PDUS = st.builds(
    lambda code, body: bytes([code]) + body,
    st.integers(0, 15),
    st.one_of(st.binary(max_size=20), st.just(bytes.fromhex("030009100303"))),
)
STEPS = st.one_of(
    st.builds(_say, NAMES, st.just(ATT), ATT_PDUS),
    st.builds(_say, NAMES, st.just(ATT), ATT_PDUS),
    st.builds(_say, NAMES, st.just(SMP), SMP_PDUS),
    st.builds(_say, NAMES, st.just(SIGNALLING), st.binary(max_size=30)),
    st.builds(_say, NAMES, st.integers(0, 70).filter(lambda cid: cid not in {4, 5, 6}), ATT_PDUS),
    st.builds(_join, NAMES, pairs=st.booleans(), confirms=st.booleans()),
    st.builds(_join, NAMES, pairs=st.just(True), confirms=st.just(True)),
    st.builds(_part, NAMES),
    st.builds(_wait, st.sampled_from([0.0, 0.02, 0.3, 2.0, 31.0])),
    st.builds(_hand, st.sampled_from(ACTS)),
)


@settings(max_examples=120)
@given(st.lists(STEPS, max_size=25))
def test_after_any_sequence_an_honest_stranger_finds_a_fresh_tool(steps: list[Step]) -> None:
    async def main() -> None:
        async with raw_room(services=SERVICES) as room:
            centrals = {name: await room.central(name) for name in (ALICE, BOB)}
            for step in steps:
                await step(room, centrals)
            await asyncio.sleep(0.5)
            for central in centrals.values():
                if central.connections:
                    await central.link.disconnect()
            room.tool.plug(is_plugged=True)
            await room.tool.switch_on()
            await asyncio.sleep(2)
            await _serves_a_stranger(room)

    play(main)


async def _serves_a_stranger(room: RawRoom) -> None:
    carol = await room.central("C0:00:00:00:00:03")
    await carol.join()
    await carol.link.pair()
    carol.heard.clear()
    await asyncio.sleep(1)
    assert [pdu for cid, pdu in carol.heard if cid == ATT] == []
    for uuid in (TELEMETRY, CONTROL_POINT, TOOL_EVENT, BATTERY_LEVEL):
        handle = (room.handle(uuid) + 1).to_bytes(2, "little")
        assert await carol.ask(ATT, b"\x0a" + handle) == [b"\x0b\0\0"]
    feature = await carol.ask(ATT, b"\x0a" + room.handle(TOOL_FEATURE).to_bytes(2, "little"))
    assert [len(pdu) for pdu in feature] == [23]
    point = room.handle(CONTROL_POINT)
    configuration = (point + 1).to_bytes(2, "little")
    assert await carol.ask(ATT, b"\x12" + configuration + b"\2\0") == [b"\x13"]
    handle = point.to_bytes(2, "little")
    said = await carol.ask(ATT, b"\x12" + handle + bytes.fromhex("07000000006400"))
    assert said == [b"\x13", b"\x1d" + handle + bytes.fromhex("800705")]


@settings(max_examples=60)
@given(st.lists(ATT_PDUS, max_size=30), st.booleans())
def test_a_link_that_is_not_encrypted_is_told_the_battery_at_most(
    pdus: list[bytes],
    was_bonded: bool,  # noqa: FBT001  # hypothesis gives it
) -> None:
    async def main() -> None:
        async with raw_room(services=SERVICES) as room:
            alice = await room.central()
            if was_bonded:
                await alice.join()
                await alice.link.pair()
                for uuid, bits in ((TELEMETRY, 1), (CONTROL_POINT, 2), (TOOL_EVENT, 2)):
                    handle = (room.handle(uuid) + 1).to_bytes(2, "little")
                    await alice.ask(ATT, b"\x12" + handle + bytes([bits, 0]))
                point = room.handle(CONTROL_POINT).to_bytes(2, "little")
                await alice.ask(ATT, b"\x12" + point + bytes.fromhex("01640005"))
                await alice.part()
            await alice.join()
            alice.heard.clear()
            for pdu in pdus:
                alice.say(ATT, pdu)
                room.tool.press_button()
                await asyncio.sleep(0.05)
            await asyncio.sleep(1)
            battery = room.handle(BATTERY_LEVEL).to_bytes(2, "little")
            told = {pdu[1:3] for cid, pdu in alice.heard if cid == ATT and pdu[0] in TOLD}
            assert told <= {battery}

    play(main)
