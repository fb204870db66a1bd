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
    assert out.startswith("41 claims")
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
    assert len(document["claims"]) == 41
    assert {"articles", "sources", "claims", "contradictions", "rules"} == set(document)
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


def test_a_rule_says_whose_it_is_and_where_it_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "never_pull_down")[1].splitlines() == [
        "never_pull_down: Never tug or pull the skin down.",
        "    Asked for in: 002.",
        "    Kept by: hint:pulling_down.",
    ]
    assert said(capsys, "vigorous_movements")[1].splitlines()[1:] == [
        "    Asked for in: 001.",
        (
            "    Not kept: Nothing supports vigour, and it conflicts with what is known of harm"
            " from pressure."
        ),
    ]
    assert "    But: A tool is held in one hand" in said(capsys, "hands_in_turn")[1]
    assert "    A rule of ours.\n" in said(capsys, "session_length")[1]


def test_contradictions_stand_side_by_side_with_what_we_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("neck", "strength", "length", "retinoid", "lines"):
        status, out, _ = said(capsys, name)
        views = [line for line in out.splitlines() if line.startswith("    00")]
        assert status == 0
        assert len(views) >= 2
        assert out.splitlines()[-1].startswith("    Here: ")
