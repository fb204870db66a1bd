"""Lets a scenario's mishaps happen, each in its time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Final, Self

from simulators.firmware.body import Body, Reading
from simulators.mishaps.lies import LyingFirmware
from simulators.mishaps.rival import Rival
from simulators.peripheral import Peripheral
from simulators.radio import Air, RadioController, connect_host
from simulators.scenario import CountedFrom, Mishap, MishapKind

_HOUR_S: Final = 3600.0
_MICROSECONDS: Final = 1_000_000
_RESTARTED_CLOCK_US: Final = 3_141_592_653
"""Where the tool's clock begins after it went dead: anywhere, and not where it stood."""
NEEDS_THE_AIR: Final = frozenset(
    {MishapKind.OUT_OF_RANGE, MishapKind.WEAK_LINK, MishapKind.SECOND_CENTRAL}
)
"""Kinds that a tool which joined the air of another process cannot meet with."""


class CannotStageError(ValueError):
    """A mishap that cannot happen where this tool is."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A mishap that has begun.

    Attributes:
        mishap: what was to happen.
        start_s: when it began, in seconds of the tool's continuous clock, as in the truth.
        end_s: when it was over; None while it lasts.
    """

    mishap: Mishap
    start_s: float
    end_s: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, ready for JSON; what its kind does not have is left out."""
        kind = self.mishap.kind
        own: dict[str, Any] = {}
        match kind:
            case MishapKind.WEAK_LINK:
                own = {"loss": self.mishap.loss}
            case MishapKind.BUTTON:
                own = {"presses": self.mishap.presses}
            case MishapKind.FIRMWARE_LIES if self.mishap.lie is not None:
                own = {"lie": self.mishap.lie.value}
        return {"kind": kind.value, "start_s": self.start_s, "end_s": self.end_s} | own


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
        self._going: dict[MishapKind, list[Mishap]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for mishap in self._mishaps:
            if mishap.kind in NEEDS_THE_AIR and stage.air is None:
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
        place, begun = len(self.happened), Happened(mishap, self._device_s())
        self.happened.append(begun)
        try:
            await self._acts[mishap.kind](self, mishap)
        finally:
            self.happened[place] = replace(begun, end_s=self._device_s())

    async def _stray(self, mishap: Mishap) -> None:
        air, controller = self._on_air()

        def apply(going: list[Mishap]) -> None:
            (air.put_away if going else air.bring_back)(controller)

        await self._last(mishap, apply)

    async def _weaken(self, mishap: Mishap) -> None:
        air, controller = self._on_air()

        def apply(going: list[Mishap]) -> None:
            air.set_loss(controller, max((each.loss for each in going), default=0.0))

        await self._last(mishap, apply)

    async def _lose_link(self, _mishap: Mishap) -> None:
        await self._stage.peripheral.lose_link()

    async def _run_down(self, mishap: Mishap) -> None:
        tool = self._stage.peripheral
        tool.plug(is_plugged=False)
        tool.drain(tool.firmware.battery_percent * _HOUR_S / mishap.lasting_s)
        await asyncio.sleep(mishap.lasting_s)
        tool.drain(0.0)
        if not tool.is_plugged:
            # The tool's clock may be slow by a few microseconds.
            tool.set_battery(0)

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

    async def _press(self, mishap: Mishap) -> None:
        self._stage.peripheral.press_button(mishap.presses)

    async def _lie(self, mishap: Mishap) -> None:
        firmware = self._stage.peripheral.firmware
        if not isinstance(firmware, LyingFirmware):
            raise CannotStageError("this tool's firmware cannot lie")

        def apply(going: list[Mishap]) -> None:
            firmware.lie = going[-1].lie if going else None

        await self._last(mishap, apply)

    async def _last(self, mishap: Mishap, apply: Callable[[list[Mishap]], None]) -> None:
        """Let a mishap go on for its time, beside others of its kind.

        Args:
            mishap: which.
            apply: called with all of its kind that go on, oldest first, whenever these change.
        """
        going = self._going.setdefault(mishap.kind, [])
        going.append(mishap)
        apply(going)
        try:
            await asyncio.sleep(mishap.lasting_s)
        finally:
            going.remove(mishap)
            apply(going)

    def _device_s(self) -> float:
        return self._stage.peripheral.device_us / _MICROSECONDS

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
