"""One limit of the pressure: its alert, raised once per event, with on-delay and deadband."""

from collections.abc import Iterable
from typing import NamedTuple

from companion.sensing.copied import Copied
from companion.sensing.types import (
    Level,
    OverPressureCleared,
    OverPressureRaised,
)
from companion.sensing.zero_phase import LAG_US, Value, ZeroPhase

CUTOFF_HZ = 10.0
"""Low-pass ahead of the limits (docs/sensing.md)."""
CAUTION_ON_DELAY_US = 60_000
"""Time above the caution limit before it is raised (docs/sensing.md)."""
STOP_ON_DELAY_US = 30_000
"""Time above the stop limit before it is raised, never less than two samples (docs/sensing.md)."""
LASTING_US = 170_000
"""Time above that a falling pressure must be on the way to: at its present slope it would still
be above then (engineering choice, on random presses: 150 ms and what the low-pass adds)."""
EVENT_US = 150_000
"""Time above, of the pressure low-passed without delay, that makes an event
(docs/recordings.md)."""
KNOWN_US = 40_000
"""How late the pressure without delay is believed where an alert waits for it: less is not known
well enough, and from more some events are warned of after 250 ms (engineering choice, on random
presses)."""
NEAR_US = 120_000
"""Time near the limit before it is asked: what is above for longer has been near it for longer
(engineering choice)."""
MERGED_US = 150_000
"""Time below that parts one event from the next; a shorter one does not (docs/recordings.md)."""
NEAR_GAP_US = 200_000
"""Time not near the limit after which nothing is listened to any more: ``MERGED_US`` and two
samples at the lowest usual rate (engineering choice)."""
FALLEN_SHARE = 0.95
"""Share of a limit below which a pressure has fallen, and is no hold at the limit any more
(engineering choice)."""
AFTER_FALL_SHARE = 0.997
"""Share of a limit from which the pressure without delay counts as above once the causal one has
fallen. What is not known yet is taken to stay as it is now, but what falls goes on falling: that
tells .2 to .5 % of the limit too little for what is .06 to .14 s old (measured on random presses
and in rough use on which things were chosen)."""
CLEAR_SHARE = 0.98
"""Share of a limit below which an alert may clear; at .95 neighbouring events melt together
(docs/sensing.md)."""
OFF_DELAY_US = 100_000
"""Time below that share before an alert clears (docs/sensing.md)."""
PARTED_US = 80_000
"""Time for which the pressure, low-passed without delay, has been below the limit that parts one
event from the next: the 150 ms of the definition less what is not known yet (engineering
choice)."""
_MILLION = 1_000_000


class Moment(NamedTuple):
    """One sample of the pressure, in kPa.

    Attributes:
        t_us: its time.
        raw_kpa: bare.
        smooth_kpa: low-passed causally at 10 Hz.
        is_saturated: whether the true pressure is at least the bare one.
        late_us: the newest moment at which the pressure without delay is known.
        late_kpa: low-passed at 5 Hz without delay, there.
        undelayed: all that is known of it.
    """

    t_us: int
    raw_kpa: float
    smooth_kpa: float
    is_saturated: bool
    late_us: int
    late_kpa: float
    undelayed: ZeroPhase


class Above(NamedTuple):
    """What may be an event: a time above a limit, and shorter times below it.

    Attributes:
        start_us: the first moment above.
        newest_us: the newest one.
        lasted_us: time from the first to the end of the newest one.
        peak_kpa: the highest pressure.
    """

    start_us: int
    newest_us: int
    lasted_us: int
    peak_kpa: float


def newest_above(
    course: Iterable[Value], limit_kpa: float, after_us: int, until_us: int
) -> Above | None:
    """Return the newest time above a limit; what lies below for so long parts it from others.

    Args:
        course: the pressure without delay, in order of time.
        limit_kpa: the limit.
        after_us: what was before is not looked at.
        until_us: nor what is later.
    """
    above: Above | None = None
    below_us = before_us = None
    for t_us, kpa in course:
        if after_us < t_us <= until_us:
            own_us = 0 if before_us is None else t_us - before_us
            if kpa <= limit_kpa:
                below_us = t_us if below_us is None else below_us
            elif above is None or (below_us is not None and t_us - below_us >= MERGED_US):
                above, below_us = Above(t_us, t_us, own_us, kpa), None
            else:
                lasted_us = t_us - above.start_us + own_us
                above = Above(above.start_us, t_us, lasted_us, max(above.peak_kpa, kpa))
                below_us = None
        before_us = t_us
    return above


class Cut(NamedTuple):
    """An over-pressure whose alert stood when no samples came any more.

    Attributes:
        onset_us: first filtered sample above the limit.
        peak_kpa: highest filtered pressure since then.
        peak_is_least: whether the force was at its end meanwhile.
    """

    onset_us: int
    peak_kpa: float
    peak_is_least: bool


class Limit(Copied):
    """One limit: whether its alert stands.

    An event is defined on the pressure low-passed at 5 Hz without delay, which is known too late.
    So an alert is raised early, by the causal low-pass, when that has been above for the
    on-delay, the force itself still is, and neither is about to fall; and at the latest when the
    pressure without delay, as well as it can be known, has been above for long enough, as of a
    hand that trembles or grazes the limit.

    Attributes:
        level: caution or stop.
        limit_kpa: the limit.
        standing: whether the alert stands.
        onset_us: first filtered sample above the limit.
        peak_kpa: highest filtered pressure since then.
        peak_is_least: whether the force was at its end meanwhile.
        cut: what goes on if none of the samples that come is missing, only late.
    """

    def __init__(self, level: Level, limit_kpa: float, on_delay_us: int) -> None:
        self.level = level
        self.limit_kpa = limit_kpa
        self.standing = False
        self.onset_us: int | None = None
        self.peak_kpa = 0.0
        self.peak_is_least = False
        self.cut: Cut | None = None
        self._on_delay_us = on_delay_us
        self._clear_kpa = CLEAR_SHARE * limit_kpa
        self._fallen_kpa = FALLEN_SHARE * limit_kpa
        self._after_fall_kpa = AFTER_FALL_SHARE * limit_kpa
        self._below_us: int | None = None
        self._above_us = 0
        self._smooth_kpa = 0.0
        self._last_us = 0
        self._near_us: int | None = None
        self._near_from_us: int | None = None
        self._event: Above | None = None
        self._after_us = -1

    def is_due(self, now: "Moment") -> bool:
        """Take a sample while the alert does not stand; return whether it must be raised."""
        is_sure = self._is_sure(now)
        is_early = self._is_early(now)
        goes_on = self.cut is not None and self._goes_on(now)
        self._smooth_kpa = now.smooth_kpa
        self._last_us = now.t_us
        return is_sure or is_early or goes_on

    def is_quiet(self) -> bool:
        """Return whether nothing has begun."""
        has_begun = self.onset_us is not None or self._near_us is not None
        return not (self.standing or has_begun or self.cut is not None)

    def _goes_on(self, now: "Moment") -> bool:
        """Return whether what was cut goes on: nothing is waited for, but above it must be."""
        if min(now.raw_kpa, now.smooth_kpa) > self.limit_kpa:
            return True
        if self._below_us is None:
            self._below_us = now.t_us
        if now.t_us - self._below_us >= MERGED_US:
            self.cut = None
        return False

    def _is_early(self, now: "Moment") -> bool:
        is_at_end = now.is_saturated and now.raw_kpa >= self.limit_kpa
        if now.smooth_kpa <= self.limit_kpa and not is_at_end:
            self.onset_us = None
            return False
        if self.onset_us is None:
            self.onset_us = now.t_us
            self.peak_kpa, self.peak_is_least = now.smooth_kpa, now.is_saturated
            return False
        self._take_peak(now)
        lasted_us = now.t_us - self.onset_us
        if lasted_us < self._on_delay_us:
            return False
        if is_at_end:
            return True
        return now.raw_kpa > self.limit_kpa and not self._is_about_to_fall(now, lasted_us)

    def _is_about_to_fall(self, now: "Moment", lasted_us: int) -> bool:
        """Return whether, at its present slope, it will be below before it has lasted."""
        fallen_kpa = self._smooth_kpa - now.smooth_kpa
        if fallen_kpa <= 0:
            return False
        left_us = (now.smooth_kpa - self.limit_kpa) / fallen_kpa * (now.t_us - self._last_us)
        return lasted_us + left_us < LASTING_US

    def _is_sure(self, now: "Moment") -> bool:
        if now.late_kpa > self._clear_kpa:
            self._near_us = now.late_us
            if self._near_from_us is None:
                self._near_from_us = now.late_us
        elif self._near_us is not None and now.late_us - self._near_us >= NEAR_GAP_US:
            self._near_us = self._near_from_us = self._event = None
        known_us = now.t_us - KNOWN_US
        if self._near_from_us is None or known_us - self._near_from_us < NEAR_US:
            return False
        has_fallen = now.smooth_kpa < self._fallen_kpa
        limit_kpa = self._after_fall_kpa if has_fallen else self.limit_kpa
        course = now.undelayed.course()
        self._event = event = newest_above(course, limit_kpa, self._after_us, known_us)
        return event is not None and event.lasted_us >= EVENT_US

    def forget(self) -> None:
        """Forget an excursion that has not raised the alert, and one that was cut."""
        self.onset_us = self._near_us = self._near_from_us = self._event = self.cut = None

    def is_over(self, now: "Moment") -> bool:
        """Take a sample while the alert stands; return whether it must be cleared."""
        self._last_us = now.t_us
        self._take_peak(now)
        is_at_end = now.is_saturated and now.raw_kpa >= self.limit_kpa
        if is_at_end or now.late_kpa > self.limit_kpa:
            self._above_us = now.late_us
        if is_at_end:
            self._below_us = None
            return False
        ended_us = now.late_us - self._above_us
        if now.smooth_kpa >= self._clear_kpa:
            self._below_us = None
            return ended_us >= MERGED_US and now.smooth_kpa < self.limit_kpa
        if self._below_us is None:
            self._below_us = now.t_us
        is_parted = ended_us >= PARTED_US and now.raw_kpa < self.limit_kpa
        return is_parted or now.t_us - self._below_us >= OFF_DELAY_US

    def _take_peak(self, now: "Moment") -> None:
        self.peak_kpa = max(self.peak_kpa, now.smooth_kpa)
        self.peak_is_least = self.peak_is_least or now.is_saturated

    def raise_alert(self, t_us: int, smooth_kpa: float) -> OverPressureRaised:
        """Let it stand; told is the pressure now, or its event's highest where it is low again."""
        self.standing = True
        self._below_us = None
        self._above_us = t_us
        if self.onset_us is None:
            self.onset_us, self.peak_kpa, self.peak_is_least = t_us, smooth_kpa, False
        if self._event is not None:
            self.onset_us = min(self.onset_us, self._event.start_us)
            self.peak_kpa = max(self.peak_kpa, self._event.peak_kpa)
        if self.cut is not None:
            self.onset_us = min(self.onset_us, self.cut.onset_us)
            self.peak_kpa = max(self.peak_kpa, self.cut.peak_kpa)
            self.peak_is_least = self.peak_is_least or self.cut.peak_is_least
        self.cut = None
        told_kpa = smooth_kpa if smooth_kpa > self.limit_kpa else self.peak_kpa
        return OverPressureRaised(
            device_s=t_us / _MILLION,
            level=self.level,
            onset_s=self.onset_us / _MILLION,
            pressure_kpa=told_kpa,
            limit_kpa=self.limit_kpa,
        )

    def suspend(self, t_us: int) -> OverPressureCleared:
        """Let the alert end because no samples come; what it stood for may go on."""
        onset_us = t_us if self.onset_us is None else self.onset_us
        cleared = self.clear(t_us, "unknown")
        self._below_us = None
        self.cut = Cut(onset_us, self.peak_kpa, self.peak_is_least)
        return cleared

    def clear(self, t_us: int, reason: str) -> OverPressureCleared:
        """Let the alert end."""
        onset_us = t_us if self.onset_us is None else self.onset_us
        self.standing = False
        self._after_us = self._last_us - LAG_US
        self.forget()
        return OverPressureCleared(
            device_s=t_us / _MILLION,
            level=self.level,
            reason=reason,
            onset_s=onset_us / _MILLION,
            peak_kpa=self.peak_kpa,
            peak_is_least=self.peak_is_least,
        )
