"""A scenario: how the person works, and what goes wrong when; data in ``config/scenarios``."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from simulators.anatomy import zone_names
from simulators.data_files import (
    DataFileError,
    Positive,
    Span,
    Table,
    did_you_mean,
    parse,
    read_file,
)

Range = tuple[float, float]

_LIMITS: Final = {
    "speed_cm_s": (0.5, 20),
    "return_s": (0.3, 60),
    "reach": (0.1, 1),
    "aim": (-1, 5),
    "ramp_s": (0.02, 2),
    "unsteadiness": (0, 0.5),
    "tap_contact_s": (0.04, 2),
    "tap_rate_hz": (0.1, 5),
    "hold_s": (0.3, 60),
    "step_pause_s": (0.5, 60),
}
"""What a hand can do, and how long a test should last; not what is good for a face."""

_TAP_WAY_S: Final = 0.25
"""The least time to lift off after a tap, and to come down before one."""


class ScenarioError(DataFileError):
    """A scenario file that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a person works; every pair is a range from which each movement draws its own value.

    Attributes:
        first_contact_s: from the start of the performance to the first touch.
        speed_mps: mean speed of a glide over its whole length (its peak is 1.875 times that).
        return_s: the way back in the air from one stroke to the next, with its pause.
        reach: share of a zone's path that one stroke covers.
        aim: where in the band the force is aimed at, 0 its low and 1 its high end.
        ramp_s: how long the force takes to rise, and to fall.
        unsteadiness: how far the force wanders about its aim, as a share of it.
        tap_contact_s: how long one tap touches.
        tap_rate_hz: taps per second.
        hold_s: how long a press-and-hold lasts.
        step_pause_s: the way in the air from one step to the next.
        yaw_rad: how far the tool points beside the stroke's direction.
        tilt_rad: how far the tool leans over about its wheel's axle.
    """

    first_contact_s: float
    speed_mps: Range
    return_s: Range
    reach: Range
    aim: Range
    ramp_s: Range
    unsteadiness: Range
    tap_contact_s: Range
    tap_rate_hz: Range
    hold_s: Range
    step_pause_s: Range
    yaw_rad: Range = (-0.1, 0.1)
    tilt_rad: Range = (-0.08, 0.08)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One contact that presses harder than it should.

    Where ``step`` names none, the first step of the tool in that zone (and side) is meant. With
    ``at_s`` the contact of that moment presses, otherwise each of ``repetitions``.

    Attributes:
        step: id of the planned step, or empty.
        zone: zone of the planned step, or empty.
        side: side of the planned step, or empty.
        repetitions: which contacts of the step, counted from 1.
        at_s: seconds from the start of the performance.
        peak_kpa: pressure held.
        duration_s: for how long it is held, besides rise and fall.
    """

    step: str = ""
    zone: str = ""
    side: str = ""
    repetitions: tuple[int, ...] = ()
    at_s: float | None = None
    peak_kpa: float
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is to happen.

    Attributes:
        name: the file's name without its ending.
        title: in few words, for a list.
        description: one or two sentences.
        habits: how the person works.
        presses: contacts that press too hard.
    """

    name: str
    title: str
    description: str
    habits: Habits
    presses: tuple[Press, ...] = ()


class _Hand(Table):
    first_contact_s: Annotated[float, Field(ge=1.5, le=60)] = 2.5
    speed_cm_s: Span = (2.6, 3.4)
    return_s: Span = (1.6, 2.2)
    reach: Span = (0.9, 1.0)
    aim: Span = (0.35, 0.65)
    ramp_s: Span = (0.15, 0.25)
    unsteadiness: Span = (0.02, 0.08)
    tap_contact_s: Span = (0.11, 0.19)
    tap_rate_hz: Span = (0.55, 0.75)
    hold_s: Span = (2.0, 3.0)
    step_pause_s: Span = (2.5, 3.5)

    @field_validator(*_LIMITS)
    @classmethod
    def _within_limits(cls, value: Range, info: ValidationInfo) -> Range:
        low, high = _LIMITS[info.field_name or ""]
        if not (low <= value[0] and value[1] <= high):
            raise ValueError(f"must lie within {low:g} to {high:g}")
        return value

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.tap_rate_hz[1] * (self.tap_contact_s[1] + 2 * _TAP_WAY_S) > 1:
            raise ValueError("tap_contact_s and tap_rate_hz leave no time to lift between taps")
        return self


class _Press(Table):
    step: str = ""
    zone: str = ""
    side: Literal["", "left", "right", "both"] = ""
    repetitions: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(), strict=False)
    at_s: Positive | None = None
    peak_kpa: Annotated[float, Field(gt=0, le=200)]
    duration_s: Annotated[float, Field(gt=0, le=60)]

    @model_validator(mode="after")
    def _says_where_and_when(self) -> Self:
        if bool(self.step) == bool(self.zone):
            raise ValueError("name either the step or the zone")
        if self.zone and self.zone not in zone_names():
            raise ValueError(f"no such zone{did_you_mean(self.zone, zone_names())}")
        if self.step and self.side:
            raise ValueError("side goes with zone; a step has its own")
        if (self.at_s is None) == (not self.repetitions):
            raise ValueError("say either at_s or repetitions")
        return self


class _ScenarioFile(Table):
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    hand: _Hand = _Hand()
    press: tuple[_Press, ...] = Field(default=(), strict=False)


def load_scenario(name_or_path: str) -> Scenario:
    """Return a shipped scenario by its name (``careful``), or one from a file by its path.

    Raises:
        ScenarioError: with file, key and reason.
    """
    text, file = read_file("scenarios", name_or_path, ScenarioError)
    return parse_scenario(text, file)


def parse_scenario(text: str, file: str) -> Scenario:
    """Return the scenario that a TOML text describes.

    Raises:
        ScenarioError: with ``file``, the key and the reason.
    """
    content = parse(text, file, _ScenarioFile, ScenarioError)
    return Scenario(
        name=PurePath(file).stem,
        title=content.title,
        description=content.description,
        habits=_habits(content.hand),
        presses=tuple(Press(**press.model_dump()) for press in content.press),
    )


def _habits(hand: _Hand) -> Habits:
    ranges = hand.model_dump(exclude={"speed_cm_s"})
    slow, fast = hand.speed_cm_s
    return Habits(speed_mps=(slow / 100, fast / 100), **ranges)
