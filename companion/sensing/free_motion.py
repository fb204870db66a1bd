"""A tool that feels neither contact nor travel: strokes and repetitions from its motion alone."""

from companion.sensing.counting.motion_counter import MotionCounter
from companion.sensing.free_strokes import FreeStrokes
from companion.sensing.imu import Inertial
from companion.sensing.posture import UPRIGHT, Posture
from companion.sensing.types import Repeated, RepetitionKind, SensingEvent, Task

_MILLION = 1_000_000


class FreeMotion:
    """Strokes between moments of least speed, repetitions by the phase of the motion.

    Without contact a way back through the air is a stroke like any other, and a tap is a
    there-and-back cycle.
    """

    def __init__(self) -> None:
        self._strokes = FreeStrokes()
        self._posture: Posture = UPRIGHT
        self._counter: MotionCounter | None = None
        self._said = 0

    def begin(self, task: Task | None) -> None:
        """Count for a task from 0; None: count nothing."""
        self._said = 0
        self._counter = None
        if task is not None:
            self._posture = Posture(task.recline_rad)
            self._counter = MotionCounter(2 if task.repetition is RepetitionKind.STROKE else 1)

    def restart(self) -> None:
        """A gap: what was under way has no known end."""
        self._strokes.restart()

    def run(self, read: Inertial, t_us: int, interval_us: int, out: list[SensingEvent]) -> None:
        """Take the samples of a frame, ``interval_us`` apart from ``t_us`` on."""
        counter, strokes = self._counter, self._strokes
        for accel, gyro, attitude, freed in zip(*read, strict=True):
            leg = strokes.step(t_us, freed, attitude)
            if leg is not None:
                out.append(leg.confirmed(t_us, self._posture))
            if counter is not None and accel is not None and gyro is not None:  # noqa: SIM102 - once per sample
                if counter.step(t_us, accel, gyro):
                    self._say(counter, t_us, out)
            t_us += interval_us

    def finish(self, t_us: int, out: list[SensingEvent]) -> list[int]:
        """End the step; return the times of its repetitions in us after a second look."""
        counter = self._counter
        if counter is None:
            return []
        if counter.close():
            self._say(counter, t_us, out)
        return counter.final_us()

    def _say(self, counter: MotionCounter, t_us: int, out: list[SensingEvent]) -> None:
        while self._said < counter.count:
            self._said += 1
            out.append(Repeated(device_s=t_us / _MILLION, count=self._said))
