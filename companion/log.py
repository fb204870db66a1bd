"""The log: a rotating file in the state folder, and standard error where asked for.

It holds what happened to the program and the link. Keys, pressure, sessions and raw telemetry do
not go in: callers log names, states and counts only, and the libraries that would log keys and
packets are held at warnings.
"""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from companion.paths import state_folder

_LOG_BYTES: Final = 512 * 1024
_KEPT_FILES: Final = 3
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_TALKATIVE: Final = ("asyncio", "bleak", "bumble", "dbus_fast")
"""Libraries whose finer levels carry packets and, in pairing, keys."""


def log_file() -> Path:
    """Return where the log lies."""
    return state_folder() / "companion.log"


def open_log(level: str = "info", *, verbose: bool = False) -> Path | None:
    """Open the log; a second call replaces what the first opened.

    Args:
        level: debug, info, warning or error.
        verbose: write to standard error too.

    Returns:
        The file, or None where none can be written.
    """
    file: Path | None = log_file()
    handlers: list[logging.Handler] = [logging.NullHandler()]
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(
            RotatingFileHandler(
                log_file(),
                maxBytes=_LOG_BYTES,
                backupCount=_KEPT_FILES,
                encoding="utf-8",
                delay=False,
            )
        )
    except OSError:
        file = None
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    close_log()
    logging.basicConfig(format=_FORMAT, level=level.upper(), handlers=handlers, force=True)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)
    return file


def close_log() -> None:
    """Close what ``open_log`` opened."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, RotatingFileHandler):
            root.removeHandler(handler)
            handler.close()


def log_unexpected(error: Exception, *, verbose: bool) -> Path | None:
    """Write an unexpected error with its traceback, and return the log file if there is one."""
    file = open_log("error", verbose=verbose)
    logging.getLogger("companion").critical("unexpected error", exc_info=error)
    close_log()
    return file
