"""A session whose every number is known beforehand."""

from dataclasses import replace

from companion.coaching.events import (
    AlertRecord,
    Loss,
    LossKind,
    Part,
    PartScore,
    Score,
    SessionOutcome,
    StepResult,
    Summary,
)
from companion.coaching.person import DoseCaps
from companion.coaching.routine import Side, StepKind, Zone
from companion.report import Head, Replayed, SessionContents, Story
from companion.report.replay import Bin, Stroked
from companion.report.story import Part as StepSpan
from companion.report.story import Told, Unknown
from companion.sensing.types import Band, Doubt, Level, StrokeDirection, Technique

BEGAN_S = 100.0
BAND = Band(2.0, 6.0, 8.0, 13.3)

FIRST = StepResult(
    step="cheek-one",
    zone=Zone.CHEEK,
    side=Side.LEFT,
    kind=StepKind.TOOL,
    outcome="done",
    repetitions=9,
    goal=10,
    duration_s=20.0,
    seconds_by_level={"light": 1.0, "on_target": 3.0, "unknown": 2.0},
    mean_kpa=3.0,
    peak_kpa=5.9,
    judged=True,
)
SECOND = replace(
    FIRST,
    step="cheek-two",
    seconds_by_level={"on_target": 9.0, "caution": 3.0},
    mean_kpa=5.0,
    peak_kpa=9.4,
)
BY_HAND = replace(
    FIRST,
    step="neck",
    zone=Zone.NECK_BACK,
    side=Side.BOTH,
    kind=StepKind.HAND,
    repetitions=None,
    goal=None,
    duration_s=30.0,
    seconds_by_level={},
    mean_kpa=None,
    peak_kpa=None,
    judged=False,
)
DARK = replace(
    FIRST,
    step="temples",
    zone=Zone.TEMPLES,
    side=Side.RIGHT,
    seconds_by_level={"unknown": 7.0},
    mean_kpa=None,
    peak_kpa=None,
    judged=False,
    doubt=Doubt.FORCE_FROZEN,
)
STEPS = (FIRST, SECOND, BY_HAND, DARK)

ALERT = AlertRecord(
    alert=1,
    kind="over_pressure",
    level=Level.CAUTION,
    step="cheek-two",
    zone=Zone.CHEEK,
    side=Side.LEFT,
    onset_s=BEGAN_S + 32.0,
    raised_s=BEGAN_S + 32.4,
    cleared_s=BEGAN_S + 35.0,
    peak_kpa=9.4,
    limit_kpa=8.0,
    reason="ended",
)
LOSS = Loss(
    kind=LossKind.OVER_PRESSURE,
    part=Part.OVER_PRESSURE,
    points=8,
    step="cheek-two",
    zone=Zone.CHEEK,
    side=Side.LEFT,
    from_s=BEGAN_S + 32.0,
    to_s=BEGAN_S + 35.0,
    seconds=3.0,
    level=Level.CAUTION,
    pressure_kpa=9.4,
    limit_kpa=8.0,
    alert=1,
)
MISSING = replace(
    LOSS,
    kind=LossKind.REPETITIONS_MISSING,
    part=Part.REPETITIONS,
    points=1,
    from_s=BEGAN_S + 20.0,
    to_s=BEGAN_S + 20.0,
    alert=None,
    count=8,
    goal=10,
)
SCORE = Score(
    points=71,
    possible=80,
    percent=88,
    parts=(PartScore(part=Part.BAND, points=35, possible=35),),
    losses=(LOSS, MISSING),
)
SUMMARY = Summary(
    routine="made-up",
    outcome=SessionOutcome.FINISHED,
    duration_s=97.0,
    steps=STEPS,
    alerts=(ALERT,),
    gaps_s=3.5,
    samples=9700,
    advice=(),
    score=SCORE,
    began_s=BEGAN_S,
)


def span(number: int, step: StepResult, from_s: float, to_s: float) -> StepSpan:
    """A step as it was begun and ended, in seconds since the session's beginning."""
    return StepSpan(
        number=number,
        step=step.step,
        kind=step.kind,
        zone=step.zone,
        side=step.side,
        technique=Technique.SWEEP,
        band=BAND if step.kind is StepKind.TOOL else None,
        cannot_judge=None,
        from_s=BEGAN_S + from_s,
        to_s=BEGAN_S + to_s,
    )


STORY = Story(
    title="Made up",
    began_s=BEGAN_S,
    ended_s=BEGAN_S + 100.0,
    parts=(
        span(1, FIRST, 0, 20),
        span(2, SECOND, 20, 40),
        span(3, BY_HAND, 40, 70),
        span(4, DARK, 70, 100),
    ),
    unknown=(Unknown(BEGAN_S + 70.0, BEGAN_S + 77.0, Doubt.FORCE_FROZEN),),
    pauses=((BEGAN_S + 90.0, BEGAN_S + 95.0),),
    alerts=(ALERT,),
    told=(Told(BEGAN_S + 5.0, 3.0),),
)


def stroke(direction: StrokeDirection, speed: float | None, *, back: bool = False) -> Stroked:
    return Stroked(direction, speed, back)


STROKES = (
    stroke(StrokeDirection.UP, 2.0),
    stroke(StrokeDirection.UP, 9.0),
    stroke(StrokeDirection.UP, 4.0),
    stroke(StrokeDirection.UP, 20.0, back=True),
    stroke(StrokeDirection.DOWN, None),
)
REPLAYED = Replayed(
    bins=tuple(Bin(BEGAN_S + second, 0.5, 3.0 + second / 50) for second in range(40)),
    bin_s=1.0,
    strokes=STROKES,
    loaded_s={Zone.CHEEK: 75.5},
)
CAPS = dict.fromkeys(Zone, DoseCaps(above_kpa=9.3, caution_s=60.0, stop_s=180.0, session_s=900.0))
HEAD = Head(
    number=12,
    began="2026-11-21 08:30",
    ended="2026-11-21 08:32",
    outcome="finished",
    duration_s=97.0,
    person="anna",
    routine="made-up",
    tool=("Roller", "Maker", "Model 3", "1.2.3"),
    software="0.9.1",
    profile=1,
    source="live",
)
CONTENTS = SessionContents(head=HEAD, story=STORY, summary=SUMMARY, replayed=REPLAYED, caps=CAPS)
