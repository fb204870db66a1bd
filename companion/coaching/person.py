"""What a person has that asks for more care, and what that does to limits and routines.

Days are counted as ordinals (``date.toordinal()``), so that nothing here needs a calendar.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from companion.coaching.care import CareLimits
from companion.coaching.programme import Programme
from companion.coaching.routine import Zone
from companion.sensing.types import Band, Technique

ALL_ZONES = frozenset(Zone)


class Hand(StrEnum):
    """The hand that holds the tool."""

    RIGHT = "right"
    LEFT = "left"


class Posture(StrEnum):
    """How the person sits or lies; directions need it."""

    UPRIGHT = "upright"
    LYING = "lying"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """Something that makes the skin need more care.

    Attributes:
        id: short name.
        question: what a person is asked; empty where it is known without asking.
        factor: what the upper end of the target, caution and stop are multiplied by.
        off: techniques refused.
        only: if not empty, all other techniques are refused.
        edges_off: no edge of a stone.
        dose_factor: what the caps on time at load are multiplied by.
        by_zone: holds for zones that are named, not everywhere.
        clinician: the person should ask a clinician.
        days: how long it holds from the day it was said; None for as long as it is said.
        sessions: holds no longer than this many sessions; None for no such end.
        grade: strength of the evidence, in words.
    """

    id: str
    question: str = ""
    factor: float
    off: frozenset[Technique] = frozenset()
    only: frozenset[Technique] = frozenset()
    edges_off: bool = False
    dose_factor: float = 1.0
    by_zone: bool = False
    clinician: bool = False
    days: int | None = None
    sessions: int | None = None
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason to leave zones alone.

    Attributes:
        id: short name.
        question: what a person is asked.
        zones: which zones; empty where the answer names them.
        neighbours: the zones beside them too.
        days: for how long from the day it was said; None until it is said to be over.
        clinician: the person should ask a clinician.
        grade: strength of the evidence.
    """

    id: str
    question: str
    zones: frozenset[Zone] = frozenset()
    neighbours: bool = False
    days: int | None = None
    clinician: bool = False
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseCaps:
    """Caps on time at load per zone and session, and on the session's length, in seconds.

    Attributes:
        above_kpa: pressure above which time counts.
        caution_s: time after which the person is asked to leave the zone.
        stop_s: time after which the zone is done for this session.
        session_s: length of a session at which the person is asked to end it.
    """

    above_kpa: float
    caution_s: float
    stop_s: float
    session_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRules:
    """What may be said of a person, and what follows.

    Attributes:
        traits: by id, in the order in which they are asked.
        reasons: by id, in the order in which they are asked.
        neighbours: the zones beside each zone.
        floor: factors never multiply to less than this.
        dose: caps before any factor.
    """

    traits: Mapping[str, Trait]
    reasons: Mapping[str, Reason]
    neighbours: Mapping[Zone, frozenset[Zone]]
    floor: float
    dose: DoseCaps


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of yes: on which day, and for which zones where zones were asked."""

    day: int
    zones: frozenset[Zone] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What one person said, and what is known of their sessions.

    Attributes:
        name: how they call themselves here; a study's number will do.
        hand: which hand holds the tool.
        posture: how they sit or lie.
        scale_percent: how much of a routine they did last; None where they never changed it.
        traits: by id of the trait.
        reasons: by id of the reason.
        asked_day: when the checklist was last gone through; None for never.
        changed_day: when something changed that the checklist was not gone through for yet.
        stopped_day: when a session was last stopped for pain or the like; None for never.
        first_day: the day of the first session; None before it.
        sessions: how many sessions were finished.
        programme: the plan over weeks, the last one there was; None before one.
    """

    name: str
    hand: Hand = Hand.RIGHT
    posture: Posture = Posture.UPRIGHT
    scale_percent: int | None = None
    traits: Mapping[str, Said] = field(default_factory=dict)
    reasons: Mapping[str, Said] = field(default_factory=dict)
    asked_day: int | None = None
    changed_day: int | None = None
    stopped_day: int | None = None
    first_day: int | None = None
    sessions: int = 0
    programme: Programme | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A zone that is to be left alone: why, and up to which day, None until it is over."""

    reason: Reason
    until_day: int | None


class Care:
    """What holds for one person today.

    Args:
        rules: what follows from what.
        person: who.
        today: the day.
    """

    def __init__(self, rules: PersonRules, person: Person, today: int) -> None:
        self._rules = rules
        self._person = person
        self._today = today
        self.traits = tuple(trait for trait in rules.traits.values() if self._holds(trait))
        """What holds now, in the order of the rules."""

    def traits_in(self, zone: Zone) -> tuple[Trait, ...]:
        """Return what holds in a zone."""
        said = self._person.traits
        return tuple(
            trait for trait in self.traits if not trait.by_zone or zone in said[trait.id].zones
        )

    def factor(self, zone: Zone) -> float:
        """Return what limits in a zone are multiplied by, from the rules' floor to 1."""
        product = 1.0
        for trait in self.traits_in(zone):
            product *= trait.factor
        return max(product, self._rules.floor)

    def blocks(self, zone: Zone) -> tuple[Block, ...]:
        """Return why a zone is to be left alone now; empty where it is not."""
        found = []
        for reason in self._rules.reasons.values():
            said = self._person.reasons.get(reason.id)
            if said is None or zone not in self._meant(reason, said):
                continue
            until = None if reason.days is None else said.day + reason.days
            if until is None or self._today < until:
                found.append(Block(reason, until))
        return tuple(found)

    def refusing(self, zone: Zone, technique: Technique, *, edge: bool) -> tuple[Trait, ...]:
        """Return the traits that refuse a technique in a zone; ``edge``: with a stone's edge."""
        return tuple(
            trait
            for trait in self.traits_in(zone)
            if technique in trait.off
            or (trait.only and technique not in trait.only)
            or (edge and trait.edges_off)
        )

    def limits(self, zone: Zone, limits: CareLimits) -> CareLimits:
        """Return a zone's limits as they hold for this person."""
        return CareLimits(lowered(limits.band, self.factor(zone)), limits.hold_s)

    def dose(self, zone: Zone) -> DoseCaps:
        """Return the caps that hold in a zone."""
        caps = self._rules.dose
        factor = min((trait.dose_factor for trait in self.traits_in(zone)), default=1.0)
        return DoseCaps(
            above_kpa=caps.above_kpa,
            caution_s=caps.caution_s * factor,
            stop_s=caps.stop_s * factor,
            session_s=caps.session_s,
        )

    def _holds(self, trait: Trait) -> bool:
        if trait.sessions is not None:
            return self._is_new(trait)
        said = self._person.traits.get(trait.id)
        return said is not None and (trait.days is None or self._today < said.day + trait.days)

    def _is_new(self, trait: Trait) -> bool:
        """Say whether the person is within the first days and the first sessions."""
        person, days, sessions = self._person, trait.days or 0, trait.sessions or 0
        if person.first_day is None:
            return True
        return self._today < person.first_day + days and person.sessions < sessions

    def _meant(self, reason: Reason, said: Said) -> frozenset[Zone]:
        zones = reason.zones or said.zones or ALL_ZONES
        if not reason.neighbours:
            return zones
        return zones.union(*(self._rules.neighbours[zone] for zone in zones))


def lowered(band: Band, factor: float) -> Band:
    """Return a band with its upper end, caution and stop multiplied by a factor up to 1.

    The lower end stays where it is below half of the new upper end, and comes down to that
    where it is not: a band needs room, and less is never refused (engineering choice).
    """
    if factor >= 1.0:
        return band
    high = band.high_kpa * factor
    return Band(
        low_kpa=min(band.low_kpa, high / 2),
        high_kpa=high,
        caution_kpa=band.caution_kpa * factor,
        stop_kpa=band.stop_kpa * factor,
    )
