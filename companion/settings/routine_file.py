"""What a routine file may say: every key with its bounds, and which keys fit together."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from companion.coaching.routine import Cadence, CadenceUnit, Direction, Side, StepKind, Zone
from companion.sensing.types import RepetitionKind, Technique
from companion.settings.checked import Table, no_list, unacceptable
from companion.settings.one_line import Line, one_line

LONGEST_STEP_S = 600
"""A step lasts ten minutes at most (ours, grade D): longer ones are dose, not technique."""

LONGEST_REST_S = 300
MOST_STEPS = 100
MOST_REPETITIONS = 200
FASTEST = 300
"""Nothing is done faster, per minute or in centimetres per second: a bound for slips of the pen."""

DRAIN_ZONES = (Zone.NECK_FRONT, Zone.NECK_BACK)
"""Where a step may go down: lymph drains down the neck, and nowhere else do we pull down."""

DRAIN_TECHNIQUES = (Technique.SWEEP, Technique.TAP)
STILL_TECHNIQUES = (Technique.TAP, Technique.PINCH, Technique.PRESS_HOLD)
"""Techniques that stay in their place and have no speed along the skin."""

_RULE_NAME = "[a-z][a-z0-9_]*"
_PLAIN_ID = "[a-z0-9]+(?:-[a-z0-9]+)*"


def is_plain_id(name: str) -> bool:
    """Say whether a name is lower-case letters, digits and single hyphens only."""
    return re.fullmatch(_PLAIN_ID, name) is not None


def _plain_id(name: str) -> str:
    if not is_plain_id(name):
        raise unacceptable("plain_id")
    return name


def _rule_name(name: str) -> str:
    if not re.fullmatch(_RULE_NAME, name):
        raise unacceptable("rule_name")
    return name


Spoken = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(one_line)]
Note = Annotated[str, Field(min_length=1, max_length=240), AfterValidator(one_line)]
RuleName = Annotated[
    str,
    Field(max_length=40, json_schema_extra={"pattern": f"^{_RULE_NAME}$"}),
    AfterValidator(_rule_name),
]
Id = Annotated[
    str,
    Field(min_length=1, max_length=40, json_schema_extra={"pattern": f"^{_PLAIN_ID}$"}),
    AfterValidator(_plain_id),
]
Kilopascals = Annotated[float, Field(gt=0)]


class BandTable(Table):
    """Pressure limits in kilopascals; what is left out is the care table's."""

    low_kpa: Kilopascals | None = None
    """Lower end of the target band."""
    high_kpa: Kilopascals | None = None
    """Upper end of the target band."""
    caution_kpa: Kilopascals | None = None
    """Above it the person is asked to ease off."""
    stop_kpa: Kilopascals | None = None
    """Above it the person is asked to lift off."""


class CadenceTable(Table):
    """How fast a step is meant."""

    low: Annotated[float, Field(gt=0, le=FASTEST)]
    """The slowest."""
    high: Annotated[float, Field(gt=0, le=FASTEST)]
    """The fastest, above low."""
    unit: Annotated[CadenceUnit, Field(strict=False)]
    """Repetitions per minute, or centimetres of skin per second."""

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.low >= self.high:
            raise unacceptable("cadence_not_rising", key="high")
        return self

    def cadence(self) -> Cadence:
        """Return it as plain data."""
        return Cadence(self.low, self.high, self.unit)


class StepTable(Table):
    """One step."""

    id: Id
    """A name of its own in the routine: lower-case letters, digits and hyphens."""
    kind: Annotated[StepKind, Field(strict=False)]
    """Who works: the tool, or the bare hand, which is never judged."""
    zone: Annotated[Zone, Field(strict=False)]
    """Where."""
    side: Annotated[Side, Field(strict=False)]
    """On which side, the person's own."""
    technique: Annotated[Technique, Field(strict=False)]
    """How; what the care table refuses in a zone is refused here."""
    direction: Annotated[Direction, Field(strict=False)] = Direction.ANY
    """Which way; down_drain is for a sweep or tap on the neck only."""
    repetition: Annotated[RepetitionKind, Field(strict=False)]
    """What one repetition is: one way, there and back, or one touch."""
    repetitions: Annotated[int, Field(ge=1, le=MOST_REPETITIONS)] | None = None
    """How many; left out: the step lasts its time."""
    time_limit_s: Annotated[float, Field(ge=1, le=LONGEST_STEP_S)]
    """Seconds after which the step ends even if it falls short."""
    cadence: CadenceTable | None = None
    """How fast; left out: at no particular pace."""
    band: BandTable | None = None
    """Limits other than the care table's; higher ones need i_accept."""
    i_accept: Line | None = None
    """Accepts limits above the care table's, and names the keys they stand under."""
    slip_needed: bool | None = None
    """Whether it needs oil or cream; left out: a sweep, circle or stretch does."""
    alternate_hands: bool = False
    """Whether the hands take turns."""
    rest_s: Annotated[float, Field(ge=0, le=LONGEST_REST_S)] = 0.0
    """Seconds of rest after the step."""
    hint: Line
    """What to do, in few words, for the screen."""
    say: Spoken | None = None
    """The same for a voice; left out: the hint."""
    instead_of: Line | None = None
    """What the source does where the tool does something like it."""
    rules: Annotated[list[RuleName], Field(default_factory=no_list, max_length=10)]
    """Names of the rules it follows, as companion evidence lists them."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind is StepKind.HAND and self.band is not None:
            raise unacceptable("hand_with_band", key="band")
        if self.band is None and self.i_accept is not None:
            raise unacceptable("accepts_nothing", key="i_accept")
        drains = self.zone in DRAIN_ZONES and self.technique in DRAIN_TECHNIQUES
        if self.direction is Direction.DOWN_DRAIN and not drains:
            raise unacceptable("down_elsewhere", key="direction")
        still = self.technique in STILL_TECHNIQUES
        if still and self.cadence and self.cadence.unit is CadenceUnit.CM_PER_S:
            raise unacceptable("still_with_speed", keys=("cadence", "unit"))
        return self


class RoutineFile(Table):
    """A routine of the massage companion."""

    format: Literal[1]
    """Version of this format."""
    title: Line
    """What a person calls it."""
    source: Line
    """Where it comes from."""
    evidence: Note | None = None
    """What is known of it, and how well."""
    slot: Literal["morning", "evening", "any"] = "any"
    """Time of day it is meant for."""
    about_s: Annotated[float, Field(ge=1, le=3600)]
    """How many seconds it takes, roughly."""
    slip_note: Line | None = None
    """What to put on the skin before the first step."""
    steps: Annotated[list[StepTable], Field(min_length=1, max_length=MOST_STEPS)]
    """In order."""
