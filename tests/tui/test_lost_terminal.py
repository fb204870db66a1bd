"""What a terminal that has gone does to who writes to it: nothing."""

import errno
import io

import pytest
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.headless_driver import HeadlessDriver

from companion.tui.lost_terminal import Outlasting, outlasting


class Gone(io.StringIO):
    """A terminal whose other end is closed after the first write."""

    def write(self, written: str) -> int:
        if self.getvalue():
            raise OSError(errno.EIO, "Input/output error")
        return super().write(written)


def test_the_thread_that_writes_lives_on_and_takes_everything() -> None:
    terminal = Gone()
    thread = WriterThread(Outlasting(terminal))  # type: ignore[arg-type]  # as much of a file as it needs
    thread.start()
    for _ in range(200):
        thread.write("a frame")
    thread.stop()
    assert terminal.getvalue() == "a frame"


def test_what_is_no_trouble_of_the_terminal_is_not_hidden() -> None:
    closed = io.StringIO()
    closed.close()
    with pytest.raises(ValueError, match="closed file"):
        Outlasting(closed).write("a frame")


async def test_a_driver_writes_to_a_terminal_that_may_go() -> None:
    class Plain(HeadlessDriver):
        def __init__(self, app: App[None]) -> None:
            super().__init__(app)
            self._file = io.StringIO()

    driver = outlasting(Plain)(App())
    assert isinstance(vars(driver)["_file"], Outlasting)
