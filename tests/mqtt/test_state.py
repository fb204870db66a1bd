"""What is said of a tool, and when it is worth saying."""

from dataclasses import replace

import pytest

from companion.coaching.trend import Trend
from companion.coaching.view import Phase
from companion.mqtt.state import Pace, state_of
from companion.sensing.types import Level
from tests.mqtt.parts import FakeLive, view

LINK = FakeLive().link()


def state(kpa: float | None = 4.0, level: Level = Level.ON_TARGET) -> dict[str, object]:
    return state_of(view(level=level, kpa=kpa), LINK, 2e-4, None)


def test_a_state_is_flat_and_says_every_unit() -> None:
    assert state() == {
        "phase": "running",
        "level": "on_target",
        "trend": None,
        "pressure_kpa": 4.0,
        "force_n": 0.8,
        "over_pressure": False,
        "routine": "Quick",
        "step": 1,
        "steps": 1,
        "zone": "cheek",
        "repetitions": 2,
        "goal": 10,
        "elapsed_s": 3,
        "caution_kpa": 10.0,
        "stop_kpa": 13.3,
        "score_percent": None,
        "battery_percent": 80,
        "rssi_dbm": -60,
    }


def test_a_trend_is_said_by_its_word() -> None:
    rising = replace(view(), trend=Trend.RISING)
    assert state_of(rising, LINK, 2e-4, None)["trend"] == "rising"


def test_before_a_session_nothing_is_guessed() -> None:
    found = state_of(view(Phase.WAITING, Level.UNKNOWN, None), LINK, None, None)
    unknown = {"pressure_kpa", "force_n", "step", "repetitions", "goal", "caution_kpa", "stop_kpa"}
    assert {found[key] for key in unknown} == {None}
    assert (found["level"], found["zone"]) == ("unknown", "none")


def test_small_changes_are_no_news_and_others_wait_a_second() -> None:
    pace = Pace()
    assert pace.take(state(4.0), 0.0) is not None
    assert pace.take(state(4.1), 100.0) is None
    assert pace.take(state(4.3), 100.0) is not None
    assert pace.take(state(5.0), 100.9) is None
    assert pace.take(state(5.0), 101.0) is not None


@pytest.mark.parametrize(
    ("before", "after", "at_once"),
    [
        (Level.ON_TARGET, Level.STOP, True),
        (Level.STOP, Level.ON_TARGET, True),
        (Level.ON_TARGET, Level.UNKNOWN, True),
        (Level.CAUTION, Level.STOP, True),
        (Level.NO_CONTACT, Level.LIGHT, False),
    ],
)
def test_a_level_is_said_at_once_where_a_warning_hangs_on_it(
    before: Level, after: Level, *, at_once: bool
) -> None:
    pace = Pace()
    pace.take(state(level=before), 0.0)
    assert (pace.take(state(level=after), 0.1) is not None) is at_once
    assert (pace.take(state(level=after), 0.5) is not None) is not at_once


def test_an_idle_tool_says_nothing_in_an_hour() -> None:
    pace, idle = Pace(), state_of(view(Phase.WAITING, Level.NO_CONTACT, 0.0), LINK, 2e-4, None)
    wobbling = [
        idle | {"pressure_kpa": 0.1 * (n % 2), "rssi_dbm": -60 - n % 5} for n in range(7200)
    ]
    assert sum(pace.take(one, n / 2) is not None for n, one in enumerate(wobbling)) == 1


def test_a_session_says_at_most_two_a_second() -> None:
    pace = Pace()
    levels = [Level.NO_CONTACT, Level.LIGHT, Level.ON_TARGET, Level.FIRM]
    said = 0
    for n in range(600):
        seen = replace(view(level=levels[n % 4], kpa=float(n % 7)), session_elapsed_s=n / 10)
        said += pace.take(state_of(seen, LINK, 2e-4, None), n / 10) is not None
    assert 60 <= said <= 120
