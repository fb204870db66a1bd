"""A run: numbered samples at one rate, cut into frames, kept for resending."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import Final

from protocols.massage_tool import RawTelemetry
from simulators.firmware.clock import ToolClock
from simulators.firmware.sensors import Measured

FRAME_HEADER_BYTES: Final = 12
ATT_HEADER_BYTES: Final = 3
"""Op code and handle of a notification (Core Vol 3 F 3.4.7.1)."""
MOST_SAMPLES: Final = 255
OLDEST_US: Final = 50_000
"""The oldest sample of a frame stays younger than this where the tool chooses."""
_U32: Final = 0xFFFFFFFF
_HALF: Final = 1 << 31


def fitting(mtu: int, sample_bytes: int) -> int:
    """Return how many samples one notification carries."""
    room = mtu - ATT_HEADER_BYTES - FRAME_HEADER_BYTES
    return max(0, min(MOST_SAMPLES, room // sample_bytes))


def fresh(interval_us: int) -> int:
    """Return how many samples keep the oldest one under 50 ms old when the newest is taken."""
    return (OLDEST_US - 1) // interval_us + 1


@dataclass(frozen=True, slots=True)
class _Resending:
    number: int
    end: int
    per_frame: int


class Run:
    """Samples from number 0 on.

    Attributes:
        rate_hz: the granted rate.
        interval_us: microseconds between samples.
        taken: how many samples there are; the number of the next one.
        lost_us: when the link was lost, the tool's continuous microseconds; None while it is up.
    """

    def __init__(self, *, rate_hz: int, first_us: int, clock: ToolClock, depth: int) -> None:
        self.rate_hz = rate_hz
        self.interval_us = round(1_000_000 / rate_hz)
        self.taken = 0
        self.lost_us: int | None = None
        self._first_us = first_us
        self._clock = clock
        self._samples_per_frame = 1
        self._is_live = False
        self._pending: list[Measured] = []
        self._kept: deque[Measured] = deque(maxlen=depth)
        self._resending: _Resending | None = None

    @property
    def next_us(self) -> int:
        """When the next sample is due."""
        return self._first_us + self.taken * self.interval_us

    @property
    def next_timestamp(self) -> int:
        """What the tool's clock shows then."""
        return self._clock.u32(self.next_us)

    @property
    def next_number(self) -> int:
        """The number on the air of the next sample."""
        return self.taken & _U32

    @property
    def samples_to_frame(self) -> int:
        """Samples still missing for a frame."""
        return self._samples_per_frame - len(self._pending) if self._is_live else MOST_SAMPLES

    @property
    def is_resending(self) -> bool:
        """Whether samples that were asked for are still to be sent."""
        return self._resending is not None

    def go_live(self, samples_per_frame: int) -> None:
        """Send from the next sample on."""
        self.lost_us = None
        self._is_live = True
        self._samples_per_frame = samples_per_frame
        self._pending.clear()

    def lose_link(self, device_us: int) -> None:
        """Go on sampling, send nothing."""
        self.lost_us = device_us
        self._is_live = False
        self._pending.clear()
        self._resending = None

    def take(self, sample: Measured) -> bytes | None:
        """Number a sample.

        Returns:
            The frame that it completes.
        """
        self.taken += 1
        self._kept.append(sample)
        if not self._is_live:
            return None
        self._pending.append(sample)
        if len(self._pending) < self._samples_per_frame:
            return None
        frame = self._frame(self.taken - len(self._pending), tuple(self._pending), resent=False)
        self._pending.clear()
        return frame

    def resend(self, first: int, count: int, per_frame: int) -> tuple[int, int]:
        """Queue the part of a range that is still kept.

        Args:
            first: u32 number of the first sample wanted.
            count: how many.
            per_frame: samples in one frame.

        Returns:
            Number (u32) and count of what follows; count 0 if nothing does.
        """
        start = self.taken + ((first - self.taken + _HALF) & _U32) - _HALF
        end = min(start + count, self.taken - len(self._pending))
        begin = max(start, self.taken - len(self._kept))
        if begin >= end:
            return first, 0
        self._resending = _Resending(begin, end, per_frame)
        return begin & _U32, end - begin

    def next_resent(self) -> bytes | None:
        """Return the next frame that was asked for; None when all are out."""
        job = self._resending
        if job is None:
            return None
        oldest = self.taken - len(self._kept)
        begin = max(job.number, oldest)
        end = min(begin + job.per_frame, job.end)
        self._resending = _Resending(end, job.end, job.per_frame) if end < job.end else None
        if begin >= end:
            return None
        samples = tuple(islice(self._kept, begin - oldest, end - oldest))
        return self._frame(begin, samples, resent=True)

    def _frame(self, number: int, samples: tuple[Measured, ...], *, resent: bool) -> bytes:
        return bytes(
            RawTelemetry(
                interval_us=self.interval_us,
                timestamp_us=self._clock.u32(self._first_us + number * self.interval_us),
                first_sample=number & _U32,
                resent=resent,
                saturated=any(sample.saturated for sample in samples),
                touching=samples[-1].touching,
                samples=tuple([sample.raw for sample in samples]),
            )
        )
