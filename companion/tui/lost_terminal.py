"""A terminal that is gone takes no more writes, and nobody waits for it to."""

import select
import signal
import sys
from collections.abc import Callable
from typing import IO, Any

from textual.driver import Driver


class Outlasting:
    """What is written goes to the terminal while there is one, and nowhere after.

    Textual writes in a thread that the first refused write ends; the next thirty writes fill its
    queue, and the thirty-first waits for ever, with the session behind it.

    Args:
        file: the terminal.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._is_gone = False

    def write(self, written: str) -> int:
        """Write, or not."""
        self._try(lambda: self._file.write(written))
        return len(written)

    def flush(self) -> None:
        """Flush, or not."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """The terminal's own number."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is, or was, a terminal."""
        return self._file.isatty()

    def _try(self, action: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            action()
        except OSError:
            self._is_gone = True


def own_terminal() -> int | None:
    """Return the file descriptor of the terminal that keys come from; None without one."""
    keys = sys.__stdin__
    if keys is None or not keys.isatty() or not hasattr(select, "poll"):
        return None
    return keys.fileno()


def is_hung_up(terminal: int) -> bool:
    """Return whether a terminal has gone away behind its file descriptor."""
    looking = select.poll()
    looking.register(terminal, 0)
    return any(event & select.POLLHUP for _, event in looking.poll(0))


def hang_up() -> None:
    """Tell this process what the system tells only who is in charge of the terminal.

    Who was started by something that is, and waits (make, a script), would never hear of it.
    """
    signal.raise_signal(signal.SIGHUP)


def outlasting(driver: type[Driver]) -> type[Driver]:
    """Return the driver with a terminal that may go; drivers without a file stay as they are."""

    class OutlastingDriver(driver):  # type: ignore[misc,valid-type]  # chosen by the platform
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 -- textual's own
            super().__init__(*arguments, **options)
            file = self.__dict__.get("_file")
            if file is not None:
                self.__dict__["_file"] = Outlasting(file)

    return OutlastingDriver
