"""Kept frames, fed to the engine with what happened between them, at its time."""

from random import Random

from companion.sensing.engine import Engine
from companion.sensing.replay import Change, Replay, Turn, ZeroTurn
from companion.sensing.types import Doubt, LevelMoved, OverPressureRaised, SensingEvent
from protocols.telemetry import Sample, Telemetry
from tests.sensing.rig import NO_WHEEL, G, of, sweep

_WEIGHT_N = 0.04 * G


def frames(seconds: float, force_n: float = 0.0, *, from_s: float = 0.0) -> list[Telemetry]:
    """Frames of ten samples at 100 Hz, the tool's face down, pressed with a force and noise."""
    rng = Random(5)  # noqa: S311 - seeded noise, not a secret

    def sample() -> Sample:
        noise = [rng.gauss(0.0, 0.003) for _ in range(7)]
        accel, gyro = (noise[0], noise[1], G + noise[2]), (noise[3], noise[4], noise[5])
        return Sample((force_n - _WEIGHT_N + noise[6],), accel, gyro, None)

    return [
        Telemetry(
            device_us=round(from_s * 1e6) + number * 100_000,
            interval_us=10_000,
            first_sample=number * 10,
            resent=False,
            saturated=False,
            touching=None,
            samples=tuple(sample() for _ in range(10)),
        )
        for number in range(round(seconds * 10))
    ]


def heard(replay: Replay, kept: list[Telemetry]) -> list[SensingEvent]:
    """Play frames; return what was said, each frame being told of once."""
    played = list(replay.run(kept))
    assert [frame for frame, _ in played] == kept
    return [event for _, events in played for event in events]


def doubts(said: list[SensingEvent]) -> list[tuple[float, Doubt | None]]:
    return [(round(moved.device_s, 2), moved.doubt) for moved in of(LevelMoved, said)]


def test_steps_and_zeros_hold_from_their_time_on() -> None:
    changes: list[Change] = [
        ZeroTurn(1_000_000, is_known=True),
        Turn(1_500_000, ends=False, begins=True, task=sweep()),
        Turn(4_000_000, ends=True, begins=False, task=None),
    ]
    replay = Replay(Engine(NO_WHEEL), changes)
    kept = frames(2.0) + frames(1.0, 1.0, from_s=2.0) + frames(2.0, from_s=3.0)
    said = heard(replay, kept)
    (raised,) = of(OverPressureRaised, said)
    assert 2.0 < raised.device_s < 2.3
    end = replay.end()
    assert (end.events, len(replay.recounted)) == ((), 1)


def test_a_lost_zero_and_a_silence_are_told_as_they_were() -> None:
    changes: list[Change] = [
        ZeroTurn(500_000, is_known=True),
        Turn(600_000, ends=False, begins=True, task=sweep()),
        ZeroTurn(2_000_000, is_known=False),
    ]
    replay = Replay(Engine(NO_WHEEL), changes)
    said = heard(replay, [*frames(1.5), *frames(1.0, from_s=2.5)])
    told = doubts(said)
    assert (1.79, Doubt.SILENCE) in told
    assert told[-1][1] is Doubt.NOT_TARED
    assert len(replay.recounted) == 0
    replay.end()
    assert len(replay.recounted) == 1


def test_a_zero_of_before_the_first_frame_is_taken_from_it() -> None:
    """As a session keeps it that begins while its first frame is on the way."""
    changes: list[Change] = [
        ZeroTurn(50_000, is_known=True),
        Turn(50_000, ends=False, begins=True, task=sweep()),
    ]
    said = heard(Replay(Engine(NO_WHEEL), changes), frames(1.0))
    assert doubts(said)[-1][1] is None
