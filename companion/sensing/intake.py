"""Keeps frames in order: what is fresh, what was lost before it, what is old."""

from typing import NamedTuple

from companion.sensing.copied import Copied
from protocols.telemetry import Telemetry

GAP_US = 200_000
"""A hole longer than this, and than five intervals, is a gap (recordings contract)."""
GAP_INTERVALS = 5
"""Intervals that a gap is longer than, besides (recordings contract)."""
RESYNC_FRAMES = 20
"""Old frames in a row, each newer than the one before, after which the clock is believed to
have been set back: without it one absurd timestamp would deafen the engine (engineering choice)."""
LONGEST_INTERVAL_US = 10_000_000
"""A frame that claims a longer interval is left out (engineering choice)."""
_FAREST_US = 2**62


class Fresh(NamedTuple):
    """What is new in a frame.

    Attributes:
        skip: leading samples that are known already.
        missing: samples lost just before the first fresh one; 0 after a gap.
        is_gap: whether the stream broke off before it, or begins with it.
        hole_us: time from the newest sample known to the first fresh one, where some are lost
            between them; else 0.
    """

    skip: int
    missing: int
    is_gap: bool
    hole_us: int = 0


_NEXT = Fresh(0, 0, is_gap=False)
"""Of a frame that follows on the one before."""


class Intake(Copied):
    """Sorts frames by their time.

    Attributes:
        last_us: time of the newest sample taken; None before the first.
        resent: frames left out because the tool sent them for a second time.
        stale: frames left out because their samples were known or came too late.
        unusable: frames left out because their times cannot be.
    """

    def __init__(self) -> None:
        self.last_us: int | None = None
        self.resent = 0
        self.stale = 0
        self.unusable = 0
        self._stale_us: int | None = None
        self._stale_run = 0

    def accept(self, frame: Telemetry) -> Fresh | None:
        """Return what is new in a frame; None (and counted) where nothing is."""
        if frame.resent:
            self.resent += 1
            return None
        if not _is_sane(frame):
            self.unusable += 1
            return None
        last_us = self.last_us
        newest_us = frame.device_us + (len(frame.samples) - 1) * frame.interval_us
        if last_us is not None:
            hole_us = frame.device_us - last_us
            if frame.interval_us < 2 * hole_us < 3 * frame.interval_us:
                self._stale_run, self.last_us = 0, newest_us
                return _NEXT
        if last_us is not None and newest_us <= last_us and not self._is_set_back(newest_us):
            self.stale += 1
            return None
        self._stale_run = 0
        self.last_us = newest_us
        if last_us is None or newest_us <= last_us:
            return Fresh(0, 0, is_gap=True)
        return _after(last_us, frame.device_us, frame.interval_us)

    def _is_set_back(self, newest_us: int) -> bool:
        is_next = self._stale_us is not None and newest_us > self._stale_us
        self._stale_run = self._stale_run + 1 if is_next else 1
        self._stale_us = newest_us
        return self._stale_run > RESYNC_FRAMES


def _is_sane(frame: Telemetry) -> bool:
    count, interval_us, first_us = len(frame.samples), frame.interval_us, frame.device_us
    return (
        count > 0
        and 0 < interval_us <= LONGEST_INTERVAL_US
        and abs(first_us) < _FAREST_US
        and first_us + count * interval_us < _FAREST_US
    )


def _after(last_us: int, first_us: int, interval_us: int) -> Fresh:
    """Compare a frame's first sample with the newest one known."""
    if first_us <= last_us:
        return Fresh((last_us - first_us) // interval_us + 1, 0, is_gap=False)
    hole_us = first_us - last_us
    if hole_us > GAP_US and hole_us > GAP_INTERVALS * interval_us:
        return Fresh(0, 0, is_gap=True, hole_us=hole_us)
    missing = max(0, round(hole_us / interval_us) - 1)
    return Fresh(0, missing, is_gap=False, hole_us=hole_us if missing else 0)
