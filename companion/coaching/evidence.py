"""What is claimed of facial massage and what is known of it, with sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a claim stands against what is known."""

    SUPPORTED = "supported"
    FAIR = "fair"
    MIXED = "mixed"
    WEAK = "weak"
    PRUDENT = "prudent"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    MISQUOTED = "misquoted"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One of the articles the product started from, described in our own words."""

    id: str
    number: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A source: how to find it, what it found, and what limits it."""

    id: str
    cite: str
    found: str
    limits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of one or more articles.

    Attributes:
        id: short name.
        articles: who makes it, as ids of articles.
        claim: what is claimed, in our own words.
        grade: A to D with an optional minus, two of them, or none.
        verdict: how it stands.
        because: why.
        sources: ids of the studies the verdict rests on.
        we: what the product does about it.
    """

    id: str
    articles: tuple[str, ...]
    claim: str
    grade: str
    verdict: Verdict
    because: str
    sources: tuple[str, ...]
    we: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one article says on a matter of dispute."""

    article: str
    view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A matter on which the articles disagree, with what the product does and why."""

    id: str
    topic: str
    says: tuple[View, ...]
    we_do: str
    because: str


class HomeKind(StrEnum):
    """What keeps a rule."""

    ROUTINE = "routine"
    KEY = "key"
    CARE = "care"
    QUESTION = "question"
    PROFILE = "profile"
    HINT = "hint"
    ALERT = "alert"
    DOUBT = "doubt"
    COMMAND = "command"
    PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Home:
    """Where a rule is kept.

    Attributes:
        kind: what keeps it.
        name: which one: ``five-minutes/forehead``, ``dose.session_s``, ``pulling_down``.
    """

    kind: HomeKind
    name: str

    def __str__(self) -> str:
        """Return it as the file has it."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something an article, or our own caution, says to do.

    Attributes:
        id: short name; steps of routines refer to it.
        articles: who says it, as ids of articles; empty where it is our own.
        rule: what to do, in our own words.
        homes: where it is kept; empty where it is not.
        declined: why it is not kept, or which part of it; empty where all of it is.
    """

    id: str
    articles: tuple[str, ...]
    rule: str
    homes: tuple[Home, ...]
    declined: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything, in the order of the file."""

    articles: Mapping[str, Article]
    studies: Mapping[str, Study]
    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...]
    rules: tuple[Rule, ...]
