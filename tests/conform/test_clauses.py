"""Every claim of the profile has a rule, or a reason why it has none."""

import tomllib
from pathlib import Path

import pytest

from companion.conform.rule import Rule
from companion.conform.rules import RULES
from tests.conform.clauses import PAGE, claims, covers, plain

CLAIMS = tomllib.loads((Path(__file__).parent / "claims.toml").read_text(encoding="utf-8"))
WITHOUT = {**CLAIMS["untestable"], **CLAIMS["no_claim"]}
PLAIN_PAGE = plain(PAGE.read_text(encoding="utf-8"))


def test_the_page_has_claims() -> None:
    assert len(claims()) > 100


@pytest.mark.parametrize("claim", claims())
def test_a_claim_has_a_rule_or_a_reason(claim: str) -> None:
    by_rule = [rule.id for rule in RULES if covers(rule.clause, claim)]
    by_list = [rule for words, rule in CLAIMS["by_rule"].items() if words in claim]
    excused = [words for words in WITHOUT if words in claim]
    assert by_rule or by_list or excused


@pytest.mark.parametrize("words", [*CLAIMS["by_rule"], *WITHOUT])
def test_the_lists_hold_nothing_that_is_not_there(words: str) -> None:
    assert any(words in claim for claim in claims())


def test_the_lists_name_rules_that_exist() -> None:
    assert set(CLAIMS["by_rule"].values()) <= {rule.id for rule in RULES}


@pytest.mark.parametrize("claim", [claim for claim in claims() if "0x0" in claim])
def test_each_op_has_a_rule_of_its_own_length(claim: str) -> None:
    assert any(covers(rule.clause, claim) for rule in RULES) or "`0x2C07`" in claim


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_quotes_the_page(rule: Rule) -> None:
    assert plain(rule.clause) in PLAIN_PAGE
    assert f"## {rule.section}" in PAGE.read_text(encoding="utf-8") or (
        f"**{rule.section}.**" in PAGE.read_text(encoding="utf-8")
    )


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert len({rule.title for rule in RULES}) == len(RULES)
