"""Processes of ours over loopback, as a person starts them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def starting(home: Path, **variables: str) -> Iterator[Start]:
    """Start processes, with a home and variables of their own, that do not outlive this."""
    places = {name: str(home) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    environment = os.environ | places | {"PYTHONPATH": str(ROOT)} | variables
    with ExitStack() as stack:

        def begin(*arguments: str, stdin: int | None = None) -> "subprocess.Popen[str]":
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(end, process)
            return process

        yield begin


def end(process: "subprocess.Popen[str]") -> None:
    """Kill a process that still runs, and close what it wrote to."""
    process.kill()
    process.communicate()


def line(process: "subprocess.Popen[str]") -> str:
    """Wait for one line of output."""
    assert process.stdout is not None
    read = process.stdout.readline()
    assert read, process.stderr.read() if process.stderr else ""
    return read.rstrip("\n")


def until(process: "subprocess.Popen[str]", event: str) -> dict[str, Any]:
    """Wait for an event of a session in JSON."""
    while True:
        fields: dict[str, Any] = json.loads(line(process))
        if fields["event"] == event:
            return fields


def ended(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, str, str]:
    """Signal a process and return its status and the rest of what it wrote."""
    process.send_signal(number)
    out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def opened_air(start: Start) -> tuple["subprocess.Popen[str]", str]:
    """Start a process that only opens an air; return it and the air's address."""
    air = start("-m", "companion", "simulate", "--no-tool")
    return air, line(air).rpartition(" ")[2]
