"""From a plan to movements: steps in order, repetitions, pauses, presses that are too hard."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.hand.moves import Carry, Contact, Excess, Move, Pose, Rest, Wander
from simulators.hand.touches import Touch, Touches
from simulators.plan import Plan, PlannedStep
from simulators.scenario import Habits, Press, Scenario
from simulators.tool_data import Sensors

_EXCESS_RAMP_S: Final = 0.15
_EXCESS_LEAD_S: Final = 0.5
"""The usual pressure before and after a press that is too hard, in a stroke."""

_LIGHTEST_SHARE: Final = 0.1
"""Of the band's low end: a contact lighter than that is none."""

_BEFORE_WORK_S: Final = 0.8
_AWAY_S: Final = 2.0
_LIFT_M: Final = 0.025
_TAP_LIFT_M: Final = 0.012
_WANDER_RATES_HZ: Final = ((0.3, 0.6), (0.7, 1.2))
_UP: Final = np.array([0.0, 0.0, 1.0])

_READY: Final = ((0.10, 0.32, -0.12), (-0.3, -0.5, 0.8), (0.0, -0.85, -0.5))
"""Held before the face: point, tip and press direction in the face frame."""

_OTHER_HAND: Final = ((-0.16, 0.26, -0.34), (0.2, 0.9, 0.3), (0.1, 0.2, -1.0))
"""Resting in the other hand."""


@dataclass(frozen=True, slots=True)
class Performed:
    """The movements of a whole plan, without a gap between them.

    Attributes:
        moves: in order of time, from 0.
        step_spans: start and end of each step, seconds.
        unused: presses of the scenario that fitted no contact of the plan.
    """

    moves: tuple[Move, ...]
    step_spans: tuple[tuple[float, float], ...]
    unused: tuple[Press, ...]


def perform(
    plan: Plan, sensors: Sensors, scenario: Scenario, random: np.random.Generator
) -> Performed:
    """Return what the hand does, times counted from its start.

    Raises:
        CannotPerformError: a step's technique cannot be done with a tool.
        UnknownPlaceError: a step's zone, side or direction is not known.
    """
    touches = Touches(scenario.habits, sensors, random)
    return _Hand(touches, scenario.habits, _assigned(plan, scenario.presses)).perform(plan)


def _assigned(plan: Plan, presses: Iterable[Press]) -> list[tuple[int | None, Press]]:
    """Return each press with the index of the step it belongs to."""
    return [
        (next((i for i, step in enumerate(plan.steps) if _meant(step, press)), None), press)
        for press in presses
    ]


def _meant(step: PlannedStep, press: Press) -> bool:
    if step.hand_only:
        return False
    if press.step:
        return step.id == press.step
    return step.zone == press.zone and press.side in ("", step.side)


class _Hand:
    """Lays one movement after the other."""

    def __init__(
        self, touches: Touches, habits: Habits, presses: list[tuple[int | None, Press]]
    ) -> None:
        self._touches = touches
        self._habits = habits
        self._waiting = presses
        self._used: set[Press] = set()
        self._ready = self._pose(_READY)
        self._moves: list[Move] = [Rest(0.0, _BEFORE_WORK_S, self._ready)]
        self._now = _BEFORE_WORK_S
        self._pose_now = self._ready

    def perform(self, plan: Plan) -> Performed:
        spans = []
        for index, step in enumerate(plan.steps):
            began = self._now if index else 0.0
            if step.hand_only:
                self._rest_in_other_hand(step)
            else:
                self._work(index, step)
            spans.append((began, self._now))
        self._carry(self._ready, _AWAY_S)
        unused = tuple(press for _, press in self._waiting if press not in self._used)
        return Performed(tuple(self._moves), tuple(spans), unused)

    def _pose(self, held: tuple[tuple[float, float, float], ...]) -> Pose:
        point, tip, press = (np.array(vector) for vector in held)
        return Pose(point, self._touches.pose_rotation(tip, press), _UP)

    def _step_pause(self) -> float:
        if len(self._moves) == 1:
            return self._habits.first_contact_s - _BEFORE_WORK_S
        return self._touches.between(self._habits.step_pause_s)

    def _rest_in_other_hand(self, step: PlannedStep) -> None:
        self._carry(self._pose(_OTHER_HAND), self._step_pause())
        end = self._now + step.duration_s
        self._moves.append(Rest(self._now, end, self._pose_now))
        self._now = end

    def _work(self, index: int, step: PlannedStep) -> None:
        for repetition in range(step.repetitions):
            touch = self._touches.draw(step, repetition)
            way = self._way(step, touch) if repetition else self._step_pause()
            press = self._press(index, repetition + 1, self._now + way + touch.duration_s)
            if press is not None and press.at_s is not None:
                way = max(way, press.at_s - _EXCESS_LEAD_S - self._now)
            lift = _TAP_LIFT_M if repetition and step.technique == "tap" else _LIFT_M
            contact = self._contact(index, step, touch, press, start_s=self._now + way)
            self._carry(contact.first, way, lift_m=lift)
            self._moves.append(contact)
            self._now, self._pose_now = contact.end_s, contact.last

    def _way(self, step: PlannedStep, touch: Touch) -> float:
        if step.technique == "tap":
            return 1.0 / self._touches.between(self._habits.tap_rate_hz) - touch.duration_s
        return self._touches.between(self._habits.return_s)

    def _press(self, index: int, repetition: int, would_end_s: float) -> Press | None:
        for step, press in self._waiting:
            if step != index:
                continue
            due = repetition in press.repetitions
            if press.at_s is not None:
                next_begins_s = would_end_s + self._habits.return_s[1] + _EXCESS_LEAD_S
                due = press not in self._used and next_begins_s > press.at_s
            if due:
                self._used.add(press)
                return press
        return None

    def _contact(
        self, index: int, step: PlannedStep, touch: Touch, press: Press | None, *, start_s: float
    ) -> Contact:
        share = self._touches.between(self._habits.aim)
        aim = step.low_kpa + (step.high_kpa - step.low_kpa) * share
        aim = max(aim, _LIGHTEST_SHARE * step.low_kpa)
        duration, excess, ramp = touch.duration_s, None, touch.ramp_s
        if press is not None:
            lead = _EXCESS_LEAD_S if touch.glides else _EXCESS_RAMP_S
            duration = max(duration, press.duration_s + 2 * lead)
            excess = _excess(press, start_s, duration, lead)
            aim, ramp = (aim, ramp) if touch.glides else (0.0, _EXCESS_RAMP_S)
        return Contact(
            start_s=start_s,
            end_s=start_s + duration,
            step=index,
            side=touch.side,
            points=touch.points,
            rotations=touch.rotations,
            normals=touch.normals,
            glides=touch.glides,
            aim_kpa=aim,
            ramp_s=ramp,
            wander=self._wander(),
            excess=excess,
        )

    def _wander(self) -> Wander:
        between = self._touches.between
        slow, quick = _WANDER_RATES_HZ
        share = between(self._habits.unsteadiness)
        return Wander(
            shares=(0.6 * share, 0.4 * share),
            rates_hz=(between(slow), between(quick)),
            phases=(between((0.0, 2 * np.pi)), between((0.0, 2 * np.pi))),
        )

    def _carry(self, target: Pose, duration_s: float, *, lift_m: float = _LIFT_M) -> None:
        end = self._now + duration_s
        self._moves.append(Carry(self._now, end, self._pose_now, target, lift_m))
        self._now, self._pose_now = end, target


def _excess(press: Press, start_s: float, duration_s: float, lead_s: float) -> Excess:
    """Return the hard press inside a contact: at its own time where that fits, else midway."""
    latest = start_s + duration_s - lead_s - press.duration_s
    if press.at_s is None:
        begins = start_s + (duration_s - press.duration_s) / 2
    else:
        begins = min(max(press.at_s, start_s + lead_s), latest)
    return Excess(
        start_s=begins - _EXCESS_RAMP_S,
        end_s=begins + press.duration_s + _EXCESS_RAMP_S,
        ramp_s=_EXCESS_RAMP_S,
        peak_kpa=press.peak_kpa,
    )
