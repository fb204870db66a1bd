"""Active time from motion alone, on a made course: table, picked up, worked, laid down."""

from math import nan, pi

import numpy as np
import pytest
from numpy.typing import NDArray

from companion.sensing.active import active_spans, worked_spans

Floats = NDArray[np.float64]
G = 9.81


def course(rate_hz: int, *, pause_s: float = 2.0) -> tuple[Floats, Floats, Floats]:
    """5 s on the table, 1.5 s up, 12 s of strokes, a pause, 12 s of strokes, 1.5 s down, 5 s."""
    ends = np.cumsum([5.0, 1.5, 12.0, pause_s, 12.0, 1.5, 5.0])
    t = np.arange(int(ends[-1] * rate_hz)) / rate_hz
    up = np.clip((t - ends[0]) / 1.5, 0, 1) - np.clip((t - ends[4]) / 1.5, 0, 1)
    worked = ((t >= ends[1]) & (t < ends[2])) | ((t >= ends[3]) & (t < ends[4]))
    swing = np.where(worked, 0.15 * np.sin(2 * pi * 0.5 * t), 0.0)
    lean = pi / 2 * up + swing
    random = np.random.default_rng(3)
    noise = random.normal(0, 0.02, (3, len(t)))
    tremor = np.where((up > 0) & ((up < 1) | worked), 0.03, 0.0) * np.sin(2 * pi * 9 * t)
    accel = np.stack([G * np.sin(lean) + tremor, tremor, G * np.cos(lean)]) + noise
    gyro = np.stack([0 * t, np.gradient(lean, t), 0 * t]) + random.normal(0, 0.003, (3, len(t)))
    return t, accel, gyro


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("has_gyro", [True, False])
def test_work_with_a_short_pause_is_active_and_the_way_there_is_not(
    rate_hz: int,
    has_gyro: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    t, accel, gyro = course(rate_hz)
    spans = active_spans(t.tolist(), accel.tolist(), gyro.tolist() if has_gyro else None)
    true = (t >= 6.5) & (t < 32.5)
    found = np.zeros(len(t), dtype=np.bool_)
    for start_s, end_s in spans:
        found |= (t >= start_s) & (t <= end_s)
    f1 = 2 * (true & found).sum() / (true.sum() + found.sum())
    assert f1 > 0.9
    assert len(spans) == 1


def test_a_long_pause_is_none_of_it() -> None:
    t, accel, gyro = course(100, pause_s=8.0)
    first, second = active_spans(t.tolist(), accel.tolist(), gyro.tolist())
    assert first[1] == pytest.approx(18.5, abs=0.5)
    assert second[0] == pytest.approx(26.5, abs=0.5)


def test_a_tool_at_rest_is_not_in_use_and_nothing_known_says_nothing() -> None:
    t = [index / 100 for index in range(2000)]
    random = np.random.default_rng(1)
    still = random.normal(0, 0.01, (3, 2000)) + np.array([[0.0], [0.0], [G]])
    assert active_spans(t, still.tolist(), None) == []
    assert active_spans(t, [[nan] * 2000] * 3, None) == []
    assert active_spans([0.0, 1.0], [[0.0] * 2] * 3, None) == []


def test_cells_that_are_not_known_and_gaps_do_no_harm() -> None:
    t, accel, gyro = course(100)
    accel[:, 1000:1020] = nan
    gyro[:, 1500:1600] = nan
    keep = (t < 12) | (t > 13)
    spans = active_spans(t[keep].tolist(), accel[:, keep].tolist(), gyro[:, keep].tolist())
    assert 21.5 < sum(end_s - start_s for start_s, end_s in spans) < 27


def test_contacts_known_from_motion_stand_for_the_motion_they_fill() -> None:
    moved = [(2.0, 20.0), (30.0, 40.0)]
    touched = [(5.0, 6.0), (7.5, 9.0), (10.0, 18.0), (38.0, 39.0), (50.0, 51.0)]
    assert worked_spans(moved, touched) == [(5.0, 18.0), (30.0, 40.0), (50.0, 51.0)]
    assert worked_spans(moved, []) == moved


def test_one_absurd_sample_does_not_hide_the_work_of_all_the_others() -> None:
    t, accel, gyro = course(50)
    plain = active_spans(t.tolist(), accel.tolist(), gyro.tolist())
    accel[1, 700], gyro[2, 900] = 1e300, -1.7e308
    assert active_spans(t.tolist(), accel.tolist(), gyro.tolist()) == plain


def test_a_hole_of_years_takes_no_memory() -> None:
    t, accel, gyro = course(50)
    plain = active_spans(t.tolist(), accel.tolist(), gyro.tolist())
    late = np.concatenate([t, t + 1e9])
    twice = active_spans(late.tolist(), np.tile(accel, 2).tolist(), np.tile(gyro, 2).tolist())
    assert len(twice) == 2 * len(plain)
    assert twice[: len(plain)] == plain
