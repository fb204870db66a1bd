"""Events become spans of time."""

from typing import Any

from companion.coaching.routine import Zone
from companion.report import story_of
from companion.sensing.types import Band, Doubt

BAND = {"low_kpa": 2.0, "high_kpa": 6.0, "caution_kpa": 8.0, "stop_kpa": 13.3}


def event(name: str, device_s: float, **fields: object) -> dict[str, Any]:
    return {"event": name, "device_s": device_s, **fields}


def step(name: str, index: int, device_s: float) -> dict[str, Any]:
    return event(
        "step_started",
        device_s,
        step=name,
        index=index,
        kind="tool",
        zone="cheek",
        side="left",
        technique="sweep",
        band=BAND,
        cannot_judge=None,
    )


def level(device_s: float, name: str, doubt: str | None = None) -> dict[str, Any]:
    return event("level_changed", device_s, level=name, doubt=doubt, pressure_kpa=None)


STARTED = event("session_started", 10.0, title="Quick")


def test_a_step_lasts_until_it_is_over_or_the_next_one_begins() -> None:
    story = story_of(
        [
            STARTED,
            step("one", 0, 10.0),
            step("one", 0, 20.0),
            event("step_finished", 30.0, step="one"),
            step("two", 1, 30.0),
            event("session_finished", 50.0),
        ],
        last_s=99.0,
    )
    spans = [(part.number, part.step, part.from_s, part.to_s) for part in story.parts]
    assert spans == [(1, "one", 10.0, 20.0), (1, "one", 20.0, 30.0), (2, "two", 30.0, 50.0)]
    assert (story.title, story.began_s, story.ended_s) == ("Quick", 10.0, 50.0)
    assert (story.parts[0].zone, story.parts[0].band) == (Zone.CHEEK, Band(2.0, 6.0, 8.0, 13.3))


def test_a_session_without_an_end_lasts_as_long_as_its_samples() -> None:
    story = story_of([STARTED, step("one", 0, 10.0)], last_s=42.0)
    assert story.ended_s == story.parts[0].to_s == 42.0


def test_what_is_not_known_lasts_until_it_is() -> None:
    story = story_of(
        [
            STARTED,
            level(12.0, "unknown", "silence"),
            level(13.5, "unknown", "force_frozen"),
            level(14.0, "light"),
            level(18.0, "unknown", "silence"),
            event("session_finished", 20.0),
        ]
    )
    assert [(each.from_s, each.to_s, each.doubt) for each in story.unknown] == [
        (12.0, 13.5, Doubt.SILENCE),
        (13.5, 14.0, Doubt.FORCE_FROZEN),
        (18.0, 20.0, Doubt.SILENCE),
    ]


def test_pauses_and_zeros_have_their_times() -> None:
    story = story_of(
        [
            STARTED,
            event("session_paused", 11.0),
            event("session_resumed", 12.0),
            event("link_up", 13.0, resumed=False),
            event("tool_tared", 14.0, done=True),
            event("tool_tared", 15.0, done=False),
            event("session_paused", 16.0),
            event("session_finished", 17.0),
        ]
    )
    assert story.pauses == ((11.0, 12.0), (16.0, 17.0))
    assert (story.restarted_s, story.tared_s) == ((13.0,), (14.0,))


def test_a_warning_without_an_end_has_the_pressure_it_was_raised_at() -> None:
    raised = event(
        "alert_raised",
        12.0,
        alert=3,
        kind="over_pressure",
        level="stop",
        step="one",
        zone="cheek",
        side="left",
        onset_s=11.5,
        pressure_kpa=14.0,
        limit_kpa=13.3,
    )
    cleared = event("alert_cleared", 13.0, alert=3, peak_kpa=17.0, reason="ended")
    (standing,) = story_of([STARTED, raised]).alerts
    assert (standing.alert, standing.cleared_s, standing.peak_kpa) == (3, None, 14.0)
    (over,) = story_of([STARTED, raised, cleared]).alerts
    assert (over.cleared_s, over.peak_kpa, over.reason) == (13.0, 17.0, "ended")
