"""A force zero that has moved: what the tool reads in the air, and how air is known."""

from collections import deque
from math import hypot

import numpy as np

from companion.sensing.blocks import Block
from companion.sensing.copied import Copied
from companion.sensing.fault_book import FaultBook
from companion.sensing.tool import Tool
from companion.sensing.types import SensingEvent

TARE_DRIFT = "tare_drift"
OFF_N = 0.08
"""A zero further off than this is wrong: above the error of gravity's part for a tool of 100 g
(assumption, grade D). Heavier tools: the expanded uncertainty of that part."""
WINDOW_BLOCKS = 5
"""Blocks that make a plateau: half a second, less than any way through the air (engineering
choice)."""
LAG_BLOCKS = 2
"""Blocks that the tool's own touch verdict must have said air before them: it is debounced."""
QUIET_N = 0.05
"""Range of the blocks of a plateau: a press rises by more (engineering choice)."""
PULLED_BLOCKS = 10
"""Blocks in a row of a force that pulls before the zero is believed to have moved: skin does not
pull (engineering choice: 1 s)."""
RIGHT_BLOCKS = 10
"""Blocks in a row at a right zero before it is believed (engineering choice: 1 s)."""
PULLS_AGAIN_S = 30.0
"""Time without a pull after which a zero that was too low is right again, even if nothing tells
what is air: a hand lifts the tool more often (engineering choice)."""
CARRIED_RAD = 0.05
"""Turn within a plateau while the wheel stands still that only a lifted tool makes: twice a
gyroscope's largest bias (engineering choice)."""
STEP_N = 0.03
"""Most by which a zero differs from the last one seen, besides its rate (engineering choice)."""
RATE_SHARE = 0.006
"""Most by which a zero moves in a second, of full scale: what moves faster is a hand (engineering
choice; strain gauges move less in a minute)."""
SMALL_N = 3.0
"""Full scale where it is not known: that of a light tool, whose zero moves least (engineering
choice)."""
RISE_N = 0.05
"""Fall by which a lift is told, at least (engineering choice)."""
FALL_SHARE = 0.6
"""The same as a share of the range of the newest ten seconds: a force that wanders falls by less
(engineering choice)."""
RANGE_BLOCKS = 100
"""Blocks of that range."""
LIFTS = 4
"""Lifts that must leave the same force where neither verdict nor wheel tells what is air: the same
light touch is not found so often by a hand (engineering choice, on simulated light ways back)."""
ALIKE_N = 0.01
"""How far they may lie from a straight line over time (engineering choice)."""
_MILLION = 1_000_000


class ZeroWatch(Copied):
    """Watches what the tool reads in the air, and says when that is not nothing.

    In the air it is by its own verdict, once that has been seen to follow the force; else while
    it turns and its wheel does not; else where lift after lift leaves the same force. What pulls
    is in the air by itself.

    Args:
        tool: whose.
        gravity_n: expanded uncertainty of gravity's part in the contact force.

    Attributes:
        is_off: whether the zero has moved.
        offset_n: the newest force of the untouched tool while it has; else 0.
        air_n: its force in the newest block, where that is known to be in the air.
        trusts_verdict: whether the tool's own verdict has been seen to follow the force.
        limit_n: how far off a zero is wrong.
    """

    def __init__(self, tool: Tool, gravity_n: float) -> None:
        self.is_off = False
        self.offset_n = 0.0
        self.air_n: float | None = None
        self.trusts_verdict = False
        self.limit_n = max(OFF_N, gravity_n)
        self._rate_nps = rate_nps(tool)
        self._has_verdict = tool.has_touch_verdict
        self._has_wheel = tool.has_wheel and tool.has_gyroscope
        self._is_blind = not self._has_verdict and not self._has_wheel
        self._book = FaultBook()
        self.tare(0)

    def restart(self) -> None:
        """Begin anew after silence: what has been found stays."""
        self._window: deque[Block] = deque(maxlen=WINDOW_BLOCKS)
        self._window_n: deque[float] = deque(maxlen=WINDOW_BLOCKS)
        self._air_blocks = 0
        self._pulled: Block | None = None
        self._pulled_blocks = self._right_blocks = 0

    def tare(self, t_us: int, out: list[SensingEvent] | None = None) -> None:
        """Take a new zero."""
        self.restart()
        self._seen_us, self._seen_n, self._pulled_us = t_us, 0.0, t_us
        self.trusts_verdict = False
        self._lifts: deque[tuple[float, float]] = deque(maxlen=LIFTS)
        self._top_n = 0.0
        self._newest: deque[float] = deque(maxlen=RANGE_BLOCKS)
        self._set_right(t_us, [] if out is None else out)

    def told(self, t_us: int, *, drifted: bool, out: list[SensingEvent]) -> None:
        """Take the tool's own word that its zero has drifted, or is right again."""
        if not drifted:
            self._set_right(t_us, out)
        elif not self.is_off:
            self._set_off(t_us, t_us, 0.0, out)

    def take(
        self, block: Block, *, touching: bool | None, wheel_stands: bool, out: list[SensingEvent]
    ) -> None:
        """Take one block of the contact force.

        Args:
            block: with the contact force as it is, no zero taken from it.
            touching: the tool's own verdict, None where it has none.
            wheel_stands: whether the wheel was still and can be believed.
            out: takes the events.
        """
        force_n, self.air_n = block.force_n, None
        if force_n is None:
            self.restart()
            return
        self.trusts_verdict |= touching is True and force_n > self.limit_n
        self._air_blocks = self._air_blocks + 1 if touching is False else 0
        self._window.append(block)
        self._window_n.append(force_n)
        self._newest.append(force_n)
        self._look_for_pull(block, force_n, out)
        level_n = self._plateau()
        if level_n is None:
            self._top_n = max(self._top_n, force_n)
            return
        is_air = self._is_air(wheel_stands=wheel_stands)
        self._look_for_right(level_n, block, out, is_air=is_air)
        if is_air:
            self._take_air(level_n, block, out)
        elif self._is_blind:
            self._take_lift(level_n, block, out)

    def _plateau(self) -> float | None:
        """Return the mean force of the newest half second where it is quiet."""
        forces_n = self._window_n
        if len(forces_n) < WINDOW_BLOCKS or max(forces_n) - min(forces_n) >= QUIET_N:
            return None
        return sum(forces_n) / WINDOW_BLOCKS

    def _is_air(self, *, wheel_stands: bool) -> bool:
        if self._has_verdict:
            return self.trusts_verdict and self._air_blocks >= WINDOW_BLOCKS + LAG_BLOCKS
        if not self._has_wheel or not wheel_stands:
            return False
        if any(block.net_m is None or block.path_m for block in self._window):
            return False
        turns = [block.turn_rad for block in self._window if block.turn_rad is not None]
        turn = hypot(*(sum(parts) for parts in zip(*turns, strict=True)))
        return turn > CARRIED_RAD

    def _take_air(self, level_n: float, block: Block, out: list[SensingEvent]) -> None:
        passed_s = (block.end_us - self._seen_us) / _MILLION
        if abs(level_n - self._seen_n) > STEP_N + self._rate_nps * passed_s:
            return
        self._seen_us, self._seen_n = block.end_us, level_n
        self._take_level(level_n, block, out)

    def _take_lift(self, level_n: float, block: Block, out: list[SensingEvent]) -> None:
        """Take a quiet force that may be a touch: it is air when it comes back time and again."""
        if level_n < self.limit_n:
            self._lifts.clear()
            self._top_n = level_n
            return
        now = block.end_us / _MILLION, level_n
        fall_n = max(RISE_N, FALL_SHARE * (max(self._newest) - min(self._newest)))
        if self._top_n - level_n > fall_n:
            self._lifts.append(now)
            self._top_n = level_n
        elif self._lifts and abs(level_n - self._lifts[-1][1]) < RISE_N:
            self._lifts[-1] = now
        else:
            self._top_n = max(self._top_n, level_n)
            return
        if len(self._lifts) == LIFTS and _off_line_n(self._lifts) < ALIKE_N:
            self._take_level(level_n, block, out)

    def _take_level(self, level_n: float, block: Block, out: list[SensingEvent]) -> None:
        self.air_n = level_n
        if self.is_off:
            self.offset_n = level_n
        elif abs(level_n) >= self.limit_n:
            self._set_off(block.end_us, self._window[0].start_us, level_n, out)

    def _look_for_pull(self, block: Block, force_n: float, out: list[SensingEvent]) -> None:
        if force_n > -self.limit_n:
            self._pulled, self._pulled_blocks = None, 0
            return
        self._pulled_us = block.end_us
        self._pulled = self._pulled or block
        self._pulled_blocks += 1
        if self._pulled_blocks < PULLED_BLOCKS:
            return
        if not self.is_off:
            self._set_off(block.end_us, self._pulled.start_us, 0.0, out)
        self.offset_n = sum(self._window_n) / len(self._window_n)
        self._seen_us, self._seen_n = block.end_us, self.offset_n
        self.air_n = self.offset_n

    def _look_for_right(
        self, level_n: float, block: Block, out: list[SensingEvent], *, is_air: bool
    ) -> None:
        """Look whether the zero is right again.

        A zero that is too high cannot read nothing under any touch. One that is too low can: then
        the tool must be known to be in the air, or not have pulled for long.
        """
        is_right = abs(level_n) < self.limit_n / 2
        self._right_blocks = self._right_blocks + 1 if is_right else 0
        if not self.is_off or self._right_blocks <= RIGHT_BLOCKS - WINDOW_BLOCKS:
            return
        pulled_s = (block.end_us - self._pulled_us) / _MILLION
        if self.offset_n >= 0.0 or is_air or pulled_s > PULLS_AGAIN_S:
            self._set_right(block.end_us, out)

    def _set_off(self, t_us: int, start_us: int, level_n: float, out: list[SensingEvent]) -> None:
        self.is_off, self.offset_n = True, level_n
        self._book.find(TARE_DRIFT, t_us, start_us, out)

    def _set_right(self, t_us: int, out: list[SensingEvent]) -> None:
        self.is_off, self.offset_n = False, 0.0
        self._book.end(TARE_DRIFT, t_us, out)


def rate_nps(tool: Tool) -> float:
    """Return the most by which the zero of a tool moves in a second, newtons."""
    return RATE_SHARE * (tool.full_scale_n or SMALL_N)


def _off_line_n(lifts: deque[tuple[float, float]]) -> float:
    """Return how far the farthest point lies from the straight line through all."""
    t_s, force_n = np.array(lifts).T
    t_s = t_s - t_s.mean()
    slope = (t_s @ force_n) / (t_s @ t_s)
    return float(np.abs(force_n - force_n.mean() - slope * t_s).max())
