"""A whole world in one process: hand, tool, air, adapter and service, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback

from companion.ble.adapter import Adapter
from companion.coaching.events import Event, Summary
from companion.coaching.routine import Routine, StepKind
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import TELEMETRY
from simulators.bleak_backend import Adapter as Radio
from simulators.performance import Performance
from simulators.peripheral import Peripheral
from simulators.plan import Plan, PlannedStep
from simulators.radio import Air, RadioController, connect_host
from simulators.scenario import Mishap, load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool

E = TypeVar("E", bound=Event)


@dataclass
class World:
    """Everything a test may reach for.

    Attributes:
        told: every event with the loop time at which a subscriber read it.
        came: every Telemetry notification with the loop time at which it came.
    """

    air: Air
    peripheral: Peripheral
    simulated: SimulatedTool
    service: Service
    adapter: Adapter
    told: list[tuple[float, Event]] = field(default_factory=list)
    came: list[tuple[float, bytes]] = field(default_factory=list)
    _waiting: list[tuple[type[Event], asyncio.Future[Event]]] = field(default_factory=list)

    @property
    def tool_radio(self) -> RadioController:
        """The tool's controller."""
        return self.simulated.radio

    @property
    def performance(self) -> Performance:
        """The hand that holds the tool."""
        return self.simulated.performance

    async def run(self) -> Summary:
        """Run the service to its end, keeping all events."""
        subscription = self.service.hub.subscribe("test", 4096)

        async def keep() -> None:
            async for event in subscription:
                self.told.append((asyncio.get_running_loop().time(), event))
                for kind, future in self._waiting:
                    if isinstance(event, kind) and not future.done():
                        future.set_result(event)

        return await self.service.run(keep)

    async def next(self, kind: type[E]) -> E:
        """Wait for the next event of a kind."""
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, future))
        event = await future
        assert isinstance(event, kind)
        return event

    def all(self, kind: type[E]) -> list[E]:
        """All events of a kind so far."""
        return [event for _, event in self.told if isinstance(event, kind)]


def routine_of(*steps: str) -> Routine:
    """The five-minute routine, or only some of its steps."""
    whole = load_routine("five-minutes")
    if not steps:
        return whole
    return replace(whole, steps=tuple(step for step in whole.steps if step.id in steps))


@asynccontextmanager
async def world(
    scenario: str,
    *steps: str,
    options: ServiceOptions | None = None,
    bonding_s: float | None = None,
    mishaps: Sequence[Mishap] = (),
    routine: Routine | None = None,
    tool: str = "small-roller",
    oiled: bool = True,
    seed: int = 1,
) -> AsyncIterator[World]:
    """Put a person with a tool and a service into a room.

    Args:
        scenario: how the person works.
        steps: which steps of the routine; none means all.
        options: of the service.
        bonding_s: for how long the tool accepts new bonds; None for ever.
        mishaps: what goes wrong.
        routine: in place of the five-minute one.
        tool: a shipped tool.
        oiled: the person said before that oil is on the skin.
        seed: draws the person's variation.
    """
    care, whole = load_care(), routine or routine_of(*steps)
    data = load_tool(tool)
    hand = load_scenario(scenario)
    simulated = SimulatedTool(plan_of(whole), data, hand, seed, mishaps=mishaps)
    air = Air()
    own_radio = air.add_controller("computer")
    async with (
        simulated.on_air(air, bonding_s=bonding_s) as peripheral,
        Radio(connect_host(own_radio)) as radio,
    ):
        came: list[tuple[float, bytes]] = []
        adapter = Adapter(radio.name, _overheard(radio, came), radio.scanner_backend)
        asked = replace(options or ServiceOptions(seed=1), oiled=oiled)
        service = Service(adapter, whole, care, asked)
        yield World(air, peripheral, simulated, service, adapter, came=came)


def _overheard(radio: Radio, came: list[tuple[float, bytes]]) -> type[BaseBleakClient]:
    """Return the radio's client that also keeps what telemetry it gives, and when."""
    backend: Any = radio.client_backend

    async def start_notify(
        self: BaseBleakClient,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **options: Any,  # noqa: ANN401 - as bleak has it
    ) -> None:
        def heard(value: bytearray) -> None:
            if characteristic.uuid == TELEMETRY:
                came.append((asyncio.get_running_loop().time(), bytes(value)))
            callback(value)

        await backend.start_notify(self, characteristic, heard, **options)

    overheard: type[BaseBleakClient] = type("Overheard", (backend,), {"start_notify": start_notify})
    return overheard


def plan_of(routine: Routine) -> Plan:
    """What the hand is to do for a routine."""
    care = load_care()
    planned = []
    for step in routine.steps:
        by_hand = step.kind is StepKind.HAND
        limits = None if by_hand else care.limits(step.zone, step.technique)
        band = step.band or (limits.band if limits is not None else None)
        planned.append(
            PlannedStep(
                id=step.id,
                hand_only=by_hand,
                zone=step.zone,
                side=step.side,
                technique=step.technique,
                direction=step.direction,
                repetitions=0 if by_hand else step.repetitions or 0,
                duration_s=step.time_limit_s if by_hand else 0.0,
                low_kpa=band.low_kpa if band else 0.0,
                high_kpa=band.high_kpa if band else 0.0,
                caution_kpa=band.caution_kpa if band else None,
                stop_kpa=band.stop_kpa if band else None,
            )
        )
    return Plan(tuple(planned))
