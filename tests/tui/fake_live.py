"""A session that exists only on paper: a scripted Live and its events, seeded."""

import asyncio
import math
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Self

from companion.coaching.events import (
    Advice,
    AdviceKind,
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    AlertRecord,
    Event,
    Loss,
    LossKind,
    Part,
    Score,
    SessionFinished,
    SessionOutcome,
    StepResult,
    Summary,
)
from companion.coaching.routine import Direction, Side, Step, StepKind, Zone
from companion.coaching.trend import Trend
from companion.coaching.view import Phase, StepState, View
from companion.live import LinkState, LinkView
from companion.sensing.trace import Trace
from companion.sensing.types import Band, Doubt, Level, RepetitionKind, Technique

UNDER_EYE = Band(low_kpa=0.5, high_kpa=1.5, caution_kpa=2.7, stop_kpa=4.0)
CHEEK = Band(low_kpa=1.5, high_kpa=4.0, caution_kpa=6.0, stop_kpa=9.0)


def step(
    name: str,
    zone: Zone,
    side: Side = Side.BOTH,
    *,
    technique: Technique = Technique.SWEEP,
    direction: Direction = Direction.OUTWARD,
    kind: StepKind = StepKind.TOOL,
    band: Band | None = CHEEK,
    hint: str = "long, slow strokes from the middle outwards",
    instead_of: str = "",
    repetitions: int | None = 10,
) -> Step:
    return Step(
        id=name,
        kind=kind,
        zone=zone,
        side=side,
        technique=technique,
        direction=direction,
        repetition=RepetitionKind.STROKE,
        repetitions=None if kind is StepKind.HAND else repetitions,
        time_limit_s=30.0,
        band=None if kind is StepKind.HAND else band,
        hint=hint,
        instead_of=instead_of,
    )


STEPS = (
    step("forehead", Zone.FOREHEAD, direction=Direction.UP),
    step("cheek-l", Zone.CHEEK, Side.LEFT),
    step("cheek-r", Zone.CHEEK, Side.RIGHT),
    step("jaw-l", Zone.JAWLINE, Side.LEFT),
    step("jaw-r", Zone.JAWLINE, Side.RIGHT),
    step(
        "under-eye-r",
        Zone.UNDER_EYE,
        Side.RIGHT,
        technique=Technique.TAP,
        band=UNDER_EYE,
        hint="lightest touch: ring finger, on the bone, no stretching",
    ),
    step("under-eye-l", Zone.UNDER_EYE, Side.LEFT, technique=Technique.TAP, band=UNDER_EYE),
    step("neck", Zone.NECK_FRONT, direction=Direction.DOWN_DRAIN),
    step(
        "pinch",
        Zone.CHEEK,
        technique=Technique.PINCH,
        kind=StepKind.HAND,
        hint="pinch lightly along the bone",
    ),
)


def level_of(pressure_kpa: float | None, band: Band | None) -> Level:
    if pressure_kpa is None or band is None:
        return Level.UNKNOWN
    bounds = (
        (0.05, Level.NO_CONTACT),
        (band.low_kpa, Level.LIGHT),
        (band.high_kpa, Level.ON_TARGET),
        (band.caution_kpa, Level.FIRM),
        (band.stop_kpa, Level.CAUTION),
    )
    return next((level for bound, level in bounds if pressure_kpa < bound), Level.STOP)


@dataclass
class FakeLive:
    """A Live whose every value a test may set."""

    steps: tuple[Step, ...] = STEPS
    index: int = 5
    repetitions: int = 6
    phase: Phase = Phase.RUNNING
    elapsed_s: float = 161.0
    step_elapsed_s: float = 12.0
    pressure_kpa: float | None = 1.1
    level: Level | None = None
    doubt: Doubt | None = None
    cannot_judge: Doubt | None = None
    cannot_count: bool = False
    alerts: tuple[AlertRaised, ...] = ()
    slip_note: str = ""
    slip_confirmed: bool = False
    rest_left_s: float = 0.0
    scale_percent: int = 100
    slot: str = "any"
    trend: Trend | None = None
    muted: bool = False
    trace: Trace = field(default_factory=Trace)
    state: LinkView = field(
        default_factory=lambda: LinkView(
            state=LinkState.LIVE,
            tool="Aurora roller",
            rate_hz=100.0,
            loss_percent=0.0,
            latency_ms=12.0,
            rssi_dbm=-58,
            rssi_age_s=34.0,
            battery_percent=83,
        )
    )
    device_s: float = 100.0

    @property
    def band(self) -> Band | None:
        return self.steps[self.index].band if self.index < len(self.steps) else None

    def view(self) -> View:
        level = self.level or level_of(self.pressure_kpa, self.band)
        return View(
            phase=self.phase,
            title="Five minutes for the face",
            about_s=300.0,
            session_elapsed_s=self.elapsed_s,
            steps=self.steps,
            states=tuple(self._state(index) for index in range(len(self.steps))),
            index=self.index,
            repetitions=self.repetitions,
            step_elapsed_s=self.step_elapsed_s,
            level=level,
            doubt=self.doubt,
            pressure_kpa=self.pressure_kpa,
            cannot_judge=self.cannot_judge,
            cannot_count=self.cannot_count,
            alerts=self.alerts,
            slip_note=self.slip_note,
            slip_confirmed=self.slip_confirmed,
            asks_oil=self.phase is Phase.ASKING,
            rest_left_s=self.rest_left_s,
            scale_percent=self.scale_percent,
            slot=self.slot,
            trend=self.trend,
        )

    def _state(self, index: int) -> StepState:
        if index == self.index:
            return StepState.NOW
        if index > self.index:
            return StepState.NEXT
        return {1: StepState.SHORT, 3: StepState.SKIPPED}.get(index, StepState.DONE)

    def link(self) -> LinkView:
        return self.state

    def set_link(self, state: LinkState) -> None:
        self.state = replace(self.state, state=state)

    def sample(self, pressure_kpa: float | None, *, rate_hz: float = 100.0) -> None:
        """Add one sample to the trace and make it the present pressure."""
        self.device_s += 1 / rate_hz
        self.elapsed_s += 1 / rate_hz
        self.step_elapsed_s += 1 / rate_hz
        self.pressure_kpa = pressure_kpa
        self.trace.add(self.device_s, pressure_kpa, level_of(pressure_kpa, self.band))


def tapping(
    seconds: float, *, seed: int = 7, rate_hz: float = 100.0, peak_kpa: float = 1.2
) -> list[float]:
    """Return pressures in kPa of taps, 38 a minute, with noise and uneven peaks."""
    rng = random.Random(seed)  # noqa: S311 - a seeded script, not a secret
    period_s = 60 / 38
    peaks = [peak_kpa * rng.uniform(0.8, 1.15) for _ in range(int(seconds / period_s) + 2)]
    values = []
    for index in range(int(seconds * rate_hz)):
        tap, phase = divmod(index / rate_hz / period_s, 1.0)
        bump = math.sin(math.pi * phase / 0.6) ** 2 if phase < 0.6 else 0.0
        values.append(max(0.0, peaks[int(tap)] * bump + rng.gauss(0, 0.015)))
    return values


def pressed(live: FakeLive, values: list[float]) -> FakeLive:
    """Let a session live through pressures, one sample each."""
    for value in values:
        live.sample(value)
    return live


def raised(
    level: Level = Level.CAUTION,
    *,
    alert: int = 1,
    device_s: float = 100.8,
    pressure_kpa: float = 3.1,
) -> AlertRaised:
    """Return a warning under the right eye."""
    return AlertRaised(
        device_s=device_s,
        alert=alert,
        kind="too_light" if level is Level.LIGHT else "over_pressure",
        level=level,
        step="under-eye-r",
        zone=Zone.UNDER_EYE,
        side=Side.RIGHT,
        onset_s=device_s - 0.06,
        pressure_kpa=pressure_kpa,
        limit_kpa={Level.CAUTION: 2.7, Level.STOP: 4.0}.get(level, 0.5),
    )


def cleared(of: AlertRaised, *, device_s: float, reason: str = "ended") -> AlertCleared:
    """Return the end of a warning."""
    return AlertCleared(
        device_s=device_s,
        alert=of.alert,
        kind=of.kind,
        level=of.level,
        step=of.step,
        reason=reason,
        onset_s=of.onset_s,
        duration_s=device_s - of.onset_s,
        peak_kpa=of.pressure_kpa + 0.3,
    )


def summary() -> Summary:
    """Return what a session came to."""
    results = tuple(
        StepResult(
            step=one.id,
            zone=one.zone,
            side=one.side,
            kind=one.kind,
            outcome="short" if index == 1 else "done",
            repetitions=7 if index == 1 else 10,
            goal=one.repetitions,
            duration_s=28.0,
            seconds_by_level={"on_target": 14.0, "light": 3.0, "firm": 2.0, "caution": 1.0},
            mean_kpa=1.1,
            peak_kpa=3.4,
            judged=one.kind is StepKind.TOOL,
        )
        for index, one in enumerate(STEPS)
    )
    warning = AlertRecord(
        alert=1,
        kind="over_pressure",
        level=Level.CAUTION,
        step="under-eye-r",
        zone=Zone.UNDER_EYE,
        side=Side.RIGHT,
        onset_s=100.74,
        raised_s=100.8,
        cleared_s=102.0,
        peak_kpa=3.4,
        limit_kpa=2.7,
        reason="ended",
    )
    return Summary(
        routine="five-minutes",
        outcome=SessionOutcome.FINISHED,
        duration_s=287.0,
        steps=results,
        alerts=(warning,),
        gaps_s=0.0,
        samples=28700,
        advice=(
            Advice(
                kind=AdviceKind.OVER_PRESSURE,
                step="under-eye-r",
                zone=Zone.UNDER_EYE,
                side=Side.RIGHT,
                pressure_kpa=3.4,
                limit_kpa=2.7,
            ),
        ),
    )


def scored() -> Summary:
    """Return a session that lost points for four kinds of fault."""
    faults = (
        (LossKind.OVER_PRESSURE, Part.OVER_PRESSURE, 12, 9.0, Level.STOP),
        (LossKind.OVER_PRESSURE, Part.OVER_PRESSURE, 6, 8.9, Level.CAUTION),
        (LossKind.LIGHT, Part.BAND, 4, 20.0, Level.LIGHT),
        (LossKind.REPETITIONS_MISSING, Part.REPETITIONS, 2, 0.0, None),
        (LossKind.RUSHED, Part.TEMPO, 1, 31.0, None),
    )
    losses = tuple(
        Loss(
            kind=kind,
            part=part,
            points=points,
            step="under-eye-r",
            zone=Zone.UNDER_EYE,
            side=Side.RIGHT,
            from_s=100.0 + from_s,
            to_s=102.0 + from_s,
            seconds=2.0,
            level=level,
            pressure_kpa=5.43,
            limit_kpa=4.0,
            speed_cm_s=12.2,
            count=7,
            goal=10,
        )
        for kind, part, points, from_s, level in faults
    )
    score = Score(points=75, possible=100, percent=75, parts=(), losses=losses)
    return replace(summary(), score=score, began_s=100.0)


class FakeEvents(AsyncIterator[Event]):
    """An event stream a test feeds by hand."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

    def put(self, *events: Event) -> None:
        for event in events:
            self._queue.put_nowait(event)

    def close(self) -> None:
        self._queue.put_nowait(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        if (event := await self._queue.get()) is None:
            raise StopAsyncIteration
        return event


def finished(
    device_s: float = 300.0, outcome: SessionOutcome = SessionOutcome.FINISHED
) -> SessionFinished:
    """Return the end of a session."""
    return SessionFinished(
        device_s=device_s, outcome=outcome, summary=replace(summary(), outcome=outcome)
    )


def acknowledged(of: AlertRaised, *, device_s: float = 101.0) -> AlertAcknowledged:
    """Return that a warning was seen."""
    return AlertAcknowledged(device_s=device_s, alert=of.alert)
