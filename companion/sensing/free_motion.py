"""A tool that feels neither contact nor travel: strokes and repetitions from its motion alone."""

from collections import deque

from companion.sensing.attitude import free_acceleration
from companion.sensing.copied import Copied
from companion.sensing.counting.motion_counter import MotionCounter
from companion.sensing.free_strokes import FreeStrokes
from companion.sensing.holes import Holes, Seen
from companion.sensing.imu import Inertial
from companion.sensing.inertial import told_rise
from companion.sensing.intake import GAP_US
from companion.sensing.motion_contact import Kind, MotionContact
from companion.sensing.posture import UPRIGHT, Posture
from companion.sensing.strokes import Leg
from companion.sensing.technique import KEPT, LEAST_CONFIDENCE, SWEEP_M, SWEEP_RAD
from companion.sensing.tool import COUNTED_BY_PHASE
from companion.sensing.types import (
    Recognised,
    Repeated,
    RepetitionKind,
    SensingEvent,
    Task,
    Technique,
)
from companion.sensing.way_counter import WayCounter
from companion.sensing.ways import Way, Ways

RHYTHM_BACKS = 2
"""Ways back in a row from which strokes are told from turning only (engineering choice)."""
RHYTHM_US = 1_500_000
"""Time after the last of them for which that holds (engineering choice)."""
CUT_US = 1_000_000
"""How much of a repetition beside a hole is not told: it is looked for anew (engineering
choice)."""
SLOW_MPS = 0.17
"""Mean speed below which turning, where there is any, tells a way better than speed does: on a face
it is seldom more (docs/sensing.md, ways)."""
SLOW_US = 500_000
"""The same for how long a way takes at least."""
FEWEST_SWEEPS = 3
"""Ways on the skin from which they are named (engineering choice)."""
_MILLION = 1_000_000


class FreeMotion(Copied):
    """Strokes and repetitions, by what the tool turns and by how fast it moves.

    On a face the tool turns with the skin: its ways lie between moments in which it hardly turns,
    and those that follow the skin are strokes. Elsewhere strokes lie between moments of least
    speed, and repetitions are counted by the phase of the motion.
    """

    def __init__(self) -> None:
        self._strokes = FreeStrokes()
        self._ways = Ways()
        self._contact = MotionContact()
        self._posture: Posture = UPRIGHT
        self._phases: MotionCounter | None = None
        self._counted: WayCounter | None = None
        self._way: Way | None = None
        self._sweeps: deque[bool] = deque(maxlen=KEPT)
        self._by_ways = False
        self._said = self._backs = 0
        self._told_us = self._rhythm_us = 0
        self._holes = Holes()
        self._final_us: list[int] = []

    @property
    def recognised(self) -> Recognised | None:
        """What the hand does by the newest ways on the skin: sweeps, or what cannot be told.

        What stays on a patch of skin makes no ways, or such as are no longer than its wandering.
        """
        if not self._sweeps:
            return None
        share = sum(self._sweeps) / len(self._sweeps)
        is_sure = share >= LEAST_CONFIDENCE and sum(self._sweeps) >= FEWEST_SWEEPS
        return Recognised(label=Technique.SWEEP if is_sure else None, confidence=share)

    def begin(self, task: Task | None) -> None:
        """Count for a task from 0; None: count nothing."""
        self._said = 0
        self._by_ways = False
        self._phases = self._counted = None
        self._holes = Holes()
        self._sweeps.clear()
        if task is None:
            return
        kind = task.repetition
        self._posture = Posture(task.recline_rad)
        if kind is RepetitionKind.CONTACT and task.technique not in COUNTED_BY_PHASE:
            return
        self._phases = MotionCounter(2 if kind is RepetitionKind.STROKE else 1)
        if kind is not RepetitionKind.CONTACT:
            self._counted = WayCounter(kind)

    def lose(self, t_us: int, out: list[SensingEvent]) -> None:
        """A gap: what was under way has no known end."""
        self._strokes.restart()
        self._ways.restart()
        self._contact.restart(t_us, out)

    def lost(self, from_us: int, to_us: int) -> None:
        """Samples are missing between these times: a way that they cut is not known."""
        if to_us - from_us > GAP_US:
            self._holes.add(from_us, to_us)

    @property
    def unseen(self) -> int:
        """How many more repetitions there may have been where samples are missing."""
        if self._phases is None:
            return 0
        seen = [Seen(time_us, time_us) for time_us in self._final_us]
        return self._holes.unseen(seen, least_us=CUT_US)

    def run(self, read: Inertial, t_us: int, interval_us: int, out: list[SensingEvent]) -> None:
        """Take the samples of a frame, ``interval_us`` apart from ``t_us`` on."""
        phases, strokes, ways = self._phases, self._strokes, self._ways
        levelled = read.levelled
        columns = read.accels, read.gyros, levelled.attitudes, levelled.accels
        for accel, gyro, attitude, freed in zip(*columns, strict=True):
            a = None
            if freed is not None and attitude is not None:
                a = free_acceleration(attitude, freed)
            leg = strokes.step(t_us, a)
            way = ways.step(t_us, a, attitude)
            if way is not None:
                self._take(way, t_us, out)
            if leg is not None:
                self._tell(leg, t_us, out)
            if phases is None or self._by_ways or accel is None or gyro is None:
                pass
            elif phases.step(t_us, accel, gyro):
                self._count(t_us, out)
            t_us += interval_us
        self._contact.rest(t_us, out)

    def finish(self, t_us: int, out: list[SensingEvent]) -> list[int]:
        """End the step; return the times of its repetitions in us after a second look."""
        self._final_us = self._looked_again(t_us, out)
        return self._final_us

    def _looked_again(self, t_us: int, out: list[SensingEvent]) -> list[int]:
        phases, counted = self._phases, self._counted
        way = self._ways.close(t_us)
        if way is not None:
            self._take(way, t_us, out)
        if phases is None:
            return []
        if phases.close():
            self._count(t_us, out)
        if counted is None or not counted.is_work:
            return phases.final_us()
        if not counted.may_lack:
            return counted.final_us()
        return max(counted.final_us(), phases.final_us(), key=len)

    def _take(self, way: Way, t_us: int, out: list[SensingEvent]) -> None:
        """Take a way: contact, stroke and repetition, where it is one."""
        self._way = way
        kind = self._contact.take(way, t_us, out)
        is_back = self._contact.is_back and kind is not Kind.CARRIED
        self._backs = self._backs + 1 if is_back else 0
        if self._backs >= RHYTHM_BACKS:
            self._rhythm_us = way.end_us + RHYTHM_US
        if kind is Kind.SKIN:
            self._sweeps.append(way.length_m >= SWEEP_M and way.turn_rad >= SWEEP_RAD)
        if kind is Kind.SKIN and way.start_us >= self._told_us:
            leg = Leg(way.start_us, way.end_us, is_whole=False)
            leg.net_m = way.length_m
            leg.vertical_m = told_rise(way.length_m, way.rise_m, way.seconds)
            self._say(leg, t_us, out)
        if self._counted is not None:
            self._counted.take(way, kind, is_back=self._contact.is_back)
            self._by_ways = self._counted.is_work and not self._counted.may_lack
            self._count(t_us, out)

    def _tell(self, leg: Leg, t_us: int, out: list[SensingEvent]) -> None:
        """Tell a stroke found by its speed, unless turning tells strokes now or knows better."""
        if leg.start_us >= max(self._rhythm_us, self._told_us) and not self._is_known(leg):
            self._say(leg, t_us, out)

    def _is_known(self, leg: Leg) -> bool:
        """Return whether a slow leg is told, or not, by turning.

        That is where a way overlaps it, and where ways are all that the hand makes.
        """
        lasted_us = leg.end_us - leg.start_us
        if (leg.net_m or 0.0) * _MILLION > SLOW_MPS * lasted_us:
            return False
        if self._counted is not None and self._counted.is_all:
            return True
        if lasted_us < SLOW_US:
            return False
        common_us, way, turning_us = 0, self._way, self._ways.turning_us
        if turning_us is not None:
            common_us += max(0, leg.end_us - max(turning_us, leg.start_us))
        if way is not None:
            common_us += max(0, min(leg.end_us, way.end_us) - max(leg.start_us, way.start_us))
        return 2 * common_us > lasted_us

    def _say(self, leg: Leg, t_us: int, out: list[SensingEvent]) -> None:
        self._told_us = leg.end_us
        out.append(leg.confirmed(t_us, self._posture))

    def _count(self, t_us: int, out: list[SensingEvent]) -> None:
        """Say how many there are by now, by ways where these are the work on a face."""
        counted, phases = self._counted, self._phases
        now = phases.count if phases is not None else 0
        if counted is not None and counted.is_work:
            ways = len(counted.times_us)
            now = max(now, ways) if counted.may_lack else ways
        while self._said < now:
            self._said += 1
            out.append(Repeated(device_s=t_us / _MILLION, count=self._said))
