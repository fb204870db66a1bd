"""A session judged again: its own samples, steps and zeros, by the engine of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from companion.coaching.tally import Tally, Turn
from companion.recordings.steps import Stage, turns
from companion.sensing.engine import Engine
from companion.sensing.replay import Change, Replay, ZeroTurn
from companion.sensing.tool import Tool
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Level,
    OverPressureRaised,
    Point,
    SensingEvent,
    Technique,
)
from protocols.telemetry import Telemetry

Pauses: TypeAlias = Sequence[tuple[int, int]]
"""From and to, microseconds of the session's clock."""

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What was made of one step.

    Attributes:
        step: its id.
        repetitions: how many, counted again at its end; None on a hand step, and where the tool
            cannot tell them.
        cautions: warnings of too much pressure.
        stops: warnings to stop.
        mean_kpa: mean pressure in contact; None where nothing was judged.
        peak_kpa: the highest of it.
    """

    step: str
    repetitions: int | None
    cautions: int
    stops: int
    mean_kpa: float | None
    peak_kpa: float | None


class _Account:
    """What is added up of one step.

    Args:
        stage: the step.
        area_m2: the tool's contact area.
        touching: whether the tool is on the skin already.
    """

    def __init__(self, stage: Stage, area_m2: float | None, *, touching: bool) -> None:
        self.stage = stage
        self._task = stage.task
        self._is_tap = stage.task is not None and stage.task.technique is Technique.TAP
        self._tally = Tally(touching=touching, by_contact=self._is_tap)
        self._raised: list[Level] = []
        self._area_m2 = area_m2

    def take(self, events: Sequence[SensingEvent]) -> None:
        """Take what the engine said to a frame."""
        for event in events:
            match event:
                case OverPressureRaised():
                    self._raised.append(event.level)
                case ContactBegan():
                    self._tally.turned([Turn(event.device_s, touching=True)])
                case ContactEnded():
                    self._tally.turned([Turn(event.device_s, touching=False)])
                    self._tapped(event.peak_n)
                case _:
                    pass

    def add(self, points: Sequence[Point], interval_s: float) -> None:
        """Take the samples of a frame."""
        self._tally.add(points, interval_s)

    def verdict(self, tool: Tool, times_s: Sequence[float], pauses: Pauses) -> StepVerdict:
        """Return what it comes to."""
        counts = self._task is not None and tool.can_count(self._task)
        is_judged = self._task is not None and self._task.band is not None
        return StepVerdict(
            step=self.stage.step,
            repetitions=sum(not _is_in(time_s, pauses) for time_s in times_s) if counts else None,
            cautions=self._raised.count(Level.CAUTION),
            stops=self._raised.count(Level.STOP),
            mean_kpa=self._tally.mean_kpa if is_judged else None,
            peak_kpa=self._tally.peak_kpa if is_judged else None,
        )

    def _tapped(self, peak_n: float | None) -> None:
        if self._is_tap and peak_n is not None and self._area_m2 is not None:
            self._tally.peaked(peak_n / self._area_m2 / 1e3)


def judged_again(
    tool: Tool,
    frames: Iterable[Telemetry],
    stages: Sequence[Stage],
    zeros: Iterable[ZeroTurn],
    pauses: Pauses = (),
) -> list[StepVerdict]:
    """Return what the engine of today makes of each step.

    Each step is as long as it was: where the engine of today counts otherwise, a live session
    with it would have gone on to the next one sooner or later.

    Args:
        tool: the tool.
        frames: what it sent, in the order in which it came.
        stages: the steps; pressures of their tasks in kPa.
        zeros: when the tool took or lost its zero.
        pauses: from and to, microseconds: what was counted in them counts for nothing.
    """
    changes: list[Change] = sorted([*zeros, *turns(stages)], key=lambda change: change.at_us)
    replay = Replay(Engine(tool), changes)
    live = (frame for frame in frames if not frame.resent)
    accounts: list[_Account] = []
    cursor, touching = 0, False
    for frame, events in replay.run(live):
        points, cursor = replay.engine.trace.since(cursor)
        stage = _stage_of(stages, frame)
        if stage is not None:
            if not accounts or accounts[-1].stage is not stage:
                accounts.append(_Account(stage, tool.contact_area_m2, touching=touching))
            accounts[-1].take(events)
            if not _is_in(frame.device_us / _MILLION, pauses):
                accounts[-1].add(points, frame.interval_us / _MILLION)
        for event in events:
            if isinstance(event, ContactBegan | ContactEnded):
                touching = isinstance(event, ContactBegan)
    replay.end()
    counted = dict(zip(map(id, stages), replay.recounted, strict=False))
    return [
        account.verdict(tool, counted.get(id(account.stage), ()), pauses) for account in accounts
    ]


def _stage_of(stages: Sequence[Stage], frame: Telemetry) -> Stage | None:
    newest_us = frame.device_us + (len(frame.samples) - 1) * frame.interval_us
    for stage in stages:
        if stage.from_us < newest_us and (stage.to_us is None or newest_us <= stage.to_us):
            return stage
    return None


def _is_in(time_s: float, pauses: Pauses) -> bool:
    return any(from_us < time_s * _MILLION <= to_us for from_us, to_us in pauses)
