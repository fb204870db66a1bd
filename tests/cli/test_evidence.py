"""``companion evidence``: all, one article's, one with its studies, and as JSON."""

import json

import pytest

from companion.__main__ import main


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["evidence", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys)
    assert status == 0
    assert out.startswith("28 claims")
    assert "three_years_younger" in out
    assert "Which way on the neck" in out


def test_one_claim_comes_with_its_studies(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "blood_flow")
    assert status == 0
    assert "Supported (grade B)" in out
    assert "Claimed in: 001, 002, 004." in out
    assert "Miyaji" in out
    assert "Limits:" in out


def test_one_article_by_number_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    by_number = said(capsys, "--article", "003")
    assert by_number[0] == 0
    assert "more_harm_than_good" in by_number[1]
    assert "three_years_younger" not in by_number[1]
    assert by_number == said(capsys, "--article", "sceptic")


def test_json_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "--json")
    document = json.loads(out)
    assert status == 0
    assert len(document["claims"]) == 28
    assert {"articles", "sources", "claims", "contradictions"} == set(document)
    assert document["claims"][0]["verdict"] == "misquoted"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["blod_flow"], "did you mean blood_flow?"), (["--article", "007"], "there are 000, 001")],
)
def test_what_is_not_there_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    status, _, err = said(capsys, *arguments)
    assert status == 2
    assert words in err
