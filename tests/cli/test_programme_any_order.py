"""Anything a person may do with a programme, in any order and on any day: done, or one sentence."""

import contextlib
import io
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.__main__ import main
from companion.cli.endings import UsageRefused
from companion.cli.persons import keep_session, prepared
from companion.coaching.events import SessionOutcome
from companion.coaching.person import Person
from companion.settings.persons import load_persons, save_person
from companion.settings.routines import load_routine
from tests.cli.people import summary

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

BEGIN = datetime(2026, 11, 2, 12)  # noqa: DTZ001 -- made local below
COMMANDS = [
    *("programme start less", "programme start twelve-weeks --days 4", "programme show"),
    *("programme show --json", "programme change --weeks 8", "programme change --rest monday"),
    *("programme change --days 1 --morning quick --evening none", "programme pause"),
    *("programme resume", "programme stop", "programme answer yes", "programme answer no"),
    *("programme due", "programme due --json", "person changed", "person show", "person journal"),
]
SESSIONS = ["finished", "stopped", "unwell", "prepare"]


@settings(max_examples=40)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(COMMANDS + SESSIONS * 3), st.integers(-2000, 4000)), max_size=25
    )
)
def test_whatever_is_done_on_whatever_day_is_done_or_refused_in_a_sentence(
    steps: list[tuple[str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("companion.settings.persons.data_folder", lambda: Path(folder))
        now = BEGIN.astimezone()
        patch.setattr("companion.cli.clock.local_time", lambda: now)
        day = BEGIN.toordinal()
        save_person(Person(name="me", asked_day=day, first_day=day - 60, sessions=40))
        for step, hours in steps:
            now += timedelta(hours=hours / 10)
            if step == "prepare":
                with contextlib.suppress(UsageRefused):
                    prepared(load_routine("quick"), None)
            elif step in SESSIONS:
                keep_session(load_persons()["me"], summary(SessionOutcome(step)))
            else:
                out, err = io.StringIO(), io.StringIO()
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    status = main(step.split())
                assert status in (0, 2), err.getvalue()
                assert err.getvalue().count("\n") == (status == 2)
            assert load_persons()["me"].asked_day is not None
