"""From a plan to movements: steps in order, repetitions, pauses, presses that are too hard."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulators.hand.chance import Chance
from simulators.hand.contacts import EXCESS_LEAD_S, Begin, Contacts
from simulators.hand.grip import Grip
from simulators.hand.manner import Manner, Manners, Presses
from simulators.hand.moves import Carry, Contact, Move, Pose, Rest, Touch
from simulators.hand.touches import Touches, Turn
from simulators.plan import Plan, PlannedStep
from simulators.scenario import Change, Press, Scenario
from simulators.tool_data import Sensors, ToolData

_BEFORE_WORK_S: Final = 0.8
_AWAY_S: Final = 2.0
_LAYS_DOWN_S: Final = (1.0, 1.6)
_LIFT_M: Final = 0.025
_TAP_LIFT_M: Final = 0.012
_TAP_LIFT_MPS2: Final = 0.35
"""A quick tap lifts less: this much per squared second of its way."""

_TAP_WAY_S: Final = 0.1
_SWING_PERIOD: Final = (4.0, 8.0)
"""In how many contacts the pace swings once."""


@dataclass(frozen=True, slots=True)
class Performed:
    """The movements of a whole plan, without a gap between them.

    Attributes:
        moves: in order of time, from 0.
        step_spans: start and end of each step, seconds.
        unused: presses and changes of the scenario that fitted nothing in the plan.
    """

    moves: tuple[Move, ...]
    step_spans: tuple[tuple[float, float], ...]
    unused: tuple[Press | Change, ...]

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The contacts, in order."""
        return tuple(move for move in self.moves if isinstance(move, Contact))


def perform(
    plan: Plan, tool: ToolData, scenario: Scenario, random: np.random.Generator
) -> Performed:
    """Return what the hand does, times counted from its start.

    Raises:
        CannotPerformError: a step's technique is not known.
        UnknownPlaceError: a step's zone, side or direction is not known.
    """
    person = _Person(Grip(tool, scenario.person.hand), Chance(random), tool.sensors)
    manners, presses = Manners(scenario), Presses(scenario.presses, plan.steps)
    hand = _Hand(person, manners, presses)
    spans = hand.perform(plan)
    return Performed(tuple(hand.moves), spans, (*presses.unused, *manners.unused))


class _Person:
    """One person's grip, touches and contacts."""

    def __init__(self, grip: Grip, chance: Chance, sensors: Sensors) -> None:
        self.grip = grip
        self.chance = chance
        self.touches = Touches(grip, chance)
        self.contacts = Contacts(sensors, chance)


class _Hand:
    """Lays one movement after the other."""

    def __init__(self, person: _Person, manners: Manners, presses: Presses) -> None:
        self._person = person
        self._manners = manners
        self._presses = presses
        self._pose = person.grip.ready
        self._now = _BEFORE_WORK_S
        self.moves: list[Move] = [Rest(0.0, _BEFORE_WORK_S, self._pose)]

    def perform(self, plan: Plan) -> tuple[tuple[float, float], ...]:
        """Perform all steps; return each one's start and end."""
        spans = []
        for index, step in enumerate(plan.steps):
            began = self._now if index else 0.0
            if step.hand_only:
                self._rest_in_other_hand(step)
            else:
                self._work(index, step)
            spans.append((began, self._now))
        self._carry(self._person.grip.ready, _AWAY_S)
        return tuple(spans)

    def _step_pause(self, manner: Manner) -> float:
        if len(self.moves) == 1:
            return manner.habits.first_contact_s - _BEFORE_WORK_S
        return self._person.chance.between(manner.habits.step_pause_s)

    def _rest_in_other_hand(self, step: PlannedStep) -> None:
        self._carry(self._person.grip.put_aside, self._step_pause(self._manners.of(step, 1)))
        end = self._now + step.duration_s
        self.moves.append(Rest(self._now, end, self._pose))
        self._now = end

    def _lay_down(self, manner: Manner) -> None:
        """Lay the tool down before the next step, in a share of all cases."""
        habits, chance = manner.habits, self._person.chance
        if chance.falls(habits.lays_down):
            self._carry(self._person.grip.laid_down, chance.between(_LAYS_DOWN_S))
            end = self._now + chance.between(habits.laid_down_s)
            self.moves.append(Rest(self._now, end, self._pose, is_laid_down=True))
            self._now = end

    def _work(self, index: int, step: PlannedStep) -> None:
        work = _Work(step, self._person.chance, self._manners.of(step, 1))
        while (left := step.repetitions - work.done) > 0:
            manner = self._manners.of(step, work.done + 1)
            pace = work.pace()
            work.pair(manner, left)
            if not work.done and len(self.moves) > 1:
                self._lay_down(manner)
            touch = self._person.touches.draw(work.turn(manner, pace, left))
            way = work.way(manner, touch, pace) if work.done else self._step_pause(manner)
            which = range(work.done + 1, work.done + 1 + touch.repetitions)
            over = self._now + way + touch.duration_s + manner.habits.return_s[1] + EXCESS_LEAD_S
            press = self._presses.due(index, which, reached_s=over)
            if press is not None and press.at_s is not None:
                way = max(way, press.at_s - EXCESS_LEAD_S - self._now)
            begin = Begin(index, work.done, self._now + way)
            contact = self._person.contacts.make(manner, touch, press, begin)
            self._carry(contact.first, way, lift_m=work.lift_m(manner, way))
            self.moves.append(contact)
            self._now, self._pose = contact.end_s, contact.last
            work.made(touch)

    def _carry(self, target: Pose, duration_s: float, *, lift_m: float = _LIFT_M) -> None:
        end = self._now + duration_s
        self.moves.append(Carry(self._now, end, self._pose, target, lift_m))
        self._now, self._pose = end, target


class _Work:
    """One step under way: what is done, how the pace swings, which taps come in pairs."""

    def __init__(self, step: PlannedStep, chance: Chance, manner: Manner) -> None:
        self._step = step
        self._chance = chance
        self._swing = chance.between(manner.habits.pace_swing)
        self._period = chance.between(_SWING_PERIOD)
        self._phase = chance.between((0.0, 2 * math.pi))
        self._contact = 0
        self._pair: Literal["", "first", "second"] = ""
        self._last_s = 0.0
        self.done = 0

    def pace(self) -> float:
        """Return the factor on the usual speed; over a swing its logarithm's mean is 0."""
        angle = 2 * math.pi * self._contact / self._period + self._phase
        return math.exp(math.log1p(self._swing) * math.sin(angle))

    def pair(self, manner: Manner, left: int) -> None:
        """Decide whether the next tap begins or ends a pair."""
        if self._pair == "first":
            self._pair = "second"
        elif manner.step.technique == "tap" and left > 1:
            self._pair = "first" if self._chance.falls(manner.habits.double_taps) else ""
        else:
            self._pair = ""

    def turn(self, manner: Manner, pace: float, left: int) -> Turn:
        """Return what the next contact is to be."""
        return Turn(
            step=manner.step,
            habits=manner.habits,
            contact=self._contact,
            place=(self.done + 0.5) / self._step.repetitions,
            reverse=manner.reverse,
            pace=pace,
            left=left,
            quick=bool(self._pair),
        )

    def way(self, manner: Manner, touch: Touch, pace: float) -> float:
        """Return how long the way through the air to the next contact is."""
        habits = manner.habits
        if self._pair == "second":
            period = 1.0 / self._chance.between(habits.double_tap_rate_hz)
            return max(period - self._last_s, _TAP_WAY_S)
        if manner.step.technique == "tap":
            period = 1.0 / (self._chance.between(habits.tap_rate_hz) * pace)
            return max(period - touch.duration_s, _TAP_WAY_S)
        return self._chance.between(habits.return_s) / pace

    def lift_m(self, manner: Manner, way_s: float) -> float:
        """Return how far the tool lifts off on the way."""
        if not self.done or manner.step.technique != "tap":
            return _LIFT_M
        return min(_TAP_LIFT_M, _TAP_LIFT_MPS2 * way_s**2)

    def made(self, touch: Touch) -> None:
        """Count a contact; the two taps of a pair are on the same side."""
        self.done += touch.repetitions
        self._last_s = touch.duration_s
        self._contact += self._pair != "first"
