"""The scenario of a weak link: delay, then dropped frames, then a lost link; all three measured."""

import asyncio
from dataclasses import dataclass
from itertools import pairwise

import pytest

from companion.coaching.events import (
    AlertRaised,
    LinkLost,
    LinkUp,
    Repetition,
    SamplesLost,
    SamplesResent,
    Summary,
    ToolTared,
)
from protocols.massage_tool import RawTelemetry
from protocols.massage_tool.telemetry import Flags
from simulators.scenario import Mishap, load_scenario
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import World, world

FRAME_SAMPLES = 5
RATE_HZ = 100
SHORTEST_GAP_S = 0.2
SUPERVISION_S = 2.0
LATE, LOSSY, BROKEN = load_scenario("weak-link").mishaps


@dataclass(frozen=True)
class Heard:
    """A frame: when it came on the tool's clock, how late its last sample was, its numbers."""

    device_s: float
    late_s: float
    first: int
    after: int


@dataclass
class Played:
    """A session, and what a look at the link said in each spell."""

    room: World
    summary: Summary
    frames: list[Heard]
    dropped: list[int]
    loss_percent: list[float | None]

    def during(self, spell: Mishap, more_s: float = 0.0) -> list[Heard]:
        start_s, end_s = self.span(spell)
        return [f for f in self.frames if start_s <= f.device_s < end_s + more_s]

    def span(self, spell: Mishap) -> tuple[float, float]:
        start_s = self.room.performance.truth.began_s + spell.at_s
        return start_s, start_s + spell.lasting_s


def heard(room: World, at_s: float, value: bytes) -> Heard:
    frame = RawTelemetry.from_bytes(value, force_channels=1)
    count = len(frame.samples)
    device_us = room.peripheral.firmware.device_us(round(at_s * 1e6))
    last_us = frame.timestamp_us + (count - 1) * frame.interval_us
    number = frame.first_sample
    return Heard(device_us / 1e6, (device_us - last_us) / 1e6, number, number + count)


def holes_of(frames: list[Heard]) -> list[int]:
    return [later.first - earlier.after for earlier, later in pairwise(frames)]


@pytest.fixture(scope="module")
def played() -> Played:
    async def main() -> Played:
        dropped, loss_percent = [], []
        async with world("weak-link", "forehead", "cheek-left") as room:
            running = asyncio.create_task(room.run())
            await room.next(ToolTared)
            waited_s = 0.0
            for spell in (LATE, LOSSY):
                await asyncio.sleep(spell.at_s + spell.lasting_s - waited_s)
                waited_s = spell.at_s + spell.lasting_s
                dropped.append(room.peripheral.dropped_frames)
                loss_percent.append(room.service.live.link().loss_percent)
            await asyncio.sleep(BROKEN.at_s - waited_s)
            dropped.append(room.peripheral.dropped_frames)
            loss_percent.append(room.service.live.link().loss_percent)
            summary = await running
            came = [(at_s, value) for at_s, value in room.came if not value[0] & Flags.RESENT]
            frames = [heard(room, at_s, value) for at_s, value in came]
            return Played(room, summary, frames, dropped, loss_percent)

    return run_virtual(asyncio.wait_for(main(), 600.0))


def test_the_spells_are_ever_worse() -> None:
    assert 0 < LATE.loss < LOSSY.loss < BROKEN.loss < 1


def test_a_little_loss_delays_samples_and_loses_none(played: Played) -> None:
    calm = [frame.late_s for frame in played.frames if frame.device_s < played.span(LATE)[0]]
    late = played.during(LATE)
    assert max(calm) < 0.03
    assert 0.1 < max(frame.late_s for frame in late) < 1.0
    assert [frame.first for frame in late[1:]] == [frame.after for frame in late[:-1]]
    assert played.dropped[0] == 0
    assert played.loss_percent[0] == 0


def test_more_loss_makes_the_tool_drop_its_oldest_frames(played: Played) -> None:
    lossy = played.during(LOSSY, more_s=3.0)
    assert 2.0 < max(frame.late_s for frame in lossy) < 5.0
    holes = sum(holes_of(lossy))
    assert played.dropped[1] > 20
    assert holes == played.dropped[1] * FRAME_SAMPLES
    start_s, end_s = played.span(LOSSY)
    lost = [e for e in played.room.all(SamplesLost) if start_s <= e.device_s < end_s + 3.0]
    assert sum(event.count for event in lost) == holes
    assert played.loss_percent[1] is not None
    assert played.loss_percent[1] > 10


def test_between_the_spells_samples_come_in_time_again(played: Played) -> None:
    end_s, next_s = played.span(LOSSY)[1] + 1.0, played.span(BROKEN)[0]
    calm = [frame.late_s for frame in played.frames if end_s < frame.device_s < next_s]
    assert len(calm) * FRAME_SAMPLES > 90 * (next_s - end_s)
    assert max(calm) < 0.03
    assert played.dropped[2] == played.dropped[1]
    assert played.loss_percent[2] == 0


def test_nearly_everything_lost_ends_the_link_by_its_timeout_and_it_comes_back(
    played: Played,
) -> None:
    start_s, end_s = played.span(BROKEN)
    (lost,) = played.room.all(LinkLost)
    assert start_s + SUPERVISION_S - 0.1 < lost.device_s < end_s
    assert "broke off" in lost.reason
    assert [up.resumed for up in played.room.all(LinkUp)] == [False, True]


def test_nothing_is_invented(played: Played) -> None:
    truth = played.room.performance.truth
    assert played.summary.outcome == "finished"
    assert not played.room.all(AlertRaised)
    true = [moment for step in truth.steps for moment in step.repetitions_s]
    told = [event.device_s for event in played.room.all(Repetition)]
    assert len(told) <= len(true)
    contacts = [(contact.start_s, contact.end_s + 1.0) for contact in truth.contacts]
    assert all(any(start <= at <= end for start, end in contacts) for at in told)
    holes = holes_of(played.frames)
    assert [event.count for event in played.room.all(SamplesLost)] == [n for n in holes if n]
    told_as_gaps = sum(hole for hole in holes if hole > SHORTEST_GAP_S * RATE_HZ)
    assert 0.0 <= played.summary.gaps_s <= told_as_gaps / RATE_HZ
    again = played.room.all(SamplesResent)
    assert sum(event.count for event in again) == sum(holes)
    assert not any(event.gone for event in again)


def test_the_truth_tells_the_three_spells(played: Played) -> None:
    told = played.room.simulated.truth()["mishaps"]
    assert [(each["kind"], each["loss"]) for each in told] == [
        ("weak_link", spell.loss) for spell in (LATE, LOSSY, BROKEN)
    ]
    for each, spell in zip(told, (LATE, LOSSY, BROKEN), strict=True):
        assert (each["start_s"], each["end_s"]) == pytest.approx(played.span(spell), abs=0.02)
