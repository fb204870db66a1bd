"""Faults of the wheel: it does not turn, slips, turns by itself, or is not there."""

from collections import deque
from math import sqrt

from companion.sensing.blocks import Block
from companion.sensing.copied import Copied
from companion.sensing.fault_book import FaultBook
from companion.sensing.types import SensingEvent

FROZEN = "wheel_frozen"
SLIPPING = "wheel_slipping"
DRIFTING = "wheel_drifting"
NOISY = "wheel_noisy"
MISSING = "wheel_missing"
WATCHED_BLOCKS = 10
"""Blocks that are looked at: a second, so that a fault is found within two."""
TURN_RAD = 0.15
"""Turn within them from which a tool gets on: above what a gyroscope's bias makes (engineering
choice; skin is curved, so a tool that glides turns)."""
FASTEST_RAD = 0.4
"""Turn within a block that no hand makes on the skin: such a gyroscope is not believed (engineering
choice)."""
RADIUS_M = 0.015
"""Radius of curvature below which no part of a face or neck can be rolled along for a second: that
of the edge of a jaw (assumption, grade D). A wheel that rolls less than this for each radian does
not follow."""
FOLLOWS_TIMES = 2.0
"""Times that radius from which the wheel follows again (engineering choice)."""
FOLLOWS_BLOCKS = 5
"""Blocks that it must (engineering choice)."""
RUNS_M = 0.002
"""Travel in half a second, in the air, of a wheel that turns by itself (engineering choice)."""
COASTS_SHARE = 0.85
"""A wheel that merely runs down makes less than this share of the half second before (engineering
choice)."""
STILL_M = 0.0005
"""Travel in half a second, in the air, below which the wheel stands (engineering choice)."""
NET_SHARE = 0.5
"""Share of its path that a running wheel gets on by; one below it jitters (engineering choice)."""
MISSING_BLOCKS = 6
"""Blocks without a known value before the wheel is missing (engineering choice: as for the
force)."""
_TELLS_NOTHING = {MISSING}
_MOTION_KINDS = frozenset({FROZEN, SLIPPING})
_HALF = WATCHED_BLOCKS // 2


class WheelFaults(Copied):
    """Watches the wheel against the turn of the tool under load, and against the air."""

    def __init__(self) -> None:
        self._book = FaultBook()
        self._loaded: deque[Block] = deque(maxlen=WATCHED_BLOCKS)
        self._air: deque[float] = deque(maxlen=WATCHED_BLOCKS)
        self._air_net: deque[float] = deque(maxlen=WATCHED_BLOCKS)
        self._has_known = False
        self._missing_blocks = 0

    @property
    def stands(self) -> bool:
        """Whether what the wheel tells cannot be believed."""
        return bool(self._book.kinds) and self._book.kinds != _TELLS_NOTHING

    def restart(self) -> None:
        """Begin anew after silence: standing faults stay."""
        self._loaded.clear()
        self._leave_air()
        self._missing_blocks = 0

    def take(
        self, block: Block, *, touching: bool | None, turn_known: bool, out: list[SensingEvent]
    ) -> None:
        """Take one block.

        Args:
            block: what was measured.
            touching: whether the tool pressed on the skin all the while; None where that is not
                known, or only for a part.
            turn_known: whether the gyroscope can be believed.
            out: takes the events.
        """
        path_m, net_m = block.path_m, block.net_m
        if path_m is None:
            self._miss(block, out)
            return
        self._has_known, self._missing_blocks = True, 0
        self._book.end(MISSING, block.end_us, out)
        if net_m is None:
            self._loaded.clear()
            self._leave_air()
        elif touching:
            self._leave_air()
            self._take_loaded(block, out, turn_known=turn_known)
        elif touching is None:
            self._loaded.clear()
            self._leave_air()
        else:
            self._loaded.clear()
            self._take_air(block, path_m, net_m, out)

    def _miss(self, block: Block, out: list[SensingEvent]) -> None:
        self._missing_blocks += 1
        if self._has_known and self._missing_blocks == MISSING_BLOCKS:
            lasted_us = self._missing_blocks * (block.end_us - block.start_us)
            self._book.find(MISSING, block.end_us, block.end_us - lasted_us, out)
        self._loaded.clear()
        self._leave_air()

    def _leave_air(self) -> None:
        self._air.clear()
        self._air_net.clear()

    def _take_loaded(self, block: Block, out: list[SensingEvent], *, turn_known: bool) -> None:
        self._loaded.append(block)
        if not turn_known or _turn_rad([block]) > FASTEST_RAD:
            self._loaded.clear()
            return
        loaded = list(self._loaded)
        if self._book.kinds & _MOTION_KINDS:
            newest = loaded[-FOLLOWS_BLOCKS:]
            if len(newest) == FOLLOWS_BLOCKS and _path_m(newest) > max(
                STILL_M, FOLLOWS_TIMES * RADIUS_M * _turn_rad(newest)
            ):
                for kind in sorted(_MOTION_KINDS):
                    self._book.end(kind, block.end_us, out)
            return
        if len(loaded) < WATCHED_BLOCKS:
            return
        turn_rad = _turn_rad(loaded)
        if turn_rad > TURN_RAD and _path_m(loaded) < RADIUS_M * turn_rad:
            kind = SLIPPING if _path_m(loaded[-FOLLOWS_BLOCKS:]) else FROZEN
            self._book.find(kind, block.end_us, loaded[0].start_us, out)

    def _take_air(self, block: Block, path_m: float, net_m: float, out: list[SensingEvent]) -> None:
        self._air.append(path_m)
        self._air_net.append(net_m)
        if len(self._air) < _HALF:
            return
        paths = list(self._air)
        newest_m = sum(paths[-_HALF:])
        if newest_m < STILL_M:
            self._book.end(DRIFTING, block.end_us, out)
            self._book.end(NOISY, block.end_us, out)
        elif len(paths) == WATCHED_BLOCKS and newest_m >= RUNS_M:
            before_m = sum(paths[:_HALF])
            if newest_m >= COASTS_SHARE * before_m and before_m >= RUNS_M:
                is_jitter = abs(sum(self._air_net)) < NET_SHARE * sum(paths)
                start_us = block.end_us - WATCHED_BLOCKS * (block.end_us - block.start_us)
                self._book.find(NOISY if is_jitter else DRIFTING, block.end_us, start_us, out)


def _path_m(blocks: list[Block]) -> float:
    return sum(block.path_m or 0.0 for block in blocks)


def _turn_rad(blocks: list[Block]) -> float:
    """Return the size of the turn over some blocks: 0 where one of them is not known."""
    x = y = z = 0.0
    for block in blocks:
        if block.turn_rad is None:
            return 0.0
        a, b, c = block.turn_rad
        x, y, z = x + a, y + b, z + c
    return sqrt(x * x + y * y + z * z)
