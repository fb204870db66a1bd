"""Contact with the skin: two thresholds and minimum times, or the tool's own verdict."""

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
UNJUDGED_ON_N = 0.02
"""Threshold where no target is set, in newtons (engineering choice)."""
UNKNOWN_MASS_ON_N = 0.3
"""Threshold of a tool of unknown supported mass: the weight of 30 g (assumption, grade D)."""
ON_WEIGHTS = 2.0
"""Times the weight that is still in the force at which contact begins: a tool that is turned over
between the tare and now is off by twice its weight (geometry)."""
SOURCE_FORCE = "force"
SOURCE_TOOL = "tool"
_MILLION = 1_000_000


class ContactTracker:
    """Whether the tool touches, and since when.

    Attributes:
        touching: the believed state.
        began_us: when the present contact began: its first sample above the threshold.
        last_us: the newest sample known to be in contact.
        peak_n: highest force of the present contact, None where no force is known.
    """

    def __init__(self) -> None:
        self.touching = False
        self.began_us = 0
        self.last_us = 0
        self.peak_n: float | None = None
        self._on_n = UNJUDGED_ON_N
        self._off_n = OFF_SHARE * UNJUDGED_ON_N
        self._since_us: int | None = None
        self._sum_n = 0.0
        self._count = 0

    def set_threshold(self, on_n: float) -> None:
        """Take the force in newtons at which contact begins; it ends at half of it."""
        self._on_n = on_n
        self._off_n = OFF_SHARE * on_n

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
        if decides_n >= (self._off() if self.touching else self._on_n):
            self._above(t_us, force_n, out)
        elif not self.touching:
            self._since_us = None
        elif self._since_us is None:
            self._since_us = t_us
        elif t_us - self._since_us >= OFF_TIME_US:
            self.end(t_us, out)

    def by_verdict(self, t_us: int, *, touching: bool, out: list[SensingEvent]) -> None:
        """Take the tool's own verdict, which is already debounced."""
        if touching:
            self.last_us = t_us
            if not self.touching:
                self._restart(t_us)
                self._begin(t_us, SOURCE_TOOL, out)
        elif self.touching:
            self._since_us = t_us
            self.end(t_us, out)

    def end(self, t_us: int, out: list[SensingEvent]) -> None:
        """End the contact, if there is one."""
        off_us, self._since_us = self._since_us, None
        if not self.touching:
            return
        self.touching = False
        out.append(
            ContactEnded(
                device_s=t_us / _MILLION,
                began_s=self.began_us / _MILLION,
                ended_s=(self.last_us if off_us is None else off_us) / _MILLION,
                mean_n=self._sum_n / self._count if self._count else None,
                peak_n=self.peak_n,
            )
        )

    def _off(self) -> float:
        """Return the force below which the present contact ends."""
        mean_n = self._sum_n / self._count if self._count else 0.0
        return max(self._off_n, min(OFF_MEAN_SHARE * mean_n, self._on_n / OFF_MEAN_SHARE))

    def _above(self, t_us: int, force_n: float, out: list[SensingEvent]) -> None:
        if self.touching:
            self._since_us = None
        elif self._since_us is None:
            self._since_us = t_us
            self._restart(t_us)
        self.last_us = t_us
        self._sum_n += force_n
        self._count += 1
        if self.peak_n is None or force_n > self.peak_n:
            self.peak_n = force_n
        if not self.touching and t_us - self.began_us >= ON_TIME_US:
            self._since_us = None
            self._begin(t_us, SOURCE_FORCE, out)

    def _restart(self, t_us: int) -> None:
        self.began_us = t_us
        self.peak_n = None
        self._sum_n = 0.0
        self._count = 0

    def _begin(self, t_us: int, source: str, out: list[SensingEvent]) -> None:
        self.touching = True
        out.append(ContactBegan(device_s=t_us / _MILLION, source=source))
