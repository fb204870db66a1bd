from math import cos, sin
from random import Random

import pytest

from companion.sensing.blocks import Block
from companion.sensing.motion_faults import MotionFaults
from companion.sensing.motion_watch import MotionWatch
from companion.sensing.types import FaultEnded, FaultFound, SensingEvent
from protocols.telemetry import Vector
from tests.sensing.rig import Rig, near, of

Row = tuple[Vector | None, Vector | None]
NONE: Row = (None, None)


def lively(count: int, seed: int = 1) -> list[Row]:
    """At rest, with the noise of a real sensor."""
    random = Random(seed)  # noqa: S311 - noise, not a secret
    noisy = [[round(random.gauss(0, 0.02), 4) for _ in range(6)] for _ in range(count)]
    return [((a, b, 9.81 + c), (d, e, f)) for a, b, c, d, e, f in noisy]


def run(rows: list[Row]) -> list[SensingEvent]:
    faults, out = MotionFaults(), list[SensingEvent]()
    for index, (accel, gyro) in enumerate(rows):
        faults.step(index * 10_000, accel, gyro, out)
    return out


def test_values_that_stop_moving_for_a_second_are_frozen() -> None:
    rows = lively(100)
    assert run(rows + [rows[-1]] * 150 + lively(50, seed=2)) == [
        FaultFound(device_s=1.99, kind="motion_frozen", start_s=0.99),
        FaultEnded(device_s=2.5, kind="motion_frozen"),
    ]


def doubted(rows: list[Row]) -> list[bool]:
    """Whether the values may be frozen, tenth of a second by tenth."""
    faults, out, told = MotionFaults(), list[SensingEvent](), list[bool]()
    for index, (accel, gyro) in enumerate(rows):
        faults.step(index * 10_000, accel, gyro, out)
        if index % 10 == 9:
            told.append(faults.may_be_frozen(index * 10_000))
    return told


def test_values_that_stand_still_are_doubted_before_they_are_a_fault() -> None:
    rows = lively(100)
    told = doubted(rows + [rows[-1]] * 60 + lively(10, seed=2))
    assert told == [False] * 13 + [True] * 3 + [False]
    one_moves: list[Row] = [(rows[-1][0], gyro) for _, gyro in lively(60)]
    assert not any(doubted(rows + one_moves))
    assert not any(doubted([((0.0, 0.0, 9.81), (0.0, 0.0, 0.1))] * 100))


def test_an_accelerometer_alone_freezes_too() -> None:
    rows: list[Row] = [(accel, None) for accel, _ in lively(100)]
    assert [type(event) for event in run(rows + [rows[-1]] * 150)] == [FaultFound]


@pytest.mark.parametrize(
    "rows",
    [
        lively(3000),
        [((0.0, 0.0, 9.81), (0.0, 0.0, 0.1))] * 1000,
        lively(100) + [((0.0, 0.0, 9.81), (0.0, 0.0, 0.0))] * 500,
        lively(100) + [((0.0, 0.0, 9.81), gyro) for _, gyro in lively(500)],
        [row if index % 10 == 0 else NONE for index, row in enumerate(lively(1000))],
        [NONE] * 1000,
    ],
    ids=["at rest", "made", "dead band", "one moves", "slow", "never there"],
)
def test_there_is_no_fault_where_there_is_none(rows: list[Row]) -> None:
    assert run(rows) == []


def test_no_known_value_for_over_half_a_second_is_missing() -> None:
    assert run(lively(100) + [NONE] * 100 + lively(10)) == [
        FaultFound(device_s=1.5, kind="motion_missing", start_s=0.99),
        FaultEnded(device_s=2.0, kind="motion_missing"),
    ]


@pytest.mark.parametrize(
    "absurd", [((0.0, 2e3, 0.0), (0.0, 0.0, 0.0)), ((0.0, 0.0, 9.8), (-1e9, 0.0, 0.0))]
)
def test_what_no_sensor_measures_is_implausible(absurd: Row) -> None:
    assert run([*lively(50), absurd, absurd, *lively(50)]) == [
        FaultFound(device_s=0.5, kind="motion_implausible", start_s=0.5),
        FaultEnded(device_s=near(0.71), kind="motion_implausible"),
    ]


def test_the_engine_tells_a_frozen_imu_and_mutes_nothing() -> None:
    rig = Rig().ready()
    random = Random(3)  # noqa: S311 - noise, not a secret
    rig.play(1.0, accel_mps2=lambda _: (random.gauss(0, 0.02), 0.0, 0.0))
    assert of(FaultFound, rig.play(3.0)) == []
    samples = [rig.sample(0.0, 0.0)._replace(gyro_radps=(0.01, 0.0, 0.0)) for _ in range(150)]
    (fault,) = of(FaultFound, rig.engine.receive(rig.frame(samples)))
    assert fault.kind == "motion_frozen"


def test_a_frozen_imu_has_no_attitude_until_it_has_moved_again() -> None:
    rig = Rig().ready()
    random = Random(3)  # noqa: S311 - noise, not a secret

    def shaken(_: float) -> tuple[float, float, float]:
        return random.gauss(0, 0.02), 0.0, 0.0

    rig.play(2.0, accel_mps2=shaken)
    assert rig.engine.ups[-1][1] is not None
    for _ in range(30):
        still = [rig.sample(0.0, 0.0)._replace(gyro_radps=(0.01, 0.0, 0.0)) for _ in range(5)]
        rig.engine.receive(rig.frame(still))
    assert rig.engine.ups[-1][1] is None
    rig.play(1.0, accel_mps2=shaken)
    assert rig.engine.ups[-1][1] is not None


@pytest.mark.parametrize(
    ("size_mps2", "kinds"), [(9.81, {"motion_drifting", "motion_noisy"}), (14.0, set())]
)
def test_brisk_motion_is_neither_drift_nor_noise(size_mps2: float, kinds: set[str]) -> None:
    # The specific force turns by .02 rad in each tenth of a second, and the gyroscope says nothing.
    watch, out = MotionWatch(), list[SensingEvent]()
    for index in range(60):
        angle = 0.02 * index
        accel = (size_mps2 * sin(angle), 0.0, size_mps2 * cos(angle))
        times = 100_000 * index, 100_000 * (index + 1)
        watch.take(Block(*times, None, None, None, accel, (0.0, 0.0, 0.0), None, 1.0), out)
    assert {event.kind for event in of(FaultFound, out)} == kinds
