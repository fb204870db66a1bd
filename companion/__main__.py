"""The console entry, ``companion`` and ``python -m companion``."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, TracebackType

_INTERRUPTED = 130
"""`companion.cli.endings.ExitCode.INTERRUPTED`, which may not be loaded yet."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see ``companion.cli.endings.ExitCode``).

    Args:
        argv: the arguments without the program's name; None takes the process's own, which then
            ends without a traceback if Ctrl-C strikes once more while it winds down.
    """
    if argv is None:
        sys.excepthook = _uncaught
    try:
        return _guarded(argv)
    except KeyboardInterrupt:
        return _INTERRUPTED
    finally:
        if argv is None:
            signal.signal(signal.SIGINT, _leave)


def _guarded(argv: Sequence[str] | None) -> int:
    # Loaded here, where Ctrl-C is caught: it takes a good part of a short command's time.
    from companion.cli.endings import guarded  # noqa: PLC0415 -- as above
    from companion.cli.language import chosen_language  # noqa: PLC0415 -- as above
    from companion.cli.parser import build_parser  # noqa: PLC0415 -- as above
    from companion.texts import speaking  # noqa: PLC0415 -- as above

    with speaking(chosen_language()):
        return guarded(build_parser(), argv)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End at once: the command has ended, and the interpreter waits for threads that hang."""
    os._exit(_INTERRUPTED)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say nothing of a Ctrl-C between `main` catching one and being ready for the next."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)


if __name__ == "__main__":
    sys.exit(main())
