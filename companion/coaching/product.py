"""What is on the skin in this session, where that asks for more care."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from companion.coaching.person import PersonRules, lowered
from companion.coaching.routine import Routine, Step


class Product(StrEnum):
    """What the massage spreads; only a retinoid asks for more care (article 000, evening)."""

    OIL = "oil"
    CREAM = "cream"
    VITAMIN_C = "vitamin_c"
    PEPTIDE = "peptide"
    RETINOID = "retinoid"


RETINOID: Final = "retinoid_settled"
"""The trait that a retinoid under the tool stands for; a person may have a graver one."""

_RETINOID_TRAITS = frozenset({RETINOID, "retinoid_new"})


def with_product(
    routine: Routine,
    product: Product | None,
    rules: PersonRules,
    said: frozenset[str] = frozenset(),
) -> Routine:
    """Return a routine with the limits that hold while a product is spread.

    Args:
        routine: as it holds for the person.
        product: what is on the skin; None for not said.
        rules: the factors.
        said: ids of the person's traits: who said that they use a retinoid has its factor already.
    """
    if product is not Product.RETINOID or said & _RETINOID_TRAITS:
        return routine
    factor = rules.traits[RETINOID].factor
    return replace(routine, steps=tuple(_lowered(step, factor) for step in routine.steps))


def _lowered(step: Step, factor: float) -> Step:
    if step.band is None or factor >= 1.0:
        return step
    band = step.unaccepted or step.band
    return replace(step, band=lowered(band, factor), accepted="", unaccepted=None)
