"""``sessions history``, ``note`` and the strokes of ``show``: what a screen reader gets."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from companion.coaching.programme import Moment
from companion.coaching.stroke_log import StrokeNews, StrokeWithdrawn
from companion.store.database import open_store, store_file, transaction
from companion.store.strokes import StrokeSaid
from tests.cli.test_sessions_export import Run, _home, run
from tests.store.recording import recorded
from tests.store.sessions import BEGAN, STROKE

__all__ = ["_home", "run"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    today = Moment(date(2026, 11, 21).toordinal(), 12.0)
    monkeypatch.setattr("companion.cli.sessions_history.here", lambda: today)


@pytest.fixture
def done() -> None:
    late = replace(STROKE, number=1, end_s=2.5, is_late=True)
    told: tuple[StrokeNews, ...] = (STROKE, StrokeWithdrawn(0), late)
    with closing(open_store(store_file())) as store:
        kept = recorded(store)
        recorded(store, person="bob")
        with transaction(store):
            for news in told:
                StrokeSaid(kept.uid, BEGAN.isoformat(), news).write(store)


@pytest.mark.usefixtures("done")
def test_weeks_places_and_notes_are_lines(run: Run) -> None:
    run("sessions", "note", "1", "a", "red", "cheek")
    status, out, _ = run("sessions", "history", "--person", "anna", "--weeks", "2")
    lines = out.splitlines()
    assert status == 0
    assert lines[:7] == [
        "anna, weeks 2, from 2026-11-09. Sessions: 1.",
        "Week of 2026-11-09: no session.",
        "Week of 2026-11-16: sessions 1, 0:08, score -, warnings 1.",
        "On target by place, as a share of contact, and warnings:",
        "cheek:",
        "  week of 2026-11-16: 100 % on target, warnings 0",
        "No programme runs: companion programme list shows which there are.",
    ]
    assert lines[7] == "Notes:"
    assert lines[8].endswith("session 1: a red cheek")
    _, out, _ = run("sessions", "history", "--person", "anna", "--json")
    found = json.loads(out)
    assert (found["sessions"], found["programme"], found["unread"]) == (1, None, 0)
    assert found["weeks"][0]["monday"] == "2026-11-16"
    assert found["zones"] == [
        {"zone": "cheek", "weeks": [{"monday": "2026-11-16", "on_target": 1.0, "warnings": 0}]}
    ]
    assert [note["words"] for note in found["notes"]] == ["a red cheek"]


@pytest.mark.usefixtures("done")
def test_who_did_nothing_hears_so(run: Run) -> None:
    status, out, _ = run("sessions", "history", "--person", "carl")
    assert (status, out.splitlines()[0]) == (*(0, "carl, weeks 8, from 2026-09-28. No session."),)
    for weeks in ("0", "521", "two"):
        status, _, err = run("sessions", "history", "--weeks", weeks)
        assert (status, "from 1 to 520" in err) == (2, True)


@pytest.mark.usefixtures("done")
def test_a_note_is_shown_with_its_session_and_goes_with_it(run: Run) -> None:
    assert run("sessions", "note", "1", "slower on the left")[:2] == (
        *(0, "Session 1: the note is kept.\n"),
    )
    shown = run("sessions", "show", "1")[1].splitlines()
    assert shown[1].startswith("Note of ")
    assert shown[1].endswith(": slower on the left")
    for words in (" ", "x" * 2001):
        assert run("sessions", "note", "1", words)[0] == 2
    run("sessions", "delete", "1")
    with closing(open_store(store_file())) as store:
        for table in ("note", "stroke"):
            assert store.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


@pytest.mark.usefixtures("done")
def test_every_stroke_is_shown_with_where_it_is_known_from(run: Run) -> None:
    status, out, _ = run("sessions", "show", "1", "--strokes")
    *_, head, first, second, note = out.splitlines()
    assert status == 0
    assert head.split()[0] == "step"
    assert first.split() == [
        *("cheek", "1.00", "s", "1.00", "s", "up"),
        *("6.0", "cm", "6.0", "cm/s", "3.4", "5.1", "withdrawn"),
    ]
    assert second.split()[-2:] == ["found", "late"]
    assert note.startswith("Found late: ")
    strokes = json.loads(run("sessions", "show", "1", "--json")[1])["strokes"]
    assert [(one["source"], one["stands"]) for one in strokes] == [("live", False), ("late", True)]
    assert "No strokes are kept" in run("sessions", "show", "2", "--strokes")[1]
