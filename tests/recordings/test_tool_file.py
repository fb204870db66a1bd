import json
from pathlib import Path
from typing import Any

import pytest

from companion.errors import FileRefused
from companion.recordings import read_tool

WHOLE: dict[str, Any] = {
    "format": 1,
    "name": "A roller",
    "full_scale_n": 5.0,
    "force_resolution_n": 0.001,
    "force_channels": 1,
    "contact_area_cm2": 1.5,
    "channel_areas_cm2": [None],
    "supported_mass_kg": 0.03,
    "press_axis": [0, 0, -2],
    "tip_axis": [1, 0, 0],
    "wheel_axis": "across",
    "calibration": [{"gain": 1.0, "offset_n": 0.0}],
}


def test_a_tool_file_is_read_to_si_units(tmp_path: Path) -> None:
    path = tmp_path / "made.tool.json"
    path.write_text(json.dumps(WHOLE), encoding="utf-8")
    tool = read_tool(path)
    assert (tool.full_scale_n, tool.force_resolution_n) == (5.0, 0.001)
    assert tool.contact_area_m2 == pytest.approx(1.5e-4)
    assert tool.supported_mass_kg == 0.03
    assert (tool.press_axis, tool.tip_axis) == ((0, 0, -1), (1, 0, 0))
    assert tool.travel_axis == (0, -1, 0)


def test_what_is_null_or_absent_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "made.tool.json"
    for fields in ({"format": 1}, {"format": 1, "full_scale_n": None, "press_axis": None}):
        path.write_text(json.dumps(fields), encoding="utf-8")
        tool = read_tool(path)
        assert (tool.full_scale_n, tool.press_axis, tool.travel_axis) == (None, None, None)


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ("[]", "this is not a JSON object"),
        ("{}", "this is not a JSON object"),
        ('{"format": 2}', "this is not a JSON object"),
        ('{"format": 1', "this is not JSON"),
        ('{"format": 1, "full_scale_n": NaN}', "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ('{"format": 1, "full_scale_n": 0}', "full_scale_n: this must be a number above 0"),
        ('{"format": 1, "full_scale_n": "5"}', "full_scale_n: this must be a number above 0"),
        ('{"format": 1, "full_scale_n": true}', "full_scale_n: this must be a number above 0"),
        ('{"format": 1, "contact_area_cm2": 1' + "0" * 400 + "}", "contact_area_cm2: this must"),
        ('{"format": 1, "press_axis": [0, 0, 0]}', "press_axis: this must be three numbers"),
        ('{"format": 1, "press_axis": [0, 1]}', "press_axis: this must be three numbers"),
        ('{"format": 1, "wheel_axis": "round"}', 'wheel_axis: this must be "tip" or "across"'),
    ],
)
def test_a_tool_file_that_cannot_be_used_is_refused(
    tmp_path: Path, contents: str, reason: str
) -> None:
    path = tmp_path / "made.tool.json"
    path.write_text(contents, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_tool(path)
    assert str(refused.value).startswith(f"{path}: {reason}")
