"""Which run there is: begun, resumed, outliving a lost link for a while, ended."""

from typing import Final

from protocols.massage_tool import Features, Resend, Resending, Result, Start, Started
from simulators.firmware.body import Tool
from simulators.firmware.clock import ToolClock
from simulators.firmware.refusal import Refused
from simulators.firmware.run import Run, fitting, fresh

OUTLIVES_LINK_US: Final = 60_000_000
"""How long a run goes on without a link (tool-profile.md, Runs)."""
_MICROSECONDS: Final = 1_000_000


class Stream:
    """The tool's present run, if any, and whose it is.

    Attributes:
        run: the run.
        central: who asks at present.

    Args:
        tool: what the maker wrote into it.
        clock: the tool's.
        sample_bytes: size of one sample on the air.
    """

    def __init__(self, tool: Tool, clock: ToolClock, sample_bytes: int) -> None:
        self.run: Run | None = None
        self.central = ""
        self._owner: str | None = None
        self._tool = tool
        self._clock = clock
        self._sample_bytes = sample_bytes

    @property
    def is_resending(self) -> bool:
        """Whether samples that were asked for are still to be sent."""
        return self.run is not None and self.run.is_resending

    def start(self, request: Start, device_us: int, *, mtu: int, telemetry_on: bool) -> Started:
        """Begin a run, or go on with the central's own one that has this rate.

        Raises:
            Refused: rate out of range, Telemetry notifications off, a resend is running, or not
                one sample fits the MTU.
        """
        if request.rate_hz > self._tool.feature.maximum_rate_hz or not self._sample_bytes:
            raise Refused(Result.INVALID_PARAMETER)
        self._check_free(telemetry_on=telemetry_on)
        rate_hz = self._granted_rate(request.rate_hz)
        interval_us = round(_MICROSECONDS / rate_hz)
        most = fitting(mtu, self._sample_bytes)
        samples = min(most, request.samples_per_frame or fresh(interval_us))
        if not samples:
            raise Refused(Result.OPERATION_FAILED)
        if self.run is None or self.run.rate_hz != rate_hz or not self._is_own:
            self.run = Run(
                rate_hz=rate_hz,
                first_us=device_us + interval_us,
                clock=self._clock,
                depth=self._depth(),
            )
            self._owner = self.central
        self.run.go_live(samples)
        return Started(rate_hz, samples, self.run.next_timestamp, self.run.next_number)

    def resend(self, request: Resend, *, mtu: int, telemetry_on: bool) -> Resending:
        """Queue samples of the central's own run once more.

        Raises:
            Refused: Telemetry notifications off, or a resend is running.
        """
        self._check_free(telemetry_on=telemetry_on)
        per_frame = fitting(mtu, self._sample_bytes)
        if self.run is None or not per_frame or not self._is_own:
            return Resending(request.first_sample, 0)
        return Resending(*self.run.resend(request.first_sample, request.count, per_frame))

    def disown(self, central: str) -> None:
        """Let nobody take the run over that this central began."""
        if self._owner == central:
            self._owner = None

    def stop(self) -> None:
        """End the run."""
        self.run = None

    def expire(self, device_us: int) -> None:
        """End a run that has been without a link for too long."""
        lost_us = self.run.lost_us if self.run is not None else None
        if lost_us is not None and device_us - lost_us >= OUTLIVES_LINK_US:
            self.run = None

    @property
    def _is_own(self) -> bool:
        return self._owner == self.central

    def _check_free(self, *, telemetry_on: bool) -> None:
        if not telemetry_on:
            raise Refused(Result.NOT_PERMITTED)
        if self.is_resending:
            raise Refused(Result.BUSY)

    def _granted_rate(self, asked_hz: int) -> int:
        """Return the slowest real rate that is fast enough, or the fastest there is."""
        most_hz = self._tool.feature.maximum_rate_hz
        rates = sorted(rate for rate in self._tool.rates if rate <= most_hz)
        return next((rate for rate in rates if rate >= asked_hz), rates[-1] if rates else asked_hz)

    def _depth(self) -> int:
        feature = self._tool.feature
        return feature.resend_depth if Features.RESEND_BUFFER in feature.features else 0
