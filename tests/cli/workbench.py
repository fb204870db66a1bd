"""A tool whose force is wrong, a hand that presses it on a scale, and sessions with it after."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode
from companion.coaching.events import Event, LimitArmed, Notice
from companion.coaching.stroke_log import StrokeNews
from companion.service import Service
from companion.settings.calibrations import KeptCalibration, load_calibrations
from protocols.telemetry import Telemetry
from simulators.defaults import strokes
from simulators.plan import Plan
from simulators.scale import weighing
from simulators.scenario import Mishap, Scenario, load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import ToolData, load_tool
from tests.cli.room import AIR, ROLLER, Line, Room
from tests.samples_only import SamplesOnly

LOADS_G = (50.0, 100.0, 150.0)
SESSION_S = 16.0


@dataclass
class Workbench(SamplesOnly):
    """A room, what the tool in it is really like, and what was told of sessions.

    Attributes:
        gains: what each channel reads of a newton.
        loads_g: what the hand presses on the scale; None lets it work on a face.
        mishaps: what goes wrong on the scale.
        presser: the tool that was pressed last.
        told: what the last session told.
        shares: judged pressure over the true one, of the last session, where it pressed.
        peak_share: the highest one that was judged over the highest true one, whenever they were:
            another kind of tool has a clock of its own.
        kept: the telemetry that was kept of it.
    """

    room: Room
    gains: tuple[float, ...] = (0.8,)
    loads_g: Sequence[float] | None = LOADS_G
    mishaps: Sequence[Mishap] = ()
    still: bool = False
    told: list[Event] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    peak_share: float = 0.0
    kept: list[Telemetry] = field(default_factory=list)
    presser: SimulatedTool | None = None
    data: ToolData | None = None

    def made(self, name: str, _scenario: str, _plan: Plan, seed: int) -> SimulatedTool:
        """Be what makes the room's tools: a gauge is pressed by the tool that was made before."""
        data = self.data if self.data is not None and name == ROLLER else load_tool(name)
        if self.presser is not None and name != self.room.tools[0]:
            gauge = SimulatedTool(*self._work(data), seed + 1)
            gauge.performance.be_pressed_by(self.presser.performance)
            return gauge
        sensors = replace(data.sensors, force_gains=self.gains)
        plan, tool, scenario = self._work(replace(data, sensors=sensors))
        self.presser = SimulatedTool(plan, tool, scenario, seed, mishaps=self.mishaps)
        if self.still:
            self.presser.performance.hold_still()
        return self.presser

    def _work(self, data: ToolData) -> tuple[Plan, ToolData, Scenario]:
        if self.loads_g is None:
            return strokes(), data, load_scenario("careful")
        plan, scenario = weighing(self.loads_g, data)
        return plan, data, scenario

    def calibrate(self, *arguments: str, typed: Sequence[Line] | None = None) -> int:
        """Type ``companion calibrate``, and what the scale shows."""
        self.loads_g = self.loads_g or LOADS_G
        self.presser = None
        self.room.typed = list(["", *map(str, LOADS_G), ""] if typed is None else typed)
        return main(["calibrate", *AIR, *arguments])

    def work(self, *arguments: str) -> float:
        """Guide for a while with the tool in a hand on a face; return the median share."""
        self.loads_g, self.presser, self.mishaps = None, None, ()
        self.told.clear()
        self.shares.clear()
        self.kept.clear()
        assert main(["run", *AIR, "--json", "--oiled", *arguments]) == 0
        return sorted(self.shares)[len(self.shares) // 2]

    def notices(self) -> list[str]:
        """What notices the last session gave."""
        return [event.key for event in self.told if isinstance(event, Notice)]

    def armed_n(self) -> float:
        """Where the tool's own limit stood last, in newtons of its own."""
        return [event.caution_n for event in self.told if isinstance(event, LimitArmed)][-1]

    def found(self) -> KeptCalibration:
        """What is kept, of the only tool."""
        (kept,) = load_calibrations()
        return kept

    def tool_ppm(self) -> list[int]:
        """The gains in the tool's own memory."""
        (file,) = self.room.folder.glob("*.calibration.json")
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return [gain for gain, _offset in content["calibration"]]

    async def guide(
        self, service: Service, _shown: object, first: Iterable[Event], *_more: object
    ) -> ExitCode:
        """Be what guides a session in lines: compare what is judged with what is true."""
        self.told.extend(first)
        subscription = service.hub.subscribe("test", 4096)
        service.keep(self)
        asyncio.get_running_loop().call_later(SESSION_S, service.request_stop)

        async def listen() -> None:
            async for event in subscription:
                self.told.append(event)

        await service.run(listen)
        tool = self.presser
        assert tool is not None
        points, _ = service.live.trace.since(0)
        truth = tool.performance.truth
        peaks = [point.pressure_kpa for point in points if point.pressure_kpa is not None]
        newest_s = max(point.device_s for point in points)
        true_peak_kpa = max(
            truth.pressure_kpa(moment / 50) for moment in range(round(50 * newest_s))
        )
        self.peak_share = max(peaks, default=0.0) / true_peak_kpa
        for point in points:
            true_kpa = truth.pressure_kpa(point.device_s)
            if true_kpa > 2.0 and point.pressure_kpa is not None:
                self.shares.append(point.pressure_kpa / true_kpa)
        return ExitCode.OK

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Samples were decided on."""
        self.kept.append(telemetry)

    def on_stroke(self, news: StrokeNews) -> None:
        """A stroke was made."""


def workbench(monkeypatch: pytest.MonkeyPatch, room: Room) -> Workbench:
    """Put wrong tools into a room, and listen to its sessions."""
    bench = Workbench(room)
    monkeypatch.setattr("tests.cli.room.in_hand", bench.made)
    monkeypatch.setattr("companion.cli.run.guide_in_lines", bench.guide)
    return bench


def at_home(monkeypatch: pytest.MonkeyPatch, room: Room) -> Workbench:
    """Put a roller that reads 0.8 N for a newton into a room, and make it known as Mine."""
    made = workbench(monkeypatch, room)
    assert main(["pair", *AIR, "--tool", "Aurora roller", "--name", "Mine"]) == 0
    return made
