"""docs/tool-profile.md says what the code does: its tables are read and compared."""

import re
import struct
from pathlib import Path
from typing import Any

import pytest

import protocols.massage_tool as tool
from protocols.massage_tool import event, gatt, requests

DOCUMENT = Path(__file__).parents[2].joinpath("docs", "tool-profile.md").read_text("utf-8")
WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "i16": 2, "3 x i8": 3}
FORMATS = {"u8": "B", "u16": "H", "u32": "I", "i16": "h"}


def table(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its two head rows."""
    section = DOCUMENT.split(f"## {heading}", 1)[1]
    lines = section.split("\n|", 1)[1].split("\n\n", 1)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


FEATURE_ROWS = table("Tool Feature")
FEATURE = bytes.fromhex(
    "01 02 bf 01 01 00 0a 00 47 01 f4 00 62 02 32 00 64 00 90 0100 00 81 7f 00 00 c8 00 70 17 00 00"
)
CHANGED = {
    "profile version": "02",
    "tool kind": "01",
    "features": "3f 00",
    "force channels": "02",
    "wheel axis": "01",
    "force resolution": "14 00",
    "force full scale": "46 01",
    "acceleration resolution": "f5 00",
    "angular velocity resolution": "63 02",
    "wheel resolution": "33 00",
    "contact area": "65 00",
    "supported mass": "91 01",
    "press axis": "00 81 00",
    "tip axis": "81 00 00",
    "maximum rate": "64 00",
    "resend depth": "71 17 00 00",
}
FIELD_NAMES = {
    "force resolution": "force_resolution_n",
    "force full scale": "force_full_scale_n",
    "acceleration resolution": "acceleration_resolution_mps2",
    "angular velocity resolution": "angular_velocity_resolution_radps",
    "wheel resolution": "wheel_resolution_m",
    "contact area": "contact_area_m2",
    "supported mass": "supported_mass_kg",
    "maximum rate": "maximum_rate_hz",
}


def test_feature_fields_follow_each_other() -> None:
    offset = 0
    for row in FEATURE_ROWS:
        assert int(row[0]) == offset, row[1]
        offset += WIDTHS[row[2]]
    assert offset == len(FEATURE) == 32


@pytest.mark.parametrize("row", FEATURE_ROWS, ids=lambda row: row[1])
def test_a_feature_field_lies_where_the_table_says(row: list[str]) -> None:
    offset, name = int(row[0]), row[1]
    value = bytes.fromhex(CHANGED[name])
    assert len(value) == WIDTHS[row[2]]
    changed = FEATURE[:offset] + value + FEATURE[offset + len(value) :]
    before, after = tool.ToolFeature.from_bytes(FEATURE), tool.ToolFeature.from_bytes(changed)
    attribute = FIELD_NAMES.get(name, name.replace(" ", "_"))
    differing = {
        field for field in before.__slots__ if getattr(before, field) != getattr(after, field)
    }
    assert differing == {attribute}
    assert bytes(after) == changed


def test_feature_bits() -> None:
    cell = next(row[3] for row in FEATURE_ROWS if row[1] == "features")
    names = {int(bit): name for bit, name in re.findall(r"(\d) ([a-z -]+)", cell)}
    assert len(names) == len(tool.Features)
    for feature in tool.Features:
        written = names[feature.value.bit_length() - 1].strip()
        assert written.replace("-", "_").replace(" ", "_").upper() == feature.name


def test_telemetry_header() -> None:
    rows = table("Telemetry (notification)")
    layout = "<" + "".join(FORMATS[row[2]] for row in rows)
    value = struct.pack(layout, 0x31, 1, 5000, 77, 88) + b"\x01\x00"
    telemetry = tool.RawTelemetry.from_bytes(value)
    assert [int(row[0]) for row in rows] == [0, 1, 2, 4, 8]
    assert struct.calcsize(layout) == 12
    assert (telemetry.interval_us, telemetry.timestamp_us, telemetry.first_sample) == (5000, 77, 88)
    assert telemetry.resent
    assert telemetry.saturated


def test_op_codes_and_the_sizes_of_their_parameters() -> None:
    rows = table("Tool Control Point")
    kinds = {kind.op: kind for kind in requests.Request.__args__}
    assert len(rows) == len(tool.Op) == len(kinds)
    for row in rows:
        op = tool.Op(int(row[0], 16))
        assert op.name.replace("_", " ").lower() == row[1]
        written = re.findall(r"\b[ui](?:8|16|32)\b", row[2])
        sizes = sum(WIDTHS[name] for name in written)
        assert kinds[op].layout.size == sizes, row[1]


def test_results() -> None:
    text = DOCUMENT.split("Result: ", 1)[1].split("\n", 1)[0] + DOCUMENT.split("Result: ", 1)[1]
    for result, words in {
        tool.Result.SUCCESS: "1 success",
        tool.Result.OP_CODE_NOT_SUPPORTED: "2 op code not\nsupported",
        tool.Result.INVALID_PARAMETER: "3 invalid parameter",
        tool.Result.OPERATION_FAILED: "4 operation failed",
        tool.Result.NOT_PERMITTED: "5 not permitted now",
        tool.Result.BUSY: "6 busy",
    }.items():
        assert words.startswith(str(int(result)))
        assert words in text


def test_event_codes() -> None:
    section = DOCUMENT.split("## Tool Event (indication)", 1)[1].split("## ", 1)[0]
    codes = {int(code): name for code, name in re.findall(r"`(\d)` ([a-z]+)", section)}
    known: dict[str, Any] = {
        "contact": event.ContactEvent,
        "limit": event.LimitEvent,
        "button": event.ButtonEvent,
        "fault": event.FaultEvent,
        "power": event.PowerEvent,
    }
    assert {name: kind.code for name, kind in known.items()} == {
        name: code for code, name in codes.items()
    }


def test_uuids() -> None:
    written = dict(
        re.findall(r"\| ([A-Z][A-Za-z ]+?) \| `(?:0x)?([0-9A-Fa-f-]+?)(?:-\.\.\.)?` \|", DOCUMENT)
    )
    assert written["Massage Tool"] == gatt.MASSAGE_TOOL_SERVICE
    for name, uuid in {
        "Tool Feature": gatt.TOOL_FEATURE,
        "Telemetry": gatt.TELEMETRY,
        "Tool Control Point": gatt.CONTROL_POINT,
        "Tool Event": gatt.TOOL_EVENT,
    }.items():
        assert uuid == written[name] + gatt.MASSAGE_TOOL_SERVICE[8:]
    for name, uuid in {
        "Device Information": gatt.DEVICE_INFORMATION_SERVICE,
        "Battery": gatt.BATTERY_SERVICE,
        "Immediate Alert": gatt.IMMEDIATE_ALERT_SERVICE,
        "Industrial Measurement Device": gatt.INDUSTRIAL_MEASUREMENT_SERVICE,
    }.items():
        assert uuid == f"0000{written[name].lower()}-0000-1000-8000-00805f9b34fb"
