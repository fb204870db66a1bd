"""What the live engine says to a recording, as one document."""

from dataclasses import dataclass, field, replace
from math import inf

from companion.recordings.bridged import Fields
from companion.recordings.document import Clock, Document
from companion.recordings.player import Player
from companion.recordings.recording import Recording
from companion.recordings.steps import NEWTONS_PER_KPA, turns
from companion.recordings.tool_file import ToolData
from companion.sensing.replay import Turn
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
        follows_steps: whether the steps that the tool file tells are followed, each with its own
            limits; what is given above is then not used.
    """

    repetition: RepetitionKind = RepetitionKind.STROKE
    technique: Technique | None = None
    caution_n: float | None = None
    stop_n: float | None = None
    tool: ToolData | None = None
    follows_steps: bool = False

    def plan(self) -> Task | list[Turn]:
        """Return what the engine is to look for, and when."""
        tool = self.tool_used()
        return turns(tool.steps) if tool is not None and tool.steps else self.task()

    def tool_used(self) -> ToolData | None:
        """Return the data of the tool, without steps that are not followed."""
        if self.tool is None or self.follows_steps:
            return self.tool
        return replace(self.tool, steps=())

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
        ups: the up direction of each sample as a unit vector in the sensor frame, None where it
            is not known; empty where it was not asked for.
        can_count: whether such repetitions can be told from these columns; else none is.
        unseen: how many more repetitions there may have been, wholly where samples are missing.
    """

    document: Fields
    ups: list[Axis | None] = field(repr=False)
    can_count: bool = True
    unseen: int = 0


def analyse(recording: Recording, options: Options, *, with_ups: bool = False) -> Analysis:
    """Run the live engine over a recording."""
    player = Player(recording, options.tool_used(), names_technique=options.technique is None)
    document = Document(Clock(recording.t_s[0], recording.t_s[-1]), options.technique)
    ups: list[Axis | None] = []
    for _, events in player.play(options.plan()):
        document.take(events)
        if with_ups:
            ups += [direction for _, direction in player.engine.ups]
    end, standing = player.finish()
    document.close(end, standing)
    engine = player.engine
    return Analysis(
        document.fields(recording, engine.technique),
        ups,
        can_count=engine.tool.can_count(options.task()),
        unseen=end.unseen,
    )
