"""Parts that tests of this room share."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from companion.coaching.events import Command
from companion.coaching.routine import Direction, Side, Step, StepKind, Zone
from companion.coaching.view import Phase, StepState, View
from companion.live import LinkState, LinkView
from companion.mqtt.letters import Session
from companion.mqtt.topics import Topics
from companion.sensing.trace import Trace
from companion.sensing.types import Band, Level, RepetitionKind, Technique

TOPICS = Topics(base="massage", hub="bath", prefix="homeassistant")
TOOL = "tool-0123456789"
SESSION = Session(uid="5e55", tool=TOOL, began="2026-11-21T07:30:00+00:00")
NOW = datetime(2026, 11, 21, 7, 35, tzinfo=UTC)

STEP = Step(
    id="cheek",
    kind=StepKind.TOOL,
    zone=Zone.CHEEK,
    side=Side.LEFT,
    technique=Technique.SWEEP,
    direction=Direction.UP,
    repetition=RepetitionKind.STROKE,
    repetitions=10,
    time_limit_s=60.0,
    band=Band(2.0, 6.0, 10.0, 13.3),
    hint="",
)


def view(
    phase: Phase = Phase.RUNNING,
    level: Level = Level.ON_TARGET,
    kpa: float | None = 4.0,
    *,
    elapsed_s: float = 3.2,
) -> View:
    """A session of one step."""
    return View(
        phase=phase,
        title="Quick",
        about_s=60.0,
        session_elapsed_s=elapsed_s,
        steps=(STEP,),
        states=(StepState.NOW,),
        index=0,
        repetitions=2,
        step_elapsed_s=elapsed_s,
        level=level,
        doubt=None,
        pressure_kpa=kpa,
        cannot_judge=None,
        alerts=(),
    )


@dataclass
class FakeLive:
    """A service's snapshots, as a test sets them, and what was asked of it."""

    seen: View = field(default_factory=view)
    asked: list[Command] = field(default_factory=list)
    lowered: list[float] = field(default_factory=list)
    buzzes: int = 0
    can_buzz: bool = True
    routines: tuple[str, ...] = ("quick", "slow")
    chosen: list[str] = field(default_factory=list)
    can_choose: bool = True
    trace: Trace = field(default_factory=Trace)
    muted: bool = False

    def view(self) -> View:
        return self.seen

    def link(self) -> LinkView:
        return LinkView(state=LinkState.LIVE, tool="Roller", rssi_dbm=-60, battery_percent=80)

    def command(self, command: Command) -> None:
        self.asked.append(command)

    def lower(self, percent: float) -> None:
        self.lowered.append(percent)

    async def choose(self, routine: str) -> bool:
        self.chosen.append(routine)
        return self.can_choose

    async def buzz(self) -> bool:
        self.buzzes += 1
        return self.can_buzz
