"""The kept samples of a session, taken by the engine once more: pressure, strokes, time at load.

What was said live is not touched by it. The pressure it finds is compared with the pressures that
were told live; where they differ, it knows something less than the session did, and is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from statistics import median
from typing import Final

from companion.coaching.hints.dose import DoseWatch
from companion.coaching.hints.strokes import EARLY_S
from companion.coaching.hints.tempo import speed_cm_s
from companion.coaching.person import DoseCaps
from companion.coaching.routine import StepKind, Zone
from companion.report.story import Part, Story
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
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
    taking = _Taking(story, tool, repetitions, caps)
    for frame in frames:
        if not frame.resent:
            taking.take(frame)
    taking.finish()
    found = taking.found()
    return found if found.bins and taking.agrees() else None


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


class _Taking:
    """A session's frames, handed to an engine with the tasks of its steps."""

    def __init__(
        self, story: Story, tool: Tool, repetitions: Mapping[str, RepetitionKind], caps: Caps
    ) -> None:
        self._story = story
        self._engine = Engine(tool)
        self._trace = _Trace(story)
        self._dose = DoseWatch(caps.dose)
        self._caps = caps
        self._repetitions = repetitions
        self._turns = iter(_turns(story))
        self._turn = next(self._turns, None)
        self._zero_s: float | None = None
        self._part: Part | None = None
        self._strokes: list[Stroked] = []
        self._cursor = 0

    def take(self, frame: Telemetry) -> None:
        """Take the next frame."""
        self._tare_first(frame)
        half_s = frame.interval_us / 2e6
        self._turn_to(frame.device_us / 1e6 + half_s)
        self._note(self._engine.receive(frame))
        points, self._cursor = self._engine.trace.since(self._cursor)
        interval_s = frame.interval_us / 1e6
        self._trace.add(points, interval_s)
        part = self._part
        if part is not None and part.band is not None and self._works_at(frame.device_us / 1e6):
            self._dose.watch(part.zone, points, interval_s)

    def finish(self) -> None:
        """There are no more frames."""
        self._note(self._engine.finish().events)

    def agrees(self) -> bool:
        """Return whether the pressures found are those that were told."""
        apart = self._trace.apart
        if len(apart) < _LEAST_TOLD:
            return True
        most = max(APART_KPA, APART_SHARE * median(told for told, _ in apart))
        return median(abs(told - found) for told, found in apart) <= most

    def found(self) -> Replayed:
        """Return what was found."""
        return Replayed(
            bins=tuple(self._trace.bins()),
            bin_s=self._trace.bin_s,
            strokes=tuple(self._strokes),
            loaded_s=dict(self._dose.loaded_s),
        )

    def _tare_first(self, frame: Telemetry) -> None:
        """Tell the engine of the tare with which the session began, as soon as it has samples."""
        device_s, began_s = frame.device_us / 1e6, self._story.began_s
        if self._zero_s is None:
            self._zero_s = began_s if device_s < began_s else began_s + ZERO_S
        if device_s >= self._zero_s and self._engine.intake.last_us is not None:
            self._engine.tared(device_s)
            self._zero_s = float("inf")

    def _turn_to(self, device_s: float) -> None:
        while self._turn is not None and self._turn[0] <= device_s:
            at_s, what = self._turn
            self._turn = next(self._turns, None)
            if isinstance(what, Part):
                self._begin(what)
            elif what:
                self._engine.tared(at_s)
            else:
                self._engine.untared()

    def _begin(self, part: Part) -> None:
        self._note(self._engine.finish().events)
        self._part = part
        repetition = self._repetitions.get(part.step, RepetitionKind.STROKE)
        recline_rad = 0.0 if self._caps.is_upright else None
        is_tool = part.kind is StepKind.TOOL
        task = Task(repetition, part.technique, part.band, recline_rad, reads_posture=True)
        self._engine.begin(task if is_tool else None)

    def _note(self, sensed: Iterable[SensingEvent]) -> None:
        part = self._part
        for stroke in sensed:
            if (
                isinstance(stroke, Stroke)
                and part is not None
                and part.kind is StepKind.TOOL
                and stroke.start_s >= part.from_s - EARLY_S
                and self._works_at(stroke.start_s)
            ):
                self._strokes.append(self._stroked(stroke))

    def _stroked(self, stroke: Stroke) -> Stroked:
        direction = stroke.direction if self._caps.is_upright else StrokeDirection.UNKNOWN
        return Stroked(direction, speed_cm_s(stroke), stroke.is_light_return)

    def _works_at(self, device_s: float) -> bool:
        """Return whether a step is being done that is not paused."""
        part = self._part
        is_on = part is not None and part.from_s - EARLY_S <= device_s < part.to_s
        paused = any(from_s <= device_s < to_s for from_s, to_s in self._story.pauses)
        return is_on and not paused


def _turns(story: Story) -> Iterator[tuple[float, Part | bool]]:
    """Yield what the engine must be told besides samples, and when: a step, or a zero or none."""
    steps: list[tuple[float, Part | bool]] = [(part.from_s, part) for part in story.parts]
    zeros: list[tuple[float, Part | bool]] = [(at_s, True) for at_s in story.tared_s]
    lost: list[tuple[float, Part | bool]] = [(at_s, False) for at_s in story.restarted_s]
    return merge(lost, zeros, steps, key=lambda turn: turn[0])
