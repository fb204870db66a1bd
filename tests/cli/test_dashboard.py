"""``companion dashboard`` on a terminal: what was done, and a session begun from there."""

from pathlib import Path

import pytest

from tests.cli.terminal import terminal


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    return dict.fromkeys(names, str(tmp_path))


def test_a_session_begun_from_the_dashboard_comes_back_to_it(
    environment: dict[str, str], tmp_path: Path
) -> None:
    arguments = ("-m", "companion", "dashboard", "--reduced-motion", "--theme", "contrast")
    with terminal(*arguments, environment=environment) as screen:
        screen.until("Welcome.")
        screen.until("Five")
        broken = tmp_path / "massage-companion" / "companion.toml"
        broken.parent.mkdir(exist_ok=True)
        broken.write_text("volume = 400\n", encoding="utf-8")
        screen.press("p")
        screen.until("NO CONTACT")
        screen.press("q")
        screen.until("Session stopped")
        screen.written = ""
        screen.until("Routines")
        screen.press("q")
        status, _ = screen.ended()
    assert status == 0
    assert "Traceback" not in screen.written
