"""A tool in a person's hand, put together from data: sheet, hand, logic and what goes wrong."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bumble.host import Host

from simulators.mishaps import Begun, Director, LyingFirmware, Stage
from simulators.other_tools.wardrobe import dress_of
from simulators.performance import Performance
from simulators.peripheral import Peripheral, controller_address
from simulators.peripheral.look import Notice, no_notice
from simulators.plan import Plan
from simulators.radio import Air, RadioController, connect_host
from simulators.scenario import Mishap, Scenario
from simulators.tool_data import ToolData


class SimulatedTool:
    """A tool, the hand that holds it and the firmware inside; not yet on any air.

    Attributes:
        data: the tool's sheet.
        performance: the hand and the sensors, with the truth about both.
        firmware: the tool's logic.
        controller: its controller, once it is on an air of this process.
        director: what goes wrong, once it is switched on.
        weighs: whether the hand presses it on a scale, in place of a face.

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
        self.weighs = False
        self.performance = Performance(plan, data, scenario, seed)
        self._mishaps = (*scenario.mishaps, *mishaps)
        self._begun = Begun(self.performance)
        self.controller: RadioController | None = None
        self.director: Director | None = None
        self.firmware = LyingFirmware(
            data, self._begun, drift_ppm=data.sensors.clock_drift_ppm, channels=data.channels
        )

    @property
    def radio(self) -> RadioController:
        """Its controller on an air of this process.

        Raises:
            LookupError: it is not on one.
        """
        if self.controller is None:
            raise LookupError("the tool is on no air of this process")
        return self.controller

    def truth(self) -> dict[str, Any]:
        """Return what really happened: the performance's truth, and ``mishaps``.

        Mishaps are in the order in which they began, in the tool's time as all else; ``end_s``
        is None for what still goes on.
        """
        happened = () if self.director is None else self.director.happened
        mishaps = [each.to_dict() for each in happened]
        return self.performance.truth.to_dict() | {"mishaps": mishaps}

    @asynccontextmanager
    async def on_air(
        self,
        air: Air,
        *,
        keys: Path | None = None,
        bonding_s: float | None = None,
        external_power: bool = True,
        notice: Notice = no_notice,
    ) -> AsyncIterator[Peripheral]:
        """Switch the tool on with a controller of its own on an air of this process.

        Args:
            air: where.
            keys: file of its bonds; None keeps them in memory.
            bonding_s: for how long after switch-on or a button press it accepts new bonds; None
                is always.
            external_power: whether it always advertises, and its battery does not drain.
            notice: told in words what happens.
        """
        controller = air.add_controller(self.data.name, address=controller_address(self.data))
        self.controller = controller
        stage = self._behind(
            connect_host(controller),
            (air, controller),
            keys=keys,
            bonding_s=bonding_s,
            external_power=external_power,
            notice=notice,
        )
        try:
            async with stage as peripheral:
                yield peripheral
        finally:
            air.remove_controller(controller)

    @asynccontextmanager
    async def behind(
        self,
        host: Host,
        *,
        keys: Path | None = None,
        bonding_s: float | None = None,
        external_power: bool = True,
        notice: Notice = no_notice,
    ) -> AsyncIterator[Peripheral]:
        """Switch the tool on behind any host: over a socket, a dongle, another process's air.

        Args:
            host: its radio.
            keys: as for `on_air`.
            bonding_s: as for `on_air`.
            external_power: as for `on_air`.
            notice: as for `on_air`.

        Raises:
            CannotStageError: a mishap needs the air itself.
        """
        stage = self._behind(
            host,
            None,
            keys=keys,
            bonding_s=bonding_s,
            external_power=external_power,
            notice=notice,
        )
        async with stage as peripheral:
            yield peripheral

    @asynccontextmanager
    async def _behind(
        self,
        host: Host,
        place: tuple[Air, RadioController] | None,
        *,
        keys: Path | None,
        bonding_s: float | None,
        external_power: bool,
        notice: Notice,
    ) -> AsyncIterator[Peripheral]:
        peripheral = Peripheral(
            self.firmware,
            host,
            keys=keys,
            bonding_s=bonding_s,
            external_power=external_power,
            notice=notice,
            dress=dress_of(self.data.serves),
        )
        air, controller = place or (None, None)
        director = Director(self._mishaps, Stage(peripheral, air, controller), self._begun.event)
        async with peripheral, director:
            self.director = director
            yield peripheral
