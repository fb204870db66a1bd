"""A person with a tool: performs a plan in a scenario's manner, and the tool's sensors read it."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from simulators.hand import GRID_HZ, Motion, Tremor, drawn, held_still, perform
from simulators.hand.curves import Floats
from simulators.plan import Plan
from simulators.scenario import Scenario
from simulators.sensors import Felt, SensorBank, SensorSample
from simulators.tool_data import ToolData
from simulators.truth import Truth, find_truth

_MICROSECONDS: Final = 1_000_000


class Performance:
    """One performance of a plan; the same arguments and calls give the same readings.

    All motion is worked out at once, when the object is made. Until ``begin`` and after the end the
    tool is held still in the air. Readings depend on the moments asked for and, for their noise, on
    how many were read before, not on how the calls are cut.
    """

    def __init__(self, plan: Plan, tool: ToolData, scenario: Scenario, seed: int) -> None:
        """Work out the whole performance.

        Args:
            plan: what to perform.
            tool: with which tool.
            scenario: in what manner, with which mishaps.
            seed: draws the person's variation, the sensors' own offsets and their noise.

        Raises:
            CannotPerformError: a step cannot be done with a tool.
            UnknownPlaceError: a step names a place that the body does not have.
        """
        hand, person, sensors = np.random.SeedSequence(seed).spawn(3)
        self._plan = plan
        self._area_m2 = tool.sensors.contact_area_m2
        self._performed = perform(plan, tool.sensors, scenario, np.random.default_rng(hand))
        motion = drawn(self._performed.moves, self._area_m2, _even(tool.feature.force_channels))
        self._force_n = motion.force_n
        tremor = Tremor.drawn(np.random.default_rng(person))
        self._course = _Course.felt(motion, tremor, tool)
        self._bank = SensorBank(tool, sensors)
        self._began_us: int | None = None
        self._truth: Truth | None = None

    def begin(self, device_us: int) -> None:
        """Let the hand start at this moment of the tool's clock; a second call changes nothing."""
        if self._began_us is None:
            self._began_us = device_us

    def sample(self, first_us: int, interval_us: int, count: int) -> list[SensorSample]:
        """Return readings at ``count`` moments, in counts before calibration and tare.

        Args:
            first_us: the tool's clock at the first reading, not wrapped.
            interval_us: microseconds from one reading to the next, above 0.
            count: how many.
        """
        began_us = 0 if self._began_us is None else self._began_us
        moments = first_us - began_us + interval_us * np.arange(-1, count)
        return self._bank.read(
            self._course.at(moments / _MICROSECONDS, waiting=self._began_us is None)
        )

    @property
    def truth(self) -> Truth:
        """What happens in this performance; before ``begin`` as if it began at 0."""
        if self._truth is None or self._truth.began_s != self._began_s:
            self._truth = find_truth(
                self._plan, self._performed, self._force_n, self._area_m2, began_s=self._began_s
            )
        return self._truth

    @property
    def finished_us(self) -> int | None:
        """The tool's clock when the hand is done; None before ``begin``."""
        if self._began_us is None:
            return None
        return self._began_us + round(self._performed.moves[-1].end_s * _MICROSECONDS)

    @property
    def _began_s(self) -> float:
        return (self._began_us or 0) / _MICROSECONDS


@dataclass(frozen=True, slots=True, eq=False)
class _Course:
    """What the tool feels while it is held still and while it is worked with."""

    still: Felt
    working: Felt
    end_s: float

    @classmethod
    def felt(cls, motion: Motion, tremor: Tremor, tool: ToolData) -> Self:
        still = Felt.from_motion(tremor.over(held_still(motion)), tool)
        working = Felt.from_motion(tremor.over(motion), tool)
        return cls(still, working, (len(working.load_n) - 1) / GRID_HZ)

    def at(self, times: Floats, *, waiting: bool) -> Felt:
        if waiting or times[-1] < 0 or times[0] > self.end_s:
            return self.still.at(times)
        working = self.working.at(times)
        outside = (times < 0) | (times > self.end_s)
        if not outside.any():
            return working
        still = self.still.at(times)
        return Felt(
            np.where(outside[:, None], still.motion, working.motion),
            np.where(outside, still.load_n, working.load_n),
            working.contact_n,
            working.travel_m,
        )


def _even(channels: int) -> tuple[float, ...]:
    return (1.0 / channels,) * channels if channels else ()
