"""What is done on the skin: strokes and repetitions, from contact and motion."""

from dataclasses import replace

from companion.sensing.attitude import Moment
from companion.sensing.contact import ContactTracker
from companion.sensing.copied import Copied
from companion.sensing.drag import DragWatch
from companion.sensing.inertial import motion_of
from companion.sensing.posture import UNKNOWN, UPRIGHT, Posture, PostureReader
from companion.sensing.repetitions import RepetitionCounter
from companion.sensing.strokes import Leg, StrokeTracker
from companion.sensing.tool import Tool
from companion.sensing.types import Repeated, RepetitionKind, SensingEvent, Task

_MILLION = 1_000_000


class Handiwork(Copied):
    """Strokes of a tool that feels contact or travel, and their repetitions.

    Args:
        tool: the tool that sends.
        contact: whether it touches.
        drag: how much the skin drags.

    Attributes:
        interval_us: time between samples; whoever feeds them keeps it.
        strokes: finds the strokes.
        counter: counts the repetitions of the present task; None where there is none.
        taps: the same, where it must be asked at each sample whether a contact has become one.
    """

    def __init__(self, tool: Tool, contact: ContactTracker, drag: DragWatch) -> None:
        self.interval_us = 0
        self._tool = tool
        self._drag = drag
        axis = tool.press_axis if tool.has_gyroscope else None
        self.strokes = StrokeTracker(motion_of(tool))
        self.counter: RepetitionCounter | None = None
        self.taps: RepetitionCounter | None = None
        self._contact = contact
        self._from_us = 0
        self._posture = UPRIGHT
        self._reader = None if axis is None else PostureReader(axis)
        self._reads_posture = False

    def begin(self, task: Task | None, last_us: int | None) -> None:
        """Count for a task from 0; None: count nothing."""
        is_counted = task is not None and self._tool.can_count(task)
        self.counter = RepetitionCounter(task.repetition, last_us) if task and is_counted else None
        is_taps = task is not None and task.repetition is RepetitionKind.CONTACT
        self.taps = self.counter if is_taps else None
        self._posture = UPRIGHT if task is None else Posture(task.recline_rad)
        self._reads_posture = task is not None and task.reads_posture

    def touched(self, t_us: int, moment: Moment | None) -> None:
        """Contact began with a sample, where it is one that says so."""
        contact = self._contact
        if self._reader is not None and moment is not None:
            self._reader.touched(moment)
        self.strokes.begin(contact.touched_us, t_us)
        self._from_us = contact.began_us
        if self.counter is not None:
            self._from_us = self.counter.contact_began(contact.began_us)

    def left(self, t_us: int, legs: list[Leg]) -> None:
        """Contact ended; legs that are strokes for good are added to ``legs``."""
        contact = self._contact
        self.strokes.end(contact.left_us, t_us, legs)
        if self.counter is not None:
            faint_us = contact.began_us - contact.touched_us + contact.left_us - contact.last_us
            self.counter.contact_ended(self._from_us, contact.last_us + self.interval_us, faint_us)

    def is_due(self, t_us: int) -> bool:
        """Whether by then a stroke or a contact that has ended is one for good."""
        return self.strokes.is_due(t_us) or (self.taps is not None and self.taps.is_due(t_us))

    def say(self, t_us: int, legs: list[Leg], out: list[SensingEvent]) -> None:
        """Tell strokes, and the repetitions that they make."""
        posture, counter = self._posture, self.counter
        if self._reads_posture and self._reader is not None and self._reader.is_reclined:
            posture = UNKNOWN
        for leg in legs:
            stroke = leg.confirmed(t_us, posture, loaded_n=self.strokes.loaded_n)
            drag = self._drag.stroke(leg.start_us, leg.end_us, self.interval_us)
            out.append(replace(stroke, drag=drag))
            if counter is not None and counter.stroke(leg):
                out.append(repeated(t_us, counter.count))
        legs.clear()

    def lose(self, t_us: int, out: list[SensingEvent], *, was_touching: bool) -> None:
        """Nothing tells contact any more: what was under way has no known end."""
        legs = self.strokes.suspend(self._contact.left_us)
        counter = self.counter
        if counter is None:
            return
        counted = counter.count
        counter.suspend((self._from_us, self._contact.last_us) if was_touching else None)
        for leg in legs:
            counter.cut(leg)
        out += [repeated(t_us, count) for count in range(counted + 1, counter.count + 1)]

    def lost(self, from_us: int, to_us: int) -> None:
        """Samples are missing between these times."""
        if self.counter is not None:
            self.counter.holes.add(from_us, to_us)

    @property
    def unseen(self) -> int:
        """How many more repetitions there may have been where samples are missing."""
        return 0 if self.counter is None else self.counter.unseen

    def see_again(self, t_us: int, *, came_late: bool = False) -> None:
        """Contact can be told again; ``came_late``: it was not told, but no sample is missing."""
        self.strokes.resume(t_us)
        if self.counter is not None:
            self.counter.resumed(t_us, came_late=came_late)

    def finish(self, t_us: int, out: list[SensingEvent]) -> list[int]:
        """End the step; return the times of its repetitions in us after a second look."""
        legs: list[Leg] = []
        self.strokes.finish(legs)
        self.say(t_us, legs, out)
        counter = self.counter
        if counter is None:
            return []
        if counter.close():
            out.append(repeated(t_us, counter.count))
        return counter.final_us()


def repeated(t_us: int, count: int) -> Repeated:
    """Return the event of one more repetition."""
    return Repeated(device_s=t_us / _MILLION, count=count)
