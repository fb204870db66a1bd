"""A session as the service would tell it, from a simulated roller."""

from datetime import UTC, datetime, timedelta

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Event,
    Repetition,
    SessionFinished,
    SessionOutcome,
    SessionStarted,
    StepResult,
    Summary,
)
from companion.coaching.routine import Side, StepKind, Zone
from companion.coaching.stroke_log import ToldStroke
from companion.sensing.types import Level, StrokeDirection
from companion.store.blocks import Units
from companion.store.entries import ToolRow
from companion.store.recorder import About
from simulators.tool_data import ToolData
from tests.store.frames import as_read

BEGAN = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)

ABOUT = About(person="anna", routine="quick", routine_body='{"steps": []}', software="0.1.0")

STARTED = SessionStarted(
    device_s=0.0,
    routine="quick",
    title="Quick",
    tool="Roller",
    started_at=BEGAN.isoformat(),
    steps=1,
)
REPEATED = Repetition(device_s=2.0, step="cheek", count=1, goal=10)
RAISED = AlertRaised(
    device_s=3.0,
    alert=1,
    kind="over_pressure",
    level=Level.STOP,
    step="cheek",
    zone=Zone.CHEEK,
    side=Side.LEFT,
    onset_s=2.9,
    pressure_kpa=14.0,
    limit_kpa=13.3,
)
CLEARED = AlertCleared(
    device_s=3.5,
    alert=1,
    kind="over_pressure",
    level=Level.STOP,
    step="cheek",
    reason="ended",
    onset_s=2.9,
    duration_s=0.6,
    peak_kpa=16.0,
)
FINISHED = SessionFinished(
    device_s=9.0,
    outcome=SessionOutcome.FINISHED,
    summary=Summary(
        routine="quick",
        outcome=SessionOutcome.FINISHED,
        duration_s=8.0,
        steps=(
            StepResult(
                step="cheek",
                zone=Zone.CHEEK,
                side=Side.LEFT,
                kind=StepKind.TOOL,
                outcome="done",
                repetitions=10,
                goal=10,
                duration_s=8.0,
                seconds_by_level={"on_target": 5.0},
                mean_kpa=4.0,
                peak_kpa=16.0,
                judged=True,
            ),
        ),
        alerts=(),
        gaps_s=0.0,
        samples=800,
        advice=(),
    ),
)
STROKE = ToldStroke(
    number=0,
    step="cheek",
    start_s=1.0,
    end_s=2.0,
    confirmed_s=2.2,
    direction=StrokeDirection.UP,
    travel_m=0.06,
    mean_kpa=3.4,
    peak_kpa=5.1,
    is_light_return=False,
    technique=None,
)
WHOLE: tuple[Event, ...] = (STARTED, REPEATED, RAISED, CLEARED, FINISHED)


class Clock:
    """A time of day that goes on by a second with each look."""

    def __init__(self, at: datetime = BEGAN) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def tool_row(tool: ToolData) -> tuple[ToolRow, Units]:
    """A simulated tool as the service knows it."""
    row = ToolRow(
        identity="C0:FF:EE:00:00:01",
        name="Roller",
        maker="",
        model="",
        firmware="1",
        feature=bytes(tool.feature),
    )
    return row, Units.of(as_read(tool))
