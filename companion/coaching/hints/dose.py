"""Time at load: how long a zone was pressed hard in this session, and how long the session is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from companion.coaching.events.hints import HintKind
from companion.coaching.events.results import ZoneDose
from companion.coaching.hints.desk import Wish
from companion.coaching.person import Care, DoseCaps, Hand, Person, PersonRules, Posture
from companion.coaching.routine import Zone
from companion.sensing.types import Level, PlainPoint

_NOT_KNOWN = frozenset({Level.NO_CONTACT, Level.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What holds for the person in this session beside the pressure limits.

    Attributes:
        dose: caps on time at load by zone; a zone that is not here has none.
        is_upright: the face is upright, so that gravity tells up from down.
        hand: the hand the person prefers; None where nobody knows.
        edge_off: zones that the edge of a stone is kept away from.
    """

    dose: Mapping[Zone, DoseCaps] = field(default_factory=dict)
    is_upright: bool = True
    hand: Hand | None = None
    edge_off: frozenset[Zone] = frozenset()

    @property
    def recline_rad(self) -> float | None:
        """How far the face is reclined: 0 upright; None where it lies, nobody knows how flat."""
        return 0.0 if self.is_upright else None


def general_bounds(rules: PersonRules) -> Bounds:
    """Return what holds where nobody is known."""
    return Bounds(dose=dict.fromkeys(Zone, rules.dose))


def bounds_for(person: Person, care: Care) -> Bounds:
    """Return what holds for a person: caps by zone, their posture, their hand, no edge where."""
    return Bounds(
        dose={zone: care.dose(zone) for zone in Zone},
        is_upright=person.posture is Posture.UPRIGHT,
        hand=person.hand,
        edge_off=frozenset(zone for zone in Zone if any(t.edges_off for t in care.traits_in(zone))),
    )


class DoseWatch:
    """Adds up time at load by zone, and says when a cap is reached, once for each.

    Time counts that is known to be above the cap's pressure; both sides of a zone are one.

    Args:
        caps: by zone.

    Attributes:
        loaded_s: seconds above the cap's pressure so far, by zone.
    """

    def __init__(self, caps: Mapping[Zone, DoseCaps]) -> None:
        self._caps = caps
        self.loaded_s: dict[Zone, float] = {}
        self._loaded_kpa_s: dict[Zone, float] = {}
        self._said: set[tuple[HintKind, Zone]] = set()

    def watch(self, zone: Zone, points: Iterable[PlainPoint], interval_s: float) -> None:
        """Take in samples of the trace, ``interval_s`` apart."""
        caps = self._caps.get(zone)
        if caps is None:
            return
        loaded = [
            kpa
            for _, kpa, level in points
            if kpa is not None and kpa > caps.above_kpa and level not in _NOT_KNOWN
        ]
        if loaded:
            added_s, added_kpa_s = len(loaded) * interval_s, sum(loaded) * interval_s
            self.loaded_s[zone] = self.loaded_s.get(zone, 0.0) + added_s
            self._loaded_kpa_s[zone] = self._loaded_kpa_s.get(zone, 0.0) + added_kpa_s

    @property
    def doses(self) -> tuple[ZoneDose, ...]:
        """Time and impulse above the cap's pressure of each zone that had any."""
        return tuple(
            ZoneDose(
                zone=zone,
                above_kpa=self._caps[zone].above_kpa,
                seconds=loaded_s,
                impulse_kpa_s=self._loaded_kpa_s[zone],
            )
            for zone, loaded_s in self.loaded_s.items()
        )

    def wishes(self, zone: Zone, now_s: float, elapsed_s: float) -> list[Wish]:
        """Return what should be said: the zone's graver cap, and that the session is long.

        Args:
            zone: of the present step.
            now_s: seconds on the tool clock.
            elapsed_s: length of the session so far.
        """
        caps = self._caps.get(zone)
        if caps is None:
            return []
        loaded_s = self.loaded_s.get(zone, 0.0)
        if elapsed_s < caps.session_s and loaded_s < min(caps.caution_s, caps.stop_s):
            return []
        reached = [
            (HintKind.DOSE_STOP, zone, loaded_s, caps.stop_s),
            (HintKind.DOSE_CAUTION, zone, loaded_s, caps.caution_s),
            (HintKind.SESSION_LONG, None, elapsed_s, caps.session_s),
        ]
        return [
            Wish(kind=kind, onset_s=now_s, seconds=seconds, limit=limit)
            for kind, where, seconds, limit in reached
            if seconds >= limit and not self._is_said(kind, where)
        ]

    def said(self, kind: HintKind, zone: Zone) -> None:
        """Take note of what was said; past the stop there is no caution to say any more."""
        self._said.add((kind, zone))
        if kind is HintKind.DOSE_STOP:
            self._said.add((HintKind.DOSE_CAUTION, zone))

    def _is_said(self, kind: HintKind, zone: Zone | None) -> bool:
        if zone is None:
            return any(said is kind for said, _ in self._said)
        return (kind, zone) in self._said
