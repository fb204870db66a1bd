"""``companion evidence``: what is claimed of facial massage, and what is known of it."""

from argparse import Namespace
from collections.abc import Iterator
from difflib import get_close_matches

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text
from companion.coaching.evidence import Claim, Contradiction, Evidence
from companion.settings.evidence import load_evidence
from companion.strict_json import as_plain
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Print all claims and contradictions, those of one article, or one with its sources.

    Raises:
        UsageRefused: there is no such article, claim or contradiction.
    """
    evidence = load_evidence()
    claims, contradictions = _chosen(evidence, arguments.claim, arguments.article)
    if arguments.json:
        fields = {
            "articles": [as_plain(article) for article in evidence.articles.values()],
            "sources": [as_plain(study) for study in evidence.studies.values()],
            "claims": [as_plain(claim) for claim in claims],
            "contradictions": [as_plain(one) for one in contradictions],
        }
        print(json_text(fields))
        return ExitCode.OK
    in_full = arguments.claim is not None
    if not in_full:
        print(text("cli.evidence.head", claims=len(claims), contradictions=len(contradictions)))
    for claim in claims:
        print("\n".join(_claim_lines(claim, evidence, in_full=in_full)))
    for one in contradictions:
        print("\n".join(_contradiction_lines(one, evidence)))
    return ExitCode.OK


def _chosen(
    evidence: Evidence, name: str | None, article: str | None
) -> tuple[list[Claim], list[Contradiction]]:
    claims, contradictions = list(evidence.claims), list(evidence.contradictions)
    if article is not None:
        wanted = _article(evidence, article)
        claims = [claim for claim in claims if wanted in claim.articles]
        contradictions = [
            one for one in contradictions if wanted in {view.article for view in one.says}
        ]
    if name is not None:
        known = [claim.id for claim in claims] + [one.id for one in contradictions]
        claims = [claim for claim in claims if claim.id == name]
        contradictions = [one for one in contradictions if one.id == name]
        if not claims and not contradictions:
            raise UsageRefused("cli.evidence.no_such", name=name, near=_near(name, known))
    return claims, contradictions


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
    numbers = ", ".join(evidence.articles[name].number for name in claim.articles)
    yield text("cli.evidence.articles", articles=numbers)
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
