"""Contact with the skin: two thresholds and minimum times, or the tool's own verdict."""

from collections import deque
from statistics import median

from companion.sensing.copied import Copied
from companion.sensing.soft_edges import LEVELS, LONGEST_US, SHORTEST_US, no_force_us
from companion.sensing.types import ContactBegan, ContactEnded, SensingEvent

ON_SHARE = 0.05
"""Share of the target's upper end at which contact begins (docs/sensing.md)."""
ON_SIGMAS = 3.0
"""Times the noise at which contact begins at least (docs/sensing.md)."""
OFF_SHARE = 0.5
"""Share of the threshold below which contact ends (docs/sensing.md)."""
OFF_MEAN_SHARE = 0.1
"""Share of a contact's own mean force below which it ends, where that is more: a zero that has
crept must not hold on to it."""
ON_TIME_US = 20_000
"""Time above the threshold before contact is believed (docs/sensing.md: 20 to 30 ms)."""
OFF_TIME_US = 30_000
"""Time below before its end is believed (docs/sensing.md: 20 to 30 ms)."""
STILL_TIME_US = 100_000
"""Time for which force that is little beside the contact's own mean must fall no further, where it
is above the end of contact: a hard press that is let go of slowly is still one (engineering
choice)."""
FAINT_SHARE = 0.25
"""Share of the threshold from which force is a touch, beside a contact that is believed."""
FAINT_US = 50_000
"""How far back such a touch may begin, at most: the force of a soft stroke takes as long to reach
the threshold (engineering choice)."""
SWING_SHARE = 0.2
"""Share of a contact's peak that force must reach, just after it, to be another contact: a tool
that leaps off the skin swings, and its own mass pulls at the sensor (engineering choice)."""
SWING_US = 150_000
"""How long after a contact that holds (engineering choice)."""
UNJUDGED_ON_N = 0.02
"""Threshold where no target is set, in newtons (engineering choice)."""
UNJUDGED_SHARE = 0.0025
"""The same as a share of a channel's full scale, where that is more: what a force sensor is off by
grows with its range (engineering choice; data sheets of load cells: .1 to .5 % for hysteresis, bend
and zero together)."""
UNJUDGED_MOST_N = 0.1
"""The most that such a share asks for (engineering choice: scales that carry a person are used as
tools, too, and a light touch of a face is some tenths of a newton)."""
UNKNOWN_MASS_ON_N = 0.3
"""Threshold of a tool of unknown supported mass: the weight of 30 g (assumption, grade D)."""
ON_WEIGHTS = 2.0
"""Times the weight that is still in the force at which contact begins: a tool that is turned over
between the tare and now is off by twice its weight (geometry)."""
SOURCE_FORCE = "force"
SOURCE_TOOL = "tool"
FEWEST_BEFORE = 8
"""Samples between two contacts that tell what the force reads without one (engineering choice)."""
_EDGE_SAMPLES = 64
_MILLION = 1_000_000


class ContactTracker(Copied):
    """Whether the tool touches, and since when.

    Attributes:
        touching: the believed state.
        began_us: when the present contact began: its first sample above the threshold.
        touched_us: its first sample with any force, a little before that.
        last_us: the newest sample known to be in contact.
        left_us: the newest with any force, a little after that at its end.
        peak_n: highest force of the present contact, None where no force is known.
    """

    def __init__(self) -> None:
        self.touching = False
        self.began_us = self.touched_us = 0
        self.last_us = self.left_us = 0
        self.peak_n: float | None = None
        self._rest_n = self._before_n = 0.0
        self._edges_n: deque[tuple[int, float]] = deque(maxlen=_EDGE_SAMPLES)
        self._newest_n: deque[tuple[int, float]] = deque(maxlen=_EDGE_SAMPLES)
        self.set_threshold(UNJUDGED_ON_N)
        self._swing_n = 0.0
        self._swings_until_us = 0
        self._since_us: int | None = None
        self._faint_us: int | None = None
        self._gone_us: int | None = None
        self._least_n = self._sum_n = 0.0
        self._count = 0
        self._rose_us: int | None = None
        self._is_rising = False
        self._earliest_us = 0

    def set_threshold(self, on_n: float, weighs_n: float = 0.0) -> None:
        """Take the force in newtons at which contact begins; it ends at half of it.

        Args:
            on_n: that force.
            weighs_n: by how much the tool's own weight, where it is still in the force, may differ
                from one attitude to another.
        """
        self._begin_n, self._weighs_n = on_n, weighs_n
        self.set_rest(self._rest_n)

    def set_rest(self, rest_n: float) -> None:
        """Take what the force reads while nothing touches: contact is reckoned from there.

        What leaps is what the force is reckoned from: what was read before is then of another zero.
        """
        leap_n, self._rest_n, on_n = rest_n - self._rest_n, rest_n, self._begin_n
        if abs(leap_n) > on_n:
            self._newest_n.clear()
            self._before_n += leap_n
        self._on_n = rest_n + on_n
        self._off_n = rest_n + OFF_SHARE * on_n
        self._faint_n = rest_n + FAINT_SHARE * on_n

    def by_force(
        self, t_us: int, force_n: float, out: list[SensingEvent], judged_n: float | None = None
    ) -> None:
        """Take one sample of the contact force.

        Args:
            t_us: when.
            force_n: the force, for mean and peak.
            out: takes the events.
            judged_n: the force to decide by, where it is another (several channels).
        """
        decides_n = force_n if judged_n is None else judged_n
        self._newest_n.append((t_us, force_n))
        if self.touching:
            if decides_n < self._off_n or self._is_remnant(decides_n):
                self._edges_n.append((t_us, force_n))
                self._leave(t_us, decides_n, out)
            else:
                self._since_us = None
                self._hold(t_us, force_n)
        elif decides_n < self._faint_n:
            self._since_us = self._faint_us = None
        elif decides_n < self._on_n or (t_us < self._swings_until_us and decides_n < self._swing_n):
            self._since_us = None
            if self._faint_us is None:
                self._faint_us = t_us
            self._edges_n.append((t_us, force_n))
        else:
            self._approach(t_us, force_n, out)

    def by_verdict(self, t_us: int, *, touching: bool, out: list[SensingEvent]) -> None:
        """Take the tool's own verdict, which is already debounced."""
        if touching:
            self.last_us = self.left_us = t_us
            if not self.touching:
                self._restart(t_us)
                self._begin(t_us, SOURCE_TOOL, out)
        elif self.touching:
            self._since_us = self._gone_us = t_us
            self.end(t_us, out)

    def end(self, t_us: int, out: list[SensingEvent]) -> None:
        """End the contact, if there is one."""
        since_us, self._since_us = self._since_us, None
        self._faint_us = None
        if not self.touching:
            return
        self.touching = False
        if self.peak_n is not None:
            self._swing_n = self._rest_n + SWING_SHARE * (self.peak_n - self._rest_n)
            self._swings_until_us = self.last_us + SWING_US
        seen_us = self._ended_us(since_us)
        began_us, ended_us = self._drawn_out_us(seen_us, leaves=since_us is not None)
        mean_n = self._mean_n(seen_us)
        if mean_n is not None:
            mean_n -= self._before_n
            if ended_us > began_us:
                mean_n *= (seen_us - self.touched_us) / (ended_us - began_us)
        self._earliest_us = ended_us
        self._newest_n.clear()
        out.append(
            ContactEnded(
                device_s=t_us / _MILLION,
                began_s=began_us / _MILLION,
                ended_s=ended_us / _MILLION,
                mean_n=mean_n,
                peak_n=self.peak_n,
            )
        )

    def _drawn_out_us(self, seen_us: int, *, leaves: bool) -> tuple[int, int]:
        """Return when a contact began and ended, by its soft edges where it has such.

        Not before the end of the contact before it.
        """
        began_us, ended_us = self.touched_us, seen_us
        if ended_us - began_us >= SHORTEST_US:
            if self._rose_us is not None:
                began_us = max(self._rose_us, began_us - LONGEST_US)
            fell_us = no_force_us(self._edge_n()[::-1], self._begin_n) if leaves else None
            if fell_us is not None:
                ended_us = min(fell_us, ended_us + LONGEST_US)
        began_us = max(began_us, self._earliest_us)
        return began_us, max(began_us, ended_us)

    def _edge_n(self) -> list[tuple[int, float]]:
        """Return the newest forces above what the untouched tool reads."""
        return [(t_us, force_n - self._rest_n) for t_us, force_n in self._newest_n]

    def _look_before(self) -> None:
        """Read what the force was just before the first touch, where it says that nothing was.

        What is then left of the force is where the mean of a contact is reckoned from. A force
        above the end of contact may be a touch, and a gap too short to tell leaves what was known.
        Where the tool's weight is still in the force, that was another attitude than the contact's,
        as the tare was: what weight can make of the two is shared between them.
        """
        until_us = self.touched_us - LONGEST_US
        forces_n = [force_n for t_us, force_n in self._newest_n if t_us < until_us]
        if len(forces_n) >= FEWEST_BEFORE:
            middle_n, weighs_n = median(forces_n), self._weighs_n
            before_n = middle_n if middle_n < self._off_n else self._rest_n
            self._before_n = before_n - min(max(before_n, -weighs_n), weighs_n) / 2.0

    def _mean_n(self, ended_us: int) -> float | None:
        """Return the mean force from the first touch to the last: the soft edges are part of it."""
        if not self._count:
            return None
        edges = [n for at_us, n in self._edges_n if self.touched_us <= at_us < ended_us]
        return (self._sum_n + sum(edges)) / (self._count + len(edges))

    def _ended_us(self, since_us: int | None) -> int:
        """Return the first sample without force; where nothing tells, the last one with any."""
        if since_us is None:
            return self.left_us
        return since_us if self._gone_us is None else self._gone_us

    def _is_remnant(self, force_n: float) -> bool:
        """Return whether a force is too little beside the present contact's own mean."""
        rest_n, count = self._rest_n, self._count
        above_n, share_n = force_n - rest_n, OFF_MEAN_SHARE * (self._sum_n - rest_n * count)
        return above_n * count < share_n and above_n * OFF_MEAN_SHARE < self._begin_n

    def _approach(self, t_us: int, force_n: float, out: list[SensingEvent]) -> None:
        """Take force that is contact, once it has lasted."""
        if self._since_us is None:
            self._since_us = t_us
            self._restart(t_us)
        self._hold(t_us, force_n)
        if t_us - self.began_us >= ON_TIME_US:
            self._since_us = None
            self._begin(t_us, SOURCE_FORCE, out)

    def _hold(self, t_us: int, force_n: float) -> None:
        self.last_us = self.left_us = t_us
        self._sum_n += force_n
        self._count += 1
        if self._is_rising and force_n - self._rest_n >= LEVELS[0] * self._begin_n:
            self._is_rising = False
            self._rose_us = no_force_us(self._edge_n(), self._begin_n)
        if self.peak_n is None or force_n > self.peak_n:
            self.peak_n = force_n

    def _leave(self, t_us: int, decides_n: float, out: list[SensingEvent]) -> None:
        """Take force that is contact no more, once that has lasted."""
        if self._since_us is None or self._falls_on(decides_n):
            self._since_us, self._least_n = t_us, decides_n
            self._gone_us = None
        if self._gone_us is None:
            if decides_n >= self._faint_n:
                self.left_us = t_us
            else:
                self._gone_us = t_us
        if t_us - self._since_us >= (OFF_TIME_US if self._is_off() else STILL_TIME_US):
            self.end(t_us, out)

    def _is_off(self) -> bool:
        """Return whether the force that leaves is below the end of contact, not only faint."""
        return self._least_n < self._off_n

    def _falls_on(self, decides_n: float) -> bool:
        """Return whether a force too little beside its own mean is on its way to less."""
        step_n = FAINT_SHARE * self._begin_n
        return not self._is_off() and decides_n < self._least_n - step_n

    def _restart(self, t_us: int) -> None:
        self.began_us = self.touched_us = t_us
        if self._faint_us is not None:
            self.touched_us = max(self._faint_us, t_us - FAINT_US)
        self._look_before()
        self.peak_n = self._rose_us = None
        self._is_rising = True
        self._sum_n = 0.0
        self._count = 0

    def _begin(self, t_us: int, source: str, out: list[SensingEvent]) -> None:
        self.touching = True
        out.append(ContactBegan(device_s=t_us / _MILLION, source=source))
