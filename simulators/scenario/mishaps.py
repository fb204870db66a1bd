"""A mishap as a scenario's file says it: what, when, for how long, how much."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, field_validator, model_validator

from simulators.data_files import Table, did_you_mean
from simulators.scenario.within import Within


class Lie(StrEnum):
    """One way of breaking the profile."""

    SHORT_FRAME = "short_frame"
    """The last byte of each frame is missing."""
    LONG_FRAME = "long_frame"
    """Each frame has three bytes more than its count allows (profile version 1)."""
    NO_SAMPLES = "no_samples"
    """Each frame says that it holds no sample."""
    WRONG_COUNT = "wrong_count"
    """Each frame says that it holds one sample more than it does."""
    NO_INTERVAL = "no_interval"
    """No time passes between samples."""
    TIME_LEAPS_AHEAD = "time_leaps_ahead"
    """Every other frame is stamped half a minute too late."""
    TIME_GOES_BACK = "time_goes_back"
    """Every other frame is stamped half a minute too early."""
    NUMBERS_LEAP = "numbers_leap"
    """Every other frame counts its samples from 100 000 further on."""
    SAME_FRAME_TWICE = "same_frame_twice"
    """Each frame comes twice."""
    ANSWER_FOR_ANOTHER = "answer_for_another"
    """Each answer names the next op code."""
    ANSWER_CUT = "answer_cut"
    """Each answer ends after its op code."""
    EMPTY_SUCCESS = "empty_success"
    """Each successful answer comes without its parameters."""


class MishapKind(StrEnum):
    """What can go wrong."""

    OUT_OF_RANGE = "out_of_range"
    """The person walks away with the tool, and comes back."""
    WEAK_LINK = "weak_link"
    """The link layer must repeat packets: delay, then dropped frames, then a lost link."""
    LINK_LOST = "link_lost"
    """The link breaks at once; the tool stays on."""
    BATTERY_DIES = "battery_dies"
    """The charge runs down to nothing, and the tool switches itself off."""
    TOOL_RESTARTS = "tool_restarts"
    """The tool switches off, as it should, and on again."""
    TOOL_VANISHES = "tool_vanishes"
    """The tool goes dead without a word, and comes back with a new clock."""
    SECOND_CENTRAL = "second_central"
    """Another central takes the tool whenever it is free, and holds on to it."""
    BOND_FORGOTTEN = "bond_forgotten"
    """The tool forgets every bond and breaks the link."""
    BUTTON = "button"
    """The button is pressed."""
    FIRMWARE_LIES = "firmware_lies"
    """The firmware sends what it must not."""


class CountedFrom(StrEnum):
    """What a mishap's time counts from."""

    BEGIN = "begin"
    """The hand's first move, after the tool's first tare."""
    SWITCH_ON = "switch_on"
    """The moment at which the tool is switched on."""


LASTING: Final[dict[MishapKind, float]] = {
    MishapKind.OUT_OF_RANGE: 8.0,
    MishapKind.WEAK_LINK: 10.0,
    MishapKind.BATTERY_DIES: 20.0,
    MishapKind.TOOL_RESTARTS: 3.0,
    MishapKind.TOOL_VANISHES: 3.0,
    MishapKind.SECOND_CENTRAL: 10.0,
    MishapKind.FIRMWARE_LIES: 5.0,
}
"""Kinds that last, and how long in seconds where a scenario does not say."""

_LOSS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One thing that goes wrong.

    Attributes:
        kind: what.
        at_s: when, in seconds.
        counted_from: what ``at_s`` counts from.
        lasting_s: for how long; 0 for what happens in a moment.
        loss: share of packets that a weak link loses, 0 to 1.
        lie: what a lying firmware does.
        presses: how often a button is pressed.
    """

    kind: MishapKind
    at_s: float
    counted_from: CountedFrom = CountedFrom.BEGIN
    lasting_s: float = 0.0
    loss: float = _LOSS
    lie: Lie | None = None
    presses: int = 1


class MishapTable(Table):
    """One ``[[mishap]]`` of a scenario's file."""

    kind: str
    at_s: Annotated[float, AfterValidator(Within(0, 36_000, "s"))]
    counted_from: str = CountedFrom.BEGIN.value
    lasting_s: Annotated[float, AfterValidator(Within(0.01, 36_000, "s"))] | None = None
    loss: Annotated[float, AfterValidator(Within(0.01, 1))] | None = None
    lie: str | None = None
    presses: Annotated[int, AfterValidator(Within(1, 255))] | None = None

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, value: str) -> str:
        return _one_of(MishapKind, value)

    @field_validator("counted_from")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        return _one_of(CountedFrom, value)

    @field_validator("lie")
    @classmethod
    def _is_lie(cls, value: str | None) -> str | None:
        return value if value is None else _one_of(Lie, value)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        kind = MishapKind(self.kind)
        if (self.lie is not None) is not (kind is MishapKind.FIRMWARE_LIES):
            raise ValueError(
                f"firmware_lies needs a lie, and nothing else has one; lies are: {', '.join(Lie)}"
            )
        if self.lasting_s is not None and kind not in LASTING:
            raise ValueError(f"{kind} happens in a moment: it has no lasting_s")
        if self.loss is not None and kind is not MishapKind.WEAK_LINK:
            raise ValueError("loss belongs to weak_link")
        if self.presses is not None and kind is not MishapKind.BUTTON:
            raise ValueError("presses belongs to button")
        return self


def mishap_of(table: MishapTable) -> Mishap:
    """Return the mishap that a validated table describes."""
    kind = MishapKind(table.kind)
    return Mishap(
        kind=kind,
        at_s=table.at_s,
        counted_from=CountedFrom(table.counted_from),
        lasting_s=LASTING.get(kind, 0.0) if table.lasting_s is None else table.lasting_s,
        loss=_LOSS if table.loss is None else table.loss,
        lie=None if table.lie is None else Lie(table.lie),
        presses=1 if table.presses is None else table.presses,
    )


def _one_of(kinds: type[StrEnum], value: str) -> str:
    known = [kind.value for kind in kinds]
    if value not in known:
        raise ValueError(f"must be one of {', '.join(known)}{did_you_mean(value, known)}")
    return value
