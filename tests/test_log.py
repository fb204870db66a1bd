"""The log: it is never an obstacle, and never on the terminal unasked."""

import logging
from pathlib import Path

import pytest

from companion.log import close_log, log_file, open_log


@pytest.mark.parametrize("verbose", [False, True])
def test_where_no_file_can_be_written_only_verbose_shows_the_log(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    verbose: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    assert log_file().is_relative_to(home)
    log_file().parent.parent.mkdir(parents=True, exist_ok=True)
    log_file().parent.write_text("in the way")
    assert open_log(verbose=verbose) is None
    logging.getLogger("companion.test").warning("a line of the log")
    close_log()
    assert ("a line of the log" in capsys.readouterr().err) is verbose
