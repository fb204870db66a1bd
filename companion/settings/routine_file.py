"""What a routine file may say, and how it becomes a plain routine with limits from the table."""

import re
from dataclasses import fields
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from companion.coaching.care import CareTable
from companion.coaching.routine import Direction, Routine, Side, Step, StepKind, Zone
from companion.sensing.types import Band, RepetitionKind, Technique
from companion.settings.checked import Table, unacceptable
from companion.settings.files import TomlFile
from companion.settings.toml_lines import KeyPath
from companion.texts import text
from companion.wording import technique_name, zone_name

LONGEST_STEP_S = 600
"""A step lasts ten minutes at most (ours, grade D): longer ones are dose, not technique."""

MOST_STEPS = 100
MOST_REPETITIONS = 200

DRAIN_ZONES = (Zone.NECK_FRONT, Zone.NECK_BACK)
"""Where a step may go down: lymph drains down the neck, and nowhere else do we pull down."""

DRAIN_TECHNIQUES = (Technique.SWEEP, Technique.TAP)

_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _one_line(words: str) -> str:
    if not words.isprintable():
        raise unacceptable("one_line")
    return words


def _plain_id(name: str) -> str:
    if not _PLAIN_ID.fullmatch(name):
        raise unacceptable("plain_id")
    return name


Line = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Id = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_plain_id)]


class _BandTable(Table):
    low_kpa: Annotated[float, Field(gt=0)] | None = None
    high_kpa: Annotated[float, Field(gt=0)] | None = None
    caution_kpa: Annotated[float, Field(gt=0)] | None = None
    stop_kpa: Annotated[float, Field(gt=0)] | None = None


class _StepTable(Table):
    id: Id
    kind: Annotated[StepKind, Field(strict=False)]
    zone: Annotated[Zone, Field(strict=False)]
    side: Annotated[Side, Field(strict=False)]
    technique: Annotated[Technique, Field(strict=False)]
    direction: Annotated[Direction, Field(strict=False)] = Direction.ANY
    repetition: Annotated[RepetitionKind, Field(strict=False)]
    repetitions: Annotated[int, Field(ge=1, le=MOST_REPETITIONS)] | None = None
    time_limit_s: Annotated[float, Field(ge=1, le=LONGEST_STEP_S)]
    band: _BandTable | None = None
    hint: Line
    instead_of: Line | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind is StepKind.HAND and self.band is not None:
            raise unacceptable("hand_with_band", key="band")
        drains = self.zone in DRAIN_ZONES and self.technique in DRAIN_TECHNIQUES
        if self.direction is Direction.DOWN_DRAIN and not drains:
            raise unacceptable("down_elsewhere", key="direction")
        return self


class RoutineFile(Table):
    """The content of a routine file."""

    format: Literal[1]
    title: Line
    source: Line
    slot: Literal["morning", "evening", "any"] = "any"
    about_s: Annotated[float, Field(ge=1, le=3600)]
    slip_note: Line | None = None
    steps: Annotated[list[_StepTable], Field(min_length=1, max_length=MOST_STEPS)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        seen: set[str] = set()
        for index, step in enumerate(self.steps):
            if step.id in seen:
                raise unacceptable("id_twice", keys=("steps", index, "id"), id=step.id)
            seen.add(step.id)
        return self

    def routine(self, name: str, file: TomlFile, care: CareTable) -> Routine:
        """Return the routine, bands filled in from the care table.

        Raises:
            FileRefused: the table refuses a step, or a step asks for more than the table allows.
        """
        return Routine(
            name=name,
            title=self.title,
            source=self.source,
            slot=self.slot,
            about_s=self.about_s,
            slip_note=self.slip_note or "",
            steps=tuple(
                _step(step, ("steps", index), file, care) for index, step in enumerate(self.steps)
            ),
        )


def _step(step: _StepTable, path: KeyPath, file: TomlFile, care: CareTable) -> Step:
    return Step(
        id=step.id,
        kind=step.kind,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        direction=step.direction,
        repetition=step.repetition,
        repetitions=step.repetitions,
        time_limit_s=step.time_limit_s,
        band=_band(step, path, file, care),
        hint=step.hint,
        instead_of=step.instead_of or "",
    )


def _band(step: _StepTable, path: KeyPath, file: TomlFile, care: CareTable) -> Band | None:
    limits = care.limits(step.zone, step.technique)
    if limits is None:
        reason = text(
            "files.technique_off",
            technique=technique_name(step.technique),
            zone=zone_name(step.zone),
            known=", ".join(care.rows[step.zone].limits),
        )
        raise file.refused((*path, "technique"), reason)
    if step.kind is StepKind.HAND:
        return None
    return _lowered(step, limits.band, (*path, "band"), file) if step.band else limits.band


def _lowered(step: _StepTable, allowed: Band, path: KeyPath, file: TomlFile) -> Band:
    """Return the band with what the step asks for, each value no higher than the table's."""
    values: dict[str, float] = {}
    for field in fields(Band):
        most: float = getattr(allowed, field.name)
        asked: float | None = getattr(step.band, field.name)
        if asked is not None and asked > most:
            reason = text(
                "files.above_table",
                asked=f"{asked:g}",
                most=f"{most:g}",
                zone=zone_name(step.zone),
                technique=technique_name(step.technique),
            )
            raise file.refused((*path, field.name), reason)
        values[field.name] = most if asked is None else asked
    band = Band(**values)
    if not band.low_kpa < band.high_kpa < band.caution_kpa < band.stop_kpa:
        shown = " < ".join(f"{value:g}" for value in values.values())
        raise file.refused(path, text("files.band_not_rising", shown=shown))
    return band
