"""The evidence file: claims with grade, verdict and sources, every reference checked."""

import re
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from companion.coaching.evidence import (
    Article,
    Claim,
    Contradiction,
    Evidence,
    Home,
    HomeKind,
    Rule,
    Study,
    Verdict,
    View,
)
from companion.paths import default_file
from companion.settings.checked import Table, checked, did_you_mean, no_list, unacceptable
from companion.settings.files import Source, TomlFile, read_toml
from companion.settings.spoken import spoken
from companion.settings.toml_lines import KeyPath
from companion.texts import text

Words = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _home_name(said: str) -> str:
    kind, _, name = said.partition(":")
    if kind not in set(HomeKind) or not re.fullmatch(r"[a-z0-9_./-]+", name):
        raise unacceptable("home_name", known=", ".join(HomeKind))
    return said


class _Article(Table):
    number: Words
    about: Words


class _Study(Table):
    cite: Words
    found: Words
    limits: Words


class _Claim(Table):
    id: Name
    articles: Annotated[list[str], Field(min_length=1)]
    claim: Words
    grade: Annotated[str, Field(pattern=r"^(none|[A-D]-?(/[A-D]-?)?)$")]
    verdict: Annotated[Verdict, Field(strict=False)]
    because: Words
    sources: list[str]
    we: Words


class _View(Table):
    article: str
    view: Words


class _Contradiction(Table):
    id: Name
    topic: Words
    says: Annotated[list[_View], Field(min_length=2)]
    we_do: Words
    because: Words


class _Rule(Table):
    id: Name
    articles: list[str]
    rule: Words
    homes: Annotated[
        list[Annotated[str, AfterValidator(_home_name)]], Field(default_factory=no_list)
    ]
    declined: Words | None = None

    @model_validator(mode="after")
    def _is_kept_or_declined(self) -> Self:
        if not self.homes and self.declined is None:
            raise unacceptable("neither_kept_nor_declined", key="homes")
        return self


class _File(Table):
    format: Literal[1]
    articles: dict[Name, _Article]
    sources: dict[Name, _Study]
    claims: list[_Claim]
    contradictions: list[_Contradiction]
    rules: list[_Rule]


def load_evidence(source: Source | None = None, *, name: str = "evidence.toml") -> Evidence:
    """Return the shipped evidence, or that of another file.

    Args:
        source: the file; None for the shipped one.
        name: how the file is named to the user.

    Raises:
        FileRefused: it cannot be read, breaks the model, or refers to what it does not hold.
    """
    file = _shipped(name) if source is None else read_toml(source, name)
    content = checked(_File, file)
    _refer_to_what_is_there(content, file)
    return Evidence(
        articles=MappingProxyType(
            {
                key: Article(id=key, **article.model_dump())
                for key, article in content.articles.items()
            }
        ),
        studies=MappingProxyType(
            {key: Study(id=key, **study.model_dump()) for key, study in content.sources.items()}
        ),
        claims=tuple(_claim(claim) for claim in content.claims),
        contradictions=tuple(_contradiction(one) for one in content.contradictions),
        rules=tuple(_rule(rule) for rule in content.rules),
    )


def _shipped(name: str) -> TomlFile:
    return spoken(read_toml(default_file("evidence.toml"), name), "evidence")


def _claim(claim: _Claim) -> Claim:
    return Claim(
        **claim.model_dump(exclude={"articles", "sources"}),
        articles=tuple(claim.articles),
        sources=tuple(claim.sources),
    )


def _contradiction(one: _Contradiction) -> Contradiction:
    says = tuple(View(article=view.article, view=view.view) for view in one.says)
    return Contradiction(**one.model_dump(exclude={"says"}), says=says)


def _rule(rule: _Rule) -> Rule:
    return Rule(
        id=rule.id,
        articles=tuple(rule.articles),
        rule=rule.rule,
        homes=tuple(_home(home) for home in rule.homes),
        declined=rule.declined or "",
    )


def _home(said: str) -> Home:
    kind, _, name = said.partition(":")
    return Home(HomeKind(kind), name)


def _refer_to_what_is_there(content: _File, file: TomlFile) -> None:
    """Refuse references to articles and sources that the file does not hold, and ids used twice."""
    for place, claim in enumerate(content.claims):
        _known(claim.articles, content.articles, ("claims", place, "articles"), file)
        _known(claim.sources, content.sources, ("claims", place, "sources"), file)
    for place, one in enumerate(content.contradictions):
        views = [view.article for view in one.says]
        _known(views, content.articles, ("contradictions", place, "says"), file)
    for place, rule in enumerate(content.rules):
        _known(rule.articles, content.articles, ("rules", place, "articles"), file)
    _once("claims", [claim.id for claim in content.claims], file)
    _once("contradictions", [one.id for one in content.contradictions], file)
    _once("rules", [rule.id for rule in content.rules], file)


def _once(table: str, names: list[str], file: TomlFile) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise file.refused((table, place, "id"), text("files.name_twice", id=name))


def _known(
    wanted: list[str], known: dict[str, _Article] | dict[str, _Study], path: KeyPath, file: TomlFile
) -> None:
    for name in wanted:
        if name not in known:
            reason = text("files.no_such_value", value=name)
            raise file.refused(path, f"{reason} {did_you_mean(name, list(known))}")
