"""The truth of a performance in the words of docs/recordings.md."""

from collections.abc import Sequence
from dataclasses import asdict
from math import inf
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulators.hand.curves import Floats
from simulators.plan import Plan, PlannedStep
from simulators.truth import OverPressure, Truth

Flags: TypeAlias = NDArray[np.bool_]

_DECIMALS: Final = 6
_MOTION_MISSING: Final = "motion_missing"
_FORCE_MISSING: Final = "force_missing"
_CONTACT_EACH: Final = frozenset({"tap", "press_hold", "circle", "knead", "pinch", "stretch"})
"""Techniques whose repetition is one contact; a sweep's is one stroke."""


def labels(
    truth: Truth, plan: Plan, *, name: str, seed: int, seen_s: Floats, unfelt: Flags
) -> dict[str, Any]:
    """Return the content of NAME.truth.json.

    ``technique``, ``rep`` and ``reps`` are given only where one technique was performed, ``over``
    only where the whole plan comes to one limit in newtons.

    Args:
        truth: of the performance.
        plan: what was to be performed.
        name: of the recording.
        seed: of the performance.
        seen_s: the recording's sample times.
        unfelt: at which of them the recording has no force, though its tool has.
    """
    told = truth.to_dict()
    steps = [step for step in plan.steps if not step.hand_only]
    content: dict[str, Any] = {
        **_repetitions(truth),
        "strokes": [asdict(stroke) for stroke in truth.strokes],
        "up": f"{name}.up.csv",
        "active": told["active"],
        "contacts": [asdict(contact) for contact in truth.contacts],
        **_over(truth, steps),
        "faults": _with_unfelt(_seen(told["faults"], seen_s), seen_s, unfelt),
        "samples": f"{name}.samples.csv",
        "pressure": _pressures(truth, seen_s),
    }
    more = ("zones", "sides", "techniques", "edges", "dose", "slips", "person", "scenario", "steps")
    content |= {key: told[key] for key in more} | {"over_pressure": told["over_pressure"]}
    content |= {"seed": seed}
    rounded: dict[str, Any] = _rounded(content)
    return rounded


def _repetitions(truth: Truth) -> dict[str, Any]:
    """Return what one repetition is and how many there are, by what was really performed.

    A sweep that comes back on the skin every time makes a cycle of each repetition.
    """
    performed = {contact.technique for contact in truth.contacts}
    if len(performed) != 1:
        return {}
    technique = min(performed)
    reps = sum(len(step.repetitions_s) for step in truth.steps)
    ways_back = sum(stroke.repetition is None for stroke in truth.strokes)
    if technique in _CONTACT_EACH:
        return {"rep": "contact", "reps": reps, "technique": technique}
    if ways_back not in (0, reps):
        return {"technique": technique}
    return {"rep": "cycle" if ways_back else "stroke", "reps": reps, "technique": technique}


def _over(truth: Truth, steps: Sequence[PlannedStep]) -> dict[str, Any]:
    """Return over-pressure against the one caution limit in newtons that the plan comes to."""
    cautions = [step.caution_kpa for step in steps if step.caution_kpa is not None]
    edges = {contact.edge for contact in truth.contacts}
    if len(cautions) < len(steps) or len(set(cautions)) != 1 or len(edges) > 1:
        return {}
    return {
        "over": {
            "caution_n": cautions[0] * 1000.0 * truth.contact_area_m2,
            "events": [_span(event) for event in truth.over_pressure if event.level == "caution"],
        }
    }


def _span(event: OverPressure) -> dict[str, float]:
    return {"start_s": event.start_s, "end_s": event.end_s}


def _seen(faults: Sequence[dict[str, Any]], seen_s: Floats) -> list[dict[str, Any]]:
    """Return the faults as samples show them: from the first that has it to the first without."""

    def first_from(time_s: float) -> float | None:
        place = int(np.searchsorted(seen_s, time_s))
        return float(seen_s[place]) if place < len(seen_s) else None

    shown = []
    for fault in faults:
        start_s = first_from(fault["start_s"])
        end_s = None if fault["end_s"] is None else first_from(fault["end_s"])
        if start_s is not None and start_s != end_s:
            shown.append({**fault, "start_s": start_s, "end_s": end_s})
    return shown


def _with_unfelt(
    faults: Sequence[dict[str, Any]], seen_s: Floats, unfelt: Flags
) -> list[dict[str, Any]]:
    """Return the faults with the force that is missing because gravity cannot be taken out of it.

    Without acceleration a recording has no contact force to give.
    """
    shown: list[dict[str, Any]] = []
    for fault in faults:
        shown.append(dict(fault))
        end_s = inf if fault["end_s"] is None else fault["end_s"]
        within = (seen_s >= fault["start_s"]) & (seen_s < end_s)
        if fault["kind"] == _MOTION_MISSING and unfelt[within].all():
            shown.append({**fault, "kind": _FORCE_MISSING})
    return shown


def _pressures(truth: Truth, seen_s: Floats) -> list[dict[str, float]]:
    """Return the mean and peak pressure of each contact, from its samples."""
    pressures = truth.pressures_kpa(seen_s)
    told = []
    for contact in truth.contacts:
        first, last = np.searchsorted(seen_s, [contact.start_s, contact.end_s])
        own = pressures[first:last]
        if len(own):
            spans = {"start_s": contact.start_s, "end_s": contact.end_s}
            told.append({**spans, "mean_kpa": float(own.mean()), "peak_kpa": float(own.max())})
    return told


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case float():
            return round(value, _DECIMALS)
        case dict():
            return {key: _rounded(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_rounded(inner) for inner in value]
        case _:
            return value
