"""What a terminal keeps when the dashboard is left, however that comes about."""

import re
import signal
from contextlib import closing
from pathlib import Path

import pytest

from companion.store.database import open_store
from companion.store.sessions import Sessions
from tests.cli.terminal import terminal

COUNTED = tuple(f"{count} of 10" for count in range(1, 11))
DEMO = ("-m", "companion", "demo")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}


def log_of(folder: Path) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in folder.rglob("companion.log"))


def test_quitting_leaves_the_summary_on_the_terminal(environment: dict[str, str]) -> None:
    with terminal(*DEMO, environment=environment) as screen:
        screen.until("NO CONTACT")
        screen.press("q")
        status, left = screen.ended()
    lines = left.strip().splitlines()
    assert status == 0
    assert lines[0].startswith("Session stopped: 0:0")
    assert "0 of 8 steps done" in lines[0]
    assert "  forehead: stopped, 0 of 10" in left
    assert "  not reached: cheek, left; cheek, right" in left
    assert lines[-1] == "No warnings."


@pytest.mark.thinned(2)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_the_summary_too(
    environment: dict[str, str], number: signal.Signals, status: int
) -> None:
    with terminal(*DEMO, environment=environment) as screen:
        screen.until("NO CONTACT")
        screen.process.send_signal(number)
        ended, left = screen.ended()
    assert ended == status
    assert left.strip().startswith("Session interrupted: 0:0")
    assert "Traceback" not in screen.written


def test_leaving_before_the_session_begins_says_so(environment: dict[str, str]) -> None:
    with terminal("-m", "companion", "demo", environment=environment) as screen:
        screen.until("\x1b[?1049h")
        screen.process.send_signal(signal.SIGTERM)
        status, left = screen.ended()
    assert (status, left.strip()) == (143, "The session had not begun.")


def test_a_terminal_that_is_closed_ends_the_session_without_an_error(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with terminal(*DEMO, environment=environment) as screen:
        screen.until("NO CONTACT")
        screen.hang_up()
        status, _ = screen.ended()
    assert status == 129
    assert "rror" not in log_of(tmp_path)


def test_so_does_one_whose_end_only_who_started_us_is_told_of(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """As make is, which then waits for us: a hang-up goes to who is in charge of the terminal."""
    program = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "ours = lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "demo = subprocess.run([sys.executable, '-m', 'companion', 'demo'], preexec_fn=ours)\n"
        "sys.exit(demo.returncode)\n"
    )
    with terminal("-c", program, environment=environment) as screen:
        screen.until("NO CONTACT")
        screen.hang_up()
        status, _ = screen.ended()
    assert status == 129
    assert "rror" not in log_of(tmp_path)


@pytest.mark.thinned(2)
@pytest.mark.parametrize("where", ["gauge.Gauge.show", "help_panel.HelpPanel.compose"])
def test_a_crash_of_the_screen_is_one_sentence_and_a_traceback_in_the_log(
    environment: dict[str, str], tmp_path: Path, where: str
) -> None:
    module, kind, method = where.split(".")
    program = (
        "import sys, companion.cli.run\n"
        f"from companion.tui.widgets.{module} import {kind}\n"
        "from companion.__main__ import main\n"
        "def stumble(*_):\n    raise ZeroDivisionError('over a wire')\n"
        f"{kind}.{method} = stumble\n"
        "sys.exit(main(['demo']))\n"
    )
    with terminal("-c", program, environment=environment) as screen:
        if kind == "HelpPanel":
            screen.until("NO CONTACT")
            screen.press("?")
        status, left = screen.ended()
    last = left.strip().splitlines()[-1]
    assert status == 1
    assert last.startswith("companion: unexpected ZeroDivisionError: ")
    assert str(tmp_path) in "".join(left.split())
    assert "Traceback" not in screen.written
    assert "over a wire" not in screen.written
    assert "Traceback" in log_of(tmp_path)
    assert "ZeroDivisionError: over a wire" in log_of(tmp_path)


@pytest.mark.costly
@pytest.mark.unmeasured
def test_a_lost_terminal_leaves_the_session_of_each_tool_kept(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"XDG_DATA_HOME": str(tmp_path)}
    rollers = ("-m", "companion", "simulate", "--tools", "small-roller,large-roller", "--plain")
    tools = ("--tool", "Aurora roller", "--tool", "Borealis roller")
    with terminal(*rollers, environment=environment) as simulation:
        simulation.until("Borealis roller")
        air = re.findall(r"127\.0\.0\.1:\d+", simulation.written)[0]
        run = ("-m", "companion", "run", "--air", air, "--pair", "--oiled", *tools)
        with terminal(*run, environment=environment, size=(120, 24)) as screen:
            screen.until("1 Aurora roller ")
            screen.until(*COUNTED[1:])
            screen.press("2")
            screen.until(*COUNTED)
            screen.hang_up()
            status, _ = screen.ended()
    assert status == 129, log_of(tmp_path) + screen.written[-2000:]
    with closing(open_store(tmp_path / "massage-companion" / "sessions.sqlite")) as store:
        kept = Sessions(store).all()
    assert sorted((one.tool, one.outcome) for one in kept) == [
        ("Aurora roller", "interrupted"),
        ("Borealis roller", "interrupted"),
    ]
    assert "rror" not in log_of(tmp_path)
