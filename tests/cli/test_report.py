"""``companion sessions report``: a page on the disk, from sessions in the store."""

import stat
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli import report
from companion.coaching.person import Person
from companion.coaching.programme import Plan, Programme, Slot
from companion.settings.persons import save_person
from companion.store.database import open_store, store_file, transaction
from tests.report.guided import guided
from tests.report.reading import Reader
from tests.report.test_session_page import HOSTILE
from tests.store.many import FIRST, SUMMARY, TOOL, keep


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)


def kept_days(*days: int, person: str = "me") -> None:
    with closing(open_store(store_file())) as store, transaction(store):
        for number in days:
            keep(store, f"{person}-{number}", FIRST + timedelta(days=number), person=person)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["sessions", "report", *arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_guided_session_becomes_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(store_file())) as store:
        guided(store, "heavy-hand", 30.0, name=HOSTILE)
    assert said(capsys, "1") == (0, "Written: session-1.html\n", "")
    file = tmp_path / "session-1.html"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = file.read_text(encoding="utf-8")
    read = Reader(page)
    assert "<script>alert(1)</script>" in read.facts["Tool"]
    assert not list(read.named("script"))
    (warning,) = read.table("Warnings").rows[1:]
    assert warning[:4] == ["1", "▲ caution", "forehead", "0:08"]
    lost = read.table("What points were lost for").rows[1:]
    assert [row[4] for row in lost if row[2] == "no warnings"] == ["warning 1"]
    assert int(read.table("Strokes").row("↑ up")[0]) >= 4
    assert read.facts["Tool's firmware"] == "1.2"
    said(capsys, "1", "--out", "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_what_was_judged_live_needs_no_samples_and_older_sessions_are_judged_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(store_file())) as store:
        guided(store, "heavy-hand", 30.0)

    def page_without(*tables: str) -> str:
        with closing(open_store(store_file())) as store:
            for table in tables:
                store.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        assert said(capsys, "1")[0] == 0
        return (tmp_path / "session-1.html").read_text(encoding="utf-8")

    whole = store_file().read_bytes()
    live, bare = page_without(), page_without("block")
    assert bare == live
    store_file().write_bytes(whole)
    again = page_without("trace", "stroke")
    assert "worked out again" in again
    assert "worked out again" not in live
    for table in ("Strokes", "Time at strong pressure by place"):
        assert Reader(again).table(table).rows == Reader(live).table(table).rows


def test_an_interrupted_session_has_a_page_that_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(store_file())) as store:
        guided(store, "heavy-hand", 30.0, ends=False)
    assert said(capsys, "1")[0] == 0
    read = Reader((tmp_path / "session-1.html").read_text(encoding="utf-8"))
    assert read.facts["Outcome"] == "interrupted"
    assert "The session has no end, so there is no score." in read.words
    assert len(read.table("Warnings").rows) == 2
    assert len(read.table("Strokes").rows) == 2


def test_a_period_has_its_weeks_places_and_sessions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_days(0, 1, 8, 30)
    kept_days(2, person="bob")
    assert said(capsys, "--until", "2026-01-31") == (0, "Written: period.html\n", "")
    read = Reader((tmp_path / "period.html").read_text(encoding="utf-8"))
    assert (read.facts["Sessions"], read.facts["Person"], read.facts["To"]) == (
        *("3", "me", "2026-01-31"),
    )
    weeks = read.table("Weeks, by their Monday")
    assert weeks.row("2026-01-05") == ["2", "1:20", "80", "0"]
    assert weeks.row("2026-01-12") == ["1", "0:40", "80", "0"]
    assert read.table("The whole period by place").row("cheek") == [
        *("0 h 01 min", "90 %", "4.0 kPa", "6.0 kPa"),
    ]
    assert read.table("Time on the skin and mean pressure by week").row("2026-01-05") == [
        "0:40, 4.0 kPa"
    ]
    assert [row[0] for row in read.table("Sessions, the newest first").rows] == [
        *("Number", "3", "2", "1"),
    ]
    assert "There is no programme." in read.words


def test_a_period_tells_what_was_done_of_the_programme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept_days(0)
    plan = Plan(
        name="plan",
        title="Eight weeks",
        source="ours",
        weeks=8,
        days_a_week=5,
        routines={Slot.MORNING: "quick"},
        hours={Slot.MORNING: 7.0},
    )
    started = date(2026, 1, 5).toordinal()
    programme = Programme(plans=((1, plan),), started_day=started)
    save_person(Person(name="me", asked_day=started, programme=programme))
    assert said(capsys, "--until", "2026-01-14")[0] == 0
    read = Reader((tmp_path / "period.html").read_text(encoding="utf-8"))
    table = read.table("Sessions done and planned")
    assert table.row("1") == ["2026-01-05 to 2026-01-11", "0", "5"]
    assert table.row("2, so far") == ["2026-01-12 to 2026-01-18", "0", "5"]
    assert "In the weeks that are over: 0 % of what was planned." in read.words


def test_long_lists_are_cut_and_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "LISTED", 2)
    kept_days(*range(5))
    said(capsys)
    read = Reader((tmp_path / "period.html").read_text(encoding="utf-8"))
    assert len(read.table("Sessions, the newest first").rows) == 3
    assert "The newest are listed; earlier ones, in the figures above: 3." in read.words


def test_hostile_names_stay_words_in_a_period(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = replace(TOOL, name=HOSTILE, firmware="9")
    summary = replace(SUMMARY, routine=HOSTILE)
    with closing(open_store(store_file())) as store, transaction(store):
        keep(store, "x", FIRST, summary, person=HOSTILE, tool=tool)
    assert said(capsys, "--person", HOSTILE)[0] == 0
    page = (tmp_path / "period.html").read_text(encoding="utf-8")
    read = Reader(page)
    assert not {tag for tag, _ in read.elements} & {"script", "img"}
    assert read.words.count("<script>alert(1)</script>") >= 4
    assert "\u202e" not in page


def test_what_does_not_go_together_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    kept_days(0)
    for arguments, words in (
        (["7"], "there is no session 7"),
        (["1", "--since", "2026-01-01"], "a session and a period are two pages"),
        (["--tool", "Stone"], "no session of me was kept in this period"),
        (["--person", "nobody"], "no session of nobody was kept in this period"),
        (["--until", "2020-01-01"], "no session of me was kept in this period"),
        (["1", "--out", "no/such/folder.html"], "no/such/folder.html"),
    ):
        status, out, err = said(capsys, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert words in err


def test_the_page_is_shown_in_the_browser(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_days(0)
    opened: list[str] = []

    def open_page(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr("webbrowser.open", open_page)
    assert said(capsys, "--open")[1] == "Written: period.html\n"
    assert opened == [(tmp_path / "period.html").as_uri()]
    assert "No browser could be started here" in said(capsys, "--open")[1]


def test_a_session_of_an_unknown_tool_shows_what_was_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_store(store_file())) as store, transaction(store):
        keep(store, "x", FIRST, tool=replace(TOOL, feature=b""))
    assert said(capsys, "1")[0] == 0
    page = (tmp_path / "session-1.html").read_text(encoding="utf-8")
    assert "Each dot is a pressure that was told" in page
    assert "Strokes are not known" in page
