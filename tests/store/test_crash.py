"""What a killed process and a cut log leave behind."""

import random
import shutil
import sqlite3
import struct
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from companion.store.database import open_store
from companion.store.recorder import Recorder
from companion.store.sessions import Sessions
from companion.store.writer import Writer
from tests.store.crashes import IN_A_BLOCK, crash, frame
from tests.store.sessions import ABOUT, REPEATED, STARTED

_WAL_HEAD: Final = 32
_FRAME_HEAD: Final = 24
"""SQLite file format, section 4.1: the log's header, and the header of each of its pages."""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("wait_s", [0.0, 0.02, 0.05, 0.11, 0.2, 0.3])
def test_a_killed_process_loses_nothing_that_was_safe(tmp_path: Path, wait_s: float) -> None:
    crash(tmp_path, wait_s)


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose log holds many commits, as it lies on the disk while it is open."""
    folder = tmp_path_factory.mktemp("store")
    file = folder / "sessions.sqlite"
    open_store(file).close()
    writer = Writer(file, lambda _: None)
    recorder = Recorder(writer, ABOUT)
    recorder.hear(STARTED)
    for number in range(300):
        recorder.receive(frame(number))
        recorder.hear(REPEATED)
        if number % 30 == 0:
            wait_for(writer, number + 1)
    copied = tmp_path_factory.mktemp("copy")
    wait_for(writer, 1 + 1 + 300 + 30)
    shutil.copy(file, copied / file.name)
    shutil.copy(f"{file}-wal", copied / f"{file.name}-wal")
    assert writer.close(20.0)
    return copied / file.name


def wait_for(writer: Writer, entries: int) -> None:
    """Wait until so many entries are written: what waits together is committed together."""
    until = time.monotonic() + 60.0
    while writer.written < entries and time.monotonic() < until:
        time.sleep(0.005)


def borders(log: bytes) -> list[int]:
    """Return where the log's pages end."""
    (page,) = struct.unpack_from(">I", log, 8)
    return list(range(_WAL_HEAD, len(log) + 1, _FRAME_HEAD + page))


def with_log(store: Path, folder: Path, log: bytes) -> sqlite3.Connection:
    """Open a copy of the store with another log."""
    folder.mkdir(exist_ok=True)
    file = folder / store.name
    shutil.copy(store, file)
    Path(f"{file}-wal").write_bytes(log)
    return open_store(file)


@pytest.mark.parametrize("seed", range(20))
def test_a_log_cut_anywhere_leaves_a_whole_store_of_an_earlier_moment(
    cut_short: Path, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    log = Path(f"{cut_short}-wal").read_bytes()
    ends = borders(log)
    cut = draw.choice(ends) if seed % 2 else draw.randrange(len(log))
    connection = with_log(cut_short, tmp_path, log[:cut])
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for kept in Sessions(connection).all():
        events = list(Sessions(connection).events(kept))
        frames = list(Sessions(connection).telemetry(kept))
        assert [each.device_us for each in frames] == [
            100_000 * number for number in range(len(frames))
        ]
        assert len(frames) % IN_A_BLOCK == 0
        assert len(frames) <= len(events) + IN_A_BLOCK
    connection.close()


def test_a_damaged_page_of_the_log_ends_it_there(cut_short: Path, tmp_path: Path) -> None:
    log = Path(f"{cut_short}-wal").read_bytes()
    harmed, ends = bytearray(log), borders(log)
    harmed[ends[len(ends) // 2] + _FRAME_HEAD + 9] ^= 0xFF
    damaged = with_log(cut_short, tmp_path / "damaged", bytes(harmed))
    whole = with_log(cut_short, tmp_path / "whole", log)
    count = "SELECT count(*) FROM event"
    assert 0 < damaged.execute(count).fetchone()[0] < whole.execute(count).fetchone()[0]
    damaged.close()
    whole.close()
