"""``companion analyze``: a short gap in the middle of a touch."""

from itertools import accumulate
from pathlib import Path

import pytest

from tests.recordings.files import analyzed, rows, write

Capsys = pytest.CaptureFixture[str]
FORCE_N = [0.0] * 100 + [0.4] * 100 + [0.8] * 100 + [0.0] * 100


def recording(*, speed_m_s: float, without: slice) -> list[str]:
    """Return four seconds at 100 Hz: a touch from 1 to 3 s, the wheel at one speed in it."""
    travels_m = accumulate(speed_m_s / 100 if n else 0.0 for n in FORCE_N)
    cells = [
        (f"{index / 100:.2f}", f"{n + 1e-3 * (index % 2):.4f}" if n else "0", f"{travel_m:.5f}")
        for index, (n, travel_m) in enumerate(zip(FORCE_N, travels_m, strict=True))
    ]
    del cells[without]
    return rows("t_s,force_n,travel_m", cells)


def test_a_contact_goes_on_over_a_short_gap_as_its_stroke_does(
    tmp_path: Path, capsys: Capsys
) -> None:
    lines = recording(speed_m_s=0.03, without=slice(180, 220))
    document = analyzed(capsys, write(tmp_path, *lines))
    assert document["gaps"] == [{"start_s": 1.79, "end_s": 2.2}]
    (contact,) = document["contacts"]
    assert (contact["start_s"], contact["end_s"]) == (1.0, pytest.approx(3.0, abs=0.02))
    # .8 s at .4 N and .8 s at .8 N were seen.
    assert contact["mean_n"] == pytest.approx(0.6, abs=0.005)
    assert contact["peak_n"] == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize(
    ("speed_m_s", "without"),
    [
        pytest.param(0.0, slice(180, 220), id="without a stroke"),
        pytest.param(0.03, slice(120, 200), id="over a long gap"),
    ],
)
def test_else_a_gap_parts_contacts(
    tmp_path: Path, capsys: Capsys, speed_m_s: float, without: slice
) -> None:
    lines = recording(speed_m_s=speed_m_s, without=without)
    assert len(analyzed(capsys, write(tmp_path, *lines))["contacts"]) == 2
