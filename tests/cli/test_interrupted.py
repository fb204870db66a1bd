"""Ctrl-C at any moment of a command: status 130 and not a word of Python."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STRIKE = """
import atexit, builtins, os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # who is started with & ignores it
from companion.__main__ import main

def strike(*_):
    os.kill(os.getpid(), signal.SIGINT)

class WhileLoading:
    def find_spec(self, name, path, target=None):
        if name == "companion.cli.parser":
            strike()
"""
"""A process that interrupts itself, so that the moment is always the same."""

LOADING = "sys.meta_path.insert(0, WhileLoading())"
PROMPT = "builtins.input = strike"
HANDLING = """
import companion.cli.endings as endings
guarded = endings.guarded
def twice(*arguments):
    try:
        return guarded(*arguments)
    finally:
        strike()
endings.guarded = twice
builtins.input = strike
"""
"""Once at a prompt, and once more as the command ends."""
AT_EXIT = "atexit.register(strike)"
JOINING = """
def hold():
    while signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        time.sleep(0.01)
    time.sleep(0.1)
    strike()
    time.sleep(30)
threading.Thread(target=hold).start()
"""
"""While the interpreter waits for a thread that hangs."""


@pytest.mark.skipif(sys.platform == "win32", reason="the process sends itself a POSIX signal")
@pytest.mark.parametrize("moment", [LOADING, PROMPT, HANDLING, AT_EXIT, JOINING])
def test_an_interrupt_is_never_a_traceback(moment: str, tmp_path: Path) -> None:
    command = ["person", "setup"] if "input" in moment else ["settings", "path"]
    program = f"{STRIKE}\n{moment}\nsys.argv = ['companion', *{command!r}]\nsys.exit(main())"
    done = subprocess.run(  # noqa: S603 -- our own interpreter and our own words
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": "", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")
