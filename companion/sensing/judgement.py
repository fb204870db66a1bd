"""Judges the contact force against the band of the step: pressure, level, over-pressure."""

from companion.sensing.filters import LowPass
from companion.sensing.level import LevelTracker, TapPeak
from companion.sensing.limits import CUTOFF_HZ, OverPressure
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
_WARNED = (Level.CAUTION, Level.STOP)
_MILLION = 1_000_000


class Judge:
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

    def begin(self, task: Task | None, t_us: int, out: list[SensingEvent]) -> None:
        """Judge by a task from now on; a standing alert ends with its step."""
        if self._over is not None:
            self._over.clear(t_us, "step_ended", out)
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

    def resume(self, t_us: int, out: list[SensingEvent]) -> None:
        """Samples come again."""
        self._is_silent = False
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
        cannot = self._find_doubt()
        if cannot is not self._cannot:
            self._levels.restart()
        self._cannot = cannot
        if cannot is None:
            return
        if self._over is not None:
            self._over.clear(t_us, "unknown", out)
        if cannot is not Doubt.TOO_UNCERTAIN:
            self.pressure_kpa = None
            self._filtered_us = None
        self._show(t_us, Level.UNKNOWN, cannot, out)

    def step(
        self, t_us: int, force_n: float | None, *, touching: bool, out: list[SensingEvent]
    ) -> None:
        """Take one sample of the contact force, None where it is not known."""
        scale = self._scale
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
        is_told = self._caveat is not Doubt.GRAVITY_UNKNOWN
        self.pressure_kpa = max(0.0, smooth_kpa) if is_told else None
        if self._cannot is None:
            self._judge(t_us, smooth_kpa, raw_kpa, touching, out)
        self.trace.add(t_us / _MILLION, self.pressure_kpa, self.level)

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
                pressure_kpa=self.pressure_kpa,
            )
        )
