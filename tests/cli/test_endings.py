"""Every ending of a command: an exit status, one sentence, and never a traceback."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode, guarded
from companion.errors import CompanionError, FileRefused
from companion.log import log_file

DOCUMENT = Path(__file__).parents[2] / "docs" / "commands.md"


def ending(monkeypatch: pytest.MonkeyPatch, execute: Callable[[Namespace], object]) -> int:
    """Run a command that only does this, and return its exit status."""
    module = ModuleType("a_command")
    module.execute = execute  # type: ignore[attr-defined]  # the one name a command has
    monkeypatch.setitem(sys.modules, "a_command", module)
    parser = ArgumentParser()
    parser.add_argument("--verbose", action="store_true")
    parser.set_defaults(module="a_command")
    return guarded(parser, [])


def raising(error: BaseException) -> Callable[[Namespace], object]:
    def execute(_: Namespace) -> object:
        raise error

    return execute


def test_a_command_that_worked_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, lambda _: ExitCode.OK) == 0


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (FileRefused("a.toml", "steps[1].zone", "no such zone."), 2, "a.toml: steps[1].zone"),
        (FileNotFoundError(2, "No such file or directory", "b.bin"), 1, "b.bin: No such file"),
        (PermissionError(13, "Permission denied"), 1, "Permission denied"),
        (TimeoutError(), 1, "TimeoutError"),
        (
            ExceptionGroup("tasks", [ExceptionGroup("more", [FileRefused("c.toml", "", "bad")])]),
            2,
            "c.toml: bad",
        ),
    ],
)
def test_a_known_trouble_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    status: int,
    sentence: str,
) -> None:
    assert ending(monkeypatch, raising(error)) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("companion: ")
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


def test_our_own_fault_names_the_log_that_holds_the_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert ending(monkeypatch, raising(ZeroDivisionError("of all things"))) == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "ZeroDivisionError" in line
    assert str(log_file()) in line
    assert log_file().is_relative_to(home)
    assert "of all things" in log_file().read_text(encoding="utf-8")


def test_our_own_fault_is_told_even_where_no_log_can_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    log_file().parent.parent.mkdir(parents=True, exist_ok=True)
    log_file().parent.write_text("in the way")
    assert home.exists()
    assert ending(monkeypatch, raising(ZeroDivisionError())) == 1
    assert "--verbose" in capsys.readouterr().err


def test_verbose_shows_the_details(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("companion.cli.decode.read_hex", broken)
    assert home.exists()
    assert main(["decode", "event", "00", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ending(monkeypatch, raising(KeyboardInterrupt())) == 130


def test_exit_statuses_are_those_documented() -> None:
    rows = {
        int(cells[1]): cells[2].strip()
        for cells in (line.split("|") for line in DOCUMENT.read_text("utf-8").splitlines())
        if len(cells) == 4 and cells[1].strip().isdigit()
    }
    assert set(rows) == set(ExitCode)


def test_every_error_ends_with_a_documented_status() -> None:
    kinds, open_kinds = set[type[CompanionError]](), [CompanionError]
    while open_kinds:
        kind = open_kinds.pop()
        kinds.add(kind)
        open_kinds.extend(kind.__subclasses__())
    assert {kind.exit_code for kind in kinds} <= set(ExitCode) - {ExitCode.OK}


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: companion" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "companion 0.1.0\n"
