"""What is on the skin in this session, where that asks for more care."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from companion.coaching.fitting import with_factor
from companion.coaching.person import Care, PersonRules
from companion.coaching.routine import Routine


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
    routine: Routine, product: Product | None, rules: PersonRules, care: Care | None = None
) -> Routine:
    """Return a routine with the limits that hold while a product is spread.

    Args:
        routine: as it holds for the person.
        product: what is on the skin; None for not said.
        rules: the factors, and their floor.
        care: what holds for the person: who said that they use a retinoid has its factor already.
            None where nobody is known.
    """
    held = () if care is None else care.traits
    if product is not Product.RETINOID or any(trait.id in _RETINOID_TRAITS for trait in held):
        return routine
    asked = rules.traits[RETINOID].factor
    steps = []
    for step in routine.steps:
        before = 1.0 if care is None else care.factor(step.zone)
        steps.append(with_factor(step, max(before * asked, rules.floor) / before))
    return replace(routine, steps=tuple(steps))
