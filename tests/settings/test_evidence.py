"""The evidence file holds together or is refused."""

from pathlib import Path

import pytest

from companion.coaching.evidence import Verdict
from companion.errors import FileRefused
from companion.settings.evidence import load_evidence

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config" / "evidence.toml"


def refused(tmp_path: Path, old: str, new: str) -> FileRefused:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    file = tmp_path / "evidence.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(FileRefused) as error:
        load_evidence(file)
    return error.value


def test_every_article_makes_claims_and_every_study_is_used() -> None:
    evidence = load_evidence()
    assert {article.number for article in evidence.articles.values()} == {
        "000",
        "001",
        "002",
        "003",
        "004",
    }
    claimed = {name for claim in evidence.claims for name in claim.articles}
    assert claimed == set(evidence.articles)
    used = {name for claim in evidence.claims for name in claim.sources}
    assert used == set(evidence.studies)


def test_a_verdict_in_favour_rests_on_a_grade() -> None:
    for claim in load_evidence().claims:
        if claim.verdict is Verdict.SUPPORTED:
            assert claim.grade[0] in "AB"
            assert claim.sources
        if claim.verdict is Verdict.UNSUPPORTED:
            assert claim.grade == "none"


def test_known_truths() -> None:
    claims = {claim.id: claim for claim in load_evidence().claims}
    assert claims["three_years_younger"].verdict is Verdict.MISQUOTED
    assert claims["neck_upward_drains"].verdict is Verdict.CONTRADICTED
    assert claims["no_electrical_research"].verdict is Verdict.CONTRADICTED
    assert claims["vigorous"].verdict is Verdict.UNSUPPORTED
    assert claims["blood_flow"].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('articles = ["peptides"]', 'articles = ["peptide"]', "claims[1].articles"),
        ('sources = ["alam_2018"]', 'sources = ["allam_2018"]', "alam_2018"),
        ('grade = "B-"', 'grade = "E"', "claims[1].grade"),
        ('verdict = "misquoted"', 'verdict = "misqoted"', "misquoted"),
        ('id = "collagen_from_massage"', 'id = "three_years_younger"', "stands here twice"),
        ('article = "peptides", view', 'article = "pptides", view', "peptides"),
        ("format = 1", "format = 2", "format"),
    ],
)
def test_what_does_not_hold_together_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert words in str(refused(tmp_path, old, new))
