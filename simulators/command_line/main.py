"""What ``python -m simulators`` does with its command line."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Final

from simulators.command_line import airs, listing, programs, recordings
from simulators.command_line.endings import EXPECTED, ExitCode, sentence_and_status
from simulators.command_line.parser import parse

_COMMANDS: Final[Mapping[str, Callable[[Namespace], int]]] = {
    "list": listing.execute,
    "serve": airs.serve,
    "join": airs.join,
    "record": recordings.execute,
    "run": programs.execute,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: without the program's name; those of the process where None.

    Returns:
        The exit status, see `ExitCode`.
    """
    try:
        return _run(arguments)
    except EXPECTED as error:
        sentence, status = sentence_and_status(error)
        if isinstance(error, BrokenPipeError):
            _write_nowhere()
        print(f"simulators: {sentence}", file=sys.stderr)
        return status
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run(arguments: list[str] | None) -> int:
    parsed = parse(arguments)
    status = _COMMANDS[parsed.command](parsed)
    # What is still buffered must fail here: as the interpreter ends it would fail with a traceback.
    print(end="", flush=True)
    return status


def _write_nowhere() -> None:
    """Keep the interpreter from flushing into a pipe that nobody reads."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
