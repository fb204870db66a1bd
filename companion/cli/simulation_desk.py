"""Simulated tools as the simulation's screen sees them, and the keys that trouble them."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from companion.texts import text
from companion.tui.simulated import Action, Happening, RadioState, ToolLook
from simulators.peripheral import Peripheral
from simulators.radio import Air
from simulators.simulated_tool import SimulatedTool

MOST_HAPPENINGS: Final = 500
_HARDER: Final = 1.25
_DRAIN_PERCENT_PER_HOUR: Final = 100 / (30 / 3600)
"""From full to empty within half a minute."""
_MICROSECONDS: Final = 1_000_000


@dataclass(slots=True)
class _Seat:
    """One tool at the desk."""

    tool: SimulatedTool
    peripheral: Peripheral
    factor: float = 1.0
    is_away: bool = False
    is_frozen: bool = False
    is_draining: bool = False


class Desk:
    """All tools of a simulation, to be looked at and acted on.

    Attributes:
        air: where they are, in words.

    Args:
        air: the same.
        tell: takes each happening as it comes; None for nobody.
        radio: the air itself, where it is in this process.
    """

    def __init__(
        self, air: str, tell: Callable[[Happening], None] | None = None, radio: Air | None = None
    ) -> None:
        self.air = air
        self._tell = tell
        self._radio = radio
        self._began_s = asyncio.get_running_loop().time()
        self._seats: list[_Seat] = []
        self._said: deque[Happening] = deque(maxlen=MOST_HAPPENINGS)
        self._tasks: set[asyncio.Task[None]] = set()

    def seat(self, tool: SimulatedTool, peripheral: Peripheral) -> None:
        """Take a tool in, once it is switched on."""
        self._seats.append(_Seat(tool, peripheral))

    def say(self, tool: str, words: str) -> None:
        """Write a line into the log."""
        happening = Happening(asyncio.get_running_loop().time() - self._began_s, tool, words)
        self._said.append(happening)
        if self._tell is not None:
            self._tell(happening)

    def tools(self) -> list[ToolLook]:
        """Every tool as it stands now."""
        return [_look(seat) for seat in self._seats]

    def happenings(self) -> tuple[Happening, ...]:
        """What has happened so far, newest last."""
        return tuple(self._said)

    def act(self, place: int, action: Action) -> None:
        """Do something to the tool at this place."""
        seat = self._seats[place]
        does = {
            Action.HARDER: lambda: self._press(seat, _HARDER),
            Action.SOFTER: lambda: self._press(seat, 1 / _HARDER),
            Action.AWAY: lambda: self._walk(seat),
            Action.FREEZE: lambda: self._freeze(seat),
            Action.DRAIN: lambda: self._drain(seat),
            Action.BUTTON: lambda: self._push(seat),
            Action.LOSE: lambda: self._lose(seat),
            Action.SWITCH: lambda: self._switch(seat),
        }
        self.say(seat.tool.data.name, does[action]())

    async def close(self) -> None:
        """Wait for what is still being done."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _push(self, seat: _Seat) -> str:
        seat.peripheral.press_button()
        return text("simulation.did.button")

    def _lose(self, seat: _Seat) -> str:
        self._spawn(seat.peripheral.lose_link())
        return text("simulation.did.lose")

    def _press(self, seat: _Seat, times: float) -> str:
        seat.factor *= times
        seat.tool.performance.press_harder(seat.factor, self._now_us(seat))
        return text("simulation.did.press", factor=seat.factor)

    def _walk(self, seat: _Seat) -> str:
        controller = seat.tool.controller
        if self._radio is None or controller is None:
            return text("simulation.did.no_air")
        seat.is_away = not seat.is_away
        if seat.is_away:
            self._radio.put_away(controller)
            return text("simulation.did.away")
        self._radio.bring_back(controller)
        return text("simulation.did.back")

    def _freeze(self, seat: _Seat) -> str:
        now_us, performance = self._now_us(seat), seat.tool.performance
        if not seat.tool.data.feature.force_channels:
            return text("simulation.did.no_force")
        seat.is_frozen = not seat.is_frozen
        if seat.is_frozen:
            performance.fault("force", "frozen", now_us)
            return text("simulation.did.frozen")
        performance.clear_fault("force", now_us)
        return text("simulation.did.thawed")

    def _drain(self, seat: _Seat) -> str:
        seat.is_draining = not seat.is_draining
        seat.peripheral.plug(is_plugged=not seat.is_draining)
        seat.peripheral.drain(_DRAIN_PERCENT_PER_HOUR if seat.is_draining else 0.0)
        return text("simulation.did.draining" if seat.is_draining else "simulation.did.plugged")

    def _switch(self, seat: _Seat) -> str:
        if seat.peripheral.is_on:
            self._spawn(seat.peripheral.power_off())
            return text("simulation.did.off")
        self._spawn(self._switch_on(seat))
        return text("simulation.did.on")

    async def _switch_on(self, seat: _Seat) -> None:
        if seat.peripheral.firmware.battery_percent == 0:
            seat.is_draining = False
            seat.peripheral.drain(0.0)
            seat.peripheral.plug(is_plugged=True)
        await seat.peripheral.switch_on()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _now_us(self, seat: _Seat) -> int:
        return seat.peripheral.device_us


def _look(seat: _Seat) -> ToolLook:
    peripheral, data = seat.peripheral, seat.tool.data
    firmware, link = peripheral.firmware, seat.peripheral.link_look
    device_s = peripheral.device_us / _MICROSECONDS
    force_n, pressure_kpa, place = _hand(seat.tool, device_s)
    run = firmware.run_look
    return ToolLook(
        name=data.name,
        address=data.address,
        radio=_radio(peripheral),
        central="" if link is None else link.central,
        is_encrypted=link is not None and link.is_encrypted,
        mtu=0 if link is None else link.mtu,
        interval_ms=0.0 if link is None else link.interval_ms,
        rate_hz=None if run is None else run.rate_hz,
        samples=0 if run is None else run.samples,
        dropped=peripheral.dropped_frames,
        battery_percent=firmware.battery_percent,
        place=place,
        force_n=force_n,
        pressure_kpa=pressure_kpa,
        factor=seat.factor,
        is_away=seat.is_away,
        is_frozen=seat.is_frozen,
        is_draining=seat.is_draining,
        is_buzzing=firmware.is_buzzing,
        passkey=peripheral.passkey,
    )


def _radio(peripheral: Peripheral) -> RadioState:
    if not peripheral.is_on:
        return RadioState.OFF
    if peripheral.is_connected:
        return RadioState.CONNECTED
    return RadioState.ADVERTISING if peripheral.is_advertising else RadioState.IDLE


def _hand(tool: SimulatedTool, device_s: float) -> tuple[float | None, float | None, str]:
    """Return the true force (N) and pressure (kPa), and what the hand does, in words."""
    if tool.performance.finished_us is None:
        return None, None, text("simulation.hand.waits")
    truth = tool.performance.truth
    step = next((s for s in truth.steps if s.start_s <= device_s <= s.end_s), None)
    if step is None:
        return None, None, ""
    done = sum(contact.end_s <= device_s for contact in step.contacts)
    place = text(
        "simulation.hand.step",
        step=step.id,
        technique=step.technique,
        done=done,
        contacts=len(step.contacts),
    )
    return truth.force_n(device_s), truth.pressure_kpa(device_s), place
