"""Attitude from accelerometer and gyroscope: the one user of vqf."""

from collections.abc import Sequence
from copy import copy, deepcopy
from itertools import chain
from typing import Self, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from vqf import VQF

from companion.sensing.copied import Copied
from companion.sensing.offset import Offset
from companion.sensing.tool import Axis
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Vector

Floats: TypeAlias = npt.NDArray[np.float64]
Quaternion = list[float]
"""w, x, y, z: rotates from the sensor frame into a frame whose z axis points up."""
SETTLING_US = 500_000
"""After a start vqf averages the tilt over the first samples; earlier it is not told."""
MAXIMUM_INTERVAL_US = 200_000
"""Above this a hand turns too far between samples for an attitude to mean anything."""
INTERVAL_TOLERANCE = 0.02
"""Relative change of the interval up to which turns are taken as they are; beyond, they are
scaled to the filter's own interval, so that times that waver cost no attitude."""
INTERVAL_SPAN = 1.5
"""Factor by which an interval may differ from the filter's own; beyond, a new one is begun."""
LEVEL_S = 2.0
"""Time constant with which vqf levels itself by the acceleration (docs/sensing.md)."""
BIAS_DPS = 2.0
"""Standard deviation of a gyroscope's bias before anything is known, in degrees per second (data
sheets of consumer parts: 1 to 3)."""
REST_S = 0.7
"""Time without motion after which vqf takes what the gyroscope reads for its bias: a tool that is
held still for a tare rests a little longer than that (docs/sensing.md)."""
REST_DPS = 0.05
"""What vqf takes the bias of a rest to be uncertain by, in degrees per second (docs/sensing.md): a
hand is not as still as a table."""
MOST_WAITING = 200
"""Samples that wait at most for somebody to ask for their attitude (engineering choice: by then a
call of vqf costs little beside what it does)."""
_SANE_MPS2 = 1e4
_SANE_RADPS = 1e3
_MILLION = 1_000_000


def up(attitude: Quaternion) -> Axis:
    """Return the direction that points up, as a unit vector in the sensor frame."""
    w, x, y, z = attitude
    return (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))


def free_acceleration(attitude: Quaternion, specific_force: Axis) -> Axis:
    """Return the acceleration in m/s2 in the frame whose z axis points up, gravity taken out."""
    w, x, y, z = attitude
    a, b, c = specific_force
    s, t, u = (
        2 * (y * c - z * b),
        2 * (z * a - x * c),
        2 * (x * b - y * a),
    )
    return (
        a + w * s + (y * u - z * t),
        b + w * t + (z * s - x * u),
        c + w * u + (x * t - y * s) - STANDARD_GRAVITY_MPS2,
    )


def are_below(vectors: Sequence[Vector], most: float) -> bool:
    """Return whether every vector is known, and of numbers, and each of these is smaller.

    The cheap look comes first: what is no number has no length below anything, and vqf never
    forgets it.
    """
    try:
        values = cast("Sequence[Axis]", vectors)
        return are_short(vectors, most) or all(-most < n < most for each in values for n in each)
    except TypeError:
        return False


def are_short(vectors: Sequence[Vector | None], most: float) -> bool:
    """Return whether every vector is shorter than that; TypeError where one is not known."""
    square = most * most
    for x, y, z in vectors:  # type: ignore[misc]  # noqa: SIM110 - in half the time; raises
        if not x * x + y * y + z * z < square:  # type: ignore[operator]  # likewise
            return False
    return True


class Levelled:
    """A frame's attitudes, None where not known, and its specific forces without the offset.

    Both are reckoned when somebody asks for them, and never change.

    Args:
        attitudes: one per sample.
        accels: likewise, in m/s2.
        waits_for: what will tell both; None where they are told already.
    """

    __slots__ = ("_accels", "_attitudes", "_waits_for")

    def __init__(
        self,
        attitudes: Sequence[Quaternion | None] = (),
        accels: Sequence[Axis | None] = (),
        *,
        waits_for: "Attitude | None" = None,
    ) -> None:
        self._attitudes, self._accels, self._waits_for = attitudes, accels, waits_for

    @property
    def attitudes(self) -> Sequence[Quaternion | None]:
        """The attitude of each sample, None where not known."""
        if self._waits_for is not None:
            self._waits_for.catch_up()
        return self._attitudes

    @property
    def accels(self) -> Sequence[Axis | None]:
        """The specific force of each sample without the accelerometer's offset."""
        if self._waits_for is not None:
            self._waits_for.catch_up()
        return self._accels

    def at(self, index: int) -> tuple[Quaternion | None, Axis | None]:
        """Return attitude and freed specific force of one sample."""
        if self._waits_for is not None:
            self._waits_for.catch_up()
        return self._attitudes[index], self._accels[index]

    def tell(self, attitudes: Sequence[Quaternion | None], accels: Sequence[Axis | None]) -> None:
        """Take what it waited for."""
        self._attitudes, self._accels, self._waits_for = attitudes, accels, None

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return the same: what is told never changes."""
        if self._waits_for is not None:
            self._waits_for.catch_up()
        return self


Moment: TypeAlias = tuple[Levelled, int]
"""One sample, of which the attitude may be asked: its frame, and which one it is there."""


class Attitude(Copied):
    """A vqf filter without magnetometer, begun anew after gaps.

    A call of it costs more than the few samples of a frame. So frames wait until somebody asks for
    one of them, or many have come: vqf takes sample by sample, and tells of each the same, however
    many it is given at once. The accelerometer's offset is learnt beside it, and kept over gaps.
    """

    def __init__(self) -> None:
        self._filter: VQF | None = None
        self._interval_us = 0
        self._settled_us = 0
        self._last_gyro: Axis = (0.0, 0.0, 0.0)
        self._offset = Offset()
        self._bias: tuple[Floats, float] | None = None
        self._newer: tuple[Floats, float] | None = None
        self._waiting: list[tuple[Levelled, Sequence[Axis], Sequence[Axis]]] = []
        self._wait = 0

    def restart(self) -> None:
        """Forget the attitude: what happened in between is not known.

        The gyroscope's bias stays as it was known a while before: a sensor that freezes is found
        late, and tells a wrong one.
        """
        self.catch_up()
        self._filter = None

    def update(
        self,
        accels: Sequence[Axis],
        gyros: Sequence[Axis],
        interval_us: int,
        *,
        missing: int,
        is_sane: bool = False,
    ) -> Levelled:
        """Take a frame; return what it tells of each sample, when that is asked for.

        Args:
            accels: specific force in m/s2.
            gyros: angular velocity in rad/s.
            interval_us: time between samples.
            missing: samples lost just before this frame. For the attitude alone the hand is
                taken to have turned steadily over them, at the mean of the rates either side.
            is_sane: whether all values are known to be such as a hand makes.
        """
        is_sane = is_sane or (are_below(accels, _SANE_MPS2) and are_below(gyros, _SANE_RADPS))
        if is_sane and not missing and self._goes_on(interval_us):
            return self._let_wait(accels, gyros)
        self.catch_up()
        if interval_us > MAXIMUM_INTERVAL_US or not is_sane:
            self._filter = None
            return Levelled([None] * len(accels), accels)
        vqf = self._filter_for(interval_us)
        if missing:
            a, b = self._last_gyro, gyros[0]
            turn = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)
            gyros = [turn] * missing + list(gyros)
            accels = [accels[0]] * missing + list(accels)
        self._last_gyro = gyros[-1]
        turns = _rows(gyros)
        if interval_us != self._interval_us:
            ratio = interval_us / self._interval_us
            if abs(ratio - 1) > INTERVAL_TOLERANCE:
                turns = turns * ratio
        turned, freed = self._run(vqf, turns, accels, interval_us)
        if missing:
            del turned[:missing], freed[:missing]
        left_us = SETTLING_US - self._settled_us
        if left_us <= 0:
            return Levelled(turned, freed)
        self._settled_us += interval_us * len(turned)
        hidden = min(-(-left_us // interval_us), len(turned))
        return Levelled([*[None] * hidden, *turned[hidden:]], freed)

    def catch_up(self) -> None:
        """Reckon what waits."""
        waiting, vqf, interval_us = self._waiting, self._filter, self._interval_us
        if not waiting or vqf is None:
            return
        self._waiting, self._wait = [], 0
        if len(waiting) == 1:
            levelled, accels, gyros = waiting[0]
            levelled.tell(*self._run(vqf, _rows(gyros), accels, interval_us))
            return
        frames, all_accels, all_gyros = zip(*waiting, strict=True)
        turns = _rows(_joined(all_gyros))
        turned, freed = self._run(vqf, turns, _joined(all_accels), interval_us)
        first = 0
        for levelled, gyros in zip(frames, all_gyros, strict=True):
            end = first + len(gyros)
            levelled.tell(turned[first:end], freed[first:end])
            first = end

    def _goes_on(self, interval_us: int) -> bool:
        """Return whether the filter goes on as it is, and its attitudes are told."""
        is_same = self._filter is not None and interval_us == self._interval_us
        return is_same and self._settled_us >= SETTLING_US

    def _let_wait(self, accels: Sequence[Axis], gyros: Sequence[Axis]) -> Levelled:
        levelled = Levelled(waits_for=self)
        self._last_gyro = gyros[-1]
        self._waiting.append((levelled, accels, gyros))
        self._wait += len(accels)
        if self._wait >= MOST_WAITING:
            self.catch_up()
        return levelled

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return one that goes on from here by itself: vqf gives and takes its state alone."""
        self.catch_up()
        twin = copy(self)
        twin._part(memo)  # noqa: SLF001 -- one of its kind
        return twin

    def _part(self, memo: dict[int, object]) -> None:
        """Have nothing in common with the one of which this is a copy."""
        if self._filter is not None:
            self._filter = _same_filter(self._filter, self._interval_us)
        self._offset = deepcopy(self._offset, memo)
        self._waiting = []

    def _run(
        self, vqf: VQF, turns: Floats, accels: Sequence[Axis], interval_us: int
    ) -> tuple[list[Quaternion], list[Axis]]:
        """Run the filter over samples, cut where the offset is learnt anew."""
        offset, count = self._offset, len(accels)
        left = offset.left(interval_us)
        if count <= left:
            return self._run_part(vqf, turns, accels, interval_us)
        turned: list[Quaternion] = []
        freed: list[Axis] = []
        first = 0
        while first < count:
            end = first + offset.left(interval_us)
            found = self._run_part(vqf, turns[first:end], accels[first:end], interval_us)
            turned += found[0]
            freed += found[1]
            first = end
        return turned, freed

    def _run_part(
        self, vqf: VQF, turns: Floats, accels: Sequence[Axis], interval_us: int
    ) -> tuple[list[Quaternion], list[Axis]]:
        """Run the filter over samples of one window of the offset."""
        offset = self._offset
        p, q, r = offset.value
        freed = [(x - p, y - q, z - r) for x, y, z in accels]
        turned: list[Quaternion] = vqf.updateBatch(turns, _rows(freed))["quat6D"].tolist()
        looks = offset.looks(len(freed), interval_us)
        offset.look([(accels[index], up(turned[index])) for index in looks])
        if offset.passed(len(freed), interval_us):
            self._bias, self._newer = self._newer, vqf.getBiasEstimate()
        return turned, freed

    def _filter_for(self, interval_us: int) -> VQF:
        own_us = self._interval_us
        if self._filter is not None and interval_us == own_us:
            return self._filter
        is_own = own_us / INTERVAL_SPAN <= interval_us <= own_us * INTERVAL_SPAN
        if self._filter is None or not is_own:
            self._filter = _new_filter(interval_us)
            if self._bias is not None:
                self._filter.setBiasEstimate(*self._bias)
            self._interval_us = interval_us
            self._settled_us = 0
        return self._filter


def _joined(frames: Sequence[Sequence[Axis]]) -> list[Axis]:
    return list(chain.from_iterable(frames))


def _rows(vectors: Sequence[Axis]) -> Floats:
    """Return vectors as an array (n, 3): for many in half the time that numpy takes by itself."""
    return np.fromiter(chain.from_iterable(vectors), float, 3 * len(vectors)).reshape(-1, 3)


def _new_filter(interval_us: int) -> VQF:
    return VQF(
        interval_us / _MILLION,
        tauAcc=LEVEL_S,
        biasSigmaInit=BIAS_DPS,
        restMinT=REST_S,
        biasSigmaRest=REST_DPS,
    )


def _same_filter(vqf: VQF, interval_us: int) -> VQF:
    same = _new_filter(interval_us)
    same.state = vqf.state
    return same
