"""Judges the contact force against the band of the step: pressure, level, over-pressure."""

from collections.abc import Sequence
from math import inf
from typing import Final, TypeAlias

from companion.sensing.copied import Copied
from companion.sensing.filters import LowPass
from companion.sensing.level import LevelTracker, TapPeak
from companion.sensing.limits import CUTOFF_HZ
from companion.sensing.over_pressure import OverPressure
from companion.sensing.pressure import PressureScale
from companion.sensing.trace import Trace
from companion.sensing.types import Band, Doubt, Level, LevelMoved, SensingEvent, Task, Technique

ASKED_US = 1_000_000
"""Time between two questions whether the tool can judge still: its tare ages (engineering
choice)."""
HOLE_US = 250_000
"""Known force samples further apart than this, and than two intervals, start filter and
on-delays anew: a hole must not fill them (engineering choice)."""
_PARTS = (Doubt.NO_FORCE_SENSOR, Doubt.AREA_UNKNOWN, Doubt.MASS_UNKNOWN)
"""What the tool itself lacks: no fault of the moment is worth saying above it."""
_MOVED = frozenset({Doubt.ZERO_DRIFTED, Doubt.GRAVITY_UNKNOWN})
"""Caveats with which the force is no longer reckoned from where it was."""
_NONE = (inf, -inf, False)
_WARNED = (Level.CAUTION, Level.STOP)
_MILLION = 1_000_000
_GRAVITY_UNKNOWN: Final = Doubt.GRAVITY_UNKNOWN

Frame: TypeAlias = tuple[range, Sequence[float] | None]
"""Times in us and contact forces in N of the samples of a frame; None where no force is known."""


class Judge(Copied):
    """The verdict on the pressure.

    What is shown never runs ahead of the evidence: a doubt shows at once, and when it is gone
    it stays until a level has held for its dwell.

    Attributes:
        level: the level shown.
        doubt: why it is unknown; None where it is known, or where nothing is to be judged.
        pressure_kpa: newest pressure, low-passed, at least 0; None while it is not known.
        trace: the newest minute of it.
        interval_us: time between samples of the present frame.
        saturated: whether the force of the present frame is only a lower bound.
    """

    def __init__(self, scale: PressureScale) -> None:
        self.level = Level.UNKNOWN
        self.doubt: Doubt | None = Doubt.SILENCE
        self.pressure_kpa: float | None = None
        self.trace = Trace()
        self.interval_us = 0
        self.saturated = False
        self._scale = scale
        self._filter = LowPass(CUTOFF_HZ)
        self._filtered_us: int | None = None
        self._is_silent = True
        self._fault: Doubt | None = None
        self._caveat: Doubt | None = None
        self._ask_us = 0
        self._in_use: int | None = None
        self._cannot: Doubt | None = Doubt.SILENCE
        self._band: Band | None = None
        self._over: OverPressure | None = None
        self._levels = LevelTracker(None, None)
        self._taps: TapPeak | None = None
        self._calm: list[tuple[float, float, bool] | None] = [None, None]

    def begin(self, task: Task | None, t_us: int, out: list[SensingEvent]) -> None:
        """Judge by a task from now on; a standing alert ends with its step."""
        if self._over is not None:
            self._over.clear(t_us, "step_ended", out)
        self._calm = [None, None]
        band = None if task is None else task.band
        technique = None if task is None else task.technique
        is_tap = band is not None and technique is Technique.TAP
        self._band = band
        self._over = None if band is None else OverPressure(band)
        self._levels = LevelTracker(band, technique)
        self._taps = TapPeak() if is_tap else None
        self.reconsider(t_us, out)

    def silence(self, t_us: int, out: list[SensingEvent]) -> None:
        """Know nothing from now on: no samples come."""
        self._is_silent = True
        self.reconsider(t_us, out)

    def resume(self, t_us: int, out: list[SensingEvent], *, came_late: bool) -> None:
        """Samples come again; ``came_late``: none is missing, so that an over-pressure goes on."""
        self._is_silent = False
        if not came_late:
            self._filtered_us = None
        self.reconsider(t_us, out)

    def set_fault(self, fault: Doubt | None, t_us: int, out: list[SensingEvent]) -> None:
        """Take what is wrong with the force sensor now."""
        self._fault = fault
        self.reconsider(t_us, out)

    def set_caveat(self, caveat: Doubt | None, t_us: int, out: list[SensingEvent]) -> None:
        """Take why no pressure may be called fine now; one may still be too much.

        Where the force is taken from elsewhere from now on, an alert that stands is doubtful.
        """
        if caveat is self._caveat:
            return
        self._calm = [None, None]
        if not _MOVED.isdisjoint((caveat, self._caveat)):
            self.rezero()
            if self._over is not None:
                self._over.clear(t_us, "unknown", out)
            self._levels.restart()
        self._caveat = caveat
        if self._cannot is not None:
            return
        if caveat is None or self._levels.level is not None:
            self._show_level(t_us, out)
        else:
            self._show(t_us, Level.UNKNOWN, caveat, out)

    def rezero(self) -> None:
        """The tool took a new zero: what the filter holds was measured from the old one."""
        self._filtered_us = None

    def reconsider(self, t_us: int, out: list[SensingEvent]) -> None:
        """Ask again whether anything can be judged, and show a doubt at once."""
        self._calm = [None, None]
        cannot = self._find_doubt()
        if cannot is not self._cannot:
            self._levels.restart()
        self._cannot = cannot
        if cannot is None:
            return
        is_silent = cannot is Doubt.SILENCE
        if self._over is not None and is_silent:
            self._over.suspend(t_us, out)
        elif self._over is not None:
            self._over.clear(t_us, "unknown", out)
        if cannot is not Doubt.TOO_UNCERTAIN:
            self.pressure_kpa = None
            if not is_silent:
                self._filtered_us = None
        self._show(t_us, Level.UNKNOWN, cannot, out)

    def step(
        self, t_us: int, force_n: float | None, *, touching: bool, out: list[SensingEvent]
    ) -> None:
        """Take one sample of the contact force, None where it is not known."""
        scale = self._scale
        self._calm = [None, None]
        if scale.has_edges:
            scale.touching = touching
        if t_us >= self._ask_us or (scale.has_edges and scale.in_use != self._in_use):
            self._ask(t_us, out)
        if force_n is None or scale.kpa_per_n is None:
            self.trace.add(t_us / _MILLION, None, self.level)
            return
        raw_kpa = force_n * scale.kpa_per_n
        last_us, self._filtered_us = self._filtered_us, t_us
        if last_us is not None and t_us - last_us <= max(HOLE_US, 2 * self.interval_us):
            smooth_kpa = self._filter.step(raw_kpa, t_us - last_us)
        else:
            smooth_kpa = self._prime(raw_kpa)
        is_told = self._caveat is not _GRAVITY_UNKNOWN
        self.pressure_kpa = max(0.0, smooth_kpa) if is_told else None
        if self._cannot is None:
            self._judge(t_us, smooth_kpa, raw_kpa, touching, out)
        self.trace.add(t_us / _MILLION, self.pressure_kpa, self.level)

    def is_asked(self, t_us: int) -> bool:
        """Whether by then it must be asked anew if the tool can judge: then use ``step``."""
        return self._scale.has_edges or t_us >= self._ask_us

    def run(
        self, columns: Frame, first: int, end: int, *, touching: bool, out: list[SensingEvent]
    ) -> None:
        """Take samples of one contact, or of none, up to a moment at which nothing is asked.

        Args:
            columns: times, ``interval_us`` apart, and contact forces of a frame; None for the
                forces where none of them is known.
            first: the first sample to take.
            end: the first one after them.
            touching: whether the tool touches in all of them.
            out: takes the events.
        """
        times_us, forces_n = columns
        if forces_n is None or self._scale.kpa_per_n is None:
            level = self.level
            self.trace.extend([(t_us / _MILLION, None, level) for t_us in times_us[first:end]])
            return
        while first < end:
            first = self._skim(times_us, forces_n, first, end, touching=touching)
            if first < end:
                self.step(times_us[first], forces_n[first], touching=touching, out=out)
                first += 1

    def _skim(
        self, times_us: range, forces_n: Sequence[float], first: int, end: int, *, touching: bool
    ) -> int:
        """Take samples up to the first that may turn level or alert; return that one, or ``end``.

        All that those before it do is to move the filters on.
        """
        interval_us, scale = self.interval_us, self._scale.kpa_per_n or 0.0
        calm = self._calm[touching] or self._learn_calm(touching=touching)
        if calm is _NONE or self._filtered_us != times_us[first] - interval_us:
            return first
        least_kpa, below_kpa, is_told = calm
        gain, one, two = self._filter.gain(interval_us), self._filter.first, self._filter.value
        raws: list[tuple[int, float]] = []
        points: list[tuple[float, float | None, Level]] = []
        level = self.level
        t_us = times_us[first]
        for force_n in forces_n[first:end]:
            raw_kpa = force_n * scale
            next_one = one + gain * (raw_kpa - one)
            next_two = two + gain * (next_one - two)
            if not least_kpa <= next_two < below_kpa:
                break
            one, two = next_one, next_two
            raws.append((t_us, raw_kpa))
            told_kpa = two if two > 0.0 else 0.0  # noqa: FURB136 - in a quarter of max's time
            points.append((t_us / _MILLION, told_kpa if is_told else None, level))
            t_us += interval_us
        if points:
            self._filter.first, self._filter.value = one, two
            self._filtered_us = t_us - interval_us
            self.pressure_kpa = points[-1][1]
            self.trace.extend(points)
            if self._cannot is None:
                self._levels.stay()
                if self._over is not None:
                    self._over.pass_by(raws)
        return first + len(points)

    def _learn_calm(self, *, touching: bool) -> tuple[float, float, bool]:
        """Return which pressures turn nothing, and if they are told; until something has changed.

        From, and below which: none where any pressure may turn something.
        """
        is_told = self._caveat is not _GRAVITY_UNKNOWN
        calm = _NONE
        if self._cannot is not None:
            calm = (-inf, inf, is_told)
        elif self._taps is None:
            least_kpa, below_kpa = self._levels.calm(touching=touching)
            over_kpa = inf if self._over is None else self._over.calm_below_kpa
            if least_kpa < inf:
                calm = (least_kpa, min(below_kpa, over_kpa), is_told)
        self._calm[touching] = calm
        return calm

    def _ask(self, t_us: int, out: list[SensingEvent]) -> None:
        """Ask again as the tare ages and when another edge is used, but under no alert."""
        self._ask_us, self._in_use = t_us + ASKED_US, self._scale.in_use
        is_warned = self._over is not None and self._over.level is not None
        if not is_warned and self._find_doubt() is not self._cannot:
            self.reconsider(t_us, out)

    def _judge(
        self,
        t_us: int,
        smooth_kpa: float,
        raw_kpa: float,
        touching: bool,  # noqa: FBT001 - private, one caller, per sample
        out: list[SensingEvent],
    ) -> None:
        levels, over, taps = self._levels, self._over, self._taps
        has_turned = is_over = False
        if over is not None:
            has_turned = over.step(t_us, raw_kpa, smooth_kpa, out, is_saturated=self.saturated)
            is_over = has_turned and over.level is None
        shown_kpa = smooth_kpa
        if taps is not None:
            taps.step(t_us, raw_kpa, touching=touching)
            if is_over:
                taps.forget(raw_kpa, touching=touching)
            shown_kpa, touching = taps.value_kpa, taps.tapping
        if is_over:
            levels.release(shown_kpa, touching=touching)
        elif over is not None and over.level is not None:
            levels.follow(over.level)
        if levels.step(t_us, shown_kpa, touching=touching) or has_turned:
            self._show_level(t_us, out)

    def _prime(self, raw_kpa: float) -> float:
        """Begin anew as if the pressure had been so for ever; return it."""
        self._filter.prime(raw_kpa)
        if self._over is not None:
            self._over.forget()
        return raw_kpa

    def _find_doubt(self) -> Doubt | None:
        if self._is_silent:
            return Doubt.SILENCE
        doubt = self._scale.doubt(self._band)
        return doubt if doubt in _PARTS else self._fault or doubt

    def _show_level(self, t_us: int, out: list[SensingEvent]) -> None:
        level = self._levels.level
        if self._caveat is not None and level not in _WARNED:
            self._show(t_us, Level.UNKNOWN, self._caveat, out)
        elif level is not None:
            self._show(t_us, level, None, out)

    def _show(self, t_us: int, level: Level, doubt: Doubt | None, out: list[SensingEvent]) -> None:
        if level is self.level and doubt is self.doubt:
            return
        self.level = level
        self.doubt = doubt
        out.append(
            LevelMoved(
                device_s=t_us / _MILLION,
                level=level,
                doubt=doubt,
                pressure_kpa=self._judged_kpa(),
            )
        )

    def _judged_kpa(self) -> float | None:
        """Return the pressure that the level was judged by: of taps the peak of each contact."""
        taps, kpa = self._taps, self.pressure_kpa
        return kpa if taps is None or kpa is None else max(0.0, taps.value_kpa)
