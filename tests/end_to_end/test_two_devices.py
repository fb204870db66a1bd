"""A force gauge and a motion sensor strapped to one stone: two devices, one session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import Event, LinkLost, LinkUp, Summary, ToolTared
from companion.sensing.types import Doubt
from companion.service import Service, ServiceOptions
from companion.service.guidance import Guidance
from companion.settings.care import load_care
from companion.settings.described_tools import load_other_tool
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Telemetry
from simulators.bleak_backend import Adapter as Radio
from simulators.peripheral import Peripheral
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import ToolData, load_tool
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import plan_of, routine_of

HEAVY_KG = 0.04
"""What hangs on the gauge: too much to judge a forehead without knowing where down is."""
BEGIN_S = 6.0
PRESS, TIP = (0.0, 0.0, -1.0), (1.0, 0.0, 0.0)


def gauge() -> tuple[ToolData, OtherTool]:
    """The home-made gauge with a heavy head, and what a file would say of it."""
    data, kind = load_tool("progressor-dome"), load_other_tool("progressor-dome")
    sensors = replace(data.sensors, supported_mass_kg=HEAVY_KG)
    feature = replace(kind.feature, supported_mass_kg=HEAVY_KG)
    return replace(data, sensors=sensors), replace(kind, feature=feature)


def strapped() -> tuple[ToolData, OtherTool]:
    """The motion sensor strapped to the gauge: same geometry, its own noise and clock."""
    data, kind = load_tool("witmotion"), load_other_tool("witmotion")
    own = data.sensors
    sensors = replace(
        load_tool("progressor-dome").sensors,
        accel_noise_mps2=own.accel_noise_mps2,
        accel_offset_mps2=own.accel_offset_mps2,
        gyro_noise_radps=own.gyro_noise_radps,
        gyro_bias_radps=own.gyro_bias_radps,
        clock_drift_ppm=own.clock_drift_ppm,
    )
    feature = replace(kind.feature, press_axis=PRESS, tip_axis=TIP)
    return replace(data, sensors=sensors), replace(kind, feature=feature)


@dataclass
class Stone:
    """Both devices in one hand, and the service.

    Attributes:
        joined: what the two links passed on as one, and the loop time at which they did.
        first_us: the gauge's own clock at the first sample of its run.
        sensor: the motion device, while it is on the air.
    """

    service: Service
    devices: list[SimulatedTool]
    told: list[Event] = field(default_factory=list)
    joined: list[tuple[float, Telemetry]] = field(default_factory=list)
    first_us: int = 0
    sensor: Peripheral | None = None

    async def run(self) -> Summary:
        subscription = self.service.hub.subscribe("test", 4096)

        async def keep() -> None:
            async for event in subscription:
                self.told.append(event)

        return await self.service.run(keep)

    def all(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]


@asynccontextmanager
async def stone(*, motion: bool = True, is_motion_there: bool = True) -> AsyncIterator[Stone]:
    """Put both devices on an air, in one hand that begins at `BEGIN_S`."""
    routine = routine_of("forehead")
    (gauge_data, gauge_kind), (motion_data, motion_kind) = gauge(), strapped()
    scenario, plan = load_scenario("careful"), plan_of(routine)
    devices = [SimulatedTool(plan, data, scenario, 1) for data in (gauge_data, motion_data)]
    for device in devices:
        device.performance.hold_still()
    air = Air()
    options = ServiceOptions(
        seed=1,
        kind=gauge_kind,
        motion=motion_kind if motion else None,
        max_search_s=60.0,
        oiled=True,
    )

    own_radio = air.add_controller("computer")
    async with devices[0].on_air(air), Radio(connect_host(own_radio)) as radio:
        adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
        room = Stone(Service(adapter, routine, load_care(), options), devices)
        overhear(room.service._guidance, room.joined)
        asyncio.get_running_loop().call_at(BEGIN_S, take_in_hand, room)
        if is_motion_there:
            async with devices[1].on_air(air) as sensor:
                room.sensor = sensor
                yield room
        else:
            yield room


def take_in_hand(room: Stone) -> None:
    """Let one hand begin with both."""
    now_us = round(asyncio.get_running_loop().time() * 1e6)
    for device in room.devices:
        device.performance._is_held = False
        device.performance.begin(device.firmware.device_us(now_us))
    run = room.devices[0].firmware._stream.run
    room.first_us = 0 if run is None else run._first_us


def overhear(guidance: Guidance, joined: list[tuple[float, Telemetry]]) -> None:
    """Keep what the two links pass on, and the loop time at which they did."""
    original = guidance.runner.receive

    def receive(value: bytes | Telemetry) -> None:
        if isinstance(value, Telemetry):
            joined.append((asyncio.get_running_loop().time(), value))
        original(value)

    guidance.runner.receive = receive  # type: ignore[method-assign]  # to listen in


def test_a_heavy_gauge_alone_cannot_judge() -> None:
    async def session() -> None:
        async with stone(motion=False) as room:
            summary = await room.run()
            assert summary.steps[0].doubt is Doubt.TOO_UNCERTAIN

    run_virtual(session())


def test_with_a_motion_sensor_strapped_to_it_the_same_gauge_judges() -> None:
    async def session() -> None:
        async with stone() as room:
            summary = await room.run()
            (result,) = summary.steps
            assert (result.outcome, result.repetitions) == ("done", 10)
            assert result.judged
            truth = room.devices[0].performance.truth
            true_peak = max(truth.pressure_kpa(at / 100) or 0.0 for at in range(600, 5000, 2))
            assert result.peak_kpa == pytest.approx(true_peak, rel=0.15)
            assert [event.tool for event in room.all(LinkUp)] == ["Progressor_Dome"]
            assert [event.done for event in room.all(ToolTared)] == [True]
            await asyncio.sleep(1.0)
            assert room.sensor is not None
            assert not room.sensor.is_connected

    run_virtual(session())


def test_force_and_motion_are_of_one_time() -> None:
    """The motion that each force sample was given is that of its own moment, within 10 ms."""

    async def session() -> list[tuple[float, float]]:
        async with stone() as room:
            await room.run()
            gauge_truth, motion_truth = (device.performance for device in room.devices)
            began_us = gauge_truth._began_us or 0
            rows = []
            for _, frame in room.joined:
                for number, sample in enumerate(frame.samples):
                    device_us = room.first_us + frame.device_us + number * frame.interval_us
                    if device_us > began_us + 2_000_000 and sample.gyro_radps is not None:
                        rows.append(((device_us - began_us) / 1e6, sample.gyro_radps[1] or 0.0))
            felt = motion_truth._working.at(np.arange(0, 40, 0.005))
            turning = felt.motion[:, 4]
            times = np.array([time_s for time_s, _ in rows])
            given = np.array([value for _, value in rows])
            shifts = np.arange(-0.1, 0.1, 0.005)
            errors = [
                float(np.std(given - np.interp(times + shift, np.arange(0, 40, 0.005), turning)))
                for shift in shifts
            ]
            best = float(shifts[int(np.argmin(errors))])
            assert abs(best) <= 0.01
            assert min(errors) < 0.5 * float(np.std(given))
            return rows

    assert len(run_virtual(session())) > 2000


def test_nothing_begins_without_the_motion_sensor() -> None:
    async def session() -> None:
        async with stone(is_motion_there=False) as room:
            with pytest.raises(LinkError) as caught:
                await room.run()
            assert caught.value.fault is LinkFault.NOT_FOUND
            assert room.all(LinkUp) == []

    run_virtual(session())


def test_the_force_goes_on_without_motion_until_the_sensor_is_back() -> None:
    async def session() -> None:
        async with stone() as room:
            running = asyncio.ensure_future(room.run())
            await asyncio.sleep(15.0)
            assert room.sensor is not None
            lost_at = asyncio.get_running_loop().time()
            await room.sensor.lose_link()
            summary = await running
            assert len(room.all(LinkUp)) == 1
            assert room.all(LinkLost) == []
            blind = [
                at
                for at, frame in room.joined
                if any(s.accel_mps2 == (None, None, None) for s in frame.samples)
            ]
            assert lost_at < blind[0] < lost_at + 0.5
            back_at = blind[-1]
            assert back_at < lost_at + 10.0
            after = [frame for at, frame in room.joined if at > back_at + 0.1]
            assert all(s.accel_mps2 is not None for frame in after for s in frame.samples)
            held = [later - at for (at, _), (later, _) in pairwise(room.joined)]
            assert max(held) < 0.3
            assert summary.gaps_s == 0

    run_virtual(session())
