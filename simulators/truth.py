"""What really happened: the simulation's own knowledge, for tests and labelled recordings.

All times are seconds on the tool's clock (``device_us`` / 1e6).
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from simulators.hand import GRID_HZ, Contact, Performed
from simulators.hand.curves import Floats
from simulators.plan import Plan, PlannedStep
from simulators.scenario import Press

_SMOOTHING_HZ: Final = 5.0
_SHORTEST_S: Final = 0.150
_SHORTEST_GAP_S: Final = 0.150
"""Over-pressure as docs/recordings.md words it: force low-passed at 5 Hz without delay, above the
limit for 150 ms or longer, gaps under 150 ms merged."""

_VERTICAL_SHARE: Final = 0.6
_SETTLED_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class TrueContact:
    """The tool touched the skin; forces in newtons."""

    start_s: float
    end_s: float
    zone: str
    side: str
    mean_n: float
    peak_n: float


@dataclass(frozen=True, slots=True)
class TrueStroke:
    """The tool glided along the skin.

    Attributes:
        start_s: first touch.
        end_s: lift-off.
        direction: up, down or horizontal, by the vertical share of the net displacement.
        zone: where.
        side: left, right or both.
        travel_m: length of the way on the skin.
    """

    start_s: float
    end_s: float
    direction: str
    zone: str
    side: str
    travel_m: float


@dataclass(frozen=True, slots=True)
class OverPressure:
    """The pressure was above a limit; ``level`` is caution or stop, ``step`` the step's id."""

    step: str
    level: str
    start_s: float
    end_s: float
    peak_kpa: float
    limit_kpa: float


@dataclass(frozen=True, slots=True)
class StepTruth:
    """One step: when it was worked on, from the way to it up to its last lift-off."""

    id: str
    hand_only: bool
    zone: str
    side: str
    technique: str
    start_s: float
    end_s: float
    contacts: tuple[TrueContact, ...]
    strokes: tuple[TrueStroke, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Everything known about a performance, over its whole planned length.

    Attributes:
        began_s: when the hand began; nothing below happened before.
        end_s: when it was done.
        contact_area_m2: turns the true force into the true pressure.
        steps: in order.
        over_pressure: in order of start.
        unused: presses of the scenario that fitted no contact of the plan.
    """

    began_s: float
    end_s: float
    contact_area_m2: float
    steps: tuple[StepTruth, ...]
    over_pressure: tuple[OverPressure, ...]
    unused: tuple[Press, ...]
    _force_n: Floats = field(repr=False)

    def force_n(self, device_s: float) -> float:
        """Return the true contact force at a moment, 0 outside the performance."""
        times = self.began_s + np.arange(len(self._force_n)) / GRID_HZ
        return float(np.interp(device_s, times, self._force_n, left=0.0, right=0.0))

    def pressure_kpa(self, device_s: float) -> float:
        """Return the true mean pressure over the contact area at a moment."""
        return self.force_n(device_s) / self.contact_area_m2 / 1000.0

    @property
    def strokes(self) -> tuple[TrueStroke, ...]:
        """All strokes, in order."""
        return tuple(stroke for step in self.steps for stroke in step.strokes)

    @property
    def contacts(self) -> tuple[TrueContact, ...]:
        """All contacts, in order."""
        return tuple(contact for step in self.steps for contact in step.contacts)

    def to_dict(self) -> dict[str, Any]:
        """Return the truth as plain lists and values, ready for JSON."""
        return {
            "began_s": self.began_s,
            "end_s": self.end_s,
            "contact_area_m2": self.contact_area_m2,
            "steps": [asdict(step) for step in self.steps],
            "over_pressure": [asdict(event) for event in self.over_pressure],
            "unused": [asdict(press) for press in self.unused],
        }


def find_truth(
    plan: Plan, performed: Performed, force_n: Floats, contact_area_m2: float, *, began_s: float
) -> Truth:
    """Return the truth about a performance that began at ``began_s``.

    ``force_n`` is the contact force on the hand's time grid.
    """
    contacts = [move for move in performed.moves if isinstance(move, Contact)]
    pressure_kpa = force_n / contact_area_m2 / 1000.0
    smooth_kpa = _smoothed(pressure_kpa)
    steps, events = [], []
    for index, (step, span) in enumerate(zip(plan.steps, performed.step_spans, strict=True)):
        own = [contact for contact in contacts if contact.step == index]
        steps.append(_step_truth(step, span, own, force_n, began_s))
        events += _over_pressure(step, span, (pressure_kpa, smooth_kpa), began_s)
    return Truth(
        began_s,
        began_s + performed.moves[-1].end_s,
        contact_area_m2,
        tuple(steps),
        tuple(sorted(events, key=lambda event: event.start_s)),
        performed.unused,
        force_n,
    )


def _step_truth(
    step: PlannedStep,
    span: tuple[float, float],
    contacts: list[Contact],
    force_n: Floats,
    began_s: float,
) -> StepTruth:
    return StepTruth(
        id=step.id,
        hand_only=step.hand_only,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        start_s=began_s + span[0],
        end_s=began_s + span[1],
        contacts=tuple(_contact(step, contact, force_n, began_s) for contact in contacts),
        strokes=tuple(_stroke(step, contact, began_s) for contact in contacts if contact.glides),
    )


def _contact(step: PlannedStep, contact: Contact, force_n: Floats, began_s: float) -> TrueContact:
    force = force_n[int(contact.start_s * GRID_HZ) : int(contact.end_s * GRID_HZ) + 1]
    return TrueContact(
        began_s + contact.start_s,
        began_s + contact.end_s,
        step.zone,
        contact.side,
        float(force.mean()),
        float(force.max()),
    )


def _stroke(step: PlannedStep, contact: Contact, began_s: float) -> TrueStroke:
    travel = float(np.linalg.norm(np.diff(contact.points, axis=0), axis=1).sum())
    return TrueStroke(
        began_s + contact.start_s,
        began_s + contact.end_s,
        _direction(contact),
        step.zone,
        contact.side,
        travel,
    )


def _direction(contact: Contact) -> str:
    net = contact.points[-1] - contact.points[0]
    length = float(np.linalg.norm(net))
    share = float(net[2]) / length if length else 0.0
    if abs(share) <= _VERTICAL_SHARE:
        return "horizontal"
    return "up" if share > 0 else "down"


def _smoothed(pressure: Floats) -> Floats:
    """Return the pressure low-passed without delay: a second-order Butterworth, there and back.

    Its gain there and back is 1 / (1 + (f / 5 Hz)^4), applied here to the spectrum; it is 0
    at both ends, so the spectrum's wrap-around does no harm.
    """
    frequencies = np.fft.rfftfreq(len(pressure), 1.0 / GRID_HZ)
    gain = 1.0 / (1.0 + (frequencies / _SMOOTHING_HZ) ** 4)
    return np.fft.irfft(np.fft.rfft(pressure) * gain, len(pressure))


def _over_pressure(
    step: PlannedStep,
    span: tuple[float, float],
    pressure_kpa: tuple[Floats, Floats],
    began_s: float,
) -> list[OverPressure]:
    """Return the events of one step from its pressure, as it was and smoothed."""
    first, last = int(span[0] * GRID_HZ), int((span[1] + _SETTLED_S) * GRID_HZ)
    exact, smooth = (pressure[first:last] for pressure in pressure_kpa)
    events = []
    for level, limit in (("caution", step.caution_kpa), ("stop", step.stop_kpa)):
        if limit is None or step.hand_only:
            continue
        for start, end in _spans_above(smooth, limit):
            peak = float(exact[start:end].max())
            start_s = began_s + (first + start) / GRID_HZ
            end_s = began_s + (first + end) / GRID_HZ
            events.append(OverPressure(step.id, level, start_s, end_s, peak, limit))
    return events


def _spans_above(pressure: Floats, limit: float) -> list[tuple[int, int]]:
    """Return the index ranges above the limit, merged and long enough."""
    above = np.concatenate([[False], pressure > limit, [False]])
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if spans and start - spans[-1][1] < _SHORTEST_GAP_S * GRID_HZ:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [span for span in spans if span[1] - span[0] >= _SHORTEST_S * GRID_HZ]
