"""One seed, one session: the same bytes from two processes, whatever goes wrong in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ENDS = {"battery-dies+rushing": 3, "forgotten-bond": 1}


def session(scenario: str, routine: str, hash_seed: int, folder: Path) -> tuple[int, bytes, bytes]:
    """Run the demonstration in a process of its own."""
    environment = os.environ | {
        "PYTHONHASHSEED": str(hash_seed),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
    }
    command = [sys.executable, "-m", "companion", "demo", "--json", "--speed", "max"]
    done = subprocess.run(  # noqa: S603 -- a fixed command
        [*command, "--scenario", scenario, "--routine", routine, "--seed", "7"],
        capture_output=True,
        check=False,
        env=environment,
        timeout=120.0,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.thinned(4)
@pytest.mark.parametrize(
    ("scenario", "routine"),
    [
        ("heavy-hand+weak-link+left-hand", "quick"),
        ("second-central+tool-restarts+lying-firmware", "quick"),
        ("battery-dies+rushing", "five-minutes"),
        ("forgotten-bond", "quick"),
    ],
)
def test_two_processes_say_the_same_to_the_byte(
    scenario: str, routine: str, tmp_path: Path
) -> None:
    one, other = (session(scenario, routine, hash_seed, tmp_path) for hash_seed in (1, 2))
    assert one == other
    assert one[0] == ENDS.get(scenario, 0)
    assert b'"event": "simulation_truth"' in one[1]
    assert b'"mishaps": [{"kind": ' in one[1]
