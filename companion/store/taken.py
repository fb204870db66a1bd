"""A session taken along: a recording by the published contract, with the tool's data beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from companion.sensing.calibrated import CalibrationUsed, calibrated
from companion.sensing.channels import channel_pressure
from companion.sensing.tool import Tool
from companion.store.blocks import Floats
from companion.store.contact import contact_forces, tare_noise_n
from companion.store.course import Course, course_of, stage_fields
from companion.store.entries import ToolRow, channels_of
from companion.store.sessions import Kept, Refill, Sessions
from companion.store.signals import Signals, signals_of
from companion.strict_json import as_plain
from protocols.massage_tool import ToolFeature

FORMAT: Final = 1
"""Version of the tool file (docs/recordings.md)."""

LEAST_SAMPLES: Final = 2
"""A recording has at least so many (docs/recordings.md)."""

_CM2_PER_M2: Final = 1e4
_MILLION: Final = 1_000_000
_WHEEL_AXES: Final = ("tip", "across")


@dataclass(frozen=True, slots=True)
class Taken:
    """A session as it is written to files.

    Attributes:
        kept: which session.
        columns: by name as docs/recordings.md has them, ``t_s`` first; NaN where not known.
        tool: the tool file.
        late: samples that came late, because they were asked for again.
    """

    kept: Kept
    columns: Mapping[str, Floats]
    tool: Mapping[str, Any]
    late: int

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return int(self.columns["t_s"].size)


def taken(sessions: Sessions, kept: Kept) -> Taken:
    """Return a session with its contact force as the engine used it.

    Raises:
        DamagedError: its telemetry cannot be read.
    """
    row, imported = sessions.tool(kept), sessions.imported(kept)
    signals = signals_of(sessions.blocks(kept), sessions.units(kept))
    course = course_of(sessions.events(kept), sessions.routine(kept))
    tool = known_tool(row, sessions.calibration(kept))
    forces = contact_forces(signals, tool, course.zeros)
    fields = imported
    if fields is None:
        fields = tool_fields(kept, row, tool, course) | {
            "frame_samples": signals.frame_samples,
            "force_noise_n": tare_noise_n(signals, tool, course.zeros),
            "late": list(_late(signals, sessions.refills(kept))),
        }
    return Taken(kept, _columns(signals, forces), fields, int(signals.late.sum()))


def known_tool(row: ToolRow | None, used: CalibrationUsed | None = None) -> Tool:
    """Return the facts about a session's tool; the force of one without a Feature comes as it is.

    Args:
        row: the tool as it was then.
        used: the calibration that was used; its gains are in the samples already.

    Raises:
        DamagedError: they cannot be read.
    """
    if row is None or not row.feature:
        return Tool(force_is_contact=True)
    tool = Tool.from_feature(ToolFeature.from_bytes(row.feature), channels_of(row))
    return tool if used is None else calibrated(tool, used.calibration, used.reported_ppm)


def tool_fields(kept: Kept, row: ToolRow | None, tool: Tool, course: Course) -> dict[str, Any]:
    """Return the tool file of a session: what the tool is, and what was asked of the person."""
    feature = ToolFeature.from_bytes(row.feature) if row is not None and row.feature else None
    edges = channel_pressure(tool)
    judged_m2 = tool.contact_area_m2 if edges is None else edges.area_m2
    return {
        "format": FORMAT,
        **_facts(feature, tool),
        "channel_areas_cm2": None if edges is None else _areas_cm2(tool),
        "tool": None if row is None else _named(row),
        "session": {
            key: value
            for key, value in as_plain(kept).items()
            if key in {"uid", "person", "routine", "started_at", "ended_at", "outcome"}
        },
        "steps": stage_fields(course.stages, judged_m2),
    }


def _areas_cm2(tool: Tool) -> list[float]:
    return [(channel.contact_area_m2 or 0.0) * _CM2_PER_M2 for channel in tool.channels]


def _named(row: ToolRow) -> dict[str, str]:
    return {"name": row.name, "maker": row.maker, "model": row.model, "firmware": row.firmware}


def _facts(feature: ToolFeature | None, tool: Tool) -> dict[str, Any]:
    if feature is None:
        names = ("full_scale_n", "force_resolution_n", "contact_area_cm2", "supported_mass_kg")
        return dict.fromkeys((*names, "press_axis", "tip_axis")) | {"wheel_axis": _WHEEL_AXES[0]}
    area_m2 = tool.contact_area_m2
    return {
        "full_scale_n": tool.force_full_scale_n,
        "force_resolution_n": tool.force_resolution_n,
        "contact_area_cm2": area_m2 * _CM2_PER_M2 if area_m2 else None,
        "wheel_resolution_m": feature.wheel_resolution_m or None,
        "supported_mass_kg": feature.supported_mass_kg,
        "press_axis": None if feature.press_axis is None else list(feature.press_axis),
        "tip_axis": None if feature.tip_axis is None else list(feature.tip_axis),
        "wheel_axis": _WHEEL_AXES[feature.wheel_axis],
    }


def _late(signals: Signals, refills: Sequence[Refill]) -> Iterator[dict[str, float | None]]:
    """Yield each stretch of samples that came late: its first, its last, and when all had come."""
    turns = np.diff(signals.late.astype(np.int8), prepend=0, append=0)
    begins, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        from_us, to_us = signals.t_us[[begin, end - 1]].tolist()
        heard = [one.heard_us for one in refills if one.from_us <= to_us and from_us < one.to_us]
        yield {
            "from_s": from_us / _MILLION,
            "to_s": to_us / _MILLION,
            "samples": end - begin,
            "heard_s": max(heard) / _MILLION if heard else None,
        }


def _columns(signals: Signals, forces: tuple[Floats, ...]) -> dict[str, Floats]:
    columns = {"t_s": signals.t_us / _MILLION}
    names = ["force_n"] if len(forces) == 1 else [f"force_{at}_n" for at in range(len(forces))]
    columns |= dict(zip(names, forces, strict=True))
    for vector, sign, unit in ((signals.accel, "a", "mps2"), (signals.gyro, "g", "radps")):
        if vector is not None:
            columns |= {f"{sign}{at}_{unit}": part for at, part in zip("xyz", vector, strict=True)}
    if signals.travel is not None:
        known = ~np.isnan(signals.travel)
        place = np.cumsum(np.where(known, signals.travel, 0.0))
        columns["travel_m"] = np.where(known, place, np.nan)
    if signals.touching is not None:
        columns["touching"] = signals.touching
    if forces:
        columns["saturated"] = signals.saturated.astype(np.float64)
    return columns
