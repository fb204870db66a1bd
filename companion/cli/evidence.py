"""``companion evidence``: what is claimed of facial massage, and what is known of it."""

from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text
from companion.coaching.evidence import Claim, Contradiction, Evidence, Rule
from companion.settings.evidence import load_evidence
from companion.strict_json import as_plain
from companion.texts import text


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is to be shown."""

    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...]
    rules: tuple[Rule, ...]

    @property
    def names(self) -> list[str]:
        found: tuple[Claim | Contradiction | Rule, ...] = (
            *self.claims,
            *self.contradictions,
            *self.rules,
        )
        return [one.id for one in found]


def execute(arguments: Namespace) -> ExitCode:
    """Print all claims, contradictions and rules, those of one article, or one with its sources.

    Raises:
        UsageRefused: there is no such article, claim, contradiction or rule.
    """
    evidence = load_evidence()
    chosen = _chosen(evidence, arguments.claim, arguments.article)
    if arguments.json:
        print(json_text(_fields(evidence, chosen)))
        return ExitCode.OK
    print("\n".join(_lines(evidence, chosen, in_full=arguments.claim is not None)))
    return ExitCode.OK


def _fields(evidence: Evidence, chosen: _Chosen) -> dict[str, object]:
    return {
        "articles": [as_plain(article) for article in evidence.articles.values()],
        "sources": [as_plain(study) for study in evidence.studies.values()],
        "claims": [as_plain(claim) for claim in chosen.claims],
        "contradictions": [as_plain(one) for one in chosen.contradictions],
        "rules": [as_plain(rule) | {"homes": list(map(str, rule.homes))} for rule in chosen.rules],
    }


def _lines(evidence: Evidence, chosen: _Chosen, *, in_full: bool) -> Iterator[str]:
    if not in_full:
        counts = {
            "claims": len(chosen.claims),
            "contradictions": len(chosen.contradictions),
            "rules": len(chosen.rules),
        }
        yield text("cli.evidence.head", **counts)
    for claim in chosen.claims:
        yield from _claim_lines(claim, evidence, in_full=in_full)
    for one in chosen.contradictions:
        yield from _contradiction_lines(one, evidence)
    for rule in chosen.rules:
        yield from _rule_lines(rule, evidence)


def _chosen(evidence: Evidence, name: str | None, article: str | None) -> _Chosen:
    chosen = _Chosen(evidence.claims, evidence.contradictions, evidence.rules)
    if article is not None:
        chosen = _of_article(chosen, _article(evidence, article))
    if name is None:
        return chosen
    if name not in chosen.names:
        raise UsageRefused("cli.evidence.no_such", name=name, near=_near(name, chosen.names))
    return _Chosen(
        tuple(claim for claim in chosen.claims if claim.id == name),
        tuple(one for one in chosen.contradictions if one.id == name),
        tuple(rule for rule in chosen.rules if rule.id == name),
    )


def _of_article(chosen: _Chosen, article: str) -> _Chosen:
    return _Chosen(
        tuple(claim for claim in chosen.claims if article in claim.articles),
        tuple(one for one in chosen.contradictions if article in {v.article for v in one.says}),
        tuple(rule for rule in chosen.rules if article in rule.articles),
    )


def _article(evidence: Evidence, wanted: str) -> str:
    for article in evidence.articles.values():
        if wanted in (article.id, article.number):
            return article.id
    known = ", ".join(article.number for article in evidence.articles.values())
    raise UsageRefused("cli.evidence.no_article", number=wanted, known=known)


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return text("cli.evidence.near", name=near[0]) if near else ""


def _claim_lines(claim: Claim, evidence: Evidence, *, in_full: bool) -> Iterator[str]:
    verdict = text(f"cli.evidence.verdict_words.{claim.verdict}")
    yield text("cli.evidence.claim", id=claim.id, claim=claim.claim)
    yield text("cli.evidence.verdict", verdict=verdict, grade=claim.grade, because=claim.because)
    yield text("cli.evidence.we", we=claim.we)
    if not in_full:
        return
    yield text("cli.evidence.articles", articles=_numbers(claim.articles, evidence))
    for study in (evidence.studies[name] for name in claim.sources):
        yield text("cli.evidence.source", cite=study.cite)
        yield text("cli.evidence.found", found=study.found)
        yield text("cli.evidence.limits", limits=study.limits)


def _contradiction_lines(one: Contradiction, evidence: Evidence) -> Iterator[str]:
    yield text("cli.evidence.contradiction", id=one.id, topic=one.topic)
    for view in one.says:
        number = evidence.articles[view.article].number
        yield text("cli.evidence.view", article=number, view=view.view)
    yield text("cli.evidence.we", we=f"{one.we_do} {one.because}")


def _rule_lines(rule: Rule, evidence: Evidence) -> Iterator[str]:
    yield text("cli.evidence.rule", id=rule.id, rule=rule.rule)
    if rule.articles:
        yield text("cli.evidence.rule_of", articles=_numbers(rule.articles, evidence))
    else:
        yield text("cli.evidence.ours")
    if rule.homes:
        yield text("cli.evidence.kept", homes=", ".join(map(str, rule.homes)))
    if rule.declined:
        said = "declined_partly" if rule.homes else "declined"
        yield text(f"cli.evidence.{said}", reason=rule.declined)


def _numbers(articles: Iterable[str], evidence: Evidence) -> str:
    return ", ".join(evidence.articles[name].number for name in articles)
