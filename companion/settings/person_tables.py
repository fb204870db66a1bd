"""The tables of the care file that are about the person: traits, reasons, caps."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from companion.coaching.person import ALL_ZONES, DoseCaps, Reason, Trait
from companion.coaching.routine import Zone
from companion.sensing.types import Technique
from companion.settings.checked import Table, no_list, no_such_value, unacceptable

Question = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=80)]
Share = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[int, Field(ge=1, le=3660)]
Techniques = Annotated[
    list[Annotated[Technique, Field(strict=False)]], Field(default_factory=no_list)
]

_ALL = "all"


def _zone_or_all(word: str) -> str:
    known = [zone.value for zone in Zone] + [_ALL]
    if word not in known:
        raise unacceptable("no_such_place", reason=no_such_value(word, known))
    return word


class TraitTable(Table):
    """One trait."""

    question: Question | None = None
    factor: Share
    off: Techniques
    only: Techniques
    edges_off: bool = False
    dose_factor: Share = 1.0
    by_zone: bool = False
    clinician: bool = False
    days: Days | None = None
    sessions: Annotated[int, Field(ge=1, le=1000)] | None = None
    grade: Words

    @model_validator(mode="after")
    def _is_asked_or_counted(self) -> Self:
        if (self.question is None) is not (self.sessions is not None):
            raise unacceptable("asked_or_counted", key="question")
        if self.sessions is not None and self.days is None:
            raise unacceptable("sessions_and_days", key="sessions")
        return self

    def trait(self, id: str) -> Trait:  # noqa: A002 - the trait's own word
        """Return it as plain data."""
        lists = {"question", "off", "only"}
        return Trait(
            id=id,
            question=self.question or "",
            off=frozenset(self.off),
            only=frozenset(self.only),
            **self.model_dump(exclude=lists),
        )


class TraitTables(Table):
    """The floor, and every trait by its name."""

    floor: Share
    thin_skin: TraitTable
    reactive_skin: TraitTable
    retinoid_settled: TraitTable
    retinoid_new: TraitTable
    easy_bruising: TraitTable
    oedema: TraitTable
    first_weeks: TraitTable

    def traits(self) -> dict[str, Trait]:
        """Return the traits in the order of this class."""
        names = [name for name in type(self).model_fields if name != "floor"]
        return {name: getattr(self, name).trait(name) for name in names}


class ReasonTable(Table):
    """One reason to leave zones alone."""

    question: Question
    zones: Annotated[
        list[Annotated[str, AfterValidator(_zone_or_all)]], Field(default_factory=no_list)
    ]
    neighbours: bool = False
    days: Days | None = None
    clinician: bool = False
    grade: Words

    def reason(self, id: str) -> Reason:  # noqa: A002 - the reason's own word
        """Return it as plain data; ``all`` stands for every zone."""
        zones = ALL_ZONES if _ALL in self.zones else {Zone(zone) for zone in self.zones}
        return Reason(id=id, zones=frozenset(zones), **self.model_dump(exclude={"zones"}))


class DoseTable(Table):
    """Caps on time at load."""

    above_kpa: Annotated[float, Field(gt=0)]
    caution_s: Annotated[float, Field(gt=0)]
    stop_s: Annotated[float, Field(gt=0)]
    session_s: Annotated[float, Field(gt=0, le=3600)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.caution_s >= self.stop_s:
            raise unacceptable("caution_after_stop", key="caution_s")
        return self

    def caps(self) -> DoseCaps:
        """Return them as plain data."""
        return DoseCaps(**self.model_dump())
