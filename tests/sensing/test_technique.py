from dataclasses import replace
from math import cos, pi, sin

import pytest

from companion.sensing.contact_features import Features, Rolled
from companion.sensing.engine import Engine
from companion.sensing.technique import told
from companion.sensing.types import ContactEnded, Recognised, RepetitionKind, Task, Technique
from protocols.telemetry import Sample
from tests.sensing.rig import NO_WHEEL, ROLLER, Axis, Rig, of

ANY = Task(RepetitionKind.CONTACT, Technique.SWEEP, None)


FORCE_ONLY = replace(
    NO_WHEEL, has_accelerometer=False, has_gyroscope=False, press_axis=None, supported_mass_kg=0.0
)


class Lacking(Rig):
    """A tool that sends only what it has."""

    def sample(self, contact_n: float, travel_m: float, more: Axis = (0.0, 0.0, 0.0)) -> Sample:
        full = super().sample(contact_n, travel_m, more)._replace(travel_m=None)
        if self.tool.has_accelerometer:
            return full
        return full._replace(accel_mps2=None, gyro_radps=None)


def steady(_: float) -> float:
    return 0.4


def kneaded(t: float) -> float:
    return 0.4 + 0.25 * sin(2 * pi * t / 1.2)


def pinched(t: float) -> float:
    return 0.4 * sin(pi * t / 1.2) + 0.01


def recognised(rig: Rig) -> Recognised:
    found = rig.engine.technique
    assert found is not None
    assert 0.0 <= found.confidence <= 1.0
    return found


def test_nothing_is_told_before_a_contact_and_a_new_step_begins_anew() -> None:
    rig = Rig().ready(ANY)
    rig.play(2.0)
    assert rig.engine.technique is None
    rig.play(2.0, steady, lambda _: 0.05)
    rig.play(1.0)
    assert recognised(rig).label is Technique.SWEEP
    rig.engine.begin(ANY)
    assert rig.engine.technique is None


def test_nothing_is_told_where_nobody_asked_for_it() -> None:
    rig = Rig()
    rig.engine = Engine(rig.tool)
    rig.ready(ANY)
    events = rig.play(2.0, steady, lambda _: 0.05) + rig.play(1.0)
    assert of(ContactEnded, events)
    assert rig.engine.technique is None


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_what_a_roller_does_is_named(rate_hz: int) -> None:
    rig = Rig(rate_hz=rate_hz).ready(ANY)

    def after(seconds: float, force: object, speed: object = lambda _: 0.0) -> Technique | None:
        rig.engine.begin(ANY)
        for _ in range(4):
            rig.play(seconds, force, speed)  # type: ignore[arg-type]  # courses
            rig.play(0.8)
        return recognised(rig).label

    assert after(2.0, steady, lambda _: 0.04) is Technique.SWEEP
    assert after(0.12, lambda t: 0.3 * sin(pi * t / 0.12)) is Technique.TAP
    assert after(2.5, steady) is Technique.PRESS_HOLD
    assert after(1.2, pinched) is Technique.PINCH
    assert after(3.0, steady, lambda _: 0.006) is Technique.STRETCH
    assert after(3.6, kneaded, lambda t: 0.03 * cos(2 * pi * t / 0.9)) is Technique.KNEAD
    assert after(2.4, steady, lambda t: 0.04 * cos(2 * pi * t / 1.2)) is Technique.CIRCLE


def test_a_press_too_hard_in_the_middle_of_a_sweep_is_no_kneading() -> None:
    rig = Rig().ready(ANY)
    for _ in range(3):
        rig.play(2.0, lambda t: 1.2 if 0.8 < t < 1.4 else 0.4, lambda _: 0.04)
        rig.play(0.8)
    assert recognised(rig).label is Technique.SWEEP


def test_without_a_wheel_a_circle_shows_in_two_components_of_acceleration() -> None:
    rig = Lacking(tool=NO_WHEEL).ready(ANY)

    def push(t: float) -> Axis:
        return (0.12 * cos(pi * t), 0.12 * sin(pi * t), 0.0)

    for _ in range(3):
        rig.play(2.0, steady, accel_mps2=push)
        rig.play(0.8)
    assert recognised(rig).label is Technique.CIRCLE
    rig.engine.begin(ANY)
    for _ in range(3):
        rig.play(2.0, steady)
        rig.play(0.8)
    assert recognised(rig).label is Technique.PRESS_HOLD


def test_force_alone_knows_taps_and_kneading_and_is_unsure_of_what_is_steady() -> None:
    rig = Lacking(tool=FORCE_ONLY).ready(ANY)
    for _ in range(4):
        rig.play(0.12, lambda t: 0.3 * sin(pi * t / 0.12))
        rig.play(0.4)
    assert recognised(rig).label is Technique.TAP
    rig.engine.begin(ANY)
    for _ in range(4):
        rig.play(2.0, steady)
        rig.play(0.4)
    assert recognised(rig) == Recognised(label=None, confidence=0.0)


def test_contacts_that_disagree_leave_it_unsure() -> None:
    rig = Rig().ready(ANY)
    for _ in range(3):
        rig.play(2.0, steady, lambda _: 0.04)
        rig.play(0.8)
        rig.play(0.12, lambda t: 0.3 * sin(pi * t / 0.12))
        rig.play(0.8)
        rig.play(2.5, steady)
        rig.play(0.8)
    assert recognised(rig).label is None


@pytest.mark.parametrize(
    ("features", "label"),
    [
        (Features(0.25, rolled=Rolled(0.05, 0.05)), Technique.SWEEP),
        (Features(0.25, rolled=Rolled(0.0, 0.0)), Technique.TAP),
        (Features(4.0, swell=0.02, rolled=Rolled(0.001, 0.2), turn_rad=0.8), Technique.SWEEP),
        (Features(4.0, swell=0.02, rolled=Rolled(0.001, 0.2)), None),
        (Features(0.5, swell=0.02, turn_rad=0.25), Technique.SWEEP),
        (Features(2.5, swell=0.02, turn_rad=0.2), Technique.STRETCH),
        (Features(1.0, swell=0.02, turn_rad=0.01), None),
        (Features(2.0), None),
    ],
)
def test_rules(features: Features, label: Technique | None) -> None:
    verdict, confidence = told(features)
    assert verdict is label
    assert 0.0 <= confidence <= 1.0


def test_a_contact_of_many_minutes_is_kept_within_bounds() -> None:
    rig = Rig(tool=ROLLER, per_frame=20).ready(ANY)
    rig.play(120.0, steady, lambda t: 0.04 * cos(2 * pi * t / 1.2))
    rig.play(1.0)
    assert recognised(rig).label is Technique.CIRCLE


def test_a_contact_that_outlasts_its_step_is_told_at_the_end() -> None:
    rig = Rig().ready(ANY)
    rig.play(5.0, steady, lambda t: 0.04 * cos(2 * pi * t / 1.2))
    assert rig.engine.technique is None
    rig.engine.finish()
    assert recognised(rig).label is Technique.CIRCLE


@pytest.mark.parametrize(
    ("net_m", "label"), [(0.002, Technique.TAP), (0.015, None), (0.04, Technique.SWEEP)]
)
def test_a_brief_touch_that_rolled_on_is_no_tap(net_m: float, label: Technique | None) -> None:
    assert told(Features(0.1, rolled=Rolled(net_m, net_m)))[0] is label
