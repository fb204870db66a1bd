"""Labelled recordings as files: docs/recordings.md says what is in them."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulators.hand.curves import Floats
from simulators.performance import Performance
from simulators.plan import Plan
from simulators.recording.labels import labels
from simulators.recording.session import Losses, Recorded, record
from simulators.scenario import Scenario
from simulators.tool_data import ToolData
from simulators.truth import Truth

_CM2_PER_M2: Final = 1e4
_LOSSES_KEY: Final = 0x10553
"""Sets the draws of losses apart from those of the performance with the same seed."""
_NO_LOSSES: Final = Losses()
_VECTORS: Final = ("a{}_mps2", "g{}_radps")


def write_recording(
    folder: str | Path,
    name: str,
    *,
    plan: Plan,
    tool: ToolData,
    scenario: Scenario,
    seed: int,
    rate_hz: int,
    losses: Losses = _NO_LOSSES,
) -> list[Path]:
    """Let a hand perform a plan with a tool, and write what a host took down, with the truth.

    The same arguments give the same bytes. The first row is the first sample after the tare.

    Args:
        folder: where to write; made if it is not there.
        name: what the files are called, before their endings.
        plan: what is performed.
        tool: with which tool.
        scenario: in what manner, with which faults.
        seed: draws everything that varies.
        rate_hz: the rate asked for; the tool grants the next one that its sensors have.
        losses: frames that do not arrive.

    Returns:
        The files: NAME.csv, NAME.truth.json, NAME.up.csv, NAME.samples.csv, NAME.tool.json.

    Raises:
        RecordingError: the tool does not stream at such a rate, or cannot be tared.
        CannotPerformError: a step cannot be done with a tool.
        UnknownPlaceError: a step names a place that the body does not have.
        OSError: a file cannot be written.
    """
    performance = Performance(plan, tool, scenario, seed)
    random = np.random.default_rng([_LOSSES_KEY, seed])
    recorded = record(performance, tool, rate_hz=rate_hz, losses=losses, random=random)
    truth = performance.truth
    force_n = recorded.force_n
    unfelt = np.isnan(force_n).all(axis=1) & np.full(len(force_n), force_n.shape[1] > 0)
    told = labels(truth, plan, name=name, seed=seed, seen_s=recorded.t_s, unfelt=unfelt)
    contents = {
        f"{name}.csv": _recording(recorded),
        f"{name}.truth.json": _json(told),
        f"{name}.up.csv": _ups(recorded.t_s, truth),
        f"{name}.samples.csv": _moments(recorded.t_s, truth),
        f"{name}.tool.json": _json(_tool(tool)),
    }
    return _written(Path(folder), contents)


def _written(folder: Path, contents: dict[str, str]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in contents.items():
        (folder / file).write_text(text, "utf-8", newline="\n")
    return [folder / file for file in contents]


def _recording(recorded: Recorded) -> str:
    channels = recorded.force_n.shape[1]
    columns = {"t_s": _cells(recorded.t_s, 6)}
    for place, channel in enumerate(recorded.force_n.T):
        key = "force_n" if channels == 1 else f"force_{place}_n"
        columns[key] = _cells(channel, 5)
    for key, vectors in zip(_VECTORS, (recorded.accel_mps2, recorded.gyro_radps), strict=True):
        for axis, column in zip("xyz", () if vectors is None else vectors.T, strict=False):
            columns[key.format(axis)] = _cells(column, 5)
    for key, values, decimals in (
        ("travel_m", recorded.travel_m, 6),
        ("touching", recorded.touching, 0),
        ("saturated", recorded.saturated, 0),
    ):
        if values is not None:
            columns[key] = _cells(values, decimals)
    return _csv(columns)


def _ups(t_s: Floats, truth: Truth) -> str:
    ups = truth.ups(t_s).T
    columns = {f"up_{axis}": _cells(up, 5) for axis, up in zip("xyz", ups, strict=True)}
    return _csv({"t_s": _cells(t_s, 6), **columns})


def _moments(t_s: Floats, truth: Truth) -> str:
    """Return what was true at each sample's time; zone and what follows only while touching."""
    contacts, at = truth.contacts, truth.contacts_at(t_s).tolist()
    columns = {
        "t_s": _cells(t_s, 6),
        "force_n": _cells(truth.forces_n(t_s), 5),
        "pressure_kpa": _cells(truth.pressures_kpa(t_s), 4),
        "active": _cells(truth.active_at(t_s).astype(np.float64), 0),
    }
    for key in ("zone", "side", "technique", "edge"):
        words = [*(getattr(contact, key) for contact in contacts), ""]
        columns[key] = [words[place] for place in at]
    return _csv(columns)


def _tool(tool: ToolData) -> dict[str, Any]:
    feature = tool.feature
    channels = feature.force_channels
    areas = [channel.contact_area_m2 for channel in tool.channels] or [None] * channels
    if channels == 1 and areas == [None]:
        areas = [feature.contact_area_m2]
    return {
        "format": 1,
        "name": tool.name,
        "full_scale_n": feature.force_full_scale_n,
        "force_resolution_n": feature.force_resolution_n,
        "force_channels": channels,
        "contact_area_cm2": _cm2(feature.contact_area_m2),
        "channel_areas_cm2": [_cm2(area) for area in areas],
        "supported_mass_kg": feature.supported_mass_kg,
        "press_axis": feature.press_axis,
        "tip_axis": feature.tip_axis,
        "wheel_axis": "across" if feature.wheel_axis else "tip",
        "calibration": [{"gain": 1.0, "offset_n": 0.0}] * channels,
    }


def _cm2(area_m2: float | None) -> float | None:
    return None if area_m2 is None else round(area_m2 * _CM2_PER_M2, 6)


def _cells(values: Floats, decimals: int) -> list[str]:
    """Return numbers as text, nothing for nan."""
    form = f"%.{decimals}f"
    return [form % value if value == value else "" for value in values.tolist()]  # noqa: PLR0124 - nan


def _csv(columns: dict[str, list[str]]) -> str:
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(row) for row in rows), ""])


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
