"""A person at a terminal who is not well: one key, kept, and no other session that day."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.terminal import terminal

ROOT = Path(__file__).parents[2]
HOMES = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
RUN = ("-m", "companion", "run", "--oiled", "--pair", "--air")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Make somebody known, who was asked three days ago."""
    day = (datetime.now(UTC).astimezone() - timedelta(days=3)).date().isoformat()
    person = {"asked": day, "first": day, "sessions": 40}
    folder = tmp_path / "massage-companion"
    folder.mkdir()
    document = {"format": 1, "persons": {"me": person}}
    (folder / "persons.json").write_text(json.dumps(document), encoding="utf-8")
    return dict.fromkeys(HOMES, str(tmp_path))


@pytest.fixture
def air(environment: dict[str, str]) -> Iterator[str]:
    """Open an air with a tool on it; give its address."""
    command = [sys.executable, "-m", "companion", "simulate", "--plain"]
    with subprocess.Popen(  # noqa: S603 -- our own interpreter
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().rstrip("\n").rpartition(" ")[2]
        process.kill()


def test_not_well_is_one_key_it_is_kept_and_ends_the_day(
    environment: dict[str, str], air: str, tmp_path: Path
) -> None:
    with terminal(*RUN, air, environment=environment) as screen:
        screen.until("NO CONTACT")
        screen.press("x")
        screen.until("not well")
        screen.press("q")
        status, left = screen.ended()
    assert status == 0
    assert "No other session today." in left
    folder = tmp_path / "massage-companion"
    kept = json.loads((folder / "persons.json").read_text("utf-8"))["persons"]["me"]
    assert kept["stopped"] == kept["changed"] is not None
    assert kept["sessions"] == 40
    (session,) = json.loads((folder / "journal-me.json").read_text("utf-8"))["sessions"]
    assert (session["outcome"], session["steps_done"]) == ("stopped", 0)
    with terminal(*RUN, air, environment=environment) as screen:
        status, _ = screen.ended()
    assert status == 2
    assert screen.written.strip() == (
        "companion: me stopped a session today because of not being well: no other session today"
    )
