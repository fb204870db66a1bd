"""From a touch to a contact: its force, its edge, and its flaws."""

import math
from typing import Final, NamedTuple

from simulators.hand.chance import Chance
from simulators.hand.manner import Manner
from simulators.hand.moves import Contact, Excess, Slip, Touch, Wander
from simulators.scenario import Habits, Press, Range
from simulators.tool_data import Edge, Sensors

EXCESS_LEAD_S: Final = 0.5
"""The usual pressure before and after a press that is too hard, in a stroke."""

_EXCESS_RAMP_S: Final = 0.15

_LIGHTEST_SHARE: Final = 0.1
"""Of the band's low end: a contact lighter than that is none."""

_WANDER_RATES_HZ: Final = ((0.3, 0.6), (0.7, 1.2))


class Begin(NamedTuple):
    """Where in the performance a contact begins: step, its repetition from 0, seconds."""

    step: int
    repetition: int
    at_s: float


class Contacts:
    """Makes the contacts of one person with one tool."""

    def __init__(self, sensors: Sensors, chance: Chance) -> None:
        self._sensors = sensors
        self._chance = chance

    def make(self, manner: Manner, touch: Touch, press: Press | None, begin: Begin) -> Contact:
        """Return a contact that begins there; a press that is too hard may make it longer."""
        habits, excess = manner.habits, None
        aim = self._aim_kpa(manner)
        if press is not None:
            lead = EXCESS_LEAD_S if touch.glides else _EXCESS_RAMP_S
            touch = touch.lasting(max(touch.duration_s, press.duration_s + 2 * lead))
            excess = _excess(press, begin.at_s, touch.duration_s, lead)
            aim = aim if touch.glides else 0.0
        edge = self._sensors.edge_for(manner.step.zone)
        return Contact(
            start_s=begin.at_s,
            step=begin.step,
            repetition=begin.repetition,
            touch=touch,
            edge=edge,
            aim_kpa=aim,
            wander=self._wander(habits.unsteadiness),
            wobble=self._wobble(edge, habits),
            excess=excess,
            slip=self._slip(touch, habits),
            friction=manner.friction,
        )

    def _aim_kpa(self, manner: Manner) -> float:
        step, habits, between = manner.step, manner.habits, self._chance.between
        aim = step.low_kpa + (step.high_kpa - step.low_kpa) * between(habits.aim)
        return max(aim, _LIGHTEST_SHARE * step.low_kpa) * between(habits.firmness)

    def _wander(self, strays: Range) -> Wander:
        between = self._chance.between
        slow, quick = _WANDER_RATES_HZ
        share = between(strays)
        return Wander(
            shares=(0.6 * share, 0.4 * share),
            rates_hz=(between(slow), between(quick)),
            phases=(between((0.0, 2 * math.pi)), between((0.0, 2 * math.pi))),
        )

    def _wobble(self, edge: Edge, habits: Habits) -> tuple[Wander, ...]:
        if len(edge.shares) < 2:  # noqa: PLR2004 - one channel bears it all
            return ()
        return tuple(self._wander(habits.share_wobble) for _ in edge.shares)

    def _slip(self, touch: Touch, habits: Habits) -> Slip | None:
        if not touch.glides or habits.wheel_slip[1] == 0:
            return None
        between = self._chance.between
        lasts = touch.duration_s * between(habits.wheel_slip_lasts)
        start = between((0.0, touch.duration_s - lasts))
        return Slip(start_s=start, end_s=start + lasts, share=between(habits.wheel_slip))


def _excess(press: Press, start_s: float, duration_s: float, lead_s: float) -> Excess:
    """Return the hard press inside a contact: at its own time where that fits, else midway."""
    latest = duration_s - lead_s - press.duration_s
    if press.at_s is None:
        begins = (duration_s - press.duration_s) / 2
    else:
        begins = min(max(press.at_s - start_s, lead_s), latest)
    return Excess(
        start_s=begins - _EXCESS_RAMP_S,
        end_s=begins + press.duration_s + _EXCESS_RAMP_S,
        ramp_s=_EXCESS_RAMP_S,
        peak_kpa=press.peak_kpa,
    )
