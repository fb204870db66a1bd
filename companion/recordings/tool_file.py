"""Reads the data of the tool that a recording was made with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from companion.errors import FileRefused
from companion.recordings.contents import read_bytes
from companion.sensing.tool import Axis, travel_axis
from companion.texts import text

FORMAT = 1
"""Version of the tool file (docs/recordings.md)."""
_WHEEL_AXES = {"tip": 0, "across": 1}
_M2_PER_CM2 = 1e-4
_LARGEST = 1e12


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
    """

    full_scale_n: float | None = None
    force_resolution_n: float | None = None
    contact_area_m2: float | None = None
    supported_mass_kg: float | None = None
    press_axis: Axis | None = None
    tip_axis: Axis | None = None
    travel_axis: Axis | None = None


def read_tool(path: str | Path) -> ToolData:
    """Read a tool file; keys that are not known are left alone.

    Raises:
        FileRefused: it cannot be read, is no JSON, or a value is not what its key needs.
    """
    file = str(path)
    fields = _fields(file)
    if fields.get("format") != FORMAT:
        raise FileRefused(file, "", text("recordings.refused.json_object"))
    press, tip = _axis(file, fields, "press_axis"), _axis(file, fields, "tip_axis")
    wheel = fields.get("wheel_axis", "tip")
    if not isinstance(wheel, str) or wheel not in _WHEEL_AXES:
        raise _refused(file, "wheel_axis", "wheel_axis")
    area_cm2 = _positive(file, fields, "contact_area_cm2")
    return ToolData(
        full_scale_n=_positive(file, fields, "full_scale_n"),
        force_resolution_n=_positive(file, fields, "force_resolution_n"),
        contact_area_m2=None if area_cm2 is None else area_cm2 * _M2_PER_CM2,
        supported_mass_kg=_positive(file, fields, "supported_mass_kg", at_least_0=True),
        press_axis=press,
        tip_axis=tip,
        travel_axis=travel_axis(_WHEEL_AXES[wheel], press, tip),
    )


def _fields(file: str) -> Mapping[str, Any]:
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
    if not _is_number(value) or value < 0 or (value == 0 and not at_least_0):
        raise _refused(file, key, "positive")
    return float(value)


def _axis(file: str, fields: Mapping[str, Any], key: str) -> Axis | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, list) and len(value) == len("xyz") and all(map(_is_number, value)):
        x, y, z = map(float, value)
        length = sqrt(x * x + y * y + z * z)
        if length > 0:
            return (x / length, y / length, z / length)
    raise _refused(file, key, "axis")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST


def _refused(file: str, key: str, expected: str) -> FileRefused:
    said = text(f"recordings.expected.{expected}")
    return FileRefused(file, "", text("recordings.refused.json_value", key=key, expected=said))
