"""Every rule has a home that is there, every shipped step a rule, and no text promises anything."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from companion.coaching.alerts import OVER_PRESSURE, TOO_LIGHT
from companion.coaching.events import Command
from companion.coaching.events.hints import HintKind
from companion.coaching.evidence import Home, HomeKind, Rule
from companion.coaching.person import Person, Reason, Trait
from companion.coaching.programme import Why
from companion.coaching.routine import Routine, Step
from companion.sensing.types import Doubt
from companion.settings.care import load_person_rules
from companion.settings.evidence import load_evidence
from companion.settings.programmes import list_plans
from companion.settings.routine_file import RoutineFile, StepTable
from companion.settings.routines import load_routine
from companion.texts import languages, speaking

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
EVIDENCE = CONFIG / "evidence.toml"
CARE = tomllib.loads((CONFIG / "care.toml").read_text("utf-8"))
ROUTINES = {
    file.stem: load_routine(str(file)) for file in sorted((CONFIG / "routines").glob("*.toml"))
}
RULES = {rule.id: rule for rule in load_evidence().rules}
STEPS = [(routine, step) for routine in ROUTINES.values() for step in routine.steps]


def is_in_a_routine(name: str) -> bool:
    routine, _, step = name.partition("/")
    if routine not in ROUTINES:
        return False
    return not step or step in {one.id for one in ROUTINES[routine].steps}


def is_in_care(name: str) -> bool:
    table: Any = CARE
    for part in name.split("."):
        if not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True


def questions() -> set[str]:
    rules = load_person_rules()
    asked: list[Trait | Reason] = [*rules.traits.values(), *rules.reasons.values()]
    return {one.id for one in asked if one.question}


PROFILE = {field.name.removesuffix("_day") for field in fields(Person)}
IS_THERE: dict[HomeKind, Callable[[str], bool]] = {
    HomeKind.ROUTINE: is_in_a_routine,
    HomeKind.KEY: {*RoutineFile.model_fields, *StepTable.model_fields}.__contains__,
    HomeKind.CARE: is_in_care,
    HomeKind.QUESTION: questions().__contains__,
    HomeKind.PROFILE: PROFILE.__contains__,
    HomeKind.HINT: set(HintKind).__contains__,
    HomeKind.ALERT: {OVER_PRESSURE, TOO_LIGHT}.__contains__,
    HomeKind.DOUBT: set(Doubt).__contains__,
    HomeKind.COMMAND: set(Command).__contains__,
    HomeKind.PROGRAMME: {Why.LINES.value, *(plan.name for plan in list_plans())}.__contains__,
}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_home_of_a_rule_is_there(rule: Rule) -> None:
    assert [str(home) for home in rule.homes if not IS_THERE[home.kind](home.name)] == []
    assert rule.homes or rule.declined


@pytest.mark.parametrize(
    "said",
    [
        *("routine:five-minuts", "routine:five-minutes/nose", "key:sides", "care:zones.nose"),
        *("care:dose.session_s.x", "question:first_weeks", "profile:age", "hint:hurry"),
        *("alert:too_firm", "doubt:tired", "command:dance", "programme:ever"),
    ],
)
def test_a_home_that_is_not_there_is_found(said: str) -> None:
    kind, _, name = said.partition(":")
    home = Home(HomeKind(kind), name)
    assert not IS_THERE[home.kind](home.name)


@pytest.mark.parametrize(
    ("routine", "step"), STEPS, ids=[f"{routine.name}-{step.id}" for routine, step in STEPS]
)
def test_every_shipped_step_names_a_rule_that_names_it(routine: Routine, step: Step) -> None:
    assert step.rules
    for name in step.rules:
        homes = {home.name for home in RULES[name].homes if home.kind is HomeKind.ROUTINE}
        assert f"{routine.name}/{step.id}" in homes


def test_every_home_in_a_step_is_named_by_that_step() -> None:
    named = {(rule, f"{routine.name}/{step.id}") for routine, step in STEPS for rule in step.rules}
    kept = {
        (rule.id, home.name)
        for rule in RULES.values()
        for home in rule.homes
        if home.kind is HomeKind.ROUTINE and "/" in home.name
    }
    assert kept == named


def test_every_article_question_limit_and_hint_stands_in_the_rules() -> None:
    evidence = load_evidence()
    assert {name for rule in evidence.rules for name in rule.articles} == set(evidence.articles)
    homes = {str(home) for rule in evidence.rules for home in rule.homes}
    assert {f"question:{name}" for name in questions()} <= homes
    assert {f"care:zones.{zone}" for zone in CARE["zones"]} <= homes
    assert {f"hint:{kind}" for kind in HintKind} - homes == {"hint:too_light"}
    assert {f"programme:{plan.name}" for plan in list_plans()} <= homes
    assert {f"routine:{name}" for name in ROUTINES} <= {home.partition("/")[0] for home in homes}


PROMISES = re.compile(
    r"collagen|elastin\b|detox|(?<!botulinum )(?<!botulinum)toxin|young(er|-looking)|youthful"
    r"|rejuvenat"
    r"|radian[ct]|\bglow|anti-?age?ing|revers\w+ ag(e|ing)|wrinkle|dark circle|\bpores\b|sculpt"
    r"|tighten\w* skin"
    r"|lift(s|ed)? (the|your) (face|skin|contour)|firmer skin|skin firm|sagging|\bcures? |\bheals? "
    r"|clinically|guarantee|medical grade|proven to|(works|work) wonders|microchannel"
    r"|kollagen|entgift|giftstoff|verjüng|jugendlich|strahlend|faltenfrei|dunkle ringe|augenringe"
    r"|\bporen\b|strafft|festere haut|nachweislich|garantiert|wirkt wunder",
    flags=re.IGNORECASE,
)
"""What no text of ours says (domain notes 1.4, and its likes)."""

QUOTED = re.compile(r"<!-- what articles say.*?<!-- end -->", flags=re.DOTALL)


def shipped_texts() -> Iterator[tuple[str, str]]:
    for folder, pattern in [
        ("companion", "**/*.toml"),
        ("config", "**/*.toml"),
        ("config", "**/*.json"),
        ("docs", "**/*.md"),
        (".", "*.md"),
        (".", "pyproject.toml"),
    ]:
        for file in sorted((ROOT / folder).glob(pattern)):
            if file.name != EVIDENCE.name:
                text = file.read_text("utf-8")
                yield str(file.relative_to(ROOT)), QUOTED.sub("", text)


def test_no_shipped_text_promises_what_is_not_known() -> None:
    found = {name: match[0] for name, text in shipped_texts() if (match := PROMISES.search(text))}
    assert found.pop("docs/evidence.md", None) is not None, "studies name what they measured"
    assert found == {}


@pytest.mark.parametrize("language", languages())
def test_in_the_evidence_only_quoted_words_and_studies_name_such_things(language: str) -> None:
    with speaking(language):
        evidence = load_evidence()
    ours = [
        *(words for claim in evidence.claims for words in (claim.we,)),
        *(words for one in evidence.contradictions for words in (one.we_do, one.because)),
        *(rule.declined for rule in evidence.rules),
        *(rule.rule for rule in evidence.rules if not rule.articles),
    ]
    assert [words for words in ours if PROMISES.search(words)] == []


@pytest.mark.parametrize(
    "words",
    [
        *("It builds collagen.", "A detox for the skin", "looks three years younger", "Youthful!"),
        *("prevents wrinkles", "lifts your face", "anti-aging", "flushes toxins", "a radiant glow"),
        *("Das strafft die Haut.", "baut Kollagen auf", "schwemmt Giftstoffe aus"),
        *("smaller pores", "fewer dark circles", "clinically tested", "It heals skin."),
    ],
)
def test_the_search_finds_what_must_not_be_said(words: str) -> None:
    assert PROMISES.search(words)
