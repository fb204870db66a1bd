"""A session recorded into a store, entry by entry."""

import sqlite3
from dataclasses import replace

from companion.coaching.events import Event
from companion.store.database import transaction
from companion.store.recorder import Recorder
from companion.store.sessions import Kept, Sessions
from companion.store.writer import Entry
from protocols.telemetry import Telemetry
from simulators.tool_data import load_tool
from tests.store.frames import telemetry
from tests.store.sessions import ABOUT, WHOLE, Clock, tool_row

ROLLER = load_tool("small-roller")
FRAMES = telemetry(ROLLER, 8)


class AtOnce:
    """Writes entries in the moment in which they are put."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def put(self, entry: Entry) -> None:
        with transaction(self.connection):
            entry.write(self.connection)


def recorded(
    store: sqlite3.Connection,
    events: tuple[Event, ...] = WHOLE,
    frames: list[Telemetry] = FRAMES,
    person: str = "anna",
) -> Kept:
    """Record a session; its beginning is heard between its first two frames.

    One frame comes before it, and is nobody's.
    """
    body = ABOUT.routine_body if person == ABOUT.person else "{}"
    about = replace(ABOUT, person=person, routine_body=body)
    recorder = Recorder(AtOnce(store), about, Clock())
    recorder.know(*tool_row(ROLLER))
    recorder.receive(replace(frames[0], device_us=frames[0].device_us - 3_000_000))
    recorder.receive(frames[0])
    recorder.hear(events[0])
    for frame in frames[1:]:
        recorder.receive(frame)
    for event in events[1:]:
        recorder.hear(event)
    found = Sessions(store).find(recorder.uid)
    assert found is not None
    return found
