"""The link in figures, as a screen shows them."""

from typing import TYPE_CHECKING

from companion.ble.stream import Stream
from companion.live import LinkState, LinkView

if TYPE_CHECKING:
    from companion.ble.scanner import Found


class LinkFigures:
    """Collects what the link tells.

    Attributes:
        state: where the connection stands.
        found: the newest advertisement; None before any.
        rate_hz: samples per second the tool granted.
        battery_percent: the tool's battery level.
    """

    def __init__(self) -> None:
        self.state = LinkState.SEARCHING
        self.found: Found | None = None
        self.rate_hz: float | None = None
        self.battery_percent: int | None = None

    def view(self, now: float, stream: Stream | None, *, is_silent: bool) -> LinkView:
        """Return a snapshot.

        Args:
            now: loop time in seconds.
            stream: the telemetry, if there is any.
            is_silent: whether samples should come and do not.
        """
        is_streaming = stream is not None and self.state is LinkState.LIVE and not is_silent
        found = self.found
        return LinkView(
            state=LinkState.SILENT if self.state is LinkState.LIVE and is_silent else self.state,
            tool=found.label if found is not None else "",
            rate_hz=self.rate_hz,
            loss_percent=stream.loss_percent(now) if stream is not None else None,
            latency_ms=stream.clock.latency_s * 1e3
            if stream is not None and is_streaming
            else None,
            rssi_dbm=found.rssi_dbm if found is not None else None,
            rssi_age_s=now - found.seen_at if found is not None else None,
            battery_percent=self.battery_percent,
        )
