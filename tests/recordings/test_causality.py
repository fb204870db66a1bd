"""A recording cut short gives the same entries up to there: nothing looks ahead."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.recordings import Analysis, Options, Recording, analyse, read_recording
from companion.recordings.recording import Column, Columns3
from companion.sensing.types import RepetitionKind
from simulators.plan import Plan
from simulators.recording import Losses, write_recording
from simulators.scenario import PlannedFault, Press, load_scenario
from simulators.tool_data import load_tool
from tests.simulators.recording.conftest import SWEEPS

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

Entry = tuple[float, tuple[Any, ...]]
CUTS = 7
STEP = replace(SWEEPS, direction="up")
TAPS = replace(STEP, id="temples", zone="temples", technique="tap")
PRESSES = (Press(step="cheek", repetitions=(2, 3), peak_kpa=15.0, duration_s=0.5),)
FROZEN = (
    PlannedFault(part="force", kind="frozen", at_s=9.0, lasting_s=3.0),
    PlannedFault(part="imu", kind="missing", at_s=4.0, lasting_s=2.0),
)
SHAKEN = Losses(0.05, 0.5)


def recorded(
    folder: Path,
    tool: str,
    *,
    rate_hz: int = 100,
    losses: Losses = SHAKEN,
    faults: tuple[PlannedFault, ...] = (),
) -> Recording:
    scenario = replace(load_scenario("everyday"), presses=PRESSES, faults=faults)
    plan, data = Plan((STEP, TAPS)), load_tool(tool)
    name = "made"
    write_recording(
        folder,
        name,
        plan=plan,
        tool=data,
        scenario=scenario,
        seed=5,
        rate_hz=rate_hz,
        losses=losses,
    )
    return read_recording(folder / f"{name}.csv")


def cut(recording: Recording, count: int) -> Recording:
    """Return the first samples of a recording."""

    def first(column: Column | None) -> Column | None:
        return None if column is None else column[:count]

    def firsts(columns: Columns3 | None) -> Columns3 | None:
        if columns is None:
            return None
        x, y, z = columns
        return x[:count], y[:count], z[:count]

    return Recording(
        t_s=recording.t_s[:count],
        force_n=tuple(column[:count] for column in recording.force_n),
        accel_mps2=firsts(recording.accel_mps2),
        gyro_radps=firsts(recording.gyro_radps),
        travel_m=first(recording.travel_m),
        touching=first(recording.touching),
        saturated=first(recording.saturated),
    )


def shaken(recording: Recording) -> Recording:
    """Return a recording whose samples are unevenly spaced."""
    t_s = [t + 0.003 * ((7 * index) % 5 - 2) / 2 for index, t in enumerate(recording.t_s)]
    return replace(recording, t_s=t_s)


def entries(document: dict[str, Any]) -> list[Entry]:
    """Return everything that is fixed when said, with the moment it was said at."""
    said: list[Entry] = [
        (s["confirmed_s"], ("stroke", s["start_s"], s["end_s"], s["direction"]))
        for s in document["strokes"]
    ]
    for alert in document["alerts"]:
        what = (alert["kind"], alert["level"], alert["onset_s"])
        said.append((alert["raised_s"], ("raised", *what)))
        if alert["cleared_s"] is not None:
            said.append((alert["cleared_s"], ("cleared", *what)))
    said += [(f["detected_s"], ("fault", f["kind"], f["start_s"])) for f in document["faults"]]
    said += [(at, ("counted", number)) for number, at in enumerate(document["reps"]["live"])]
    return sorted(said)


def compare(whole: Analysis, part: Analysis, last_s: float) -> None:
    before = [entry for entry in entries(part.document) if entry[0] < last_s]
    assert before == [entry for entry in entries(whole.document) if entry[0] < last_s]
    at_the_end = {entry for entry in entries(whole.document) if entry[0] == last_s}
    assert at_the_end <= set(entries(part.document))
    assert part.ups == whole.ups[: len(part.ups)]


def check(document: dict[str, Any], first_s: float, last_s: float) -> None:
    """Hold what the contract says of every document."""
    for key in ("active", "contacts", "strokes"):
        spans = [(span["start_s"], span["end_s"] or last_s) for span in document[key]]
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges), key
        assert all(first_s <= edge <= last_s for edge in edges)
    assert all(s["end_s"] <= s["confirmed_s"] <= last_s for s in document["strokes"])
    for alert in document["alerts"]:
        assert first_s <= alert["onset_s"] <= alert["raised_s"] <= (alert["cleared_s"] or last_s)
    for fault in document["faults"]:
        assert first_s <= fault["start_s"] <= fault["detected_s"] <= (fault["end_s"] or last_s)
    for times in document["reps"].values():
        assert times == sorted(times)
        assert all(first_s <= at <= last_s for at in times)
    assert set(document["technique"]) == {"label", "confidence"}
    json.dumps(document, allow_nan=False)


Made = Callable[[Path], Recording]


@pytest.mark.thinned(3)
@pytest.mark.parametrize(
    "make",
    [
        lambda folder: recorded(folder, "small-roller"),
        lambda folder: recorded(folder, "small-roller", faults=FROZEN),
        lambda folder: shaken(recorded(folder, "small-roller", losses=Losses())),
        lambda folder: recorded(folder, "large-roller", rate_hz=50),
        lambda folder: recorded(folder, "gua-sha"),
        lambda folder: recorded(folder, "motion-only"),
        lambda folder: shaken(recorded(folder, "motion-only", losses=Losses())),
        lambda folder: recorded(folder, "force-only", rate_hz=80),
        lambda folder: replace(recorded(folder, "motion-only"), gyro_radps=None),
    ],
    ids=[
        "roller",
        "faults",
        "uneven",
        "50 Hz",
        "gua sha",
        "motion",
        "uneven motion",
        "force",
        "accelerometer",
    ],
)
@pytest.mark.parametrize("kind", [RepetitionKind.CYCLE, RepetitionKind.CONTACT])
def test_a_recording_cut_short_gives_the_same_entries_up_to_there(
    tmp_path: Path, make: Made, kind: RepetitionKind
) -> None:
    recording = make(tmp_path)
    options = Options(repetition=kind, caution_n=0.8, stop_n=1.33)
    whole = analyse(recording, options, with_ups=True)
    count = len(recording.t_s)
    assert len(whole.ups) == count
    check(whole.document, recording.t_s[0], recording.t_s[-1])
    for index in range(1, CUTS + 1):
        at = index * count // (CUTS + 1) + 3 * index
        part = analyse(cut(recording, at), options, with_ups=True)
        compare(whole, part, recording.t_s[at - 1])
