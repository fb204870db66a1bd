"""What a tool reads while nothing touches it: the force from which contact is reckoned."""

from companion.sensing.blocks import Block
from companion.sensing.copied import Copied
from companion.sensing.tool import Tool
from companion.sensing.zero_watch import STEP_N, rate_nps

AIR_BLOCKS = 3
"""Blocks in a row in the air of which the middle one is read: the first may still hold the end of
a touch, the last the beginning of one (engineering choice)."""
ALIKE_N = 0.02
"""Most by which the three differ: a tool that is laid on or swung makes more of it (engineering
choice)."""
NEWEST_SHARE = 0.5
"""Share of the newest reading in what is believed; a block's noise is a third of a sample's
(engineering choice)."""
_MILLION = 1_000_000


class Untouched(Copied):
    """Follows a zero that creeps, for contact only; what is judged is not changed by it.

    Nothing presses on a tool in the air, so what it reads there is its zero. Its own verdict tells
    where that is, a tenth of a second after it was lifted; where it has none the watch on the zero
    does, later. A stroke later the zero may have moved on, but no faster than a zero can.

    Args:
        tool: whose.

    Attributes:
        force_n: the newest reading of the untouched tool, newtons from the zero of its tare.
    """

    def __init__(self, tool: Tool) -> None:
        self.force_n = 0.0
        self._rate_nps = rate_nps(tool)
        self._seen_us: int | None = None
        self._air: list[Block] = []

    def restart(self) -> None:
        """Begin anew after silence: what was read stays."""
        self._air.clear()

    def tare(self, t_us: int) -> None:
        """Take a new zero."""
        self.restart()
        self.force_n, self._seen_us = 0.0, t_us

    def take(self, block: Block, *, is_air: bool) -> None:
        """Take a tenth of a second; ``is_air``: nothing touched in it, as far as is known."""
        air = self._air
        if self._seen_us is None:
            self._seen_us = block.start_us
        if not is_air or block.force_n is None:
            air.clear()
            return
        air.append(block)
        if len(air) < AIR_BLOCKS:
            return
        forces = [one.force_n or 0.0 for one in air]
        del air[0]
        if max(forces) - min(forces) < ALIKE_N:
            self.read(forces[AIR_BLOCKS // 2], air[0].end_us)

    def read(self, force_n: float, t_us: int) -> None:
        """Take a reading that is known to be of the untouched tool."""
        passed_us = 0 if self._seen_us is None else t_us - self._seen_us
        more_n = force_n - self.force_n
        if abs(more_n) <= STEP_N + self._rate_nps * passed_us / _MILLION:
            self.force_n += NEWEST_SHARE * more_n
            self._seen_us = t_us
