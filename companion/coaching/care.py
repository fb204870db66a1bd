"""Pressure limits by zone and technique: how firm is meant, too firm, and refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from companion.coaching.routine import Zone
from companion.sensing.types import Band, Technique

NEWTONS_PER_KPA_CM2: Final = 0.1
"""One kilopascal on one square centimetre, in newtons."""

_CM2_PER_M2 = 1e4
_ROUNDING_CM2 = 1e-6


@dataclass(frozen=True, slots=True)
class CareLimits:
    """Limits of one technique in one zone.

    Attributes:
        band: target band, caution and stop in kPa.
        hold_s: longest hold in seconds; None where the technique does not hold.
    """

    band: Band
    hold_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A published figure that limits lean on.

    Attributes:
        name: what a zone calls it by.
        kpa: the pressure.
        grade: strength of the evidence, A to D.
        says: what was found.
        source: where it was published.
    """

    name: str
    kpa: float
    grade: str
    says: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRow:
    """One zone of the table: its limits, and how much they can be trusted.

    Attributes:
        zone: where.
        grade: strength of the evidence behind the row, A to D.
        target_confidence: that the target bands fit self-massage of a face, in words.
        limit_confidence: that caution and stop do, in words.
        anchors: the figures the row leans on.
        limits: by technique; a technique that is not here is refused.
    """

    zone: Zone
    grade: str
    target_confidence: str
    limit_confidence: str
    anchors: tuple[Anchor, ...]
    limits: Mapping[Technique, CareLimits]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfTool:
    """A kind of tool as the table knows it, for people whose tool says nothing about itself.

    Attributes:
        id: short name.
        area_cm2: what touches, by assumption.
        off: zones that it is too wide for.
    """

    id: str
    area_cm2: float
    off: frozenset[Zone] = frozenset()

    def force_n(self, pressure_kpa: float) -> float:
        """Return the force in newtons at a mean pressure over what touches."""
        return NEWTONS_PER_KPA_CM2 * pressure_kpa * self.area_cm2


@dataclass(frozen=True, slots=True)
class CareTable:
    """The whole table: one row for every zone, and the kinds of tools by their names."""

    rows: Mapping[Zone, CareRow]
    tools: Mapping[str, KindOfTool] = field(default_factory=dict)

    def limits(self, zone: Zone, technique: Technique) -> CareLimits | None:
        """Return the limits of a technique in a zone; None where the combination is refused."""
        return self.rows[zone].limits.get(technique)

    def too_narrow_for(self, area_m2: float | None) -> frozenset[Zone]:
        """Return the zones that a tool is too wide for: as wide as a kind kept away from them.

        Args:
            area_m2: what the tool has on the skin; one that does not say is kept from nothing.
        """
        kinds = self.tools.values()
        return frozenset(
            zone
            for kind in kinds
            if area_m2 is not None and area_m2 * _CM2_PER_M2 >= kind.area_cm2 - _ROUNDING_CM2
            for zone in kind.off
        )
