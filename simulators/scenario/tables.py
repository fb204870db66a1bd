"""The tables of a scenario file, with the limits and defaults that docs/scenarios.md lists."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from simulators.anatomy import DIRECTIONS, zone_names
from simulators.data_files import Span, Table, did_you_mean
from simulators.scenario.mishaps import MishapTable
from simulators.scenario.within import Within


def _whole(pair: tuple[float, float]) -> tuple[float, float]:
    if any(end != int(end) for end in pair):
        raise ValueError("both values are whole numbers")
    return pair


Share = Annotated[float, AfterValidator(Within(0, 1))]
Friction = Annotated[float, AfterValidator(Within(0, 1.5))]
Repetitions = Annotated[
    tuple[Annotated[int, Field(ge=1, le=10_000)], ...], Field(strict=False, max_length=1000)
]


class HandTable(Table):
    """``[hand]``: how the person works."""

    first_contact_s: Annotated[float, AfterValidator(Within(1.5, 60, "s"))] = 2.5
    speed_cm_s: Annotated[Span, AfterValidator(Within(0.5, 30, "cm/s"))] = (2.6, 3.4)
    pace_swing: Annotated[Span, AfterValidator(Within(0, 0.8))] = (0.0, 0.0)
    return_s: Annotated[Span, AfterValidator(Within(0.3, 60, "s"))] = (1.6, 2.2)
    way_back: Literal["air", "light", "full"] = "air"
    back_force: Annotated[Span, AfterValidator(Within(0.05, 1))] = (0.15, 0.35)
    reach: Annotated[Span, AfterValidator(Within(0.1, 1))] = (0.9, 1.0)
    beside_cm: Annotated[Span, AfterValidator(Within(-1, 1, "cm"))] = (-0.3, 0.3)
    aim: Annotated[Span, AfterValidator(Within(-1, 5))] = (0.35, 0.65)
    firmness: Annotated[Span, AfterValidator(Within(0.1, 10))] = (1.0, 1.0)
    ramp_s: Annotated[Span, AfterValidator(Within(0.02, 2, "s"))] = (0.15, 0.25)
    unsteadiness: Annotated[Span, AfterValidator(Within(0, 0.5))] = (0.02, 0.08)
    share_wobble: Annotated[Span, AfterValidator(Within(0, 0.5))] = (0.02, 0.1)
    pauses: Share = 0.0
    pause_s: Annotated[Span, AfterValidator(Within(0.1, 30, "s"))] = (0.4, 1.0)
    tap_contact_s: Annotated[Span, AfterValidator(Within(0.04, 2, "s"))] = (0.11, 0.19)
    tap_rate_hz: Annotated[Span, AfterValidator(Within(0.1, 5, "Hz"))] = (0.55, 0.75)
    double_taps: Share = 0.0
    double_tap_rate_hz: Annotated[Span, AfterValidator(Within(1, 5, "Hz"))] = (3.0, 4.0)
    hold_s: Annotated[Span, AfterValidator(Within(0.3, 60, "s"))] = (2.0, 3.0)
    revolutions: Annotated[Span, AfterValidator(Within(1, 20)), AfterValidator(_whole)] = (1, 1)
    circle_radius_cm: Annotated[Span, AfterValidator(Within(0.3, 3, "cm"))] = (1.0, 1.2)
    squeezes: Annotated[Span, AfterValidator(Within(1, 20)), AfterValidator(_whole)] = (3, 5)
    knead_rate_hz: Annotated[Span, AfterValidator(Within(0.2, 2, "Hz"))] = (0.6, 1.0)
    pinch_s: Annotated[Span, AfterValidator(Within(0.4, 5, "s"))] = (0.9, 1.4)
    stretch_cm: Annotated[Span, AfterValidator(Within(0.3, 4, "cm"))] = (1.8, 2.2)
    stretch_s: Annotated[Span, AfterValidator(Within(0.5, 30, "s"))] = (2.5, 3.5)
    step_pause_s: Annotated[Span, AfterValidator(Within(0.5, 60, "s"))] = (2.5, 3.5)
    lays_down: Share = 0.0
    laid_down_s: Annotated[Span, AfterValidator(Within(1, 60, "s"))] = (3.0, 8.0)
    yaw_deg: Annotated[Span, AfterValidator(Within(-45, 45, "degrees"))] = (-1.0, 7.0)
    tilt_deg: Annotated[Span, AfterValidator(Within(-30, 30, "degrees"))] = (-5.0, 5.0)
    wheel_slip: Annotated[Span, AfterValidator(Within(0, 1))] = (0.0, 0.0)
    wheel_slip_lasts: Annotated[Span, AfterValidator(Within(0.1, 1))] = (0.3, 0.6)


class PersonTable(Table):
    """``[person]``: who holds the tool."""

    hand: Literal["right", "left"] = "right"
    recline_deg: Annotated[float, AfterValidator(Within(-90, 180, "degrees"))] = 0.0


class SkinTable(Table):
    """``[skin]``: what the tool glides on."""

    friction: Friction = 0.1


class _PlaceTable(Table):
    step: str = ""
    zone: str = ""
    side: Literal["", "left", "right", "both"] = ""

    @model_validator(mode="after")
    def _names_a_place(self) -> Self:
        if self.zone and self.zone not in zone_names():
            raise ValueError(f"no such zone{did_you_mean(self.zone, zone_names())}")
        if self.step and self.side:
            raise ValueError("side goes with zone; a step has its own")
        return self


class PressTable(_PlaceTable):
    """``[[press]]``: contacts that press too hard."""

    repetitions: Repetitions = ()
    at_s: Annotated[float, AfterValidator(Within(0.1, 36_000, "s"))] | None = None
    peak_kpa: Annotated[float, AfterValidator(Within(0.1, 200, "kPa"))]
    duration_s: Annotated[float, AfterValidator(Within(0.05, 60, "s"))]

    @model_validator(mode="after")
    def _says_where_and_when(self) -> Self:
        if bool(self.step) == bool(self.zone):
            raise ValueError("name either the step or the zone")
        if (self.at_s is None) == (not self.repetitions):
            raise ValueError("say either at_s or repetitions")
        return self


class ChangeTable(_PlaceTable):
    """``[[change]]``: what differs in some steps."""

    repetitions: Repetitions = ()
    technique: Literal["", "sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch"] = ""
    direction: str = ""
    reverse: bool = False
    friction: Friction | None = None
    hand: HandTable = HandTable()

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.direction and self.direction not in DIRECTIONS:
            known = ", ".join(DIRECTIONS)
            raise ValueError(f"no such direction; there are: {known}")
        if self.step and self.zone:
            raise ValueError("name either the step or the zone, or neither for every step")
        if self.direction and self.reverse:
            raise ValueError("say either direction or reverse")
        if not self.model_fields_set & {"technique", "direction", "reverse", "friction", "hand"}:
            raise ValueError("say what changes: technique, direction, reverse, friction or hand")
        return self


class FaultTable(Table):
    """``[[fault]]``: sensors that fail."""

    part: Literal["force", "imu", "wheel"]
    kind: Literal["frozen", "missing", "saturated", "drifting", "noisy"]
    at_s: Annotated[float, AfterValidator(Within(0, 36_000, "s"))]
    lasting_s: Annotated[float, AfterValidator(Within(0.01, 36_000, "s"))] | None = None
    amount: Annotated[float, AfterValidator(Within(-1000, 1000))] = 0.0

    @model_validator(mode="after")
    def _can_fail_so(self) -> Self:
        if (self.part, self.kind) == ("wheel", "saturated"):
            raise ValueError("a wheel's counter has no end that it could reach")
        return self


class ScenarioFile(Table):
    """A whole file."""

    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    based_on: Annotated[tuple[str, ...], Field(strict=False, max_length=32)] = ()
    person: PersonTable = PersonTable()
    skin: SkinTable = SkinTable()
    hand: HandTable = HandTable()
    press: Annotated[tuple[PressTable, ...], Field(strict=False, max_length=1000)] = ()
    change: Annotated[tuple[ChangeTable, ...], Field(strict=False, max_length=1000)] = ()
    fault: Annotated[tuple[FaultTable, ...], Field(strict=False, max_length=1000)] = ()
    mishap: Annotated[tuple[MishapTable, ...], Field(strict=False, max_length=1000)] = ()
