"""What the live engine says to a recording, as one document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from companion.recordings.document import Clock, Document, Fields
from companion.recordings.player import NEWTONS_PER_KPA, Player
from companion.recordings.recording import Recording
from companion.recordings.tool_file import ToolData
from companion.sensing.attitude import Quaternion, up
from companion.sensing.tool import Axis
from companion.sensing.types import Band, RepetitionKind, Task, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a recording is to be taken.

    Attributes:
        repetition: what one repetition is.
        technique: what the step declares; None lets the engine name it.
        caution_n: limit in newtons for the whole file, None for none.
        stop_n: the same for stop.
        tool: the data of the tool, where they are known.
    """

    repetition: RepetitionKind = RepetitionKind.STROKE
    technique: Technique | None = None
    caution_n: float | None = None
    stop_n: float | None = None
    tool: ToolData | None = None

    def task(self) -> Task:
        """Return what the engine is to look for."""
        return Task(self.repetition, self.technique or Technique.SWEEP, self._band())

    def _band(self) -> Band | None:
        if self.caution_n is None and self.stop_n is None:
            return None
        caution, stop = (inf if n is None else n / NEWTONS_PER_KPA for n in self._limits())
        return Band(0.0, min(caution, stop), caution, stop)

    def _limits(self) -> tuple[float | None, float | None]:
        return self.caution_n, self.stop_n


@dataclass(frozen=True, slots=True)
class Analysis:
    """One recording, analysed.

    Attributes:
        document: the JSON document of docs/recordings.md.
        attitudes: one attitude per sample, None where it is not known.
    """

    document: Fields
    attitudes: list[Quaternion | None] = field(repr=False)

    def ups(self) -> Iterator[Axis | None]:
        """Return the up direction of each sample as a unit vector in the sensor frame."""
        return (None if attitude is None else up(attitude) for attitude in self.attitudes)


def analyse(recording: Recording, options: Options) -> Analysis:
    """Run the live engine over a recording."""
    player = Player(recording, options.tool)
    document = Document(Clock(recording.t_s[0], recording.t_s[-1]), options.technique)
    attitudes: list[Quaternion | None] = []
    for played in player.play(options.task()):
        attitudes += played.attitudes
        document.take(played.events)
    document.close(player.finish())
    return Analysis(document.fields(recording), attitudes)
