"""The care table's file: every zone, every technique either limited or refused."""

from functools import cache
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from companion.coaching.care import Anchor, CareLimits, CareRow, CareTable, KindOfTool
from companion.coaching.person import PersonRules
from companion.coaching.routine import Zone
from companion.paths import default_file
from companion.sensing.types import Band, Technique
from companion.settings.checked import Table, checked, no_list, unacceptable
from companion.settings.files import Source, read_toml
from companion.settings.person_tables import DoseTable, ReasonTable, TraitTables
from companion.settings.spoken import spoken
from companion.texts import language

HIGHEST_STOP_KPA = 20.0
"""No stop limit may be higher: 14 percent of the masseter pressure-pain cut-off (grade D)."""

Grade = Literal["A", "B", "C", "D"]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Kilopascals = Annotated[float, Field(gt=0, le=HIGHEST_STOP_KPA)]


class _Cell(Table):
    low: Kilopascals
    high: Kilopascals
    caution: Kilopascals
    stop: Kilopascals
    hold_s: Annotated[float, Field(gt=0, le=60)] | None = None

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not self.low < self.high < self.caution < self.stop:
            raise unacceptable("not_rising")
        return self

    def limits(self) -> CareLimits:
        return CareLimits(Band(self.low, self.high, self.caution, self.stop), self.hold_s)


class _Anchor(Table):
    kpa: Kilopascals
    grade: Grade
    says: Words
    source: Words


class _Row(Table):
    grade: Grade
    target_confidence: Words
    limit_confidence: Words
    anchors: Annotated[list[str], Field(min_length=1)]
    off: Annotated[list[Annotated[Technique, Field(strict=False)]], Field(default_factory=no_list)]
    sweep: _Cell | None = None
    tap: _Cell | None = None
    circle: _Cell | None = None
    knead: _Cell | None = None
    pinch: _Cell | None = None
    press_hold: _Cell | None = None
    stretch: _Cell | None = None

    def cell(self, technique: Technique) -> _Cell | None:
        cell = getattr(self, technique.value)
        return cell if isinstance(cell, _Cell) else None

    @model_validator(mode="after")
    def _each_technique_once(self) -> Self:
        for technique in Technique:
            given, refused = self.cell(technique) is not None, technique in self.off
            if given and refused:
                raise unacceptable("limited_and_off", key=technique.value)
            if not given and not refused:
                raise unacceptable("neither_limited_nor_off", key=technique.value)
        return self


class _KindOfTool(Table):
    area_cm2: Annotated[float, Field(gt=0, le=100)]
    off: Annotated[list[Annotated[Zone, Field(strict=False)]], Field(default_factory=no_list)]

    def kind(self, id: str) -> KindOfTool:  # noqa: A002 - the kind's own word
        return KindOfTool(id=id, area_cm2=self.area_cm2, off=frozenset(self.off))


class _Zones(Table):
    forehead: _Row
    temples: _Row
    under_eye: _Row
    cheek: _Row
    jawline: _Row
    neck_front: _Row
    neck_back: _Row
    decollete: _Row


class _CareFile(Table):
    format: Literal[1]
    anchors: dict[str, _Anchor]
    zones: _Zones
    tools: dict[str, _KindOfTool]
    traits: TraitTables
    reasons: dict[str, ReasonTable]
    neighbours: dict[
        Annotated[Zone, Field(strict=False)], list[Annotated[Zone, Field(strict=False)]]
    ]
    dose: DoseTable

    @model_validator(mode="after")
    def _anchors_exist(self) -> Self:
        for zone in Zone:
            for name in getattr(self.zones, zone.value).anchors:
                if name not in self.anchors:
                    keys = ("zones", zone.value, "anchors")
                    raise unacceptable("no_such_anchor", keys=keys, name=name)
        return self

    def table(self) -> CareTable:
        known = {name: Anchor(name=name, **a.model_dump()) for name, a in self.anchors.items()}
        rows = {zone: _row(zone, getattr(self.zones, zone.value), known) for zone in Zone}
        tools = {name: table.kind(name) for name, table in self.tools.items()}
        return CareTable(MappingProxyType(rows), MappingProxyType(tools))

    def rules(self) -> PersonRules:
        return PersonRules(
            traits=MappingProxyType(self.traits.traits()),
            reasons=MappingProxyType(
                {name: table.reason(name) for name, table in self.reasons.items()}
            ),
            neighbours=MappingProxyType(
                {zone: frozenset(self.neighbours.get(zone, ())) for zone in Zone}
            ),
            floor=self.traits.floor,
            dose=self.dose.caps(),
        )


def _row(zone: Zone, row: _Row, known: dict[str, Anchor]) -> CareRow:
    cells = ((technique, row.cell(technique)) for technique in Technique)
    return CareRow(
        zone=zone,
        grade=row.grade,
        target_confidence=row.target_confidence,
        limit_confidence=row.limit_confidence,
        anchors=tuple(known[name] for name in row.anchors),
        limits=MappingProxyType({technique: cell.limits() for technique, cell in cells if cell}),
    )


def load_care(source: Source | None = None, shown_name: str = "care.toml") -> CareTable:
    """Load a care table, the shipped one unless another file is given.

    Args:
        source: the file.
        shown_name: how the file is named to the user.

    Raises:
        FileRefused: the file cannot be used; it says where and why.
    """
    return _content(source, shown_name).table()


def load_person_rules(source: Source | None = None, shown_name: str = "care.toml") -> PersonRules:
    """Load what follows from what a person has, out of the same file.

    Args:
        source: the file; None for the shipped one.
        shown_name: how the file is named to the user.

    Raises:
        FileRefused: the file cannot be used; it says where and why.
    """
    return _content(source, shown_name).rules()


def _content(source: Source | None, shown_name: str) -> _CareFile:
    if source is None:
        return _shipped(shown_name, language())
    return checked(_CareFile, read_toml(source, shown_name))


@cache
def _shipped(shown_name: str, _language: str) -> _CareFile:
    """Return the shipped file, read once in a language: a session needs the table twice."""
    file = read_toml(default_file("care.toml"), shown_name)
    return checked(_CareFile, spoken(file, "care"))
