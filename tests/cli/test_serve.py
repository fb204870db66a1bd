"""``companion serve``: refused in one sentence wherever the door would stand open."""

import sys

import pytest

from companion.__main__ import main
from companion.cli import serve
from companion.cli.serve import command_of


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "0.0.0.0"), "0.0.0.0 can be reached by others: that needs a token"),  # noqa: S104
        (("--host", "mirror"), "'mirror' is no address of this computer"),
        (("--trusted-proxy", "10.0.0.2"), "--trusted-proxy (an IP address) and --public-url"),
        (("--cert-file", "a"), "--cert-file and --key-file go together"),
        (("doctor",), "doctor has no dashboard for a browser; there are run, demo"),
        (("demo", "--plain"), "leave out --plain and --json"),
    ],
)
def test_it_is_refused_in_one_sentence(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.usefixtures("home")
def test_arguments_of_what_is_shown_are_checked_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["serve", "demo", "--speed", "quick"]) == 2
    assert "'quick' is not a speed" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_without_the_extra_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _name: None)
    assert main(["serve"]) == 2
    assert "needs the extra `serve`" in capsys.readouterr().err


def test_what_is_shown_runs_in_a_process_of_its_own() -> None:
    program = (sys.executable, "-m", "companion")
    assert command_of(()) == (*program, "run")
    assert command_of(("demo", "--seed", "7")) == (*program, "demo", "--seed", "7")
