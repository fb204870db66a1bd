"""A lost link in a session: what came late is in the record once, and in the final count."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest

from companion.coaching.events import (
    AlertRaised,
    LimitArmed,
    LinkUp,
    OverPressureMissed,
    Repetition,
    SamplesLost,
    SamplesResent,
    Summary,
)
from companion.coaching.stroke_log import StrokeNews
from companion.sensing.types import Level
from protocols.telemetry import Sample, Telemetry
from simulators.scenario import Mishap, MishapKind
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import World, world
from tests.samples_only import SamplesOnly

FOREHEAD = "forehead"
AWAY = Mishap(kind=MishapKind.OUT_OF_RANGE, at_s=6.0, lasting_s=6.0)
"""The heavy hand presses too hard on the forehead from 8 s on, for a second and a half."""


@dataclass
class Record(SamplesOnly):
    """Keeps what the service hands over to be kept."""

    frames: list[Telemetry] = field(default_factory=list)

    def on_telemetry(self, telemetry: Telemetry) -> None:
        self.frames.append(telemetry)

    def on_stroke(self, news: StrokeNews) -> None:
        pass

    @property
    def samples(self) -> dict[int, Sample]:
        return {
            frame.first_sample + place: sample
            for frame in self.frames
            for place, sample in enumerate(frame.samples)
        }

    @property
    def times(self) -> Counter[int]:
        return Counter(
            frame.first_sample + place
            for frame in self.frames
            for place in range(len(frame.samples))
        )


@dataclass
class Played:
    """A session that was played, and what was kept of it."""

    room: World
    summary: Summary
    record: Record


def played(scenario: str, *mishaps: Mishap, tool: str = "small-roller") -> Played:
    async def main() -> Played:
        async with world(scenario, FOREHEAD, mishaps=mishaps, tool=tool) as room:
            record = Record()
            room.service.keep(record)
            return Played(room, await room.run(), record)

    return run_virtual(asyncio.wait_for(main(), 600.0))


@pytest.fixture(scope="module")
def broken() -> Played:
    return played("heavy-hand", AWAY)


@pytest.fixture(scope="module")
def whole() -> Played:
    return played("heavy-hand")


def test_every_sample_is_in_the_record_once(broken: Played, whole: Played) -> None:
    (up,) = [up for up in broken.room.all(LinkUp) if up.gap_s is not None]
    assert up.resumed
    times = broken.record.times
    assert set(times.values()) == {1}
    assert sorted(times) == list(range(max(times) + 1))
    resent = [frame for frame in broken.record.frames if frame.resent]
    lost = sum(event.count for event in broken.room.all(SamplesLost))
    assert lost > 500
    assert sum(len(frame.samples) for frame in resent) == lost
    told = broken.room.all(SamplesResent)
    assert (sum(e.count for e in told), sum(e.gone for e in told)) == (lost, 0)
    kept, true = broken.record.samples, whole.record.samples
    common = kept.keys() & true.keys()
    assert len(common) > 1500
    assert all(kept[number] == true[number] for number in common)


def test_the_final_count_is_the_truth_and_the_live_one_what_was_seen(broken: Played) -> None:
    (step,) = broken.summary.steps
    true = broken.room.performance.truth.steps[0].repetitions_s
    assert step.repetitions == len(true)
    assert step.counted_live is not None
    assert step.counted_live < len(true)
    assert step.counted_live == len(broken.room.all(Repetition))
    assert step.outcome == "done"


def test_dose_and_time_are_those_of_a_session_without_a_hole(broken: Played, whole: Played) -> None:
    (step,), (same,) = broken.summary.steps, whole.summary.steps
    assert broken.summary.gaps_s == pytest.approx(0.0, abs=0.06)
    assert step.peak_kpa == pytest.approx(same.peak_kpa, rel=0.01)
    for level in (Level.CAUTION, Level.STOP):
        assert step.seconds_by_level.get(level, 0.0) == pytest.approx(
            same.seconds_by_level.get(level, 0.0), abs=0.1
        )


def test_too_much_pressure_while_the_link_was_down_is_told_as_not_warned(
    broken: Played, whole: Played
) -> None:
    assert not broken.room.all(AlertRaised)
    assert broken.summary.alerts == ()
    missed = broken.room.all(OverPressureMissed)
    truth = broken.room.performance.truth.over_pressure
    assert [(m.level, m.reason) for m in missed] == [(t.level, "link_down") for t in truth]
    for told, true in zip(missed, truth, strict=True):
        assert told.onset_s == pytest.approx(true.start_s, abs=0.05)
    assert [alert.level for alert in broken.summary.missed] == [m.level for m in missed]
    assert len(whole.summary.alerts) == len(missed)
    assert not whole.summary.missed
    assert broken.summary.steps[0].score == pytest.approx(whole.summary.steps[0].score)


def test_the_tools_own_limit_is_armed_again_when_the_link_is_back(broken: Played) -> None:
    (back,) = [at for at, event in broken.room.told if isinstance(event, LinkUp) and event.resumed]
    armed = [at for at, event in broken.room.told if isinstance(event, LimitArmed) and event.armed]
    assert any(back <= at < back + 1.0 for at in armed)


def test_a_tool_that_keeps_less_than_is_missing_leaves_an_honest_gap() -> None:
    away = Mishap(kind=MishapKind.OUT_OF_RANGE, at_s=4.0, lasting_s=40.0)
    short = played("careful", away, tool="large-roller")
    times = short.record.times
    assert set(times.values()) == {1}
    gone = sum(event.gone for event in short.room.all(SamplesResent))
    lost = sum(event.count for event in short.room.all(SamplesLost))
    assert 0 < gone < lost
    assert len(times) + gone == max(times) + 1
    rate_hz = short.room.all(LinkUp)[0].rate_hz
    assert short.summary.gaps_s == pytest.approx(gone / rate_hz, abs=0.1)
