"""What a codec of another tool yields, before it is numbered and put on one clock."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from protocols.telemetry import Sample


class Reading(NamedTuple):
    """All that a tool told of one moment.

    Attributes:
        time_us: the tool's own clock in microseconds, unwrapped; None where it tells no time.
        sample: force, motion and travel in SI units.
    """

    time_us: int | None
    sample: Sample


class Codec(Protocol):
    """Bytes of one connection in, readings out; sans-I/O, bounded memory.

    Attributes:
        rejected: pieces of the stream that could not be read and were left out.
    """

    rejected: int

    def receive_data(self, characteristic: str, value: bytes) -> Sequence[Reading]:
        """Read one notification.

        Args:
            characteristic: the UUID that it came from, in lower case.
            value: its bytes; a message may begin and end in other ones.

        Raises:
            DecodeError: the value as a whole breaks the layout; the codec is as it was before.
        """
