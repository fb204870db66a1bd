"""The store: what writing costs the session, and how long reading, listing and exporting take.

The samples are those of a simulated roller (force, six axes, wheel, 100 Hz, with the noise of real
sensors); a longer session repeats them with the clock going on.
"""

import asyncio
import sqlite3
import struct
import tempfile
import time
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from companion.sensing.types import Level, Point
from companion.store.compacting import LARGE
from companion.store.database import open_store, transaction
from companion.store.entries import SessionBegan
from companion.store.grouping import block_row, grouped
from companion.store.parquet import ParquetMissing, write_parquet
from companion.store.recorder import Recorder
from companion.store.retention import scrub
from companion.store.sessions import Sessions
from companion.store.taken import taken
from companion.store.trace import Tracing, rows_of, written
from companion.store.writer import Writer
from protocols.telemetry import Telemetry
from simulators.tool_data import load_tool
from tests.store.frames import telemetry
from tests.store.sessions import (
    ABOUT,
    BEGAN,
    CLEARED,
    FINISHED,
    RAISED,
    REPEATED,
    STARTED,
    tool_row,
)

_FRAME_S: Final = 0.1
_TICK_S: Final = 0.001
_AREA_M2: Final = 5e-4
_HEAD: Final = struct.Struct("<BHIBBqq")
_CHECK: Final = struct.Struct("<I")


def bench(
    *, live_s: int = 20, minutes: int = 10, sessions: int = 10_000, hours: int = 10
) -> dict[str, float]:
    """Return the figures.

    Args:
        live_s: seconds of a session that is written in real time.
        minutes: length of the session that is opened.
        sessions: how many are listed.
        hours: length of the session that is exported.
    """
    tool = load_tool("small-roller")
    minute = telemetry(tool, min(60, max(live_s, 60 * minutes)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            **_written(folder / "live.sqlite", minute[: live_s * 10]),
            **_opened(folder / "open.sqlite", minute, minutes),
            "list_s": listed(folder / "list.sqlite", minute[:10], sessions),
            "export_s": _exported(folder / "export.sqlite", minute, hours),
        }


def _written(file: Path, frames: Sequence[Telemetry]) -> dict[str, float]:
    """Write a session as it comes; a frame each tenth of a second, warned of once a second."""
    writer = Writer(file, lambda _: None)
    recorder = Recorder(writer, ABOUT)
    recorder.know(*tool_row(load_tool("small-roller")))
    recorder.hear(STARTED)
    used_s, calls = asyncio.run(_paced(recorder, frames))
    late = asyncio.run(_beside(recorder, frames[:50]))
    recorder.hear(FINISHED)
    writer.close(10.0)
    return {
        "writing_cpu_percent": 100 * used_s / (len(frames) * _FRAME_S),
        "call_longest_ms": 1e3 * max(calls),
        "loop_late_p99_ms": 1e3 * sorted(late)[int(0.99 * len(late))],
    }


async def _paced(recorder: Recorder, frames: Sequence[Telemetry]) -> tuple[float, list[float]]:
    """Return the processor time of it all, and of each call."""
    await asyncio.sleep(_FRAME_S)
    calls: list[float] = []
    began_s = time.process_time()
    for number, frame in enumerate(frames):
        now_s = time.thread_time()
        recorder.receive(frame)
        if number % 10 == 0:
            for event in (REPEATED, replace(RAISED, alert=number), replace(CLEARED, alert=number)):
                recorder.hear(event)
        calls.append(time.thread_time() - now_s)
        await asyncio.sleep(_FRAME_S)
    return time.process_time() - began_s, calls


async def _beside(recorder: Recorder, frames: Sequence[Telemetry]) -> list[float]:
    """Return how late a timer was on the loop while events and frames came in quick order."""
    late: list[float] = []
    for frame in frames:
        recorder.receive(replace(frame, device_us=frame.device_us + 3_600_000_000))
        recorder.hear(REPEATED)
        for _ in range(20):
            due = time.perf_counter() + _TICK_S
            await asyncio.sleep(_TICK_S)
            late.append(time.perf_counter() - due)
    return late


def _opened(file: Path, minute: Sequence[Telemetry], minutes: int) -> dict[str, float]:
    with closing(open_store(file)) as store:
        scrub(store)
        empty = file.stat().st_size
        uid = _session(store, minute, minutes)
        _trace(store, minute, minutes)
        scrub(store)
        sessions = Sessions(store)
        began = time.perf_counter()
        kept = sessions.find(uid)
        assert kept is not None
        list(sessions.events(kept))
        took = taken(sessions, kept)
        opened_s = time.perf_counter() - began
        assert took.samples == len(minute) * 10 * minutes
    return {"open_s": opened_s, "bytes_per_sample": (file.stat().st_size - empty) / took.samples}


def _trace(store: sqlite3.Connection, minute: Sequence[Telemetry], minutes: int) -> None:
    """Put the pressure beside the samples: on five square centimetres, by tenths of a second."""
    tracing = Tracing()
    tracing.begin(0.0)
    for frame in minute:
        for number, sample in enumerate(frame.samples):
            at_s = (frame.device_us + number * frame.interval_us) / 1e6
            kpa = None if sample.force_n[0] is None else sample.force_n[0] / _AREA_M2 / 1e3
            tracing.add([Point(at_s, kpa, Level.UNKNOWN)])
    once = tracing.take(is_over=True)
    bins = {at + again * len(once): span for again in range(minutes) for at, span in once.items()}
    with transaction(store):
        (session,) = store.execute("SELECT max(id) FROM session").fetchone()
        written(store, session, rows_of(bins))


def listed(file: Path, frames: Sequence[Telemetry], count: int) -> float:
    """List sessions of ten small blocks each."""
    row = block_row(frames, tool_row(load_tool("small-roller"))[1])
    with closing(open_store(file)) as store:
        with transaction(store):
            for number in range(count):
                _began(f"{number:032x}").write(store)
            (first,) = store.execute("SELECT min(id) FROM session").fetchone()
            store.executemany(
                "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((first + number // 10, number % 10, *row) for number in range(10 * count)),
            )
        sessions = Sessions(store)
        sessions.all()
        began = time.perf_counter()
        assert len(sessions.all()) == count
        return time.perf_counter() - began


def _exported(file: Path, minute: Sequence[Telemetry], hours: int) -> float:
    """Export a long session as Parquet; NaN where pyarrow is not installed."""
    with closing(open_store(file)) as store:
        uid = _session(store, minute, 60 * hours)
        sessions = Sessions(store)
        kept = sessions.find(uid)
        assert kept is not None
        began = time.perf_counter()
        try:
            write_parquet(file.with_suffix(".parquet"), taken(sessions, kept))
        except ParquetMissing:
            return float("nan")
        return time.perf_counter() - began


def _session(store: sqlite3.Connection, minute: Sequence[Telemetry], minutes: int) -> str:
    """Put a session of so many minutes into a store, as it lies there once it is over."""
    row, units = tool_row(load_tool("small-roller"))
    uid = f"{minutes:032x}"
    (group,) = grouped(minute, LARGE)
    block = block_row(group, units)
    with transaction(store):
        replace(_began(uid), tool=row).write(store)
        (session,) = store.execute("SELECT id FROM session WHERE uid = ?", [uid]).fetchone()
        store.execute(
            "INSERT INTO event VALUES (?, 0, 0.6, 'session_started', ?)",
            [session, '{"event": "session_started", "device_s": 0.6}'],
        )
        for place in range(minutes):
            from_us = place * 60_000_000
            data = _shifted(block.data, from_us)
            values = (session, place, from_us, from_us + 60_000_000, block.samples, 0, data)
            store.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    return uid


def _began(uid: str) -> SessionBegan:
    return SessionBegan(
        uid=uid,
        person="anna",
        routine="quick",
        routine_body='{"steps": []}',
        tool=None,
        at=BEGAN.isoformat(),
        software="0.1.0",
        profile=1,
    )


def _shifted(data: bytes, later_us: int) -> bytes:
    """Return a block with its clock later: a new head, and its check sum."""
    head = list(_HEAD.unpack_from(data, _CHECK.size))
    head[5] += later_us
    body = _HEAD.pack(*head) + data[_CHECK.size + _HEAD.size :]
    return _CHECK.pack(zlib.crc32(body)) + body
