"""A sensing engine that says what a test has written down, and frames to feed it with."""

from dataclasses import dataclass, field

from companion.coaching.care import CareLimits, CareRow, CareTable
from companion.coaching.events import Command, Event, SessionFinished, Summary
from companion.coaching.routine import Direction, Routine, Side, Step, StepKind, Zone
from companion.coaching.session import Session
from companion.sensing.trace import Trace
from companion.sensing.types import (
    Band,
    ContactBegan,
    ContactEnded,
    Doubt,
    Level,
    OverPressureCleared,
    OverPressureRaised,
    Recognised,
    Repeated,
    RepetitionKind,
    SensingEvent,
    StepEnd,
    Task,
    Technique,
)
from protocols.telemetry import Sample, Telemetry

BAND = Band(2.0, 6.0, 8.0, 13.3)
INTERVAL_US = 10_000


@dataclass
class Facts:
    contact_area_m2: float | None = 1e-4
    has_wheel: bool = True
    counts: bool = True

    def can_count(self, task: Task) -> bool:
        del task
        return self.counts


@dataclass
class Scripted:
    """Says ``say`` and shows ``points`` at the next frame; remembers what it was asked.

    Its second look finds ``recounted_s``, by default what it counted.
    """

    tool: Facts = field(default_factory=Facts)
    trace: Trace = field(default_factory=Trace)
    level: Level = Level.NO_CONTACT
    doubt: Doubt | None = None
    pressure_kpa: float | None = None
    cannot: Doubt | None = None
    technique: Recognised | None = None
    say: list[SensingEvent] = field(default_factory=list)
    at_begin: list[SensingEvent] = field(default_factory=list)
    at_silence: list[SensingEvent] = field(default_factory=list)
    at_untare: list[SensingEvent] = field(default_factory=list)
    at_tare: list[SensingEvent] = field(default_factory=list)
    at_finish: list[SensingEvent] = field(default_factory=list)
    counted_s: list[float] = field(default_factory=list)
    recounted_s: list[float] | None = None
    unseen: int = 0
    tasks: list[Task | None] = field(default_factory=list)
    pressures: list[float | None] = field(default_factory=list)
    oilings: int = 0

    def begin(self, task: Task | None) -> list[SensingEvent]:
        self.tasks.append(task)
        self.counted_s.clear()
        said, self.at_begin = self.at_begin, []
        return said

    def oiled(self) -> None:
        self.oilings += 1

    def finish(self) -> StepEnd:
        said, self.at_finish = self.at_finish, []
        times_s = self.counted_s if self.recounted_s is None else self.recounted_s
        return StepEnd(events=tuple(said), repetitions_s=tuple(times_s), unseen=self.unseen)

    def receive(self, telemetry: Telemetry) -> list[SensingEvent]:
        said, self.say = self.say, []
        self.counted_s += [event.device_s for event in said if isinstance(event, Repeated)]
        if not telemetry.resent:
            for index in range(len(telemetry.samples)):
                device_s = (telemetry.device_us + index * telemetry.interval_us) / 1e6
                self.trace.add(device_s, self.pressure_kpa, self.level)
        return said

    def tared(self, device_s: float) -> list[SensingEvent]:
        del device_s
        self.cannot = None
        return self.at_tare

    def untared(self) -> list[SensingEvent]:
        self.cannot = Doubt.NOT_TARED
        said, self.at_untare = self.at_untare, []
        return said

    def zero_drifted(self, device_s: float, *, drifted: bool) -> list[SensingEvent]:
        assert device_s >= 0.0
        self.doubt = Doubt.ZERO_DRIFTED if drifted else None
        return []

    def silence(self, device_s: float) -> list[SensingEvent]:
        del device_s
        self.level = Level.UNKNOWN
        said, self.at_silence = self.at_silence, []
        return said

    def can_judge(self, band: Band) -> Doubt | None:
        del band
        return self.cannot


def frame(start_s: float, samples: int = 10, *, resent: bool = False) -> Telemetry:
    """Return samples 10 ms apart, the first at ``start_s``."""
    sample = Sample((), None, None, None)
    return Telemetry(round(start_s * 1e6), INTERVAL_US, 0, resent, False, None, (sample,) * samples)


def step(
    name: str = "one",
    *,
    hand: bool = False,
    goal: int | None = 2,
    limit_s: float = 30.0,
    zone: Zone = Zone.CHEEK,
    side: Side = Side.LEFT,
) -> Step:
    return Step(
        id=name,
        kind=StepKind.HAND if hand else StepKind.TOOL,
        zone=zone,
        side=side,
        technique=Technique.SWEEP,
        direction=Direction.OUTWARD,
        repetition=RepetitionKind.STROKE,
        repetitions=goal,
        time_limit_s=limit_s,
        band=None if hand else BAND,
        hint="do it",
    )


def routine(*steps: Step) -> Routine:
    return Routine(name="test", title="A test", source="", slot="any", about_s=60.0, steps=steps)


def repeated(device_s: float, count: int = 1) -> Repeated:
    return Repeated(device_s=device_s, count=count)


def too_firm(
    device_s: float,
    level: Level = Level.CAUTION,
    *,
    limit: float = 8.0,
    onset_s: float | None = None,
) -> OverPressureRaised:
    return OverPressureRaised(
        device_s=device_s,
        level=level,
        onset_s=device_s - 0.06 if onset_s is None else onset_s,
        pressure_kpa=limit + 0.5,
        limit_kpa=limit,
    )


def eased(
    device_s: float, level: Level = Level.CAUTION, *, reason: str = "ended", peak: float = 9.0
) -> OverPressureCleared:
    return OverPressureCleared(
        device_s=device_s, level=level, reason=reason, onset_s=device_s - 1.0, peak_kpa=peak
    )


def same_everywhere(limits: dict[Technique, CareLimits]) -> CareTable:
    """Return a care table with the same limits in every zone."""
    return CareTable(
        {
            zone: CareRow(
                zone=zone,
                grade="D",
                target_confidence="low",
                limit_confidence="low",
                anchors=(),
                limits=limits,
            )
            for zone in Zone
        }
    )


CARE = same_everywhere(
    dict.fromkeys((Technique.SWEEP, Technique.TAP, Technique.KNEAD), CareLimits(BAND))
)


class Bench:
    """A session, its engine, and a clock that moves by frames of 100 ms."""

    def __init__(self, *steps: Step, engine: Scripted | None = None) -> None:
        self.engine = engine or Scripted()
        self.session = Session(routine(*steps), self.engine, CARE)
        self.now_s = 0.0
        self.touching = False
        self.turn: list[SensingEvent] = []

    def start(self) -> list[Event]:
        return self.session.start(self.now_s)

    def pass_s(self, seconds: float, *say: SensingEvent) -> list[Event]:
        """Feed frames for some seconds; the findings come with the first one."""
        self.engine.say, self.turn = [*self.turn, *say], []
        events: list[Event] = []
        for _ in range(round(seconds * 10)):
            events += self.session.receive(frame(self.now_s))
            self.now_s = round(self.now_s + 0.1, 6)
        return events

    def press(self, level: Level, pressure_kpa: float | None) -> None:
        """Set the level from the next frame on, with the contact that belongs to it."""
        self.engine.level, self.engine.pressure_kpa = level, pressure_kpa
        touching = level not in {Level.NO_CONTACT, Level.UNKNOWN}
        if touching is not self.touching:
            self.touching = touching
            self.turn = [_turned(self.now_s, touching=touching)]

    def command(self, command: Command) -> list[Event]:
        return self.session.command(command, self.now_s)


def names(events: list[Event]) -> list[str]:
    return [event.event for event in events]


def summary_of(events: list[Event]) -> Summary:
    last = events[-1]
    assert isinstance(last, SessionFinished)
    return last.summary


def _turned(device_s: float, *, touching: bool) -> SensingEvent:
    if touching:
        return ContactBegan(device_s=device_s, source="force")
    return ContactEnded(device_s=device_s, began_s=0.0, ended_s=0.0, mean_n=None, peak_n=None)
