"""What the Set-up screen says of an answer: what follows from it, and how choices are called."""

from collections.abc import Iterable, Iterator

from companion.coaching.person import ALL_ZONES, Reason, Trait
from companion.coaching.routine import Zone
from companion.sensing.types import Technique
from companion.texts import text
from companion.tui.setup import NO, YES, Option
from companion.wording import technique_name, zone_name


def yes_or_no() -> tuple[Option, ...]:
    """Return the two answers."""
    return Option(YES, text("setup.yes")), Option(NO, text("setup.no"))


def one_of(group: str, values: Iterable[str]) -> tuple[Option, ...]:
    """Return the values of a group with their words."""
    return tuple(Option(value, text(f"setup.value.{group}_{value}")) for value in values)


def care_words(trait: Trait) -> str:
    """Return what follows from a trait."""
    return " ".join(_care(trait))


def _care(trait: Trait) -> Iterator[str]:
    yield text("setup.follows.factor", percent=round(100 * trait.factor))
    if trait.off:
        yield text("setup.follows.off", techniques=_techniques(trait.off))
    if trait.edges_off:
        yield text("setup.follows.edges_off")
    if trait.dose_factor < 1.0:
        yield text("setup.follows.dose", percent=round(100 * trait.dose_factor))
    if trait.days is not None and trait.question:
        yield text("setup.follows.days", days=trait.days)
    if trait.clinician:
        yield text("setup.follows.clinician")


def counted_words(trait: Trait) -> str:
    """Return what follows from a trait that is counted and not said."""
    return text("setup.follows.counted", percent=round(100 * trait.factor))


def blocked_words(reason: Reason) -> str:
    """Return what follows from a reason to leave zones alone."""
    return " ".join(_blocked(reason))


def _blocked(reason: Reason) -> Iterator[str]:
    if reason.zones == ALL_ZONES:
        yield text("setup.follows.all_blocked")
    elif reason.zones:
        places = ", ".join(zone_name(zone) for zone in Zone if zone in reason.zones)
        yield text("setup.follows.blocked", places=places)
    else:
        yield text("setup.follows.named_blocked")
    if reason.neighbours:
        yield text("setup.follows.neighbours")
    if reason.days is None:
        yield text("setup.follows.until_over")
    else:
        yield text("setup.follows.days", days=reason.days)
    if reason.clinician:
        yield text("setup.follows.clinician")


def _techniques(those: frozenset[Technique]) -> str:
    return ", ".join(technique_name(one) for one in Technique if one in those)
