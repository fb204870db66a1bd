"""Reads the data of the tool that a recording was made with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from companion.errors import FileRefused
from companion.recordings.contents import read_bytes
from companion.recordings.steps import Stage, is_number, read_steps
from companion.sensing.tool import Axis, travel_axis
from companion.texts import text

FORMAT = 1
"""Version of the tool file (docs/recordings.md)."""
_WHEEL_AXES = {"tip": 0, "across": 1}
_M2_PER_CM2 = 1e-4
_MOST_AT_ONCE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolData:
    """What a tool file says; None where it is not known.

    Attributes:
        full_scale_n: force at which one channel saturates.
        force_resolution_n: smallest step of the force.
        contact_area_m2: the whole working surface.
        supported_mass_kg: the mass that hung on the sensor; the recording is free of it already.
        press_axis: unit vector from the handle into the skin, in the sensor frame.
        tip_axis: unit vector along the tool, in the sensor frame.
        travel_axis: unit vector along which the wheel counts positive, in the sensor frame.
        wheel_resolution_m: travel of one count of the wheel.
        force_noise_n: standard deviation of the force while the tool was tared.
        frame_samples: how many samples the tool sent at once; None where the file does not say.
        channel_areas_m2: contact area of each force channel, where pressure was judged by the
            hardest of them; empty where by their sum.
        steps: the steps in which the recording was made; empty where it says nothing of them.
    """

    full_scale_n: float | None = None
    force_resolution_n: float | None = None
    contact_area_m2: float | None = None
    supported_mass_kg: float | None = None
    press_axis: Axis | None = None
    tip_axis: Axis | None = None
    travel_axis: Axis | None = None
    wheel_resolution_m: float | None = None
    force_noise_n: float | None = None
    frame_samples: int | None = None
    channel_areas_m2: tuple[float, ...] = ()
    steps: tuple[Stage, ...] = ()


def read_tool(path: str | Path) -> ToolData:
    """Read a tool file; keys that are not known are left alone.

    Raises:
        FileRefused: it cannot be read, is no JSON, or a value is not what its key needs.
    """
    file = str(path)
    return tool_of(tool_fields(file), file)


def tool_of(fields: Mapping[str, Any], file: str) -> ToolData:
    """Return what the fields of a tool file say.

    Args:
        fields: of the file; keys that are not known are left alone.
        file: what it is called in a refusal.

    Raises:
        FileRefused: a value is not what its key needs.
    """
    if fields.get("format") != FORMAT:
        raise FileRefused(file, "", text("recordings.refused.json_object"))
    press, tip = _axis(file, fields, "press_axis"), _axis(file, fields, "tip_axis")
    wheel = fields.get("wheel_axis", "tip")
    if not isinstance(wheel, str) or wheel not in _WHEEL_AXES:
        raise _refused(file, "wheel_axis", "wheel_axis")
    area_cm2 = _positive(file, fields, "contact_area_cm2")
    steps = read_steps(fields.get("steps"))
    if steps is None:
        raise _refused(file, "steps", "steps")
    return ToolData(
        full_scale_n=_positive(file, fields, "full_scale_n"),
        force_resolution_n=_positive(file, fields, "force_resolution_n"),
        contact_area_m2=None if area_cm2 is None else area_cm2 * _M2_PER_CM2,
        supported_mass_kg=_positive(file, fields, "supported_mass_kg", at_least_0=True),
        press_axis=press,
        tip_axis=tip,
        travel_axis=travel_axis(_WHEEL_AXES[wheel], press, tip),
        wheel_resolution_m=_positive(file, fields, "wheel_resolution_m"),
        force_noise_n=_positive(file, fields, "force_noise_n", at_least_0=True),
        frame_samples=_whole(file, fields, "frame_samples"),
        channel_areas_m2=_areas(file, fields.get("channel_areas_cm2")),
        steps=steps,
    )


def tool_fields(file: str) -> Mapping[str, Any]:
    """Return the fields of a tool file, not looked at.

    Raises:
        FileRefused: it cannot be read, or is no JSON object.
    """
    data = read_bytes(file)
    try:
        fields = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = text("recordings.refused.json", reason=str(error))
        raise FileRefused(file, "", reason) from error
    if not isinstance(fields, Mapping):
        raise FileRefused(file, "", text("recordings.refused.json_object"))
    return fields


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _positive(
    file: str, fields: Mapping[str, Any], key: str, *, at_least_0: bool = False
) -> float | None:
    value = fields.get(key)
    if value is None:
        return None
    if not is_number(value) or value < 0 or (value == 0 and not at_least_0):
        raise _refused(file, key, "positive")
    return float(value)


def _areas(file: str, value: object) -> tuple[float, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(
        area is None or (is_number(area) and area > 0) for area in value
    ):
        raise _refused(file, "channel_areas_cm2", "areas")
    return () if None in value else tuple(area * _M2_PER_CM2 for area in value)


def _whole(file: str, fields: Mapping[str, Any], key: str) -> int | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_AT_ONCE:
        raise _refused(file, key, "whole")
    return value


def _axis(file: str, fields: Mapping[str, Any], key: str) -> Axis | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, list) and len(value) == len("xyz") and all(map(is_number, value)):
        x, y, z = map(float, value)
        length = sqrt(x * x + y * y + z * z)
        if length > 0:
            return (x / length, y / length, z / length)
    raise _refused(file, key, "axis")


def _refused(file: str, key: str, expected: str) -> FileRefused:
    said = text(f"recordings.expected.{expected}")
    return FileRefused(file, "", text("recordings.refused.json_value", key=key, expected=said))
