"""Printing to terminals that lack signs or are gone."""

import io
import sys

import pytest

from companion.cli.guiding import leave_behind


class Gone(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_without_the_signs_gets_their_likeness(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    leave_behind(["décolleté"])
    assert written.getvalue() == b"decollete\n"


def test_ascii_is_kept_to_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    leave_behind(["décolleté"])
    leave_behind(["décolleté"], ascii_only=True)
    assert capsys.readouterr().out == "décolleté\ndecollete\n"


def test_a_terminal_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Gone()
    monkeypatch.setattr(sys, "stdout", gone)
    leave_behind(["anything"])
    assert gone.getvalue() == ""
