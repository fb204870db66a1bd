"""A zero that creeps: since when it is off, and since when that shows."""

import csv
import json
from pathlib import Path

OFF_N = 0.05
"""From here on the zero may be called off: half a kilopascal on a square centimetre."""
WRONG_N = 0.1
"""From here on it must be: twice that."""
AIR_S = 1.0
"""So long in the air in one go shows it: contact, of whatever kind, hides it."""


def label_drift(drifting: Path, steady: Path) -> None:
    """Add to the truth of a recording how its zero is off.

    The two recordings are of one performance, but for the drift: what their forces differ by is
    the zero.

    Args:
        drifting: the recording and its truth, without the endings.
        steady: the same without drift.
    """
    truth_file = drifting.with_name(f"{drifting.name}.truth.json")
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    off_n = [
        (t_s, a_n - b_n)
        for (t_s, a_n), (_, b_n) in zip(_forces(drifting), _forces(steady), strict=True)
    ]
    start_s = next((t_s for t_s, off in off_n if abs(off) >= OFF_N), None)
    if start_s is not None:
        spans = [(one["start_s"], one["end_s"]) for one in truth["contacts"]]
        fault = {"kind": "tare_drift", "start_s": start_s, "end_s": None}
        truth["faults"].append({**fault, "observable_s": shows_at(off_n, spans)})
        truth_file.write_text(json.dumps(truth), encoding="utf-8")


def shows_at(off_n: list[tuple[float, float]], contacts: list[tuple[float, float]]) -> float | None:
    """Return when a zero that is wrong has been seen in the air for long enough; None if never.

    Args:
        off_n: times, and by how much the zero is off then.
        contacts: when the tool touched.
    """
    since_s: float | None = None
    for t_s, off in off_n:
        is_touching = any(start_s <= t_s <= end_s for start_s, end_s in contacts)
        if is_touching or abs(off) < WRONG_N:
            since_s = None
            continue
        since_s = t_s if since_s is None else since_s
        if t_s - since_s >= AIR_S:
            return t_s
    return None


def _forces(name: Path) -> list[tuple[float, float]]:
    with name.with_name(f"{name.name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["force_n"]]
    return [(float(row["t_s"]), float(row["force_n"])) for row in rows]
