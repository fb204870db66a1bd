"""Numbers readings and puts them on one clock, so that they are telemetry like any other."""

from collections.abc import Iterator, Sequence
from typing import Final

from protocols.other_tools.readings import Reading
from protocols.telemetry import Sample, Telemetry

AGREE_US: Final = 1_000_000
"""The tool's clock and the arrivals may differ by so much, plus 10 %, over one hole; beyond, its
clock has been set anew, and it goes on from the arrivals."""

HOLE_US: Final = 500_000
"""Readings without a time that come so much later than their number says: the ones between are
lost. A stack that only delays catches up within less (engineering choice)."""

AHEAD_US: Final = 100_000
"""How far a reading without a time may be placed after its arrival, before one is left out."""

_PHASE: Final = 1 / 16
_PACE: Final = 1 / 512
"""Shares of an arrival's error that move the clock and the interval: connection events of 15 to
50 ms are evened out, an interval wrong by 10 % is found within seconds (engineering choice)."""

_NARROW, _WIDE = 0.5, 1.5
"""Samples are one frame where each lies between so many intervals after the one before."""


class Timeline:
    """Readings of one run in, equally spaced telemetry out; the first sample is at 0.

    A tool with a clock is believed, as far as the arrivals agree. Without one the samples are
    spaced by the declared rate, and a slow loop follows what the arrivals say; a constant delay of
    the way cannot be seen, and lost samples only as a hole in time.

    Attributes:
        left_out: readings without a place: told twice, out of order, or without their time.

    Args:
        rate_hz: declared samples per second.
        has_clock: whether the readings bring the tool's own time.
        full_scale_n: force from which a reading is saturated; None where it is not known.
    """

    def __init__(
        self, rate_hz: float, *, has_clock: bool, full_scale_n: float | None = None
    ) -> None:
        self.left_out = 0
        self._nominal_us = 1e6 / rate_hz
        self._interval_us = self._nominal_us
        self._has_clock = has_clock
        self._full_scale_n = full_scale_n
        self._origin_us: float | None = None
        self._last_us = 0.0
        self._last_own_us = 0
        self._last_arrival_us = 0.0
        self._next = 0

    def place(self, readings: Sequence[Reading], arrived_us: float) -> list[Telemetry]:
        """Return the readings of one notification as telemetry.

        Args:
            readings: in the order of time.
            arrived_us: when they came, on the host's clock.
        """
        if not readings:
            return []
        times = self._by_clock if self._has_clock else self._by_arrival
        placed = list(times(readings, arrived_us))
        self.left_out += len(readings) - len(placed)
        self._last_arrival_us = arrived_us
        return list(self._frames(placed))

    def _by_clock(
        self, readings: Sequence[Reading], arrived_us: float
    ) -> Iterator[tuple[float, Sample]]:
        """Yield what comes after the last reading, on a line that begins at 0."""
        last_us = self._last_us
        for time_us, sample in readings:
            if time_us is None:
                continue
            if self._origin_us is None or not self._agrees(time_us, arrived_us):
                last_us = self._set_anew(time_us, arrived_us, last_us)
            elif time_us - self._origin_us <= last_us:
                continue
            else:
                last_us = time_us - self._origin_us
            self._last_own_us, self._last_arrival_us = time_us, arrived_us
            yield last_us, sample

    def _agrees(self, time_us: int, arrived_us: float) -> bool:
        waited_us = arrived_us - self._last_arrival_us
        return abs(time_us - self._last_own_us - waited_us) <= AGREE_US + waited_us / 10

    def _set_anew(self, time_us: int, arrived_us: float, last_us: float) -> float:
        if self._origin_us is None:
            self._origin_us = time_us
            return 0.0
        waited_us = max(arrived_us - self._last_arrival_us, self._nominal_us)
        anew_us = round(last_us + waited_us)
        self._origin_us = (
            time_us - anew_us
        )  # whole, as the tool's times are: the next is told apart
        return anew_us

    def _by_arrival(
        self, readings: Sequence[Reading], arrived_us: float
    ) -> Iterator[tuple[float, Sample]]:
        count = len(readings)
        if self._origin_us is None:
            self._origin_us = arrived_us - (count - 1) * self._nominal_us
            begin_us, spacing_us = 0.0, self._nominal_us
        else:
            begin_us, spacing_us = self._follow(count, arrived_us - self._origin_us)
        for number, reading in enumerate(readings):
            if spacing_us > 0:
                yield begin_us + number * spacing_us, reading.sample

    def _follow(self, count: int, arrived_us: float) -> tuple[float, float]:
        """Return where the first of ``count`` samples lies, and the spacing of all of them."""
        due_us = self._last_us + count * self._interval_us
        error_us = arrived_us - due_us
        if error_us > HOLE_US:
            return arrived_us - (count - 1) * self._interval_us, self._interval_us
        pace_us = self._interval_us + _PACE * error_us / count
        self._interval_us = min(max(pace_us, self._nominal_us / 2), self._nominal_us * 2)
        end_us = min(due_us + _PHASE * error_us, arrived_us + AHEAD_US)
        spacing_us = (end_us - self._last_us) / count
        return self._last_us + spacing_us, spacing_us

    def _frames(self, placed: Sequence[tuple[float, Sample]]) -> Iterator[Telemetry]:
        run: list[tuple[float, Sample]] = []
        for time_us, sample in placed:
            if run and not _NARROW < (time_us - run[-1][0]) / self._nominal_us < _WIDE:
                yield self._frame(run)
                run = []
            run.append((time_us, sample))
        if run:
            yield self._frame(run)

    def _frame(self, run: Sequence[tuple[float, Sample]]) -> Telemetry:
        first_us, last_us = run[0][0], run[-1][0]
        steps = len(run) - 1
        interval_us = max(1, round((last_us - first_us) / steps if steps else self._interval_us))
        if self._next:
            hole = round((first_us - self._last_us) / self._interval_us) - 1
            self._next += max(0, hole)
        first = self._next
        self._next += len(run)
        self._last_us = last_us
        samples = tuple([sample for _, sample in run])
        return Telemetry(
            device_us=round(first_us),
            interval_us=interval_us,
            first_sample=first,
            resent=False,
            saturated=self._is_saturated(samples),
            touching=None,
            samples=samples,
        )

    def _is_saturated(self, samples: Sequence[Sample]) -> bool:
        top = self._full_scale_n
        if top is None:
            return False
        return any(
            value is not None and abs(value) >= top
            for sample in samples
            for value in sample.force_n
        )
