"""Every shipped scenario, lived through with the companion: it ends, and what is said was true."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest

from companion.ble.errors import LinkError
from companion.coaching.events import (
    AlertRaised,
    Event,
    FaultRaised,
    LevelChanged,
    LinkLost,
    LinkUp,
    Repetition,
    SamplesLost,
    Summary,
    TelemetryRejected,
    ToolTared,
)
from companion.sensing.types import Doubt, Level
from companion.service import ServiceOptions
from simulators.data_files import config_root
from simulators.scenario import load_scenario
from simulators.truth import Truth
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import World, world

LONGEST_S = 600.0
FOUND_WITHIN_S = 2.0
NAMED = ("force_frozen", "force_missing", "force_saturated", "motion_frozen")
"""Faults that show themselves at once; the others once something contradicts them."""
ENDS_WITHOUT_THE_TOOL = {
    "battery-dies": "No massage tool was heard",
    "forgotten-bond": "has forgotten this computer",
}
SHIPPED = sorted(path.stem for path in (config_root() / "scenarios").glob("*.toml"))
GONE_WRONG = [name for name in SHIPPED if load_scenario(name).mishaps or load_scenario(name).faults]
EACH_KIND = {
    "careful",
    "heavy-hand",
    "battery-dies",
    "drifting-force",
    "frozen-force",
    "lying-firmware",
    "saturated-force",
    "tool-restarts",
}
"""A session of each kind: the others wait until nobody asks to be quick."""


@dataclass(frozen=True)
class Lived:
    """A session in a scenario: everything said, how it ended, and the truth."""

    room: World
    events: list[Event]
    summary: Summary | None
    refusal: str
    truth: Truth


@pytest.fixture(scope="module")
def lived() -> dict[str, Lived]:
    """Sessions already run: each takes seconds."""
    return {}


def each(names: list[str]) -> list[object]:
    """Return these scenarios, most of them costly ones."""
    return [
        pytest.param(name, marks=() if name in EACH_KIND else pytest.mark.costly) for name in names
    ]


def live(name: str, lived: dict[str, Lived]) -> Lived:
    if name not in lived:
        lived[name] = run_virtual(asyncio.wait_for(_live(name), LONGEST_S))
    return lived[name]


async def _live(name: str) -> Lived:
    options = ServiceOptions(seed=1, max_search_s=60.0)
    summary, refusal = None, ""
    async with world(name, "forehead", "cheek-left", "under-eye-right", options=options) as room:
        try:
            summary = await room.run()
        except LinkError as error:
            refusal = str(error)
        told = [event for _, event in room.told]
        return Lived(room, told, summary or room.service.summary, refusal, room.performance.truth)


def spans(pairs: Iterable[tuple[float, float | None]], at_s: float, slack_s: float) -> bool:
    return any(
        start_s - slack_s <= at_s and (end_s is None or at_s <= end_s + slack_s)
        for start_s, end_s in pairs
    )


@pytest.mark.parametrize("name", each(SHIPPED))
def test_it_ends_and_says_how(name: str, lived: dict[str, Lived]) -> None:
    session = live(name, lived)
    assert session.summary is not None
    if name in ENDS_WITHOUT_THE_TOOL:
        assert ENDS_WITHOUT_THE_TOOL[name] in session.refusal
        assert session.summary.outcome == "interrupted"
    else:
        assert session.refusal == ""
        assert session.summary.outcome == "finished"


@pytest.mark.parametrize("name", each(SHIPPED))
def test_a_warning_is_of_a_pressure_that_was_there(name: str, lived: dict[str, Lived]) -> None:
    """Against the limit of the step that the companion is in: where the hand is it cannot see.

    A saturated sensor is a reason, too: a lower bound above a limit must raise.
    """
    session = live(name, lived)
    saturated = [
        (fault.start_s, fault.end_s)
        for fault in session.truth.faults
        if fault.kind == "force_saturated"
    ]
    for event in session.events:
        if isinstance(event, AlertRaised) and event.kind == "over_pressure":
            moments = np.arange(event.onset_s - 0.05, event.device_s + 0.05, 0.01)
            was_there = session.truth.pressures_kpa(moments).max() > event.limit_kpa
            assert was_there or spans(saturated, event.onset_s, 0.1), event


@pytest.mark.parametrize("name", each(["careful", *GONE_WRONG]))
def test_a_careful_hand_is_not_warned_but_by_a_sensor_that_lies(
    name: str, lived: dict[str, Lived]
) -> None:
    if name != "saturated-force":
        assert not [e for e in live(name, lived).events if isinstance(e, AlertRaised)]


@pytest.mark.parametrize("name", each(SHIPPED))
def test_a_fault_that_is_named_is_there_and_is_named_in_time(
    name: str, lived: dict[str, Lived]
) -> None:
    session = live(name, lived)
    found = [event for event in session.events if isinstance(event, FaultRaised)]
    there = {fault.kind for fault in session.truth.faults}
    slips = {"wheel_slipping"} if session.truth.slips else set()
    assert {event.kind for event in found} <= there | slips
    named = [event for event in found if event.kind in NAMED]
    true = [fault for fault in session.truth.faults if fault.kind in NAMED]
    assert [event.kind for event in named] == [fault.kind for fault in true]
    for event, fault in zip(named, true, strict=True):
        assert fault.start_s - 0.1 < event.device_s < fault.start_s + FOUND_WITHIN_S


@pytest.mark.parametrize("name", each(GONE_WRONG))
def test_no_repetition_is_invented(name: str, lived: dict[str, Lived]) -> None:
    """Each belongs to a contact that was under way or just over: a cut one counts at the cut."""
    session = live(name, lived)
    true = [moment for step in session.truth.steps for moment in step.repetitions_s]
    told = [event.device_s for event in session.events if isinstance(event, Repetition)]
    assert len(told) <= len(true)
    contacts = [(contact.start_s, contact.end_s + 1.0) for contact in session.truth.contacts]
    assert [at for at in told if not spans(contacts, at, 0.0)] == []


@pytest.mark.parametrize("name", each(GONE_WRONG))
def test_without_a_link_nothing_is_judged(name: str, lived: dict[str, Lived]) -> None:
    """A stroke that the loss cut may still be counted, once, when the silence is noticed."""
    lost_s, counted = None, 0
    for event in live(name, lived).events:
        if isinstance(event, LinkUp | LinkLost):
            lost_s, counted = (event.device_s if isinstance(event, LinkLost) else None), 0
        if lost_s is None:
            continue
        assert not isinstance(event, AlertRaised)
        if isinstance(event, LevelChanged):
            assert event.level is Level.UNKNOWN
        if isinstance(event, Repetition):
            counted += 1
            assert (counted, event.device_s < lost_s + 0.5) == (1, True)


@pytest.mark.parametrize("name", each(GONE_WRONG))
def test_the_truth_tells_what_went_wrong(name: str, lived: dict[str, Lived]) -> None:
    told = live(name, lived).room.simulated.truth()
    scenario = load_scenario(name)
    assert sorted(each["kind"] for each in told["mishaps"]) == sorted(
        mishap.kind for mishap in scenario.mishaps
    )
    assert len(told["faults"]) == len(scenario.faults)
    starts = [each["start_s"] for each in told["mishaps"]]
    assert starts == sorted(starts)


@pytest.mark.parametrize("name", each(["frozen-force", "missing-force"]))
def test_a_force_that_is_not_believed_is_unknown_until_it_is_again(
    name: str, lived: dict[str, Lived]
) -> None:
    session = live(name, lived)
    (fault,) = session.truth.faults
    assert fault.end_s is not None
    doubt = Doubt.FORCE_FROZEN if name == "frozen-force" else Doubt.FORCE_MISSING
    during = [
        event
        for event in session.events
        if isinstance(event, LevelChanged)
        and fault.start_s + FOUND_WITHIN_S < event.device_s < fault.end_s
    ]
    assert {event.level for event in during} <= {Level.UNKNOWN}
    assert doubt in [event.doubt for event in session.events if isinstance(event, LevelChanged)]
    assert not [event for event in session.events if isinstance(event, AlertRaised)]


def test_a_saturated_force_warns_at_once_whatever_is_behind_it(lived: dict[str, Lived]) -> None:
    session = live("saturated-force", lived)
    (fault,) = session.truth.faults
    alerts = [event for event in session.events if isinstance(event, AlertRaised)]
    assert {alert.level for alert in alerts} == {Level.CAUTION, Level.STOP}
    assert all(fault.start_s < alert.device_s < fault.start_s + 0.25 for alert in alerts)


def test_a_zero_that_drifts_is_found_and_no_warning_is_of_it(lived: dict[str, Lived]) -> None:
    """From .08 N on: 40 seconds; nothing is fine then, and the person is asked to tare."""
    session = live("drifting-force", lived)
    (fault,) = session.truth.faults
    (found,) = [event for event in session.events if isinstance(event, FaultRaised)]
    assert found.kind == fault.kind == "tare_drift"
    assert fault.start_s + 30.0 < found.device_s < fault.start_s + 50.0
    assert not [event for event in session.events if isinstance(event, AlertRaised)]
    after = [
        event
        for event in session.events
        if isinstance(event, LevelChanged) and event.device_s >= found.device_s
    ]
    assert {event.level for event in after} <= {Level.UNKNOWN}
    assert Doubt.ZERO_DRIFTED in {
        event.doubt for event in session.events if isinstance(event, LevelChanged)
    }


def test_a_tool_that_restarted_is_tared_again_each_time(lived: dict[str, Lived]) -> None:
    session = live("tool-restarts", lived)
    tares = [event for event in session.events if isinstance(event, ToolTared)]
    assert [tare.done for tare in tares] == [True, True, True]


def test_lies_are_refused_and_leave_holes(lived: dict[str, Lived]) -> None:
    session = live("lying-firmware", lived)
    rejected = [event for event in session.events if isinstance(event, TelemetryRejected)]
    lies = session.room.simulated.truth()["mishaps"]
    for lie in lies:
        within = [lie["start_s"] - 0.1 <= e.device_s <= lie["end_s"] + 0.5 for e in rejected]
        assert any(within), lie["lie"]
    outside = [(lie["start_s"], lie["end_s"]) for lie in lies]
    assert all(spans(outside, event.device_s, 0.5) for event in rejected)
    assert [event for event in session.events if isinstance(event, SamplesLost)]
    assert not [event for event in session.events if isinstance(event, AlertRaised)]
