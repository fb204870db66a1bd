"""The command as a process: what only shows outside the interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ("settings path >&-", 0),
        ("decode telemetry - <&-", 1),
        ("routines show nowhere 2>&-", 2),
        ("routines show nowhere >&- 2>&- <&-", 2),
    ],
)
def test_closed_streams_change_nothing_but_what_is_seen(arguments: str, status: int) -> None:
    done = subprocess.run(  # noqa: S602 -- only a shell can close a stream for a command
        f"'{sys.executable}' -m companion {arguments}",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.skipif(sys.platform == "win32", reason="file names are text there")
def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", "companion", "routines", "check", tmp_path / "\udcff.toml"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"udcff.toml: there is no such file." in done.stderr
