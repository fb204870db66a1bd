"""From what the hand performed to what is true of it."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from simulators.hand import GRID_HZ, Contact, Performed
from simulators.hand.curves import Floats
from simulators.hand.moves import Glide
from simulators.plan import Plan, PlannedStep
from simulators.scenario import Scenario
from simulators.truth.over_pressure import over_pressure, smoothed
from simulators.truth.sheet import (
    Course,
    Dose,
    Span,
    StepTruth,
    TrueContact,
    TrueFault,
    TrueSlip,
    TrueStroke,
    Truth,
)

_VERTICAL_SHARE: Final = 0.6
_LOOP_SHARE: Final = 0.2
"""Of the way: a net displacement below it has no direction."""

_PAUSE_S: Final = 3.0
"""Pauses shorter than this belong to the work: docs/recordings.md, "Active"."""

_INJURY_KPA: Final = 9.3
"""70 mmHg, from where lymph vessels were injured: Eliska and Eliskova, Lymphology 1995;28:21."""

_FACE_UP: Final = np.array([0.0, 0.0, 1.0])


class _Known:
    """What is needed to tell what a contact was."""

    def __init__(self, course: Course, up: Floats, began_s: float) -> None:
        self.force_n = course.force_n
        self.pressure_kpa = course.pressure_kpa
        self.up = up
        self.began_s = began_s


def find_truth(
    plan: Plan,
    performed: Performed,
    course: Course,
    scenario: Scenario,
    *,
    up: Floats,
    area_m2: float,
    began_s: float,
    faults: Iterable[TrueFault] = (),
) -> Truth:
    """Return the truth about a performance that began at ``began_s``.

    Args:
        plan: what was to be performed.
        performed: the movements.
        course: what they came to, on the hand's time grid.
        scenario: in what manner.
        up: against gravity, in the face frame.
        area_m2: the tool's whole working surface.
        began_s: on the tool's clock.
        faults: of the sensors, on the tool's clock.
    """
    known = _Known(course, up, began_s)
    pressures = known.pressure_kpa, smoothed(known.pressure_kpa)
    steps, events = [], []
    for index, (step, span) in enumerate(zip(plan.steps, performed.step_spans, strict=True)):
        own = [contact for contact in performed.contacts if contact.step == index]
        steps.append(_step_truth(step, span, own, known))
        events += over_pressure(step, span, pressures, began_s)
    return Truth(
        began_s=began_s,
        end_s=began_s + performed.moves[-1].end_s,
        scenario=scenario.name,
        person=scenario.person,
        contact_area_m2=area_m2,
        steps=tuple(steps),
        over_pressure=tuple(sorted(events, key=lambda event: event.start_s)),
        active=_active(performed.contacts, began_s),
        dose=_doses(plan, performed.contacts, known),
        slips=_slips(performed.contacts, began_s),
        faults=tuple(sorted(faults, key=lambda fault: fault.start_s)),
        unused=performed.unused,
        _course=course,
    )


def _step_truth(
    step: PlannedStep, span: tuple[float, float], contacts: list[Contact], known: _Known
) -> StepTruth:
    return StepTruth(
        id=step.id,
        hand_only=step.hand_only,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        start_s=known.began_s + span[0],
        end_s=known.began_s + span[1],
        contacts=tuple(_contact(step, contact, known) for contact in contacts),
        strokes=tuple(
            _stroke(step, contact, glide, known)
            for contact in contacts
            for glide in contact.touch.glides
        ),
        repetitions_s=tuple(
            known.began_s + contact.start_s + done_s
            for contact in contacts
            for done_s in _done(contact)
        ),
    )


def _done(contact: Contact) -> list[float]:
    """Return when each of a contact's repetitions is complete, seconds after first touch."""
    touch = contact.touch
    ends = {glide.repetition: glide.end_s for glide in touch.glides if glide.repetition is not None}
    return [ends.get(number, touch.duration_s) for number in range(touch.repetitions)]


def _contact(step: PlannedStep, contact: Contact, known: _Known) -> TrueContact:
    force = known.force_n[contact.rows]
    return TrueContact(
        start_s=known.began_s + contact.start_s,
        end_s=known.began_s + contact.end_s,
        zone=step.zone,
        side=contact.touch.line.side,
        technique=contact.touch.technique,
        edge=contact.edge.name,
        repetition=contact.repetition + 1,
        repetitions=contact.touch.repetitions,
        cycles=contact.touch.cycles,
        mean_n=float(force.sum()) / GRID_HZ / contact.touch.duration_s,
        peak_n=float(force.max()),
    )


def _stroke(step: PlannedStep, contact: Contact, glide: Glide, known: _Known) -> TrueStroke:
    points = contact.touch.line.points
    rows = [round(share * (len(points) - 1)) for share in (glide.origin, glide.goal)]
    way = points[min(rows) : max(rows) + 1]
    net = points[rows[1]] - points[rows[0]]
    travel = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
    number = glide.repetition
    return TrueStroke(
        start_s=known.began_s + contact.start_s + glide.start_s,
        end_s=known.began_s + contact.start_s + glide.end_s,
        direction=_direction(net, travel, known.up),
        on_face=_direction(net, travel, _FACE_UP),
        zone=step.zone,
        side=contact.touch.line.side,
        technique=contact.touch.technique,
        repetition=None if number is None else contact.repetition + number + 1,
        travel_m=travel,
    )


def _direction(net: Floats, travel_m: float, up: Floats) -> str:
    length = float(np.linalg.norm(net))
    if length <= _LOOP_SHARE * travel_m:
        return "unknown"
    share = float(net @ up) / length
    if abs(share) <= _VERTICAL_SHARE:
        return "horizontal"
    return "up" if share > 0 else "down"


def _active(contacts: Iterable[Contact], began_s: float) -> tuple[Span, ...]:
    spans: list[Span] = []
    for contact in contacts:
        start, end = began_s + contact.start_s, began_s + contact.end_s
        if spans and start - spans[-1].end_s < _PAUSE_S:
            start = spans.pop().start_s
        spans.append(Span(start, end))
    return tuple(spans)


def _doses(plan: Plan, contacts: Iterable[Contact], known: _Known) -> tuple[Dose, ...]:
    """Return the sums over each zone's contacts; the pressure is 0 at both ends of a contact."""
    sums: dict[tuple[str, str], Floats] = {}
    for contact in contacts:
        pressure = known.pressure_kpa[contact.rows]
        place = plan.steps[contact.step].zone, contact.touch.line.side
        above_s = np.count_nonzero(pressure > _INJURY_KPA) / GRID_HZ
        part = np.array([contact.touch.duration_s, above_s, pressure.sum() / GRID_HZ])
        sums[place] = sums.get(place, np.zeros(3)) + part
    return tuple(
        Dose(zone=zone, side=side, contact_s=touched, above_s=above, impulse_kpa_s=impulse)
        for (zone, side), (touched, above, impulse) in (
            (place, values.tolist()) for place, values in sums.items()
        )
    )


def _slips(contacts: Iterable[Contact], began_s: float) -> tuple[TrueSlip, ...]:
    return tuple(
        TrueSlip(
            began_s + contact.start_s + slip.start_s,
            began_s + contact.start_s + slip.end_s,
            slip.share,
        )
        for contact in contacts
        if (slip := contact.slip) is not None
    )
