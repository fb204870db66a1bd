"""A session as its events tell it: each one taken changes what a screen would have shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from companion.coaching.course import STATES
from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    BatteryRead,
    Event,
    Hint,
    HintKind,
    LevelChanged,
    LinkLost,
    LinkUp,
    Prompt,
    PromptKind,
    Repetition,
    RoutineScaled,
    SessionFinished,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SlipConfirmed,
    StepFinished,
    StepOutcome,
    StepStarted,
    Summary,
)
from companion.coaching.routine import Step
from companion.coaching.scaling import PLAIN_PERCENT, scaled
from companion.coaching.trend import Trend
from companion.coaching.view import Phase, StepState, View
from companion.sensing.types import Doubt, Level

_Takes: TypeAlias = Mapping[type[Event], Callable[[Any], None]]
_HELD = {PromptKind.SLIP: Phase.ASKING, PromptKind.REST: Phase.RESTING}


@dataclass(frozen=True, slots=True)
class Moment:
    """What samples tell of a moment; seconds and kPa, None where not known.

    Attributes:
        session_s: length of the session so far, without pauses and holes.
        phase_s: the same since the present step or rest began.
        level: of the newest sample.
        pressure_kpa: the newest pressure.
        trend: where it was going.
    """

    session_s: float
    phase_s: float
    level: Level
    pressure_kpa: float | None
    trend: Trend | None = None


class Retelling:
    """Where a session stands after the events taken so far.

    Args:
        title: of the routine.
        about_s: how long it takes, roughly.
        steps: in order; none where a recording was made without a routine.
        in_newtons: its pressures are to be shown as forces (see ``View``).

    Attributes:
        phase: where the session stands.
        rest_s: how long the present rest is to be.
        is_linked: whether the tool is connected.
        tool: its name.
        battery_percent: its battery; None before it was told.
        summary: what the session came to; None before its end.
    """

    def __init__(
        self, title: str, about_s: float, steps: tuple[Step, ...], *, in_newtons: bool = False
    ) -> None:
        self.rest_s = 0.0
        self.is_linked = True
        self.tool = ""
        self.battery_percent: int | None = None
        self.summary: Summary | None = None
        self._title, self._about_s = title, about_s
        self._in_newtons = in_newtons
        self._plain = self._steps = steps
        self._states = [StepState.NEXT] * len(steps)
        self._held = Phase.WAITING
        self._is_paused = False
        self._index = 0
        self._repetitions = 0
        self._level: LevelChanged | None = None
        self._cannot_judge: Doubt | None = None
        self._cannot_count = False
        self._alerts: dict[int, AlertRaised] = {}
        self._acknowledged: set[int] = set()
        self._slip_note, self._slot = "", "any"
        self._is_oiled = self._drags = False
        self._percent = PLAIN_PERCENT
        self._takes: _Takes = {
            SessionStarted: self._session_started,
            StepStarted: self._step_started,
            StepFinished: self._step_finished,
            Repetition: self._repeated,
            Prompt: self._prompted,
            Hint: self._hinted,
            SlipConfirmed: self._oiled,
            RoutineScaled: self._rescaled,
            SessionPaused: self._paused,
            SessionResumed: self._resumed,
            SessionFinished: self._finished,
            LevelChanged: self._level_changed,
            AlertRaised: self._alert_raised,
            AlertCleared: self._alert_cleared,
            AlertAcknowledged: self._alert_seen,
            LinkUp: self._link_up,
            LinkLost: self._link_lost,
            BatteryRead: self._battery,
        }

    @property
    def phase(self) -> Phase:
        """Where the session stands."""
        is_going = self._held not in {Phase.WAITING, Phase.FINISHED}
        return Phase.PAUSED if self._is_paused and is_going else self._held

    @property
    def step(self) -> Step | None:
        """The step that is being done; None between steps and where there are none."""
        is_done = self._held is Phase.RUNNING and self._index < len(self._steps)
        return self._steps[self._index] if is_done else None

    @property
    def doubt(self) -> Doubt | None:
        """Why the level is unknown; None where it is known."""
        return None if self._level is None else self._level.doubt

    def take(self, event: Event) -> bool:
        """Take an event; return whether time of a step or rest counts from zero with it."""
        take = self._takes.get(type(event))
        if take is not None:
            take(event)
        is_rest = isinstance(event, Prompt) and event.kind is PromptKind.REST
        return is_rest or isinstance(event, StepStarted)

    def view(self, moment: Moment) -> View:
        """Return the session as a screen would have shown it at a moment."""
        level, doubt = moment.level, None
        if self._level is not None:
            level, doubt = self._level.level, self._level.doubt
        resting = self.phase is Phase.RESTING
        return View(
            phase=self.phase,
            title=self._title,
            slot=self._slot,
            about_s=self._about_s * self._percent / PLAIN_PERCENT,
            session_elapsed_s=moment.session_s,
            steps=self._steps,
            states=tuple(self._states),
            index=self._index,
            repetitions=self._repetitions,
            step_elapsed_s=moment.phase_s if self._held is Phase.RUNNING else 0.0,
            level=level,
            doubt=doubt,
            pressure_kpa=moment.pressure_kpa,
            trend=moment.trend,
            cannot_judge=self._cannot_judge,
            cannot_count=self._cannot_count,
            alerts=tuple(self._alerts.values()),
            acknowledged=frozenset(self._acknowledged),
            slip_note=self._slip_note,
            slip_confirmed=self._is_oiled,
            asks_oil=self.phase is Phase.ASKING or self._drags,
            rest_left_s=max(0.0, self.rest_s - moment.phase_s) if resting else 0.0,
            scale_percent=self._percent,
            in_newtons=self._in_newtons,
        )

    def _session_started(self, event: SessionStarted) -> None:
        self._title = self._title or event.title
        self.tool, self._slot, self._slip_note = event.tool, event.slot, event.slip_note
        self._percent = event.scale_percent
        self._steps = tuple(scaled(step, self._percent) for step in self._plain)
        if not self._plain:
            self._held = Phase.RUNNING

    def _step_started(self, event: StepStarted) -> None:
        self._held = Phase.RUNNING
        self._stand_at(event.index)
        self._cannot_judge, self._cannot_count = event.cannot_judge, event.cannot_count
        if event.index < len(self._steps):
            self._states[event.index] = StepState.NOW
            self._change_step(
                repetitions=event.repetitions, time_limit_s=event.time_limit_s, band=event.band
            )

    def _step_finished(self, event: StepFinished) -> None:
        if event.index < len(self._states):
            outcome = StepOutcome(event.outcome)
            self._states[event.index] = STATES.get(outcome, StepState.NEXT)

    def _repeated(self, event: Repetition) -> None:
        self._repetitions = event.count

    def _prompted(self, event: Prompt) -> None:
        held = _HELD.get(event.kind)
        if held is None:
            return
        self._held = held
        self.rest_s = event.seconds or 0.0
        self._stand_at(_index_of(self._steps, event.step, self._index))

    def _hinted(self, event: Hint) -> None:
        self._drags = self._drags or event.kind is HintKind.DRAGGING

    def _oiled(self, _event: SlipConfirmed) -> None:
        self._is_oiled, self._drags = True, False

    def _rescaled(self, event: RoutineScaled) -> None:
        self._percent = event.percent
        band = self._steps[self._index].band if self._steps else None
        self._steps = tuple(scaled(step, event.percent) for step in self._plain)
        self._change_step(repetitions=event.repetitions, time_limit_s=event.time_limit_s, band=band)

    def _paused(self, _event: SessionPaused) -> None:
        self._is_paused = True

    def _resumed(self, _event: SessionResumed) -> None:
        self._is_paused = False

    def _finished(self, event: SessionFinished) -> None:
        self._held, self.summary = Phase.FINISHED, event.summary

    def _level_changed(self, event: LevelChanged) -> None:
        self._level = event

    def _alert_raised(self, event: AlertRaised) -> None:
        self._alerts[event.alert] = event

    def _alert_cleared(self, event: AlertCleared) -> None:
        self._alerts.pop(event.alert, None)
        self._acknowledged.discard(event.alert)

    def _alert_seen(self, event: AlertAcknowledged) -> None:
        self._acknowledged.add(event.alert)

    def _link_up(self, event: LinkUp) -> None:
        self.is_linked, self.tool = True, event.tool

    def _link_lost(self, _event: LinkLost) -> None:
        self.is_linked = False

    def _battery(self, event: BatteryRead) -> None:
        self.battery_percent = event.percent

    def _stand_at(self, index: int) -> None:
        self._index, self._repetitions, self._drags = index, 0, False

    def _change_step(self, **values: Any) -> None:  # noqa: ANN401 - fields of a step
        before, after = self._steps[: self._index], self._steps[self._index + 1 :]
        now = (replace(step, **values) for step in self._steps[self._index : self._index + 1])
        self._steps = (*before, *now, *after)


def _index_of(steps: tuple[Step, ...], name: str, otherwise: int) -> int:
    return next((at for at, step in enumerate(steps) if step.id == name), otherwise)
