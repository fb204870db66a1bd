"""What is typed: from a pipe, from a file, from nowhere."""

import asyncio
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.terminal import is_terminal


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard input is a pipe; this is its other end."""
    ours, theirs = os.pipe()
    with os.fdopen(ours) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield theirs
    os.close(theirs)


async def asked(times: int) -> list[str | None]:
    keyboard = Keyboard()
    return [await keyboard.ask("? ") for _ in range(times)]


@pytest.mark.skipif(sys.platform == "win32", reason="a loop there has no readers for pipes")
def test_lines_come_from_a_pipe_one_for_each_question(
    pipe: int, capsys: pytest.CaptureFixture[str]
) -> None:
    os.write(pipe, " one \ntwo\nß\n".encode())
    assert asyncio.run(asked(3)) == ["one", "two", "ß"]
    assert capsys.readouterr().err == "? ? ? "


@pytest.mark.skipif(sys.platform == "win32", reason="a loop there has no readers for pipes")
def test_a_question_that_is_given_up_takes_no_later_line(pipe: int) -> None:
    async def main() -> str | None:
        keyboard = Keyboard()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await keyboard.ask("early? ")
        os.write(pipe, b"late\n")
        return await keyboard.ask("late? ")

    assert asyncio.run(main()) == "late"


def test_lines_come_from_a_file_and_end_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "typed"
    file.write_bytes(b"one\n\xff\nno end of line")
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert asyncio.run(asked(4)) == ["one", "\ufffd", "no end of line", None]


def test_no_input_at_all_is_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("never read"))
    assert asyncio.run(asked(1)) == [None]
    assert not is_terminal()


@pytest.mark.parametrize(
    ("typed", "is_yes"),
    [(b"y\n", True), (b"YES\n", True), (b"n\n", False), (b"perhaps\n\nno\n", False), (b"", False)],
)
def test_yes_is_yes_and_the_end_is_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: bytes, *, is_yes: bool
) -> None:
    file = tmp_path / "typed"
    file.write_bytes(typed)
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert asyncio.run(Keyboard().agrees("really?")) is is_yes
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert asyncio.run(TerminalAnswers(Keyboard()).compare(7)) is is_yes


def test_digits_to_enter_at_the_tool_are_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(TerminalAnswers(Keyboard()).show(42))
    assert capsys.readouterr().err == "Enter 000042 at the tool.\n"
