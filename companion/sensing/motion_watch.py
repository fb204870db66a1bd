"""A gyroscope that drifts and an accelerometer that is full of noise: found over seconds."""

from collections import deque
from collections.abc import Iterable
from math import sqrt

from companion.sensing.blocks import MOSTLY_BLOCKS, Block, Mostly
from companion.sensing.copied import Copied
from companion.sensing.fault_book import FaultBook
from companion.sensing.tool import Axis
from companion.sensing.types import SensingEvent
from protocols.telemetry import STANDARD_GRAVITY_MPS2

DRIFTING = "motion_drifting"
NOISY = "motion_noisy"
WATCHED_BLOCKS = 40
"""Blocks over which gyroscope and accelerometer are compared: four seconds, several strokes of
a brisk hand (engineering choice, on simulated hands)."""
EVERY_BLOCKS = 5
"""Blocks between two looks: half a second (engineering choice, for the cost)."""
BIAS_RADPS = 0.06
"""Rate by which the two may differ: 3.4 degrees per second, more than a consumer part's bias
(data sheets: 1 to 3)."""
NOISE_MPS2 = 0.8
"""Noise of the specific force, all axes together, that no part and no dry skin makes: a hundred
times a part's own (engineering choice)."""
CALM_MPS2 = 1.0
"""How far the mean specific force of a block may lie from gravity: what moves harder shows neither
where down is nor how noisy the sensor is (labelled recordings of brisk motion, docs/sensing.md)."""


class MotionWatch(Copied):
    """Compares the turn that the gyroscope tells with the one that gravity tells.

    Gravity shows turns about level axes only, and the acceleration of a stroke passes for a
    turn and back. So the median of the difference is looked at, and believed where it is larger
    than what it scatters by.
    """

    def __init__(self) -> None:
        self._book = FaultBook()
        self.restart()

    @property
    def stands(self) -> bool:
        """Whether the motion sensor cannot be believed."""
        return bool(self._book.kinds)

    @property
    def is_noisy(self) -> bool:
        """Whether the specific force is full of noise."""
        return NOISY in self._book.kinds

    def restart(self) -> None:
        """Begin anew after silence: standing faults stay."""
        self._last: tuple[Axis, Axis] | None = None
        self._errors: deque[Axis] = deque(maxlen=WATCHED_BLOCKS)
        self._rough = Mostly()
        self._until_look = EVERY_BLOCKS

    def take(self, block: Block, out: list[SensingEvent]) -> None:
        """Take one block."""
        accel, turn = block.accel_mps2, block.turn_rad
        if accel is None:
            self._lose()
            return
        x, y, z = accel
        length = sqrt(x * x + y * y + z * z)
        if not abs(length - STANDARD_GRAVITY_MPS2) < CALM_MPS2:
            self._last = None
            return
        if block.rough_mps2 is not None:
            self._look_for_noise(block, block.rough_mps2, out)
        if turn is None:
            self._lose()
            return
        up = (x / length, y / length, z / length)
        last, self._last = self._last, (up, turn)
        if last is None:
            return
        per_s = 1e6 / (block.end_us - block.start_us)
        self._errors.append(_unexplained(*last, turn, up, per_s))
        self._until_look -= 1
        if not self._until_look:
            self._until_look = EVERY_BLOCKS
            self._look_for_drift(block, out)

    def _lose(self) -> None:
        """Nothing is known of a block: what comes after it does not go on from before."""
        self._last = None
        self._errors.clear()

    def _look_for_drift(self, block: Block, out: list[SensingEvent]) -> None:
        errors = self._errors
        if len(errors) < WATCHED_BLOCKS:
            return
        x, y, z = map(_middle, zip(*errors, strict=True))
        bias = sqrt(x * x + y * y + z * z)
        if bias < BIAS_RADPS / 2:
            self._book.end(DRIFTING, block.end_us, out)
        elif bias > BIAS_RADPS:
            offs = ((a - x, b - y, c - z) for a, b, c in errors)
            if bias > _middle([sqrt(a * a + b * b + c * c) for a, b, c in offs]):
                start_us = block.end_us - WATCHED_BLOCKS * (block.end_us - block.start_us)
                self._book.find(DRIFTING, block.end_us, start_us, out)

    def _look_for_noise(self, block: Block, rough_mps2: float, out: list[SensingEvent]) -> None:
        is_noisy = self._rough.step(shown=rough_mps2 > NOISE_MPS2)
        if is_noisy:
            start_us = block.end_us - MOSTLY_BLOCKS * (block.end_us - block.start_us)
            self._book.find(NOISY, block.end_us, start_us, out)
        elif is_noisy is False:
            self._book.end(NOISY, block.end_us, out)


def _middle(values: Iterable[float]) -> float:
    """Return the median of an even number of values."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return (ordered[half - 1] + ordered[half]) / 2


def _unexplained(before: Axis, turn_before: Axis, turn: Axis, up: Axis, per_s: float) -> Axis:
    """Return the turn from one resting direction to the next that the gyroscope does not tell.

    Times ``per_s``. From the middle of one block to that of the next the tool makes half of either
    turn, and a resting direction turns back in its frame: to second order.
    """
    a, b, c = before
    (d, e, f), (g, h, i), (x, y, z) = turn_before, turn, up
    d, e, f = (d + g) / 2, (e + h) / 2, (f + i) / 2
    g, h, i = e * c - f * b, f * a - d * c, d * b - e * a
    a = a - g + (e * i - f * h) / 2
    b = b - h + (f * g - d * i) / 2
    c = c - i + (d * h - e * g) / 2
    return (b * z - c * y) * per_s, (c * x - a * z) * per_s, (a * y - b * x) * per_s
