"""One tool's telemetry as a stream: runs, gaps, what to believe, and the clock it runs on."""

from collections import deque
from dataclasses import replace
from typing import Final, NamedTuple

from companion.ble.clock import ClockMap
from companion.ble.missing import Hole, Missing
from protocols.errors import DecodeError
from protocols.massage_tool import Decoder, Started, ToolFeature
from protocols.telemetry import Telemetry

LOSS_WINDOW_S: Final = 10.0
"""The loss figure looks this far back."""

AHEAD_US: Final = 2_000_000
"""A sample cannot come from the future; 2 s leave room for a clock map that is still settling."""

NUMBERS_SLACK_US: Final = 200_000
"""How far a time stamp may lie from where its sample number puts it, plus 10 % of the gap."""

SAME_CLOCK_US: Final = 2_000_000
"""A run that went on is nearer than this to where our clock expects it, unless that stood still."""

_WRAP: Final = 1 << 32


class Run(NamedTuple):
    """What an answer to ``start`` came to.

    Attributes:
        resumed: the same run goes on; else the tool counts from 0 and may have restarted.
        device_s: session clock at the first sample to come.
        gap_s: the hole since the last sample; None before any.
    """

    resumed: bool
    device_s: float
    gap_s: float | None


class Frame(NamedTuple):
    """One notification's telemetry, and how many samples are missing before it.

    Of samples that were sent again it is those that were missing.
    """

    telemetry: Telemetry
    missing: int


class Stream:
    """Notifications in, telemetry on one continued clock out; sync, no I/O.

    Args:
        feature: the tool's own Tool Feature.

    Attributes:
        clock: session clock to loop time.
        rejected: notifications that broke the protocol or could not be true.
        missing: the samples of the present run that have not come.
    """

    def __init__(self, feature: ToolFeature) -> None:
        self.clock = ClockMap()
        self.rejected = 0
        self.missing = Missing()
        self._decoder = Decoder(feature)
        self._shift_us = 0
        self._interval_us = 0
        self._next = 0
        self._end_us: int | None = None
        self._is_running = False
        self._has_samples = False
        self._history: deque[tuple[float, int, int]] = deque()

    def begin(self, started: Started, arrived_at: float) -> Run:
        """Follow the run that an answer to ``start`` announces; ``arrived_at`` is loop time."""
        expected_us = self._expected_us(arrived_at)
        resumed = self._goes_on(started)
        if resumed or expected_us is None:
            device_us = self._nearest_us(started.timestamp_us)
            if expected_us is not None and abs(device_us - expected_us) > SAME_CLOCK_US:
                self.clock.forget()
        else:
            device_us = expected_us
            self.clock.restart()
        self._decoder.begin_run(started.timestamp_us, started.first_sample, device_us=device_us)
        self._shift_us = device_us - started.timestamp_us
        gap_us = max(0, device_us - (self._end_us or 0)) if self._has_samples else None
        if not resumed:
            self.missing.give_up_all()
            self._end_us, self._next = device_us, started.first_sample
        self._interval_us = round(1e6 / started.rate_hz)
        self._is_running = True
        return Run(resumed, device_us / 1e6, None if gap_us is None else gap_us / 1e6)

    def pause(self) -> None:
        """The link is gone: nothing is believed until the next run begins."""
        self._is_running = False

    def receive(self, value: bytes | Telemetry, arrived_at: float) -> Frame:
        """Read one notification; ``arrived_at`` is loop time.

        Telemetry that another codec has made runs on its run's own clock, from 0.

        Raises:
            DecodeError: it breaks the protocol or contradicts the samples before it; it is
                counted and changes nothing else.
        """
        try:
            telemetry = self._telemetry(value)
            if telemetry.resent:
                return Frame(self._taken_again(telemetry), 0)
            self._check(telemetry, arrived_at)
        except DecodeError:
            self.rejected += 1
            raise
        return Frame(telemetry, self._accept(telemetry, arrived_at))

    def _telemetry(self, value: bytes | Telemetry) -> Telemetry:
        if isinstance(value, bytes):
            return self._decoder.receive_data(value)
        return replace(value, device_us=value.device_us + self._shift_us)

    def _taken_again(self, resent: Telemetry) -> Telemetry:
        if not self._is_running:
            raise DecodeError(8, "samples before a run has begun")
        taken = self.missing.take(resent)
        if taken is None:
            raise DecodeError(8, f"sample {resent.first_sample} was sent again and is not missing")
        return taken

    def loss_percent(self, now: float) -> float | None:
        """Share of samples missing over the last ten seconds; None without any."""
        while self._history and self._history[0][0] < now - LOSS_WINDOW_S:
            self._history.popleft()
        came = sum(entry[1] for entry in self._history)
        missing = sum(entry[2] for entry in self._history)
        return 100 * missing / (came + missing) if came + missing else None

    def device_s(self, now: float) -> float:
        """Session clock at a loop time; before any frame the end of what came, else 0."""
        if self.clock.is_set:
            return max(self.clock.device_us(now), self._end_us or 0) / 1e6
        return (self._end_us or self._shift_us) / 1e6

    def _expected_us(self, arrived_at: float) -> int | None:
        if not self.clock.is_set:
            return self._end_us
        return max(self.clock.device_us(arrived_at), (self._end_us or 0) + self._interval_us)

    def _goes_on(self, started: Started) -> bool:
        """Whether it is the same run: its numbers and its clock have gone on alike.

        Our own clock is no witness: it stands still while a computer sleeps.
        """
        if not self._has_samples or started.first_sample == 0:
            return False
        missing = (started.first_sample - self._next) % _WRAP
        if missing >= _WRAP // 2:
            return False
        gap_us = self._nearest_us(started.timestamp_us) - (self._end_us or 0)
        slack_us = NUMBERS_SLACK_US + abs(gap_us) // 10
        return abs(gap_us - missing * self._interval_us) <= slack_us

    def _nearest_us(self, timestamp_us: int) -> int:
        """The reading of the tool's clock, on the session clock, nearest to the last sample."""
        if self._end_us is None:
            return timestamp_us
        ahead = (timestamp_us + self._shift_us - self._end_us + _WRAP // 2) % _WRAP - _WRAP // 2
        return self._end_us + ahead

    def _check(self, telemetry: Telemetry, arrived_at: float) -> None:
        if not self._is_running:
            raise DecodeError(8, "samples before a run has begun")
        fault = self._contradiction(telemetry, arrived_at)
        if fault is not None:
            self._hold_decoder()
            raise fault

    def _contradiction(self, telemetry: Telemetry, arrived_at: float) -> DecodeError | None:
        missing = telemetry.first_sample - self._next
        if missing < 0:
            return DecodeError(8, f"sample {telemetry.first_sample} came before")
        end_us = telemetry.device_us + len(telemetry.samples) * telemetry.interval_us
        if self.clock.is_set and end_us > self.clock.device_us(arrived_at) + AHEAD_US:
            return DecodeError(4, "the time stamp lies in the future")
        gap_us = telemetry.device_us - (self._end_us or 0)
        slack_us = NUMBERS_SLACK_US + abs(gap_us) // 10
        if abs(gap_us - missing * telemetry.interval_us) > slack_us:
            return DecodeError(4, "time stamp and sample number do not agree")
        return None

    def _hold_decoder(self) -> None:
        """Put the decoder back on the last believed sample, wherever the bad value led it."""
        end_us = self._end_us or 0
        self._decoder.begin_run((end_us - self._shift_us) % _WRAP, self._next, device_us=end_us)

    def _accept(self, telemetry: Telemetry, arrived_at: float) -> int:
        missing = telemetry.first_sample - self._next
        came = len(telemetry.samples)
        if missing:
            begun_us = telemetry.device_us - missing * telemetry.interval_us
            self.missing.lost(Hole(self._next, missing, begun_us, telemetry.interval_us))
        self._has_samples = True
        self._next = telemetry.first_sample + came
        self._end_us = telemetry.device_us + came * telemetry.interval_us
        self.clock.add(self._end_us - telemetry.interval_us, arrived_at)
        self._history.append((arrived_at, came, missing))
        while self._history[0][0] < arrived_at - LOSS_WINDOW_S:
            self._history.popleft()
        return missing
