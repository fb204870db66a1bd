"""A session with a simulated roller, guided by the real engine, and kept in a store."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from companion.coaching.events import Event, SessionStarted
from companion.coaching.hints.dose import general_bounds
from companion.coaching.routine import Routine
from companion.coaching.session import Session
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine
from companion.store.blocks import Units
from companion.store.entries import ToolRow
from companion.store.recorder import About, Recorder
from companion.store.sessions import Kept, Sessions
from companion.strict_json import json_text
from protocols.massage_tool import Decoder, ToolFeature
from protocols.telemetry import Telemetry
from tests.benchmarks.notified import Notified, notified
from tests.store.recording import AtOnce

BEGAN = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
ROUTINE = "five-minutes"
_PER_FRAME, _RATE_HZ = 5, 100


class Desk:
    """A session and its recorder, fed frame by frame."""

    def __init__(self, given: Notified, recorder: Recorder, routine: Routine) -> None:
        self.feature = ToolFeature.from_bytes(bytes(given.feature))
        self.session = Session(
            routine,
            Engine(Tool.from_feature(self.feature)),
            load_care(),
            general_bounds(load_person_rules()),
            oiled=True,
        )
        self._decoder = Decoder(self.feature)
        self._decoder.begin_run(given.started.timestamp_us, given.started.first_sample)
        self._recorder = recorder
        self._cursor = 0

    def frame(self, value: bytes) -> Telemetry:
        """Take a notification, as the service does."""
        telemetry = self._decoder.receive_data(value)
        self.say(self.session.receive(telemetry))
        self._recorder.receive(telemetry)
        points, self._cursor = self.session.engine.trace.since(self._cursor)
        self._recorder.feel(points)
        return telemetry

    def say(self, events: Iterable[Event]) -> None:
        """Have events written."""
        for news in self.session.take_strokes():
            self._recorder.stroked(news)
        for event in events:
            self._recorder.hear(event)

    def begin(self, device_s: float) -> None:
        """The tool said that it has tared: begin."""
        self.session.tared(device_s)
        routine = self.session.routine
        started = SessionStarted(
            device_s=device_s,
            routine=routine.name,
            title=routine.title,
            tool="Roller",
            started_at=BEGAN.isoformat(),
            steps=len(routine.steps),
        )
        self.say([started, *self.session.start(device_s)])


@cache
def _given(scenario: str, seconds: float, times: int) -> Notified:
    return notified(routine_of(times), scenario, seconds=seconds)


def routine_of(times: int) -> Routine:
    """The routine, so many times over."""
    routine = load_routine(ROUTINE)
    again = [
        replace(step, id=f"{step.id}-{time}") for time in range(1, times) for step in routine.steps
    ]
    return replace(routine, steps=(*routine.steps, *again))


def guided(
    store: sqlite3.Connection,
    scenario: str = "heavy-hand",
    seconds: float = 60.0,
    *,
    name: str = "Roller",
    person: str = "me",
    ends: bool = True,
    times: int = 1,
) -> Kept:
    """Guide and keep a session.

    Args:
        store: where.
        scenario: of the hand.
        seconds: when the person stops it.
        name: of the tool.
        person: whose.
        ends: whether it gets to its end.
        times: how many times over the routine is to be done.
    """
    given, at, routine = _given(scenario, seconds, times), BEGAN, routine_of(times)
    about = About(
        person=person,
        routine=ROUTINE,
        routine_body=json_text(routine),
        software="0.1.0",
    )
    recorder = Recorder(AtOnce(store), about, lambda: at)
    desk = Desk(given, recorder, routine)
    row = ToolRow(
        identity="C0:FF:EE:00:00:01",
        name=name,
        maker="Maker",
        model="Model",
        firmware="1.2",
        feature=bytes(desk.feature),
    )
    recorder.know(row, Units.of(desk.feature))
    for value in given.before_tare:
        desk.frame(value)
    desk.begin(len(given.before_tare) * _PER_FRAME / _RATE_HZ)
    for value in given.frames:
        if not desk.session.finished:
            telemetry = desk.frame(value)
            at = BEGAN + timedelta(microseconds=telemetry.device_us)
    if ends and not desk.session.finished:
        desk.say(desk.session.interrupt(telemetry.device_us / 1e6))
    found = Sessions(store).find(recorder.uid)
    assert found is not None
    return found
