"""A person with a tool: performs a plan in a scenario's manner, and the tool's sensors read it."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.hand import GRID_HZ, Skin, Tremor, drawn, held_still, perform, up_when_reclined
from simulators.hand.curves import Floats, ease
from simulators.plan import Plan
from simulators.scenario import PlannedFault, Scenario
from simulators.sensors import Felt, SensorBank, SensorFault, SensorSample
from simulators.tool_data import ToolData
from simulators.truth import Course, TrueFault, Truth, find_truth

_MICROSECONDS: Final = 1_000_000
_LONG_BEFORE_S: Final = 10_000_000.0
_HARDER_WITHIN_S: Final = 0.15
"""In this time a hand comes to press harder."""


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
        hand, person, sensors, skin = np.random.SeedSequence(seed).spawn(4)
        self._plan, self._tool, self._scenario = plan, tool, scenario
        self._performed = perform(plan, tool, scenario, np.random.default_rng(hand))
        motion = drawn(
            self._performed.moves,
            Skin(scenario.friction, np.random.default_rng(skin)),
            up=up_when_reclined(scenario.person.recline_deg),
            shares=tool.sensors.edges[0].shares,
        )
        tremor = Tremor.drawn(np.random.default_rng(person))
        self._motion = tremor.over(motion, self._performed.moves)
        self._still = Felt.from_motion(tremor.over(held_still(motion)), tool)
        self._working = Felt.from_motion(self._motion, tool)
        self._bank = SensorBank(tool, sensors)
        self._bank.faults += [_fault(fault) for fault in scenario.faults]
        self._harder: list[tuple[float, float]] = []
        self._began_us: int | None = None
        self._is_held = False
        self._truth: Truth | None = None
        self._presser: Performance | None = None

    def hold_still(self) -> None:
        """Let the hand never start: the tool stays still in the air, to be judged by itself."""
        self._is_held = True

    def be_pressed_by(self, presser: "Performance") -> None:
        """Lie on a table, and feel what another tool presses on; both were switched on together."""
        self._presser = presser
        self._is_held = True

    def begin(self, device_us: int) -> None:
        """Let the hand start at this moment of the tool's clock; a second call changes nothing."""
        if self._began_us is None and not self._is_held:
            self._began_us = device_us
            self._bank.faults[:] = [self._counted_from_now(each) for each in self._bank.faults]

    def sample(self, first_us: int, interval_us: int, count: int) -> list[SensorSample]:
        """Return readings at ``count`` moments, in counts before calibration and tare.

        Args:
            first_us: the tool's clock at the first reading, not wrapped.
            interval_us: microseconds from one reading to the next, above 0.
            count: how many.
        """
        moments_us = first_us + interval_us * np.arange(-1, count)
        times_s = self._times_s(moments_us)
        felt = self._felt(times_s)
        if self._presser is not None and self._presser.finished_us is not None:
            pressed_n = self._presser.truth.forces_n(moments_us / _MICROSECONDS)
            felt = replace(felt, load_n=felt.load_n + pressed_n[:, None], _columns=None)
        return self._bank.read(felt, times_s)

    def press_harder(self, factor: float, device_us: int) -> None:
        """Let every contact press ``factor`` times as hard as the scenario has it, from now on.

        The truth follows. The skin gives no more than before: at a newton that is 2 mm.

        Args:
            factor: 1 is as the scenario has it.
            device_us: from when, on the tool's clock.

        Raises:
            ValueError: the factor is not a positive number.
        """
        if not 0.0 < factor < math.inf:
            raise ValueError(f"a force cannot be {factor:g} times as large")
        self._harder.append((max(float(self._times_s(device_us)), 0.0), factor))
        pressed = replace(self._motion, force_n=self._force_n())
        self._working = Felt.from_motion(pressed, self._tool)
        self._truth = None

    def fault(self, part: str, kind: str, device_us: int, *, amount: float = 0.0) -> None:
        """Let a part of the tool fail from this moment of its clock on.

        Args:
            part: force, imu or wheel.
            kind: frozen, missing, saturated, drifting or noisy.
            device_us: when.
            amount: how badly, as `SensorFault` says; 0: plainly.

        Raises:
            ValueError: there is no such part, or it cannot fail so.
        """
        self._bank.break_down(part, kind, float(self._times_s(device_us)), amount=amount)
        self._truth = None

    def clear_fault(self, part: str, device_us: int) -> None:
        """Let a part work again from this moment of the tool's clock on."""
        self._bank.mend(part, float(self._times_s(device_us)))
        self._truth = None

    @property
    def faults(self) -> tuple[SensorFault, ...]:
        """What failed and fails in the parts that the tool has, in seconds of the performance."""
        return tuple(fault for fault in self._bank.faults if self._bank.has(fault.part))

    def _times_s(self, device_us: int | NDArray[np.int64]) -> Floats:
        """Return seconds of the performance; all before it began are far below 0."""
        if self._began_us is None:
            return np.asarray(device_us / _MICROSECONDS - _LONG_BEFORE_S)
        return np.asarray((device_us - self._began_us) / _MICROSECONDS)

    @property
    def truth(self) -> Truth:
        """What happens in this performance; before ``begin`` as if it began at 0."""
        if self._truth is None or self._truth.began_s != self._began_s:
            self._truth = find_truth(
                self._plan,
                self._performed,
                self._course(),
                self._scenario,
                up=self._motion.up,
                area_m2=self._tool.sensors.contact_area_m2,
                began_s=self._began_s,
                faults=[self._true(fault) for fault in self.faults],
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

    def _felt(self, times_s: Floats) -> Felt:
        """Return what is felt while the tool is worked with, and held still before and after."""
        end_s = (len(self._motion.points) - 1) / GRID_HZ
        if times_s[-1] < 0 or times_s[0] > end_s:
            return self._still.at(times_s)
        working = self._working.at(times_s)
        outside = (times_s < 0) | (times_s > end_s)
        if not outside.any():
            return working
        still = self._still.at(times_s)
        return Felt(
            np.where(outside[:, None], still.motion, working.motion),
            np.where(outside[:, None], still.load_n, working.load_n),
            working.contact_n,
            working.travel_m,
        )

    def _force_n(self) -> Floats:
        """Return the contact force, pressed as hard as asked for."""
        times = np.arange(len(self._motion.points)) / GRID_HZ
        factor, before = np.ones_like(times), 1.0
        for start_s, wanted in self._harder:
            factor += (wanted - before) * ease((times - start_s) / _HARDER_WITHIN_S)
            before = wanted
        force: Floats = self._motion.force_n * factor
        return force

    def _course(self) -> Course:
        area = np.full(len(self._motion.points), self._tool.sensors.contact_area_m2)
        for contact in self._performed.contacts:
            area[contact.rows] = contact.edge.area_m2
        return Course(self._force_n(), area, self._motion.up @ self._motion.rotations)

    def _counted_from_now(self, fault: SensorFault) -> SensorFault:
        """Return a fault that came during the wait, in seconds of what has just begun."""
        if not _is_of_the_wait(fault.start_s):
            return fault
        later_s = _LONG_BEFORE_S - self._began_s
        end_s = None if fault.end_s is None else fault.end_s + later_s
        return replace(fault, start_s=fault.start_s + later_s, end_s=end_s)

    def _true(self, fault: SensorFault) -> TrueFault:
        end_s = None if fault.end_s is None else self._device_s(fault.end_s)
        return TrueFault(fault.word, self._device_s(fault.start_s), end_s)

    def _device_s(self, time_s: float) -> float:
        """Return seconds on the tool's clock for seconds of the performance."""
        return time_s + (_LONG_BEFORE_S if _is_of_the_wait(time_s) else self._began_s)


def _is_of_the_wait(time_s: float) -> bool:
    return time_s < -_LONG_BEFORE_S / 2


def _fault(planned: PlannedFault) -> SensorFault:
    end_s = None if planned.lasting_s is None else planned.at_s + planned.lasting_s
    return SensorFault(planned.part, planned.kind, planned.at_s, end_s, planned.amount)
