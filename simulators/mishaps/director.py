"""Lets a scenario's mishaps happen, each in its time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from simulators.firmware.body import Body, Reading
from simulators.mishaps.lies import LyingFirmware
from simulators.mishaps.rival import Rival
from simulators.peripheral import Peripheral
from simulators.radio import Air, RadioController, connect_host
from simulators.scenario import CountedFrom, Mishap, MishapKind

_BATTERY_STEPS: Final = 20
_RESTARTED_CLOCK_US: Final = 3_141_592_653
"""Where the tool's clock begins after it went dead: anywhere, and not where it stood."""
_ON_THE_AIR: Final = frozenset(
    {MishapKind.OUT_OF_RANGE, MishapKind.WEAK_LINK, MishapKind.SECOND_CENTRAL}
)


class CannotStageError(ValueError):
    """A mishap that cannot happen where this tool is."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A mishap that has begun; times in the loop's seconds, ``end_s`` None while it lasts."""

    kind: MishapKind
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where mishaps happen.

    Attributes:
        peripheral: the tool.
        air: where it is, if that is in this process.
        controller: its radio there.
    """

    peripheral: Peripheral
    air: Air | None = None
    controller: RadioController | None = None


class Begun:
    """A body that tells when it begins; it is handed to the firmware in the body's place.

    Attributes:
        event: set at the hand's beginning.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        self.event = asyncio.Event()

    def begin(self, device_us: int) -> None:
        """Begin, and say so."""
        self._body.begin(device_us)
        self.event.set()

    def sample(self, first_us: int, interval_us: int, count: int) -> Sequence[Reading]:
        """Read the body's sensors."""
        return self._body.sample(first_us, interval_us, count)


class Director:
    """Runs mishaps while its context lasts; what fails is left to the loop's exception handler.

    Attributes:
        happened: what has happened so far, in order of beginning.

    Args:
        mishaps: what is to happen.
        stage: where.
        begun: set when the hand begins; without it mishaps count from the switch-on.

    Raises:
        CannotStageError: a mishap needs the air, and that is in another process.
    """

    def __init__(self, mishaps: Iterable[Mishap], stage: Stage, begun: asyncio.Event) -> None:
        self._mishaps = tuple(mishaps)
        self._stage = stage
        self._begun = begun
        self.happened: list[Happened] = []
        self._tasks: list[asyncio.Task[None]] = []
        for mishap in self._mishaps:
            if mishap.kind in _ON_THE_AIR and stage.air is None:
                raise CannotStageError(
                    f"{mishap.kind} needs the air itself; this tool joins that of another process"
                )

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for mishap in self._mishaps:
            task = loop.create_task(self._run(mishap))
            task.add_done_callback(_report)
            self._tasks.append(task)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, mishap: Mishap) -> None:
        if mishap.counted_from is CountedFrom.BEGIN:
            await self._begun.wait()
        await asyncio.sleep(mishap.at_s)
        loop = asyncio.get_running_loop()
        place = len(self.happened)
        began_s = loop.time()
        self.happened.append(Happened(mishap.kind, began_s, None))
        try:
            await self._acts[mishap.kind](self, mishap)
        finally:
            self.happened[place] = Happened(mishap.kind, began_s, loop.time())

    async def _stray(self, mishap: Mishap) -> None:
        air, controller = self._on_air()
        air.put_away(controller)
        try:
            await asyncio.sleep(mishap.lasting_s)
        finally:
            air.bring_back(controller)

    async def _weaken(self, mishap: Mishap) -> None:
        air, controller = self._on_air()
        air.set_loss(controller, mishap.loss)
        try:
            await asyncio.sleep(mishap.lasting_s)
        finally:
            air.set_loss(controller, 0.0)

    async def _lose_link(self, _mishap: Mishap) -> None:
        await self._stage.peripheral.lose_link()

    async def _run_down(self, mishap: Mishap) -> None:
        tool = self._stage.peripheral
        charge = tool.firmware.battery_percent
        for step in range(_BATTERY_STEPS, -1, -1):
            tool.set_battery(charge * step // _BATTERY_STEPS)
            if step:
                await asyncio.sleep(mishap.lasting_s / _BATTERY_STEPS)
        await tool.power_off()

    async def _restart(self, mishap: Mishap) -> None:
        tool = self._stage.peripheral
        await tool.power_off()
        await asyncio.sleep(mishap.lasting_s)
        await tool.switch_on(clock_start_us=0)

    async def _vanish(self, mishap: Mishap) -> None:
        tool = self._stage.peripheral
        await tool.vanish()
        await asyncio.sleep(mishap.lasting_s)
        await tool.switch_on(clock_start_us=_RESTARTED_CLOCK_US)

    async def _compete(self, mishap: Mishap) -> None:
        air, _ = self._on_air()
        controller = air.add_controller("rival")
        rival = Rival(connect_host(controller), self._stage.peripheral.firmware.tool.address)
        await rival.start()
        try:
            await asyncio.sleep(mishap.lasting_s)
        finally:
            await rival.stop()
            air.remove_controller(controller)

    async def _forget(self, _mishap: Mishap) -> None:
        await self._stage.peripheral.hold_button()
        await self._stage.peripheral.lose_link()

    async def _press(self, mishap: Mishap) -> None:
        self._stage.peripheral.press_button(mishap.presses)

    async def _lie(self, mishap: Mishap) -> None:
        firmware = self._stage.peripheral.firmware
        if not isinstance(firmware, LyingFirmware):
            raise CannotStageError("this tool's firmware cannot lie")
        firmware.lie = mishap.lie
        try:
            await asyncio.sleep(mishap.lasting_s)
        finally:
            firmware.lie = None

    def _on_air(self) -> tuple[Air, RadioController]:
        air, controller = self._stage.air, self._stage.controller
        if air is None or controller is None:
            raise CannotStageError("there is no air here")
        return air, controller

    _acts: Final[dict[MishapKind, Callable[["Director", Mishap], Awaitable[None]]]] = {
        MishapKind.OUT_OF_RANGE: _stray,
        MishapKind.WEAK_LINK: _weaken,
        MishapKind.LINK_LOST: _lose_link,
        MishapKind.BATTERY_DIES: _run_down,
        MishapKind.TOOL_RESTARTS: _restart,
        MishapKind.TOOL_VANISHES: _vanish,
        MishapKind.SECOND_CENTRAL: _compete,
        MishapKind.BOND_FORGOTTEN: _forget,
        MishapKind.BUTTON: _press,
        MishapKind.FIRMWARE_LIES: _lie,
    }


def _report(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a mishap failed", "exception": error}
        )
