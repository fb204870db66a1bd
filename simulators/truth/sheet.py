"""The truth as plain data, with what a recording asks of it at any moments."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulators.hand import GRID_HZ
from simulators.hand.curves import Floats
from simulators.scenario import Change, Person, Press

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Span:
    """A time from start to end."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueContact:
    """The tool touched the skin.

    Attributes:
        start_s: first touch.
        end_s: lift-off.
        zone: where.
        side: left, right or both (the middle).
        technique: what was really performed, whatever the plan says.
        edge: the part of the tool that touched.
        repetition: the first of its step's repetitions that it made, from 1.
        repetitions: how many it made.
        cycles: revolutions or squeezes in it.
        mean_n: mean force over its duration; the force is 0 at both ends.
        peak_n: largest force.
    """

    start_s: float
    end_s: float
    zone: str
    side: str
    technique: str
    edge: str
    repetition: int
    repetitions: int
    cycles: int
    mean_n: float
    peak_n: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueStroke:
    """The tool glided along the skin, between first touch, rests, reversals and lift-off.

    Attributes:
        start_s: where it begins.
        end_s: where it ends.
        direction: up, down or horizontal, by the vertical share of the net displacement;
            unknown for a way that comes back to where it began.
        on_face: the same for a face that is upright; differs for a person who lies.
        zone: where.
        side: left, right or both.
        technique: what was really performed.
        repetition: which of its step's repetitions it is part of, from 1; None for a light way
            back, which is none.
        travel_m: length of the way on the skin.
    """

    start_s: float
    end_s: float
    direction: str
    on_face: str
    zone: str
    side: str
    technique: str
    repetition: int | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTruth:
    """One step: when it was worked on, from the way to it up to its last lift-off.

    Attributes:
        technique: as planned.
        repetitions_s: when each repetition was complete.
    """

    id: str
    hand_only: bool
    zone: str
    side: str
    technique: str
    start_s: float
    end_s: float
    contacts: tuple[TrueContact, ...]
    strokes: tuple[TrueStroke, ...]
    repetitions_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """What a zone's one side bore.

    Attributes:
        zone: where.
        side: left, right or both.
        contact_s: time touched.
        above_s: time above 9.3 kPa.
        impulse_kpa_s: pressure summed over time.
    """

    zone: str
    side: str
    contact_s: float
    above_s: float
    impulse_kpa_s: float


@dataclass(frozen=True, slots=True)
class TrueSlip:
    """The wheel did not follow ``share`` of the gliding."""

    start_s: float
    end_s: float
    share: float


@dataclass(frozen=True, slots=True)
class TrueFault:
    """A sensor failed; ``end_s`` None: it still does."""

    kind: str
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What is true at every moment of a performance, on the hand's time grid.

    Attributes:
        force_n: contact force, (n,).
        area_m2: of the edge in use, (n,).
        up: against gravity, unit vectors in the IMU frame, (n, 3).
    """

    force_n: Floats
    area_m2: Floats
    up: Floats

    @property
    def pressure_kpa(self) -> Floats:
        """Mean pressure over the edge in use, (n,)."""
        return self.force_n / self.area_m2 / 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """Everything known about a performance, over its whole planned length.

    Attributes:
        began_s: when the hand began; nothing below happened before.
        end_s: when it was done.
        scenario: its name.
        person: who held the tool, and how they sat or lay.
        contact_area_m2: the tool's whole working surface.
        steps: in order.
        over_pressure: in order of start.
        active: when the tool was being worked: contacts, with the pauses under 3 s between them.
        dose: per zone and side, in the order of the first touch.
        slips: when the wheel slipped.
        faults: of the sensors, in order of start.
        unused: presses and changes of the scenario that fitted nothing in the plan.
    """

    began_s: float
    end_s: float
    scenario: str
    person: Person
    contact_area_m2: float
    steps: tuple[StepTruth, ...]
    over_pressure: tuple[OverPressure, ...]
    active: tuple[Span, ...]
    dose: tuple[Dose, ...]
    slips: tuple[TrueSlip, ...]
    faults: tuple[TrueFault, ...]
    unused: tuple[Press | Change, ...]
    _course: Course = field(repr=False)

    def force_n(self, device_s: float) -> float:
        """Return the true contact force at a moment, 0 outside the performance."""
        return float(self.forces_n(np.array([device_s]))[0])

    def pressure_kpa(self, device_s: float) -> float:
        """Return the true mean pressure over the edge in use at a moment."""
        return float(self.pressures_kpa(np.array([device_s]))[0])

    def forces_n(self, device_s: Floats) -> Floats:
        """Return the true contact force at some moments, 0 outside the performance."""
        return self._at(device_s, self._course.force_n)

    def pressures_kpa(self, device_s: Floats) -> Floats:
        """Return the true mean pressure over the edge in use at some moments."""
        return self._at(device_s, self._course.pressure_kpa)

    def ups(self, device_s: Floats) -> Floats:
        """Return where up is in the IMU frame at some moments: unit vectors, (n, 3).

        Before the performance and after it the hand holds the tool still, but for its tremor.
        """
        grid = self._grid()
        rows = [np.interp(device_s, grid, column) for column in self._course.up.T]
        ups = np.stack(rows, axis=1)
        unit: Floats = ups / np.linalg.norm(ups, axis=1, keepdims=True)
        return unit

    def contacts_at(self, device_s: Floats) -> Indices:
        """Return the index into ``contacts`` at some moments, -1 where nothing is touched."""
        return _inside(device_s, self.contacts)

    def steps_at(self, device_s: Floats) -> Indices:
        """Return the index into ``steps`` at some moments, -1 outside all of them."""
        return _inside(device_s, self.steps)

    def active_at(self, device_s: Floats) -> NDArray[np.bool_]:
        """Return whether the tool is being worked at some moments."""
        worked: NDArray[np.bool_] = _inside(device_s, self.active) >= 0
        return worked

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
            "scenario": self.scenario,
            "person": asdict(self.person),
            "contact_area_m2": self.contact_area_m2,
            "steps": [asdict(step) for step in self.steps],
            "over_pressure": [asdict(event) for event in self.over_pressure],
            "active": [asdict(span) for span in self.active],
            "zones": self._spans("zone"),
            "sides": self._spans("side"),
            "techniques": self._spans("technique"),
            "edges": self._spans("edge"),
            "dose": [asdict(dose) for dose in self.dose],
            "slips": [asdict(slip) for slip in self.slips],
            "faults": [asdict(fault) for fault in self.faults],
            "unused": [asdict(unused) for unused in self.unused],
        }

    def _spans(self, label: str) -> list[dict[str, Any]]:
        """Return for how long a label holds, over the pauses that belong to the work."""
        contacts = self.contacts
        worked = _inside(np.array([contact.start_s for contact in contacts]), self.active)
        labelled = zip(contacts, worked.tolist(), strict=True)
        spans = []
        for (_, value), group in groupby(
            labelled, key=lambda pair: (pair[1], getattr(pair[0], label))
        ):
            own = [contact for contact, _ in group]
            spans.append({"start_s": own[0].start_s, "end_s": own[-1].end_s, label: value})
        return spans

    def _grid(self) -> Floats:
        return self.began_s + np.arange(len(self._course.force_n)) / GRID_HZ

    def _at(self, device_s: Floats, values: Floats) -> Floats:
        return np.interp(device_s, self._grid(), values, left=0.0, right=0.0)


def _inside(device_s: Floats, spans: Iterable[Span | StepTruth | TrueContact]) -> Indices:
    """Return which of some spans in order each moment lies in, -1 for none."""
    bounds = np.array([(span.start_s, span.end_s) for span in spans]).reshape(-1, 2)
    begun: Indices = np.searchsorted(bounds[:, 0], device_s, side="right") - 1
    ends = np.append(bounds[:, 1], -np.inf)
    inside: Indices = np.where(device_s < ends[begun], begun, -1)
    return inside
