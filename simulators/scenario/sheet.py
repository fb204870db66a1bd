"""A scenario as plain data: the person, the manner of working, and what differs where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulators.scenario.mishaps import Mishap

Range = tuple[float, float]

Habit = Range | float | str
"""What a key of the table ``[hand]`` holds."""

WayBack = Literal["air", "light", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a person works; every pair is a range from which each movement draws its own value.

    Names, units and limits are those of the table ``[hand]`` in docs/scenarios.md.

    Attributes:
        first_contact_s: from the start of the performance to the first touch.
        speed_cm_s: mean speed of a glide over its whole length (its peak is 1.875 times that).
        pace_swing: share by which the pace quickens and slows again from stroke to stroke.
        return_s: the way back in the air from one stroke to the next, with its pause.
        way_back: through the air, lightly over the skin, or as a stroke of its own.
        back_force: share of the stroke's force on a light way back.
        reach: share of a zone's path that one stroke covers.
        beside_cm: how far beside the zone's path a stroke runs.
        aim: where in the band the force is aimed at, 0 its low and 1 its high end.
        firmness: factor on the force aimed at.
        ramp_s: how long the force takes to rise, and to fall.
        unsteadiness: how far the force wanders about its aim, as a share of it.
        share_wobble: how far the load wanders between the force channels, as a share of each.
        pauses: share of the strokes that rest on the skin once.
        pause_s: how long such a rest lasts.
        tap_contact_s: how long one tap touches.
        tap_rate_hz: taps per second.
        double_taps: share of the taps that come in pairs.
        double_tap_rate_hz: taps per second within a pair.
        hold_s: how long a press-and-hold lasts.
        revolutions: circles made in one contact.
        circle_radius_cm: their radius.
        squeezes: squeezes of one kneading contact.
        knead_rate_hz: squeezes per second.
        pinch_s: how long one pinch lasts.
        stretch_cm: how far a stretch pulls.
        stretch_s: how long it takes.
        step_pause_s: the way in the air from one step to the next.
        lays_down: share of these ways on which the tool is laid down in between.
        laid_down_s: for how long it lies.
        yaw_deg: how far the tool points beside the stroke's direction, towards the own shoulder.
        tilt_deg: how far the tool leans over about its wheel's axle.
        wheel_slip: share of the gliding that the wheel does not follow while it slips.
        wheel_slip_lasts: for what share of a stroke it slips.
    """

    first_contact_s: float
    speed_cm_s: Range
    pace_swing: Range
    return_s: Range
    way_back: WayBack
    back_force: Range
    reach: Range
    beside_cm: Range
    aim: Range
    firmness: Range
    ramp_s: Range
    unsteadiness: Range
    share_wobble: Range
    pauses: float
    pause_s: Range
    tap_contact_s: Range
    tap_rate_hz: Range
    double_taps: float
    double_tap_rate_hz: Range
    hold_s: Range
    revolutions: Range
    circle_radius_cm: Range
    squeezes: Range
    knead_rate_hz: Range
    pinch_s: Range
    stretch_cm: Range
    stretch_s: Range
    step_pause_s: Range
    lays_down: float
    laid_down_s: Range
    yaw_deg: Range
    tilt_deg: Range
    wheel_slip: Range
    wheel_slip_lasts: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who holds the tool, and how they sit or lie.

    Attributes:
        hand: right or left.
        recline_deg: 0 upright, 90 lying on the back; below 0 bowed forward.
    """

    hand: Literal["right", "left"] = "right"
    recline_deg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which steps of the tool are meant: one by its id, all of a zone (and side), or every one.

    Attributes:
        step: id of the planned step, or empty.
        zone: zone of the planned step, or empty.
        side: side of the planned step, or empty.
    """

    step: str = ""
    zone: str = ""
    side: str = ""

    def means(self, step: str, zone: str, side: str) -> bool:
        """Return whether the step with this id, zone and side is meant."""
        if self.step:
            return step == self.step
        return self.zone in ("", zone) and self.side in ("", side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(Place):
    """One contact that presses harder than it should.

    Where ``step`` names none, the first step of the tool in that zone (and side) is meant. With
    ``at_s`` the contact of that moment presses, otherwise each of ``repetitions``.

    Attributes:
        repetitions: which contacts of the step, counted from 1.
        at_s: seconds from the start of the performance.
        peak_kpa: pressure held.
        duration_s: for how long it is held, besides rise and fall.
    """

    repetitions: tuple[int, ...] = ()
    at_s: float | None = None
    peak_kpa: float
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Place):
    """What differs in some steps.

    Attributes:
        repetitions: in which repetitions, counted from 1; empty: all.
        technique: performed in place of the step's own, or empty.
        direction: stroked in place of the step's own, or empty.
        reverse: strokes go the other way.
        friction: of the tool on the skin there, coefficient at rest; None: as everywhere.
        habits: what replaces the usual ones.
    """

    repetitions: tuple[int, ...] = ()
    technique: str = ""
    direction: str = ""
    reverse: bool = False
    friction: float | None = None
    habits: Mapping[str, Habit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault:
    """A sensor that fails.

    Attributes:
        part: force, imu or wheel.
        kind: frozen, missing, saturated, drifting or noisy.
        at_s: seconds from the start of the performance.
        lasting_s: for how long; None: to the end.
        amount: how much, where the kind has a measure.
    """

    part: Literal["force", "imu", "wheel"]
    kind: Literal["frozen", "missing", "saturated", "drifting", "noisy"]
    at_s: float
    lasting_s: float | None = None
    amount: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is to happen.

    Attributes:
        name: the file's name without its ending, or several joined by ``+``.
        title: in few words, for a list.
        description: one or two sentences.
        habits: how the person works.
        person: who it is.
        friction: of the tool on the skin, coefficient at rest.
        presses: contacts that press too hard.
        changes: what differs in some steps; later ones win.
        faults: sensors that fail.
        mishaps: what goes wrong around the tool.
    """

    name: str
    title: str
    description: str
    habits: Habits
    person: Person = Person()
    friction: float = 0.1
    presses: tuple[Press, ...] = ()
    changes: tuple[Change, ...] = ()
    faults: tuple[PlannedFault, ...] = ()
    mishaps: tuple[Mishap, ...] = ()
