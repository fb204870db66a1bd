"""How a command ends: every error becomes one sentence and an exit status."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum

from companion.cli.loading import load
from companion.cli.streams import open_streams
from companion.errors import CompanionError
from companion.texts import text


class ExitCode(IntEnum):
    """Exit statuses of every command."""

    OK = 0
    """The command did what was asked."""
    FAILED = 1
    """It could not: bad bytes, a file that cannot be read, a lost tool, an error of our own."""
    REFUSED = 2
    """The arguments or a file's content cannot be used."""
    NOT_FOUND = 3
    """No Bluetooth adapter, or no tool within reach."""
    HUNG_UP = 129
    """Ended because the terminal was closed."""
    INTERRUPTED = 130
    """Ended by Ctrl-C."""
    TERMINATED = 143
    """Ended by SIGTERM."""


class UsageRefused(CompanionError):
    """Arguments that are well formed and do not go together."""

    exit_code = ExitCode.REFUSED


def guarded(parser: ArgumentParser, argv: Sequence[str] | None) -> int:
    """Parse, run the command, and return its exit status; no error leaves this function.

    Args:
        parser: names each command's module as ``module``; that module has ``execute(arguments)``.
        argv: the arguments, None for the process's own.
    """
    arguments = Namespace(verbose=False)
    open_streams()
    try:
        arguments = parser.parse_args(argv)
        status = int(load(arguments.module).execute(arguments))
        sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.REFUSED
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last stop; unexpected ones are logged whole
        return _explained(error, verbose=arguments.verbose)
    return status


def _reader_left() -> int:
    """Keep the interpreter from flushing into a pipe nobody reads; the reader had enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.OK


def _explained(error: Exception, *, verbose: bool) -> int:
    cause = _leaf(error)
    match cause:
        case BrokenPipeError():
            return _reader_left()
        case CompanionError():
            _say(str(cause))
            return cause.exit_code
        case OSError():
            reason = cause.strerror or str(cause) or type(cause).__name__
            name = cause.filename
            _say(text("cli.failed.file", file=name, reason=reason) if name else reason)
            return ExitCode.FAILED
        case _:
            _say(_logged(error, verbose=verbose))
            return ExitCode.FAILED


def _leaf(error: Exception) -> Exception:
    """Return the one error of a task group, or the group where it holds several kinds."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _logged(error: Exception, *, verbose: bool) -> str:
    from companion.log import log_unexpected  # noqa: PLC0415 -- logging is not needed to start

    file = log_unexpected(error, verbose=verbose)
    kind = type(error).__name__
    if file is None:
        return text("cli.failed.unexpected_unlogged", kind=kind)
    return text("cli.failed.unexpected", kind=kind, file=file)


def _say(sentence: str) -> None:
    with suppress(OSError):
        sys.stdout.flush()
    with suppress(OSError):
        print(text("cli.failed.line", sentence=" ".join(sentence.split())), file=sys.stderr)
