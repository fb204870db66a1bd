"""A tool in a person's hand, put together from data: sheet, hand, logic and what goes wrong."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bumble.host import Host

from simulators.mishaps import Begun, Director, LyingFirmware, Mishap, Stage
from simulators.performance import Performance
from simulators.peripheral import Peripheral
from simulators.plan import Plan
from simulators.radio import Air, RadioController
from simulators.scenario import Scenario
from simulators.tool_data import ToolData


class SimulatedTool:
    """A tool, the hand that holds it and the firmware inside; not yet on any air.

    Attributes:
        data: the tool's sheet.
        performance: the hand and the sensors, with the truth about both.
        firmware: the tool's logic.

    Args:
        plan: what the hand is to perform.
        data: with which tool.
        scenario: in what manner.
        seed: draws the person's variation and the sensors' offsets and noise.
        mishaps: what goes wrong besides the scenario's own.

    Raises:
        CannotPerformError: a step cannot be done with a tool.
        UnknownPlaceError: a step names a place that the body does not have.
    """

    def __init__(
        self,
        plan: Plan,
        data: ToolData,
        scenario: Scenario,
        seed: int,
        *,
        mishaps: Iterable[Mishap] = (),
    ) -> None:
        self.data = data
        self.performance = Performance(plan, data, scenario, seed)
        self._mishaps = tuple(mishaps)
        self._begun = Begun(self.performance)
        self.firmware = LyingFirmware(
            data, self._begun, drift_ppm=data.sensors.clock_drift_ppm, channels=data.channels
        )

    @asynccontextmanager
    async def on_air(
        self,
        host: Host,
        *,
        air: Air | None = None,
        controller: RadioController | None = None,
        keys: Path | None = None,
        bonding_s: float | None = None,
    ) -> AsyncIterator[Peripheral]:
        """Switch the tool on behind a host, and let its mishaps happen.

        Args:
            host: its radio: over a virtual controller, a socket or a dongle.
            air: the air it is on, where that is in this process; some mishaps need it.
            controller: its controller there.
            keys: file of its bonds; None keeps them in memory.
            bonding_s: for how long after switch-on or a button press it accepts new bonds.

        Raises:
            CannotStageError: a mishap needs the air, and that is in another process.
        """
        async with (
            Peripheral(self.firmware, host, keys=keys, bonding_s=bonding_s) as peripheral,
            Director(self._mishaps, Stage(peripheral, air, controller), self._begun.event),
        ):
            yield peripheral
