"""The samples of a run that have not come: what to ask for again, and what of it came."""

from dataclasses import dataclass, replace
from typing import Final, Self

from protocols.telemetry import Telemetry

SLACK_US: Final = 200_000
"""How far a resent sample's time stamp may lie from where its number puts it."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Samples in a row that are missing.

    Attributes:
        first: number of the first one in its run.
        count: how many.
        from_us: session clock at the first one, microseconds.
        interval_us: time between them.
    """

    first: int
    count: int
    from_us: int
    interval_us: int

    @property
    def end(self) -> int:
        """Number of the sample after the last one."""
        return self.first + self.count

    def part(self, first: int, end: int) -> Self:
        """Return the part of it from one number up to another; it may be empty."""
        first, end = max(first, self.first), min(end, self.end)
        from_us = self.from_us + (first - self.first) * self.interval_us
        return replace(self, first=first, count=max(0, end - first), from_us=from_us)


class Missing:
    """The holes of the present run, oldest first.

    Attributes:
        came: samples that were missing, and came when they were asked for.
        gone: samples that nobody can give again.
    """

    def __init__(self) -> None:
        self.came = 0
        self.gone = 0
        self._holes: list[Hole] = []

    @property
    def oldest(self) -> Hole | None:
        """The hole to fill next; None where nothing lacks."""
        return self._holes[0] if self._holes else None

    def lost(self, hole: Hole) -> None:
        """Take note of samples that did not come."""
        self._holes.append(hole)

    def take(self, resent: Telemetry) -> Telemetry | None:
        """Take a resent frame; return what of it was missing, in one piece, None for nothing.

        A frame whose time stamp does not agree with its numbers is not believed.
        """
        first, end = resent.first_sample, resent.first_sample + len(resent.samples)
        for hole in self._holes:
            part = hole.part(first, end)
            if not part.count:
                continue
            skip = part.first - first
            from_us = resent.device_us + skip * resent.interval_us
            if abs(from_us - part.from_us) > SLACK_US:
                return None
            self._remove(part)
            self.came += part.count
            samples = resent.samples[skip : skip + part.count]
            return replace(resent, device_us=from_us, first_sample=part.first, samples=samples)
        return None

    def give_up(self, first: int, end: int) -> None:
        """Take note that samples from one number up to another will not come any more."""
        for part in [hole.part(first, end) for hole in self._holes]:
            if part.count:
                self._remove(part)
                self.gone += part.count

    def give_up_all(self) -> None:
        """Take note that nothing more will come: another run has begun."""
        self.gone += sum(hole.count for hole in self._holes)
        self._holes.clear()

    def still(self, hole: Hole) -> int:
        """Return how many samples of a stretch are missing still."""
        return sum(each.part(hole.first, hole.end).count for each in self._holes)

    def _remove(self, part: Hole) -> None:
        left: list[Hole] = []
        for hole in self._holes:
            if not hole.part(part.first, part.end).count:
                left.append(hole)
                continue
            ends = (hole.part(hole.first, part.first), hole.part(part.end, hole.end))
            left += [rest for rest in ends if rest.count]
        self._holes = left
