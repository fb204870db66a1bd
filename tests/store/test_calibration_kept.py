"""A session done with a calibration of ours is judged with it again."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.sensing.calibrated import Calibration, CalibrationUsed, KnownArea, KnownGain
from companion.store.columns import DamagedError
from companion.store.database import open_store
from companion.store.recorder import Recorder
from companion.store.sessions import Kept, Sessions
from companion.store.taken import known_tool, taken
from companion.strict_json import json_text
from tests.store.recording import FRAMES, ROLLER, AtOnce
from tests.store.sessions import ABOUT, WHOLE, Clock, tool_row

USED = CalibrationUsed(
    Calibration(
        gains=(
            KnownGain(
                factor=1.25, reported_ppm=None, uncertainty=0.01, residual_n=0.002, age_days=3
            ),
        ),
        area=KnownArea(3e-4, 0.05),
    ),
    (None,),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "sessions.sqlite")
    yield connection
    connection.close()


def recorded_with(store: sqlite3.Connection, calibration: str | None) -> Kept:
    recorder = Recorder(AtOnce(store), ABOUT, Clock())
    recorder.know(*tool_row(ROLLER), calibration)
    recorder.receive(FRAMES[0])
    recorder.hear(WHOLE[0])
    for frame in FRAMES[1:]:
        recorder.receive(frame)
    recorder.hear(WHOLE[-1])
    found = Sessions(store).find(recorder.uid)
    assert found is not None
    return found


def test_the_calibration_that_was_used_is_kept_with_the_session(store: sqlite3.Connection) -> None:
    sessions = Sessions(store)
    kept, plain = recorded_with(store, json_text(USED)), recorded_with(store, None)
    assert sessions.calibration(kept) == USED
    assert sessions.calibration(plain) is None
    tool, bare = (
        known_tool(sessions.tool(one), sessions.calibration(one)) for one in (kept, plain)
    )
    assert tool.contact_area_m2 == 3e-4
    assert bare.contact_area_m2 == ROLLER.feature.contact_area_m2
    assert tool.force_resolution_n == pytest.approx(1.25 * (bare.force_resolution_n or 0.0))
    fields = taken(sessions, kept).tool
    assert fields["contact_area_cm2"] == pytest.approx(3.0)
    assert fields["full_scale_n"] == tool.force_full_scale_n != bare.force_full_scale_n


def test_a_damaged_one_is_said_to_be_so(store: sqlite3.Connection) -> None:
    kept = recorded_with(store, '{"calibration": 3}')
    with pytest.raises(DamagedError):
        Sessions(store).calibration(kept)
