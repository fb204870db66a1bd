"""Several force channels, each with an area of its own: the one that presses hardest decides.

Source: tool profile, Force: where the areas of single channels are known, pressure is judged per
channel, else on the sum.
"""

from collections.abc import Sequence
from math import inf

from companion.sensing.copied import Copied
from companion.sensing.tool import ForceChannel, Tool

KEPT = 0.9
"""Share of what the channels have pressed that counts at the next sample: ten samples tell which
one is in use (engineering choice)."""


class ChannelPressure(Copied):
    """The highest pressure of any channel, told as a force on the areas of all of them.

    A force of that size spread over the sum of the areas presses as the hardest channel does, so
    that everything that judges a force by the whole area judges the hardest channel.

    Attributes:
        area_m2: sum of the channels' areas.
        factors: from each channel's force to the force that is told.
        mass_shares: of the supported mass, what hangs on each channel.
        in_use: the channel that has pressed hardest of late.
    """

    def __init__(self, channels: Sequence[ForceChannel], areas_m2: Sequence[float]) -> None:
        self.area_m2 = sum(areas_m2)
        self.factors = tuple([self.area_m2 / area for area in areas_m2])
        self.mass_shares = _mass_shares(channels)
        self.in_use = 0
        self._of_late = [0.0] * len(areas_m2)
        each = zip(range(len(areas_m2)), self.mass_shares, self.factors, strict=True)
        self._each = tuple(each)

    def told_n(self, sent_n: Sequence[float], hanging_n: float) -> float:
        """Return the force to judge.

        Args:
            sent_n: each channel as the tool sent it.
            hanging_n: change of the whole supported mass's weight since the tare.
        """
        of_late = self._of_late
        told_n = top_n = -inf
        for channel, share, factor in self._each:
            pressed_n = (sent_n[channel] - share * hanging_n) * factor
            of_late[channel] = late_n = KEPT * of_late[channel] + pressed_n
            if late_n > top_n:
                top_n, self.in_use = late_n, channel
            told_n = max(told_n, pressed_n)
        return told_n


def channel_pressure(tool: Tool) -> ChannelPressure | None:
    """Return how to judge a tool's channels one by one; None where the sum is judged."""
    areas = [channel.contact_area_m2 for channel in tool.channels]
    known = [area for area in areas if area]
    if tool.force_channels < 2 or len(known) != tool.force_channels:  # noqa: PLR2004 - several
        return None
    return ChannelPressure(tool.channels, known)


def _mass_shares(channels: Sequence[ForceChannel]) -> tuple[float, ...]:
    """Return how the supported mass hangs on the channels: as they say, else evenly."""
    masses = [channel.supported_mass_kg for channel in channels]
    known = [mass for mass in masses if mass is not None]
    total = sum(known)
    if len(known) < len(masses) or total <= 0.0:
        return (1.0 / len(masses),) * len(masses)
    return tuple([mass / total for mass in known])
