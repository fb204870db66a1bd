"""A force zero that moves, either way, found in the air; and none where there is none."""

from dataclasses import replace

import pytest

from companion.sensing.types import (
    Band,
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    Repeated,
    RepetitionKind,
    SensingEvent,
    Stroke,
    Task,
    Technique,
)
from simulators.scenario import PlannedFault
from tests.sensing.rig import ROLLER, Rig, constant, of, sweep
from tests.sensing.simulated import (
    CHEEK,
    RATES_HZ,
    SWEEPS,
    TOUCHES,
    Lived,
    lived,
    lived_once,
    step,
)

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

OFF_N = 0.08
FOUND_WITHIN_S = 2.0
FORCE_TOOLS = [tool for tool in RATES_HZ if tool != "motion-only"]
TELLS_AIR = [tool for tool in FORCE_TOOLS if tool != "gua-sha"]
FINE = {Level.LIGHT, Level.ON_TARGET, Level.FIRM, Level.NO_CONTACT}
TAPS = step("temples", "tap", repetitions=16)
TAP_TASK = Task(RepetitionKind.CONTACT, Technique.TAP, Band(*CHEEK))
CLEAN = ["careful", "light-return", "there-and-back", "restless", "left-hand", "lying"]


def drift(n_per_s: float) -> PlannedFault:
    return PlannedFault(part="force", kind="drifting", at_s=0.0, amount=n_per_s)


def first_in_air_s(session: Lived, n_per_s: float) -> float:
    """When the tool first is in the air for .8 s with a zero that is 20 % further off than told."""
    off_s = session.truth.faults[0].start_s + 1.2 * OFF_N / abs(n_per_s)
    contacts = session.truth.contacts
    lifts = zip((c.end_s for c in contacts), (c.start_s for c in contacts[1:]), strict=False)
    return min(max(end, off_s) for end, begin in lifts if begin - max(end, off_s) >= 0.8)


@pytest.mark.thinned(5)
@pytest.mark.parametrize("n_per_s", [0.002, -0.002, 0.006, -0.006])
@pytest.mark.parametrize("tool", TELLS_AIR)
def test_a_zero_that_moves_is_found_as_soon_as_the_tool_is_in_the_air(
    tool: str, n_per_s: float
) -> None:
    session = lived(tool, "careful", seed=21, steps=SWEEPS + SWEEPS, faults=(drift(n_per_s),))
    (found,) = session.of_kind("tare_drift")
    assert session.kinds == {"tare_drift"}
    assert found.device_s <= first_in_air_s(session, n_per_s) + FOUND_WITHIN_S
    assert of(FaultEnded, session.events) == []


@pytest.mark.costly
def test_without_verdict_and_wheel_it_takes_four_lifts() -> None:
    session = lived("gua-sha", "careful", seed=21, steps=SWEEPS + SWEEPS, faults=(drift(0.002),))
    (found,) = session.of_kind("tare_drift")
    off_s = session.truth.faults[0].start_s + OFF_N / 0.002
    lifts = [contact.end_s for contact in session.truth.contacts if contact.end_s > off_s]
    assert found.device_s <= lifts[4] + FOUND_WITHIN_S


@pytest.mark.thinned(5)
@pytest.mark.parametrize("tool", FORCE_TOOLS)
@pytest.mark.parametrize("n_per_s", [0.003, -0.003])
def test_while_it_lasts_nothing_is_fine_and_no_warning_is_of_the_zero(
    tool: str, n_per_s: float
) -> None:
    session = lived(tool, "careful", seed=22, steps=SWEEPS + SWEEPS, faults=(drift(n_per_s),))
    (found,) = session.of_kind("tare_drift")
    after = [e for e in of(LevelMoved, session.events) if e.device_s >= found.device_s]
    assert {event.level for event in after} <= {Level.UNKNOWN}
    assert (session.engine.level, session.engine.doubt) == (Level.UNKNOWN, Doubt.ZERO_DRIFTED)
    assert of(OverPressureRaised, session.events) == []


@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "passkey-roller"])
def test_a_press_that_is_too_hard_is_warned_of_all_the_same(tool: str) -> None:
    session = lived(
        tool, "careful", seed=23, steps=SWEEPS + SWEEPS, faults=(drift(0.003),), aim=(2.0, 2.2)
    )
    (found,) = session.of_kind("tare_drift")
    true = [e for e in session.truth.over_pressure if e.level == "caution"]
    late = [event for event in true if event.start_s > found.device_s]
    raised = [
        e.device_s for e in of(OverPressureRaised, session.events) if e.level is Level.CAUTION
    ]
    assert len(late) > 5
    for event in late:
        assert any(event.start_s - 0.1 <= at <= event.end_s for at in raised)
    for at in raised:
        assert any(event.start_s - 0.2 <= at <= event.end_s + 0.1 for event in true)


@pytest.mark.thinned(5)
@pytest.mark.parametrize(
    ("tool", "scenario"),
    [
        *((tool, scenario) for tool in ("small-roller", "gua-sha") for scenario in CLEAN),
        *((tool, "everyday") for tool in RATES_HZ),
    ],
)
def test_no_fault_is_found_where_there_is_none(tool: str, scenario: str) -> None:
    for steps in (SWEEPS, TOUCHES):
        assert lived_once(tool, scenario, steps, 24).kinds == set()


@pytest.mark.parametrize(
    ("tool", "rate_hz"),
    [
        ("small-roller", 25),
        ("small-roller", 50),
        ("small-roller", 200),
        ("large-roller", 26),
        ("gua-sha", 26),
        ("gua-sha", 208),
        ("passkey-roller", 52),
        ("force-only", 20),
    ],
)
def test_no_rate_makes_a_fault(tool: str, rate_hz: int) -> None:
    assert lived(tool, "everyday", rate_hz=rate_hz, seed=25).kinds == set()


def test_a_tare_sets_it_right() -> None:
    rig = Rig().ready(sweep())
    rig.play(3.0, constant(-0.2))
    assert rig.engine.doubt is Doubt.ZERO_DRIFTED
    (ended,) = of(FaultEnded, rig.engine.tared(rig.t))
    assert ended.kind == "tare_drift"
    rig.play(0.5)
    assert rig.engine.level is Level.NO_CONTACT


def test_an_alert_that_the_zero_made_is_taken_back_as_unknown() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, constant(0.4))
    rig.play(0.5)
    assert of(OverPressureRaised, rig.play(2.0, constant(0.9)))
    events = rig.engine.zero_drifted(rig.t, drifted=True)
    assert {event.reason for event in of(OverPressureCleared, events)} == {"unknown"}
    assert rig.engine.doubt is Doubt.ZERO_DRIFTED
    assert [e.kind for e in of(FaultEnded, rig.engine.zero_drifted(rig.t, drifted=False))] == [
        "tare_drift"
    ]


@pytest.mark.parametrize(("n_per_s", "is_warned"), [(-0.01, True), (0.0, False)])
def test_a_zero_too_low_to_be_wrong_yet_hides_no_pressure(
    n_per_s: float, *, is_warned: bool
) -> None:
    # A press of .84 N on a zero of -.07 N reads less than the .8 N of the limit.
    rig = Rig(tool=replace(ROLLER, has_touch_verdict=True)).ready(sweep())
    begun_s = rig.t
    told: list[SensingEvent] = []

    def play(seconds: float, press_n: float, *, touching: bool) -> None:
        since_s = rig.t - begun_s
        told.extend(
            rig.play(seconds, lambda t: press_n + n_per_s * (since_s + t), touching=touching)
        )

    play(1.0, 0.4, touching=True)
    play(6.0, 0.0, touching=False)
    play(1.0, 0.84 if n_per_s else 0.77, touching=True)
    assert bool(of(OverPressureRaised, told)) is is_warned
    assert of(FaultFound, told) == []


@pytest.mark.parametrize("seed", [31, 32])
@pytest.mark.parametrize("n_per_s", [0.01, -0.01])
def test_contact_follows_a_zero_that_creeps(n_per_s: float, seed: int) -> None:
    faults = (drift(n_per_s),)
    session = lived(
        "small-roller", "everyday", steps=(TAPS,), task=TAP_TASK, seed=seed, faults=faults
    )
    true = session.truth.contacts
    found = of(ContactEnded, session.events)
    assert len(found) == len(true)
    assert of(Repeated, session.events)[-1].count == len(true)


@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "passkey-roller"])
@pytest.mark.parametrize("n_per_s", [0.01, -0.01])
def test_a_creeping_zero_is_no_fault_of_the_wheel(tool: str, n_per_s: float) -> None:
    session = lived(tool, "everyday", seed=33, steps=SWEEPS, faults=(drift(n_per_s),))
    assert session.kinds <= {"tare_drift"}
    strokes = of(Stroke, session.events)
    assert len(strokes) == len(session.truth.strokes)
