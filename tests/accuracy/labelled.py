"""Labelled recordings of a folder, and what the engine says to each."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

from companion.recordings import Options, analyse, read_recording, read_tool
from companion.recordings.player import described
from companion.sensing.tool import Tool
from companion.sensing.types import RepetitionKind, Task, Technique
from tests.accuracy.measures import hidden, impulse_ns

Fields = dict[str, Any]
Axis = tuple[float, float, float]
ENDING = ".truth.json"
RUBS_TIMES = 1.5
"""Strokes to each contact from which a hand rubs to and fro; one that rests makes a few more."""
_CYCLES = Task(RepetitionKind.CYCLE, Technique.SWEEP, None)


@dataclass(frozen=True)
class Labelled:
    """One recording with its truth, analysed.

    Attributes:
        recorded_ns: force times time over the true contacts, by the force as it was recorded.
        hidden: over-pressure events of which that force shows none.
    """

    name: str
    truth: Fields
    document: Fields
    last_s: float
    up_pairs: list[tuple[Axis, Axis | None]]
    can_count: bool = True
    has_force: bool = True
    unseen: int = 0
    recorded_ns: float | None = None
    hidden: list[Fields] = field(default_factory=list)

    @property
    def group(self) -> str:
        """The name up to its first hyphen."""
        return self.name.partition("-")[0]


def labelled(folder: Path) -> Iterator[Labelled]:
    """Analyse every recording of a folder that has a truth beside it."""
    for path in sorted(folder.glob(f"*{ENDING}")):
        name = path.name.removesuffix(ENDING)
        if (folder / f"{name}.csv").exists():
            yield analysed(folder, name)


def analysed(folder: Path, name: str) -> Labelled:
    """Analyse one recording as its truth asks."""
    truth: Fields = json.loads((folder / f"{name}{ENDING}").read_text(encoding="utf-8"))
    recording = read_recording(folder / f"{name}.csv")
    tool = folder / f"{name}.tool.json"
    over = truth.get("over", {})
    caution_n = over.get("caution_n", inf)
    options = Options(
        repetition=RepetitionKind(truth.get("rep", "stroke")),
        caution_n=None if caution_n == inf else caution_n,
        tool=read_tool(tool) if tool.exists() else None,
    )
    told = analyse(recording, options, with_ups="up" in truth)
    pairs: list[tuple[Axis, Axis | None]] = []
    if "up" in truth:
        found = dict(zip(recording.t_s, told.ups, strict=True))
        pairs = [(up, found.get(t_s)) for t_s, up in _ups(folder / truth["up"])]
    forces_n = [sum(channels) for channels in zip(*recording.force_n, strict=True)]
    return Labelled(
        name,
        truth,
        told.document,
        recording.t_s[-1],
        pairs,
        can_count=_can_count(described(recording, options.tool), truth),
        has_force=bool(recording.force_n),
        unseen=told.unseen,
        recorded_ns=impulse_ns(recording.t_s, forces_n, truth.get("contacts", []))
        if forces_n
        else None,
        hidden=hidden(recording.t_s, forces_n, caution_n, over.get("events", [])),
    )


def _can_count(tool: Tool, truth: Fields) -> bool:
    """Return whether a session counts these: its step declares what is done.

    Strokes to and fro without a lift are declared as cycles.
    """
    strokes, contacts = truth.get("strokes", []), truth.get("contacts", [])
    rubs = bool(contacts) and len(strokes) > RUBS_TIMES * len(contacts)
    kind = RepetitionKind(truth.get("rep", "stroke"))
    if kind is RepetitionKind.STROKE and rubs and not tool.can_count(_CYCLES):
        return False
    return tool.can_count(Task(kind, Technique(truth.get("technique", "sweep")), None))


def _ups(path: Path) -> Iterator[tuple[float, Axis]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            up = (float(row["up_x"]), float(row["up_y"]), float(row["up_z"]))
            if all(value == value for value in up):  # noqa: PLR0124 - NaN differs from itself
                yield float(row["t_s"]), up
