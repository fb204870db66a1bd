"""A tool that breaks one thing is caught by the rules of that thing, and by no other."""

import pytest

from companion.conform.rules import RULES
from tests.conform.mutant import Mutant
from tests.conform.mutants import MUTANTS
from tests.conform.world import failed, try_all

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.mark.thinned(6)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_caught_by_its_rules_only(mutant: Mutant) -> None:
    with mutant.patched():
        results = try_all(
            only=mutant.tried,
            choice=mutant.choice,
            make=mutant.make,
            serve=mutant.serve,
            tool=mutant.tool,
            bonding_s=mutant.bonding_s,
        )
    broken = failed(results)
    assert set(broken) == mutant.rules, broken


def test_every_rule_catches_a_mutant() -> None:
    assert set().union(*(mutant.rules for mutant in MUTANTS)) == {rule.id for rule in RULES}


def test_mutants_have_names_of_their_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
