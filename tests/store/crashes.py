"""Kill a process that records, and look at what it left: ``python -m tests.store.crashes 300``.

The child plays one endless session as fast as it can and says how many entries are on the disk. It
is killed (SIGKILL) at a random moment after that; everything it said must be there.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from companion.store.database import open_store
from companion.store.recorder import Recorder
from companion.store.sessions import Sessions
from companion.store.writer import Writer
from protocols.telemetry import Sample, Telemetry
from tests.store.sessions import ABOUT, CLEARED, RAISED, REPEATED, STARTED, STROKE

IN_A_BLOCK: Final = 10
_FRAME: Final = Telemetry(0, 10_000, 0, False, False, None, (Sample((1.0,), None, None, 0.0),) * 10)
_SAY_EVERY: Final = 8


def frame(number: int) -> Telemetry:
    """The frame of a number; its clock tells which it is."""
    return replace(_FRAME, device_us=100_000 * number, first_sample=10 * number)


def record_for_ever(file: Path) -> None:
    """Record until killed; after each line on standard output so many entries are safe."""
    writer = Writer(file, lambda _: None)
    recorder = Recorder(writer, ABOUT)
    recorder.hear(STARTED)
    for number in range(1_000_000):
        recorder.receive(frame(number))
        if number % IN_A_BLOCK == 0:
            recorder.hear(REPEATED)
            recorder.hear(replace(RAISED, alert=number + 1))
            recorder.hear(replace(CLEARED, alert=number + 1))
            recorder.stroked(replace(STROKE, number=number // IN_A_BLOCK))
        if number % _SAY_EVERY == 0:
            os.write(1, f"{writer.written}\n".encode())
        time.sleep(0.0005)


def crash(folder: Path, wait_s: float) -> int:
    """Kill a recording process after a while; check what is left and return how many entries.

    Raises:
        AssertionError: something that was said to be safe is not there, or not whole.
    """
    file = folder / "sessions.sqlite"
    command = [sys.executable, "-m", "tests.store.crashes", "--record", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603 - ourselves
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(wait_s)
        child.send_signal(signal.SIGKILL)
        said = (first + child.stdout.read()).splitlines()
    safe = int(said[-1]) if said[-1].isdigit() else int(said[-2])
    connection = open_store(file)
    try:
        return _check(connection, safe)
    finally:
        connection.close()


def _check(connection: sqlite3.Connection, safe: int) -> int:
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = Sessions(connection).all()
    if not found:
        assert not safe
        return 0
    (kept,) = found
    events = list(Sessions(connection).events(kept))
    frames = list(Sessions(connection).telemetry(kept))
    numbers = [each.device_us // 100_000 for each in frames]
    assert numbers == list(range(len(numbers))), "a block in between is missing"
    raised = [event for event in events if event["event"] == "alert_raised"]
    (alerts,) = connection.execute("SELECT count(*) FROM alert").fetchone()
    assert alerts == len(raised), "an alert and its event were not written together"
    blocks = len(frames) // IN_A_BLOCK
    strokes = [one.place for one in Sessions(connection).strokes(kept)]
    assert strokes == list(range(len(strokes))), "a stroke in between is missing"
    assert abs(len(strokes) - len(raised)) <= 1, "a finished stroke is missing"
    there = 1 + len(events) + blocks + len(strokes)
    assert there >= safe, f"{safe} entries were said to be safe, {there} are there"
    assert abs(blocks - (len(events) - 1) // 3) <= 1, "more than a second of samples is missing"
    return there


def main(arguments: list[str]) -> None:
    """Record until killed, or crash so many times."""
    if arguments[0] == "--record":
        record_for_ever(Path(arguments[1]))
    draw = random.Random(time.time_ns())  # noqa: S311 - no secret
    least = []
    for _ in range(int(arguments[0])):
        with tempfile.TemporaryDirectory() as folder:
            least.append(crash(Path(folder), draw.random() * 0.5))
    sys.stdout.write(f"{len(least)} crashes; {min(least)} to {max(least)} entries, none lost\n")


if __name__ == "__main__":
    main(sys.argv[1:])
