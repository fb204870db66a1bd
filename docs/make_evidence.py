"""Write ``docs/evidence.md`` from ``config/evidence.toml``: ``python docs/make_evidence.py``."""

from collections.abc import Iterator
from pathlib import Path

from companion.coaching.evidence import Claim, Contradiction, Evidence, Rule
from companion.settings.evidence import load_evidence
from companion.texts import text

PAGE = Path(__file__).with_name("evidence.md")
HEAD = """\
# Evidence

Five articles on facial massage stood at the beginning of this product. They claim much, contradict
each other, and partly contradict what is known. This page goes through what they claim, in our own
words, and says how it stands and what the product does about it.

Most studies were read as abstracts. Nothing here is medical advice, and the product promises no
effect: its texts may say that circulation rises and puffiness goes down for a while, and that it
relaxes.

No published measurement of the force or pressure of facial gua sha, roller or self-massage was
found. The pressure limits are therefore cautious defaults of ours (`config/care.toml`, with their
anchors).

| grade | means |
|---|---|
| A | several controlled human studies agree |
| B | one controlled, or several uncontrolled human studies |
| C | animals, samples or cells, or tissue that resembles |
| D | expert opinion, or our own engineering choice |
| none | nothing found |

A minus: small, or weak for this question. `companion evidence NAME` prints one claim with its
studies.
This page is written by `docs/make_evidence.py` from `config/evidence.toml`.
"""

QUOTED, END = "<!-- what articles say, and what we hold of it -->\n", "<!-- end -->\n"
CLAIMS = """\
## Claims

What the articles say is so. A claim is no statement of ours: its verdict and what we do stand
beside it.
"""
DISAGREE = """\
## Where the articles disagree
"""
RULES = """\
## Rules

What the articles, or our own caution (no number), say to do, and where each is kept: in a step of
a routine, a key of routine files, a programme, `config/care.toml`, a question to the person, a hint
or a warning. A test looks each of these places up. What is not kept says why.
"""


def page() -> str:
    """Return the page as it should stand."""
    evidence = load_evidence()
    parts = [HEAD, *_articles(evidence), CLAIMS, QUOTED, *_claims(evidence), END]
    parts += [DISAGREE, QUOTED, *_contradictions(evidence), END]
    parts += [RULES, QUOTED, *_rules(evidence), END]
    parts += ["## Studies\n", *_studies(evidence)]
    return "\n".join(parts)


def _articles(evidence: Evidence) -> Iterator[str]:
    yield "## The articles\n\n| article | about |\n|---|---|"
    for article in evidence.articles.values():
        yield f"| {article.number} | {article.about} |"
    yield ""


def _claims(evidence: Evidence) -> Iterator[str]:
    yield "| claim | in | grade | verdict | why | what we do |\n|---|---|---|---|---|---|"
    for claim in evidence.claims:
        yield _claim(claim, evidence)
    yield ""


def _claim(claim: Claim, evidence: Evidence) -> str:
    numbers = ", ".join(evidence.articles[name].number for name in claim.articles)
    verdict = text(f"cli.evidence.verdict_words.{claim.verdict}").lower()
    links = ", ".join(f"[{place}](#{name})" for name, place in _places(evidence, claim.sources))
    why = f"{claim.because} {links}".rstrip()
    return f"| {claim.claim} | {numbers} | {claim.grade} | {verdict} | {why} | {claim.we} |"


def _places(evidence: Evidence, names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    order = list(evidence.studies)
    for name in names:
        yield name, order.index(name) + 1


def _contradictions(evidence: Evidence) -> Iterator[str]:
    for one in evidence.contradictions:
        yield _contradiction(one, evidence)


def _contradiction(one: Contradiction, evidence: Evidence) -> str:
    views = "\n".join(
        f"| {evidence.articles[view.article].number} | {view.view} |" for view in one.says
    )
    return (
        f"### {one.topic}\n\n| article | says |\n|---|---|\n{views}\n\n"
        f"We: {one.we_do} {one.because}\n"
    )


def _rules(evidence: Evidence) -> Iterator[str]:
    yield "| rule | in | kept by | not kept |\n|---|---|---|---|"
    for rule in evidence.rules:
        yield _rule(rule, evidence)
    yield ""


def _rule(rule: Rule, evidence: Evidence) -> str:
    numbers = ", ".join(evidence.articles[name].number for name in rule.articles)
    homes = ", ".join(f"`{home}`" for home in rule.homes)
    return f"| {rule.rule} | {numbers} | {homes} | {rule.declined} |"


def _studies(evidence: Evidence) -> Iterator[str]:
    for place, study in enumerate(evidence.studies.values(), 1):
        yield (
            f'{place}. <a id="{study.id}"></a>{study.cite}. '
            f"Found: {study.found} Limits: {study.limits}"
        )


if __name__ == "__main__":
    PAGE.write_text(page().rstrip() + "\n", encoding="utf-8")
