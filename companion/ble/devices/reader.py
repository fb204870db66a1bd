"""One run of another tool: notifications in, telemetry out; sync, no I/O."""

from protocols.errors import DecodeError
from protocols.other_tools.description import OtherTool
from protocols.other_tools.timeline import Timeline
from protocols.telemetry import Telemetry

_MICROSECONDS = 1e6


class Reader:
    """Codec and timeline of one run.

    Args:
        tool: what is known of the tool.

    Attributes:
        rejected: notifications that broke their layout.
    """

    def __init__(self, tool: OtherTool) -> None:
        self.rejected = 0
        self._codec = tool.new_codec()
        self._timeline = Timeline(
            tool.rate_hz,
            has_clock=tool.has_clock,
            full_scale_n=tool.feature.force_full_scale_n,
        )

    @property
    def left_out(self) -> int:
        """Pieces of the stream that could not be read, and readings without a place in time."""
        return self.rejected + self._codec.rejected + self._timeline.left_out

    def receive(self, characteristic: str, value: bytes, arrived_at: float) -> list[Telemetry]:
        """Read one notification; ``arrived_at`` is loop time. What cannot be read is counted."""
        try:
            readings = self._codec.receive_data(characteristic, value)
        except DecodeError:
            self.rejected += 1
            return []
        return self._timeline.place(readings, arrived_at * _MICROSECONDS)
