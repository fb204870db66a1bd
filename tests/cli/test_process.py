"""The command as a process: what only shows outside the interpreter."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_reader_that_leaves_ends_it_quietly() -> None:
    program = (
        "import subprocess, sys\n"
        "decode = [sys.executable, '-m', 'companion', 'decode', 'event', '03 00000000 01']\n"
        "import os\n"
        "reader, writer = os.pipe()\n"
        "os.close(reader)\n"
        "done = subprocess.run(decode, stdout=writer, stderr=subprocess.PIPE)\n"
        "print(done.returncode, done.stderr.decode(), end='')\n"
    )
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 "


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "companion", "decode", "event", "01"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("companion: event: offset 1: ")
