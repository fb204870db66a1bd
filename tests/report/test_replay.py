"""The samples of a session that was guided in virtual time, taken once more."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from companion.coaching.events import Summary
from companion.coaching.person import DoseCaps
from companion.coaching.routine import Zone
from companion.report import Caps, Replayed, Story, replayed, story_of
from companion.sensing.tool import Tool
from companion.sensing.types import RepetitionKind, StrokeDirection
from companion.store.details import details_of
from companion.store.plain import summary_of
from companion.store.sessions import Kept, Sessions
from protocols.telemetry import Sample, Telemetry

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

CAPS = Caps(dose={Zone.FOREHEAD: DoseCaps(above_kpa=8.0, caution_s=1, stop_s=9, session_s=99)})


@pytest.fixture(scope="module")
def story(store: sqlite3.Connection, kept: Kept) -> Story:
    sessions = Sessions(store)
    return story_of(sessions.events(kept), details_of(store, kept.number).last_s)


@pytest.fixture(scope="module")
def summary(store: sqlite3.Connection, kept: Kept) -> Summary:
    fields = Sessions(store).summary(kept)
    assert fields is not None
    return summary_of(fields)


def again(
    store: sqlite3.Connection, kept: Kept, story: Story, *, more_n: float = 0.0, caps: Caps = CAPS
) -> Replayed | None:
    """Take the samples once more, each with so much more force."""
    sessions = Sessions(store)
    details = details_of(store, kept.number)
    assert details.feature is not None
    steps = details.routine["steps"]
    kinds = {step["id"]: RepetitionKind(step["repetition"]) for step in steps}
    frames = pressed(sessions.telemetry(kept), story.began_s + 1.0, more_n)
    return replayed(frames, story, Tool.from_feature(details.feature), kinds, caps)


def pressed(frames: Iterator[Telemetry], from_s: float, more_n: float) -> Iterator[Telemetry]:
    for frame in frames:
        is_more = more_n and frame.device_us > from_s * 1e6
        samples = tuple(more(sample, more_n) for sample in frame.samples)
        yield replace(frame, samples=samples) if is_more else frame


def more(sample: Sample, more_n: float) -> Sample:
    return sample._replace(force_n=tuple((force or 0.0) + more_n for force in sample.force_n))


def test_the_pressure_found_is_the_pressure_that_was_told(
    store: sqlite3.Connection, kept: Kept, story: Story, summary: Summary
) -> None:
    found = again(store, kept, story)
    assert found is not None
    (alert,) = summary.alerts
    near = [
        each.high_kpa or 0.0
        for each in found.bins
        if alert.onset_s - 1 <= each.from_s <= (alert.cleared_s or 0.0)
    ]
    assert max(near) == pytest.approx(alert.peak_kpa, rel=0.02)
    assert max(each.high_kpa or 0.0 for each in found.bins) == max(near)


def test_strokes_are_those_that_were_counted(
    store: sqlite3.Connection, kept: Kept, story: Story, summary: Summary
) -> None:
    found = again(store, kept, story)
    assert found is not None
    counted = sum(step.repetitions or 0 for step in summary.steps)
    assert counted >= 12
    assert sum(not stroke.is_light_return for stroke in found.strokes) == counted
    ways = Counter(stroke.direction for stroke in found.strokes)
    assert ways[StrokeDirection.UP] == 10
    assert all(1.0 < (stroke.speed_cm_s or 0.0) < 10.0 for stroke in found.strokes)


def test_who_lies_has_no_up(store: sqlite3.Connection, kept: Kept, story: Story) -> None:
    found = again(store, kept, story, caps=replace(CAPS, is_upright=False))
    assert found is not None
    assert {stroke.direction for stroke in found.strokes} == {StrokeDirection.UNKNOWN}


def test_time_at_strong_pressure_is_that_of_the_trace(
    store: sqlite3.Connection, kept: Kept, story: Story
) -> None:
    found = again(store, kept, story)
    assert found is not None
    above = [each for each in found.bins if (each.low_kpa or 0.0) > 8.0]
    touched = [each for each in found.bins if (each.high_kpa or 0.0) > 8.0]
    assert len(above) * found.bin_s <= found.loaded_s[Zone.FOREHEAD] <= len(touched) * found.bin_s
    assert above
    assert set(found.loaded_s) == {Zone.FOREHEAD}


def test_samples_that_do_not_tell_what_was_told_are_left_out(
    store: sqlite3.Connection, kept: Kept, story: Story
) -> None:
    assert again(store, kept, story, more_n=1.0) is None


def test_without_samples_nothing_is_known(
    store: sqlite3.Connection, kept: Kept, story: Story
) -> None:
    details = details_of(store, kept.number)
    assert details.feature is not None
    assert replayed([], story, Tool.from_feature(details.feature), {}, CAPS) is None
