"""The kept samples of a session, taken by the engine once more: pressure, strokes, time at load.

What was said live is not touched by it. The pressure it finds is compared with the pressures that
were told live; where they differ, it knows something less than the session did, and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Final

from companion.coaching.hints.dose import DoseWatch
from companion.coaching.hints.strokes import EARLY_S
from companion.coaching.hints.tempo import speed_cm_s
from companion.coaching.person import DoseCaps
from companion.coaching.routine import StepKind, Zone
from companion.report.story import Part, Story
from companion.sensing.engine import Engine
from companion.sensing.replay import Change, Replay, Turn, ZeroTurn
from companion.sensing.tool import Tool
from companion.sensing.trace import Trace
from companion.sensing.types import (
    Point,
    RepetitionKind,
    SensingEvent,
    Stroke,
    StrokeDirection,
    Task,
)
from protocols.telemetry import Telemetry

ZERO_S: Final = 0.1
"""A session begins as its tool says that it has tared: still in the air. Where no sample from
before was kept, this long a piece of its beginning tells the zero (engineering choice)."""

BINS: Final = 3000
"""Pieces of time the trace is told in at most; each keeps its lowest and its highest pressure."""

SHORTEST_BIN_S: Final = 0.1

APART_KPA: Final = 0.3
APART_SHARE: Final = 0.1
"""Pressures found again may lie this far from those told live, in the median (engineering
choice: the first digit that is shown)."""

_LEAST_TOLD: Final = 3
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bin:
    """A piece of the trace: when it begins, and its pressures in kPa, None where none is known."""

    from_s: float
    low_kpa: float | None
    high_kpa: float | None


@dataclass(frozen=True, slots=True)
class Stroked:
    """One stroke: where it went, and how fast; speed in cm/s, None without a wheel."""

    direction: StrokeDirection
    speed_cm_s: float | None
    is_light_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What holds for the person: caps on time at load by zone, and whether up is up."""

    dose: Mapping[Zone, DoseCaps] = field(default_factory=dict)
    is_upright: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What the samples tell once more.

    Attributes:
        bins: the trace of pressure.
        bin_s: how long each piece of it is.
        strokes: every stroke of a tool step.
        loaded_s: seconds above the cap's pressure, by zone.
    """

    bins: tuple[Bin, ...]
    bin_s: float
    strokes: tuple[Stroked, ...]
    loaded_s: Mapping[Zone, float]


def replayed(
    frames: Iterable[Telemetry],
    story: Story,
    tool: Tool,
    repetitions: Mapping[str, RepetitionKind],
    caps: Caps,
) -> Replayed | None:
    """Return what the samples of a session tell; None where it is not what was told live.

    Args:
        frames: in the order in which they came.
        story: what was said.
        tool: the tool as it described itself.
        repetitions: what one repetition is, by step.
        caps: what holds for the person.
    """
    live = (frame for frame in frames if not frame.resent)
    first = next(live, None)
    if first is None:
        return None
    replay = Replay(Engine(tool), _changes(story, first.device_us / 1e6, repetitions, caps))
    found = _Findings(story, caps)
    for frame, sensed in replay.run(chain([first], live)):
        found.take(frame, sensed, replay.engine.trace)
    found.note(replay.end().events)
    told = found.replayed()
    return told if told.bins and found.agrees() else None


class _Trace:
    """The trace by bins, and the pressures at the moments in which one was told."""

    def __init__(self, story: Story) -> None:
        self.bin_s = max(SHORTEST_BIN_S, (story.ended_s - story.began_s) / BINS)
        self._began_s = story.began_s
        self._bins: dict[int, tuple[float | None, float | None]] = {}
        self._told = [told for told in story.told if told.device_s >= story.began_s]
        self.apart: list[tuple[float, float]] = []

    def add(self, points: Sequence[Point], interval_s: float) -> None:
        if not points:
            return
        first, last = self._number(points[0]), self._number(points[-1])
        if first == last:
            self._fill(first, points)
        else:
            for point in points:
                self._fill(self._number(point), [point])
        if self._told and self._told[0].device_s <= points[-1].device_s:
            self._compare(points, interval_s)

    def _number(self, point: Point) -> int:
        return int((point[0] - self._began_s) // self.bin_s)

    def _fill(self, number: int, points: Sequence[Point]) -> None:
        known = [kpa for _, kpa, _ in points if kpa is not None]
        low, high = self._bins.get(number, (None, None))
        if known:
            low = min(known) if low is None else min(low, *known)
            high = max(known) if high is None else max(high, *known)
        self._bins[number] = (low, high)

    def _compare(self, points: Sequence[Point], interval_s: float) -> None:
        while self._told and self._told[0].device_s <= points[-1].device_s:
            told = self._told.pop(0)
            near = min(points, key=lambda point: abs(point.device_s - told.device_s))
            if near.pressure_kpa is not None and abs(near.device_s - told.device_s) <= interval_s:
                self.apart.append((told.pressure_kpa, near.pressure_kpa))

    def bins(self) -> Iterator[Bin]:
        for number, (low, high) in sorted(self._bins.items()):
            if number >= 0:
                yield Bin(self._began_s + number * self.bin_s, low, high)


class _Findings:
    """What is found in a session's frames as the engine takes them."""

    def __init__(self, story: Story, caps: Caps) -> None:
        self._story = story
        self._trace = _Trace(story)
        self._dose = DoseWatch(caps.dose)
        self._is_upright = caps.is_upright
        self._strokes: list[Stroked] = []
        self._cursor = 0

    def take(self, frame: Telemetry, sensed: Iterable[SensingEvent], trace: Trace) -> None:
        """Take a frame, and what the engine said to it."""
        self.note(sensed)
        points, self._cursor = trace.since(self._cursor)
        interval_s = frame.interval_us / _MILLION
        self._trace.add(points, interval_s)
        part = self._worked_at(frame.device_us / _MILLION)
        if part is not None and part.band is not None:
            self._dose.watch(part.zone, points, interval_s)

    def note(self, sensed: Iterable[SensingEvent]) -> None:
        """Take the strokes of the steps of a tool."""
        for stroke in sensed:
            if isinstance(stroke, Stroke) and self._is_of_tool(stroke.start_s):
                self._strokes.append(self._stroked(stroke))

    def agrees(self) -> bool:
        """Return whether the pressures found are those that were told."""
        apart = self._trace.apart
        if len(apart) < _LEAST_TOLD:
            return True
        most = max(APART_KPA, APART_SHARE * median(told for told, _ in apart))
        return median(abs(told - found) for told, found in apart) <= most

    def replayed(self) -> Replayed:
        """Return what was found."""
        return Replayed(
            bins=tuple(self._trace.bins()),
            bin_s=self._trace.bin_s,
            strokes=tuple(self._strokes),
            loaded_s=dict(self._dose.loaded_s),
        )

    def _stroked(self, stroke: Stroke) -> Stroked:
        direction = stroke.direction if self._is_upright else StrokeDirection.UNKNOWN
        return Stroked(direction, speed_cm_s(stroke), stroke.is_light_return)

    def _is_of_tool(self, device_s: float) -> bool:
        part = self._worked_at(device_s)
        return part is not None and part.kind is StepKind.TOOL

    def _worked_at(self, device_s: float) -> Part | None:
        """Return the step that was being done; None between steps, and in a pause."""
        if any(from_s <= device_s < to_s for from_s, to_s in self._story.pauses):
            return None
        return next(
            (p for p in reversed(self._story.parts) if p.from_s - EARLY_S <= device_s < p.to_s),
            None,
        )


def _changes(
    story: Story, first_s: float, repetitions: Mapping[str, RepetitionKind], caps: Caps
) -> list[Change]:
    """Return what the engine must be told besides samples, in order of time.

    Args:
        story: what was said.
        first_s: when the first sample was taken.
        repetitions: what one repetition is, by step.
        caps: what holds for the person.
    """
    began_s = story.began_s if first_s < story.began_s else story.began_s + ZERO_S
    zeros = [ZeroTurn(_us(at_s), is_known=True) for at_s in (began_s, *story.tared_s)]
    lost = [ZeroTurn(_us(at_s), is_known=False) for at_s in story.restarted_s]
    recline_rad = 0.0 if caps.is_upright else None
    begun: list[Change] = []
    for number, part in enumerate(story.parts):
        task = Task(
            repetitions.get(part.step, RepetitionKind.STROKE),
            part.technique,
            part.band,
            recline_rad,
            reads_posture=True,
        )
        is_tool = part.kind is StepKind.TOOL
        begun.append(
            Turn(_us(part.from_s), number > 0, begins=True, task=task if is_tool else None)
        )
    return sorted([*lost, *zeros, *begun], key=lambda change: change.at_us)


def _us(at_s: float) -> int:
    return round(at_s * _MILLION)
