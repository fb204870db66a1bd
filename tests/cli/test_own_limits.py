"""One's own limits of the settings reach every session, and it says so first."""

from collections.abc import Iterable

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode
from companion.cli.persons import Prepared
from companion.cli.routine_notices import routine_notices
from companion.coaching.events import Event
from companion.coaching.routine import Step
from companion.output import PlainLines
from companion.service import Service
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings


@pytest.fixture(autouse=True)
def _lowered(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home
    monkeypatch.setenv("MASSAGE_COMPANION_STOP_PERCENT", "50")
    monkeypatch.setenv("MASSAGE_COMPANION_TARGET_PERCENT", "80")


def are_halved(steps: Iterable[Step]) -> bool:
    shipped = {step.id: step.band for step in load_routine("five-minutes").steps}
    found = [(step.band, shipped[step.id]) for step in steps]
    return all(
        (own.high_kpa, own.caution_kpa, own.stop_kpa)
        == pytest.approx((band.high_kpa / 2, band.caution_kpa / 2, band.stop_kpa / 2))
        for own, band in found
        if own is not None and band is not None
    ) and any(own is not None for own, _ in found)


def test_a_demo_has_them_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def guide(
        service: Service, _shown: object, first: Iterable[Event], *_more: object
    ) -> ExitCode:
        seen.extend(PlainLines().line(event) for event in first)
        assert are_halved(service.live.view().steps)
        return ExitCode.OK

    monkeypatch.setattr("companion.cli.demo.guide_in_lines", guide)
    assert main(["demo", "--plain", "--speed", "max"]) == 0
    assert "Your own limits hold: target 50 %, caution 50 %, stop 50 %" in " ".join(seen)


def test_a_session_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Prepared] = []

    async def run(_arguments: object, _settings: object, ready: Prepared, *_: object) -> ExitCode:
        seen.append(ready)
        return ExitCode.OK

    monkeypatch.setattr("companion.cli.run._run", run)
    assert main(["run", "--json", "--oiled"]) == 0
    assert are_halved(seen[0].routine.steps)


def test_without_any_nothing_is_said() -> None:
    assert list(routine_notices(UserSettings(), load_routine("five-minutes"))) == []
