"""The tool on the corrected radio, spoken to by a plain bleak program, in virtual time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice

from protocols.massage_tool import (
    CONTROL_POINT,
    MASSAGE_TOOL_SERVICE,
    TELEMETRY,
    Answer,
    RawTelemetry,
    Request,
    Resend,
    Resending,
    Start,
    Started,
    Tare,
    decode_answer,
)
from simulators.bleak_backend import Adapter
from simulators.firmware import Firmware
from simulators.peripheral import Peripheral
from simulators.radio import Air, RadioController, connect_host
from simulators.virtual_time import run_virtual
from tests.simulators.firmware.scripted import ScriptedBody, ScriptedTool


@dataclass
class Session:
    """One connection of a bleak program."""

    client: BleakClient
    lost: asyncio.Event
    live: list[int] = field(default_factory=list)
    resent: list[int] = field(default_factory=list)
    answers: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    def on_answer(self, _characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        self.answers.put_nowait(bytes(value))

    def on_telemetry(self, _characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        frame = RawTelemetry.from_bytes(bytes(value))
        numbers = range(frame.first_sample, frame.first_sample + len(frame.samples))
        (self.resent if frame.resent else self.live).extend(numbers)

    async def ask(self, request: Request) -> Answer:
        await self.client.write_gatt_char(CONTROL_POINT, bytes(request), response=True)
        return decode_answer(await asyncio.wait_for(self.answers.get(), 5))


@dataclass
class Room:
    """An air with a tool and a computer on it."""

    air: Air
    controller: RadioController
    tool: Peripheral
    adapter: Adapter

    async def find(self) -> BLEDevice:
        found = await BleakScanner.find_device_by_filter(
            lambda _device, data: MASSAGE_TOOL_SERVICE in data.service_uuids,
            backend=self.adapter.scanner_backend,
            timeout=20,
        )
        assert found is not None
        assert found.name == "Roller"
        return found

    async def session(self) -> Session:
        lost = asyncio.Event()
        backend = self.adapter.client_backend
        device = await self.find()
        client = BleakClient(device, lambda _client: lost.set(), backend=backend, pair=True)
        session = Session(client, lost)
        await client.connect()
        await client.start_notify(CONTROL_POINT, session.on_answer)
        await client.start_notify(TELEMETRY, session.on_telemetry)
        return session


@asynccontextmanager
async def _room() -> AsyncIterator[Room]:
    air = Air()
    controller = air.add_controller("tool")
    firmware = Firmware(ScriptedTool(), ScriptedBody(), clock_start_us=(1 << 32) - 5_000_000)
    computer = connect_host(air.add_controller("computer"))
    async with (
        Peripheral(firmware, connect_host(controller)) as tool,
        Adapter(computer) as adapter,
    ):
        yield Room(air, controller, tool, adapter)


def test_a_run_is_resumed_after_the_tool_was_out_of_range(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        async with _room() as room:
            loop = asyncio.get_running_loop()
            session = await room.session()
            await session.ask(Start(100))
            await asyncio.sleep(3)
            room.air.put_away(room.controller)
            began_at = loop.time()
            await session.lost.wait()
            assert loop.time() - began_at == pytest.approx(2.0, abs=0.1)
            before = session.live
            await asyncio.sleep(10)
            room.air.bring_back(room.controller)

            session = await room.session()
            started = (await session.ask(Start(100))).values
            assert isinstance(started, Started)
            gap = started.first_sample - len(before)
            answer = await session.ask(Resend(len(before), gap))
            assert answer.values == Resending(len(before), gap)
            await asyncio.sleep(3)
            numbers = before + session.resent + session.live
            assert numbers == list(range(len(numbers)))
            assert len(session.live) >= 295
            assert gap > 1000

    run_virtual(main())
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


def test_a_short_fade_loses_nothing_and_after_power_off_all_begins_anew() -> None:
    async def main() -> None:
        async with _room() as room:
            session = await room.session()
            await session.ask(Tare())
            await session.ask(Start(100))
            await asyncio.sleep(1)
            room.air.put_away(room.controller)
            await asyncio.sleep(1)
            room.air.bring_back(room.controller)
            await asyncio.sleep(1)
            assert session.live == list(range(len(session.live)))
            assert room.tool.dropped_frames == 0

            await room.tool.power_off()
            await session.lost.wait()
            await room.tool.switch_on(clock_start_us=77)
            session = await room.session()
            started = (await session.ask(Start(100))).values
            assert isinstance(started, Started)
            assert started.first_sample == 0
            assert started.timestamp_us < 5_000_000

    run_virtual(main())


def test_a_run_ends_60_s_after_the_link() -> None:
    async def main() -> None:
        async with _room() as room:
            for away_s, resumes in ((55, True), (65, False)):
                session = await room.session()
                await session.ask(Start(100))
                await room.tool.lose_link()
                await session.lost.wait()
                await asyncio.sleep(away_s)
                session = await room.session()
                started = (await session.ask(Start(100))).values
                assert isinstance(started, Started)
                assert (started.first_sample > 0) is resumes
                await session.client.disconnect()

    run_virtual(main())


def test_a_central_that_never_confirms_is_left_after_30_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        async with _room() as room:
            session = await room.session()
            connection = next(iter(room.adapter.device.connections.values()))
            monkeypatch.setattr(connection.gatt_client, "send_confirmation", lambda _value: None)
            await session.ask(Start(100))
            began_at = asyncio.get_running_loop().time()
            await session.lost.wait()
            waited_s = asyncio.get_running_loop().time() - began_at
            assert waited_s == pytest.approx(30, abs=0.5)

    run_virtual(main())


def test_a_tool_whose_radio_is_gone_still_ends() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with _room() as room:
            session = await room.session()
            await session.ask(Start(100))
            room.air.remove_controller(room.controller)
            await asyncio.sleep(1)
            began_at = loop.time()
        assert loop.time() - began_at < 15

    run_virtual(main())


def test_two_runs_of_the_same_session_are_the_same_to_the_byte() -> None:
    async def main() -> list[bytes]:
        async with _room() as room:
            session = await room.session()
            frames: list[bytes] = []
            await session.client.stop_notify(TELEMETRY)
            await session.client.start_notify(
                TELEMETRY, lambda _characteristic, value: frames.append(bytes(value))
            )
            await session.ask(Tare())
            await session.ask(Start(100))
            await asyncio.sleep(5)
            return frames

    first, second = run_virtual(main()), run_virtual(main())
    assert len(first) >= 95
    assert first == second


def test_it_can_be_switched_off_at_any_moment_after_it_lost_its_central() -> None:
    async def main() -> None:
        for ticks in range(30):
            async with _room() as room:
                await room.session()
                await room.tool.lose_link()
                for _ in range(ticks):
                    await asyncio.sleep(0)
                await room.tool.power_off()
                assert not room.tool.is_on

    run_virtual(main())
