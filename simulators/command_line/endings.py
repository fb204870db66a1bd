"""How a command ends: statuses, and the errors a person can do something about."""

import errno
from enum import IntEnum

from simulators.anatomy import UnknownPlaceError
from simulators.data_files import DataFileError
from simulators.hand.touches import CannotPerformError
from simulators.mishaps import CannotStageError
from simulators.radio import AirError
from simulators.recording import RecordingError


class ExitCode(IntEnum):
    """What a command returns to the shell."""

    DONE = 0
    REFUSED = 2
    """The command line or a file cannot be used."""
    NO_AIR = 3
    """The air could not be opened or joined, or it went away."""
    INTERRUPTED = 130
    """Ctrl-C, as shells have it: 128 and the signal's number."""
    TERMINATED = 143


class Refused(Exception):
    """What was asked for cannot be done; the message is a sentence for the user."""


class AirGone(Exception):
    """The air that was joined has been closed."""


EXPECTED = (
    Refused,
    AirGone,
    AirError,
    CannotPerformError,
    CannotStageError,
    DataFileError,
    OSError,
    RecordingError,
    UnknownPlaceError,
)
"""What a person is told in one sentence; anything else is a fault of ours."""


def sentence_and_status(error: BaseException) -> tuple[str, ExitCode]:
    """What to tell the user about an expected error, and the status to end with."""
    match error:
        case AirGone() | AirError():
            return str(error), ExitCode.NO_AIR
        case OSError(errno=errno.EPIPE):
            return "the reader of the output is gone", ExitCode.DONE
        case OSError(filename=str(name), strerror=str(reason)):
            return f"{name}: {reason.lower()}", ExitCode.REFUSED
        case _:
            return str(error), ExitCode.REFUSED
