"""``companion dashboard`` on a terminal: what was done, and a session begun from there."""

from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import pytest

from companion.__main__ import main
from companion.cli import dashboard
from companion.cli.guiding import Shown
from companion.tui.library import Opening, Start
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
        screen.until("Routines")
        screen.press("q")
        status, _ = screen.ended()
    assert status == 0
    assert "Traceback" not in screen.written


def test_a_session_begun_on_the_virtual_radio_stays_on_it(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    chosen = [Start("five-minutes", False), Start("five-minutes", True), None]
    openings: list[Opening] = []
    begun: list[Namespace] = []

    async def choose(_arguments: object, _watched: object, opening: Opening) -> Start | None:
        openings.append(opening)
        return chosen.pop(0)

    def execute(arguments: Namespace) -> int:
        begun.append(arguments)
        return 0

    monkeypatch.setattr(dashboard, "shown_as", lambda _arguments: Shown.SCREEN)
    monkeypatch.setattr(dashboard, "_choose", choose)
    monkeypatch.setattr(dashboard, "load", lambda _module: SimpleNamespace(execute=execute))
    assert main(["dashboard", "--air", "127.0.0.1:4711"]) == 0
    real, practised = begun
    assert (real.module, str(real.air)) == ("companion.cli.run", "127.0.0.1:4711")
    assert (practised.module, hasattr(practised, "air")) == ("companion.cli.demo", False)
    assert [opening.welcomes for opening in openings] == [True, False, False]
    assert home.exists()
