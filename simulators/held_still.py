"""A hand that holds the tool and never begins to work: for judging the tool alone."""

from collections.abc import Sequence

from simulators.firmware import Body, Reading


class HeldStill:
    """A body that stays as it was before its first tare.

    Args:
        body: the sensors and the hand that would begin.
    """

    def __init__(self, body: Body) -> None:
        self._body = body

    def begin(self, device_us: int) -> None:
        """Let the hand wait on, whatever the tool was told."""

    def sample(self, first_us: int, interval_us: int, count: int) -> Sequence[Reading]:
        """Read the sensors; see `Body.sample`."""
        return self._body.sample(first_us, interval_us, count)
