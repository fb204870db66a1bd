"""A session whose numbers are known, on its page."""

import re
from dataclasses import replace

import pytest

from companion.report import session_page
from tests.report.made_up import (
    BY_HAND,
    CONTENTS,
    FIRST,
    HEAD,
    REPLAYED,
    STORY,
    SUMMARY,
)
from tests.report.reading import Reader

PAGE = session_page(CONTENTS)
HOSTILE = "<script>alert(1)</script>\"' onload=x <img src=x> &amp; \u202eexe.lmth"


@pytest.fixture(scope="module")
def read() -> Reader:
    return Reader(PAGE)


def test_two_steps_on_one_place_are_weighed_by_their_judged_time(read: Reader) -> None:
    # Judged: 4 s at 3 kPa and 12 s at 5 kPa: 72 / 16 = 4.5. On the skin: 6 + 12 s.
    cheek = read.table("Time and pressure by place").row("cheek, left")
    assert cheek == ["0:18", "0:16", "4.5 kPa", "9.4 kPa", "▲ caution", "-"]


def test_what_nobody_can_judge_is_called_so_and_not_zero(read: Reader) -> None:
    table = read.table("Time and pressure by place")
    assert table.row("temples, right") == ["0:07", "0:00", "cannot judge", "-", "-", "-"]
    back = table.row("back of the neck, both sides or the middle")
    assert back == ["0:00", "0:00", "-", "-", "-", "0:30"]
    steps = read.table("The steps, each in its last attempt")
    assert steps.row("temples")[4] == "cannot judge: the force sensor is stuck"
    # Of 4 s that were judged 3 were on target; of none, none.
    assert [steps.row(step)[6] for step in ("cheek-one", "cheek-two", "temples")] == [
        *("75 %", "75 %", "-"),
    ]
    (unjudged,) = read.table("Times in which pressure could not be judged").rows[1:]
    assert unjudged == ["1:10", "7.0 s", "? cannot judge: the force sensor is stuck"]
    assert "Gaps: for 3.5 s no sample came." in read.words


def test_every_lost_point_has_its_second_its_reason_and_its_event(read: Reader) -> None:
    rows = read.table("What points were lost for").rows[1:]
    assert rows == [
        ["0:20 - 0:20", "-1", "repetitions", "cheek, left: 8 of 10 done", "-"],
        [
            "0:32 - 0:35",
            "-8",
            "no warnings",
            "cheek, left: too much pressure, up to about 9.4 kPa, limit 8.0",
            "warning 1",
        ],
    ]
    assert "Score 88 of 100: 71 of 80 points" in read.words
    assert read.table("Parts of the score").row("within the target") == ["35 of 35"]


def test_a_warning_has_its_number_time_and_limit(read: Reader) -> None:
    (warning,) = read.table("Warnings").rows[1:]
    assert warning == [
        *("1", "▲ caution", "cheek, left", "0:32", "3.0 s"),
        *("about 9.4 kPa", "8.0 kPa", "over"),
    ]


def test_strokes_are_told_by_direction_and_speed(read: Reader) -> None:
    table = read.table("Strokes")
    assert table.row("↑ up") == ["3", "1", "2.0", "4.0", "9.0"]
    assert table.row("↓ down") == ["1", "0", *["not known"] * 3]


def test_strong_pressure_stands_against_its_caps(read: Reader) -> None:
    table = read.table("Time at strong pressure by place")
    assert table.row("cheek") == ["75.5 s", "60 s", "180 s", "▲ caution"]
    assert table.row("temples") == ["0.0 s", "60 s", "180 s", "neither"]
    assert len(table.rows) == 3
    assert "Time above 9.3 kPa" in read.words


def test_the_versions_it_was_made_with_are_named(read: Reader) -> None:
    assert read.facts["Companion version"] == "0.9.1"
    assert read.facts["Tool profile version"] == "1"
    assert read.facts["Tool's firmware"] == "1.2.3"
    assert read.facts["Source"] == "guided live"


def test_left_is_on_the_left_as_in_a_mirror(read: Reader) -> None:
    assert "As in a mirror: your left is on the left." in read.words
    shown = re.findall(r'<text x="([\d.]+)" [^>]*>(0:18|▲ 4\.5|left|right)</text>', PAGE)
    middles = {words: {float(x) < 200 for x, each in shown if each == words} for _, words in shown}
    assert middles == {"left": {True}, "right": {False}, "0:18": {True}, "▲ 4.5": {True}}


def test_the_chart_marks_target_limits_warning_and_what_is_not_known() -> None:
    (chart,) = re.findall(r'<svg [^>]*aria-label="Chart of pressure.*?</svg>', PAGE, re.DOTALL)
    words = re.findall(r"<text[^>]*>([^<]*)</text>", chart)
    assert {"▲ caution 8.0", "■ stop 13", "1 cheek, left", "by hand", "?", "pause"} <= set(words)
    for colour in ("band", "caution", "stop", "quiet"):
        assert f"var(--{colour})" in chart
    assert "; steps: 4, warnings: 1, highest of them about 9.4 kPa" in chart


def test_every_number_of_the_chart_is_a_step_with_its_limits(read: Reader) -> None:
    table = read.table("Target, caution and stop of each step as it was done")
    assert table.row("1") == ["cheek-one", "cheek, left", "2.0 to 6.0 kPa", "8.0 kPa", "13 kPa"]
    assert table.row("3") == ["neck", "back of the neck", "by hand", "-", "-"]


def test_a_session_without_an_end_says_what_is_missing() -> None:
    head = replace(HEAD, ended=None, outcome=None, duration_s=None)
    read = Reader(session_page(replace(CONTENTS, head=head, summary=None, replayed=None)))
    for words in (
        "The session has no end, so there is no score.",
        "nothing was added up by place",
        "Strokes are not known",
        "Time at strong pressure is not known",
        "Each dot is a pressure that was told",
    ):
        assert words in read.words
    assert len(read.table("Warnings").rows) == 2


def test_an_empty_session_is_a_page_too() -> None:
    story = replace(STORY, parts=(), unknown=(), pauses=(), alerts=(), told=(), ended_s=100.0)
    summary = replace(SUMMARY, steps=(), alerts=(), score=None, gaps_s=0.0)
    empty = replace(CONTENTS, story=story, summary=summary, caps={}, replayed=None)
    words = Reader(session_page(empty)).words
    assert "No warnings." in words
    assert "Pressure could be judged all the time." in words
    assert "There is no score." in words
    nothing = replace(REPLAYED, bins=(), strokes=(), loaded_s={})
    assert "No stroke was seen." in session_page(replace(empty, replayed=nothing))


def test_names_from_elsewhere_are_words_and_nothing_more() -> None:
    head = replace(HEAD, person=HOSTILE, routine=HOSTILE, tool=(HOSTILE,) * 4, software=HOSTILE)
    step = replace(FIRST, step=HOSTILE)
    hostile = replace(
        CONTENTS,
        head=head,
        story=replace(STORY, title=HOSTILE),
        summary=replace(SUMMARY, steps=(step,)),
    )
    page = session_page(hostile)
    read, plain = Reader(page), Reader(PAGE)
    assert {tag for tag, _ in read.elements} == {tag for tag, _ in plain.elements}
    assert not [key for _, attributes in read.elements for key in attributes if key[:2] == "on"]
    assert "\u202e" not in page
    assert "<script>alert(1)</script>" in read.words
    assert "\\u202eexe.lmth" in read.words


def test_nothing_comes_from_elsewhere(read: Reader) -> None:
    tags = {tag for tag, _ in read.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for _, attributes in read.elements:
        assert not {"src", "action", "onclick", "onload"} & set(attributes)
        assert attributes.get("href", "#").startswith("#")
        for value in attributes.values():
            assert "url(" not in value or re.search(r"url\(#[\w-]+\)", value)
    assert "//" not in PAGE
    assert not re.search(r"@import|@font-face|url\(", read.style)
    policies = [meta["content"] for meta in read.named("meta") if "http-equiv" in meta]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_every_name_on_the_page_is_one_and_every_reference_leads_to_one(read: Reader) -> None:
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = re.findall(r'(?:href="#|url\(#|aria-labelledby=")([\w-]+)', PAGE)
    assert used
    assert set(used) <= set(ids)


def test_every_drawing_is_told_in_words_and_every_table_has_a_caption(read: Reader) -> None:
    drawings = list(read.named("svg"))
    assert len(drawings) == 5
    assert all(each["role"] == "img" and len(each["aria-label"]) > 30 for each in drawings)
    assert all(table.caption and len(table.rows) > 1 for table in read.tables)
    assert all(len(row) == len(table.rows[0]) for table in read.tables for row in table.rows)


def test_every_colour_is_one_of_the_page_in_light_dark_and_on_paper(read: Reader) -> None:
    used = set(re.findall(r"var\(--([\w]+)\)", PAGE))
    known = [set(re.findall(r"--(\w+):", part)) for part in read.style.split(":root")[1:4]]
    assert len(known) == 3
    assert all(used <= each for each in known)
    assert not re.search(r"#0000[01]\w", PAGE)


def test_the_same_session_gives_the_same_bytes() -> None:
    assert session_page(CONTENTS) == PAGE


def test_a_step_by_hand_is_never_judged(read: Reader) -> None:
    neck = read.table("The steps, each in its last attempt").row(BY_HAND.step)
    assert neck[2:6] == ["-", "0:30", "by hand", "-"]


def test_a_tool_without_a_wheel_has_no_speeds() -> None:
    strokes = tuple(replace(each, speed_cm_s=None) for each in REPLAYED.strokes)
    page = session_page(replace(CONTENTS, replayed=replace(REPLAYED, strokes=strokes)))
    assert "the tool has no wheel" in page
    assert Reader(page).table("Strokes").row("↑ up") == ["3", "1", *["not known"] * 3]
