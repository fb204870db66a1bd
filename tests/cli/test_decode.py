"""``companion decode``: values worked out by hand from the profile's byte tables."""

import io
import json
import sys
from typing import Any

import pytest

from companion.__main__ import main

WORKED = "09 02 10 27 40 42 0f 00 2c 01 00 00 e2 04 0c 00 fb 04 fd ff"
"""The profile's worked example: force and wheel, two samples."""

FEATURE = (
    "01 02 bf 00 01 01 64 00 b8 0b f4 00 62 02 32 00"
    " 64 00 fa 00 00 00 81 7f 00 00 64 00 e8 03 00 00"
)
"""A roller: 1 mN, 244 micro-g, 0.061 degree/s and 50 um per count; 1 cm2; 25 g; 100 Hz."""


def decoded(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["decode", *arguments, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    fields: dict[str, Any] = json.loads(out)
    return fields


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["decode", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_feature_comes_out_in_si_units(capsys: pytest.CaptureFixture[str]) -> None:
    fields = decoded(capsys, "feature", FEATURE)
    assert list(fields) == [
        "profile_version",
        "tool_kind",
        "features",
        "force_channels",
        "wheel_axis",
        "force_resolution_n",
        "force_full_scale_n",
        "acceleration_resolution_mps2",
        "angular_velocity_resolution_radps",
        "wheel_resolution_m",
        "contact_area_m2",
        "supported_mass_kg",
        "press_axis",
        "tip_axis",
        "maximum_rate_hz",
        "resend_depth",
    ]
    assert fields["profile_version"] == 1
    assert fields["tool_kind"] == "roller"
    assert fields["features"] == [
        "accelerometer",
        "gyroscope",
        "wheel",
        "haptic_motor",
        "on_tool_limit",
        "resend_buffer",
        "own_touch_verdict",
    ]
    assert fields["force_resolution_n"] == 0.001
    assert fields["force_full_scale_n"] == 30
    assert fields["acceleration_resolution_mps2"] == pytest.approx(244e-6 * 9.80665)
    assert fields["angular_velocity_resolution_radps"] == pytest.approx(0.00106465084)
    assert fields["wheel_resolution_m"] == 50e-6
    assert fields["contact_area_m2"] == 1e-4
    assert fields["supported_mass_kg"] == 0.025
    assert fields["press_axis"] == [0, 0, -1]
    assert fields["tip_axis"] == [1, 0, 0]
    assert fields["maximum_rate_hz"] == 100
    assert fields["resend_depth"] == 1000


def test_what_a_tool_does_not_know_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    bare = "01 09 00 00" + " 00" * 22 + " 64 00 00 00 00 00"
    fields = decoded(capsys, "feature", bare)
    assert fields["tool_kind"] == 9
    assert fields["features"] == []
    unknown = [key for key, value in fields.items() if value is None]
    assert unknown == [
        "force_resolution_n",
        "force_full_scale_n",
        "acceleration_resolution_mps2",
        "angular_velocity_resolution_radps",
        "wheel_resolution_m",
        "contact_area_m2",
        "supported_mass_kg",
        "press_axis",
        "tip_axis",
    ]


def test_telemetry_without_a_feature_comes_out_in_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert decoded(capsys, "telemetry", WORKED) == {
        "first_sample": 300,
        "device_us": 1_000_000,
        "interval_us": 10_000,
        "resent": False,
        "saturated": False,
        "touching": None,
        "unit": "counts",
        "samples": [
            {"force_n": [1250], "accel_mps2": None, "gyro_radps": None, "travel_m": 12},
            {"force_n": [1275], "accel_mps2": None, "gyro_radps": None, "travel_m": -3},
        ],
    }


def test_telemetry_with_the_feature_comes_out_in_si_units(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fields = decoded(capsys, "telemetry", WORKED, "--feature", FEATURE)
    assert fields["unit"] == "si"
    assert fields["touching"] is False
    assert fields["samples"] == [
        {"force_n": [1.25], "accel_mps2": None, "gyro_radps": None, "travel_m": 0.0006},
        {"force_n": [1.275], "accel_mps2": None, "gyro_radps": None, "travel_m": -0.00015},
    ]


def test_touching_is_null_without_feature_bit_7(capsys: pytest.CaptureFixture[str]) -> None:
    mute = FEATURE.replace("bf 00", "3f 00", 1)
    touching = "4" + WORKED.replace("09", "9", 1)
    assert decoded(capsys, "telemetry", touching, "--feature", FEATURE)["touching"] is True
    assert decoded(capsys, "telemetry", touching, "--feature", mute)["touching"] is None


def test_unknown_counts_are_null(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = "0b 01 10 27 00 00 00 00 00 00 00 00 00 80 00 80 01 00 02 00 00 80"
    sample = {"force_n": [None], "accel_mps2": [None, 1, 2], "gyro_radps": None, "travel_m": None}
    assert decoded(capsys, "telemetry", unknown)["samples"] == [sample]
    si = decoded(capsys, "telemetry", unknown, "--feature", FEATURE)["samples"][0]
    assert si["force_n"] == [None]
    assert si["accel_mps2"][0] is None
    assert si["travel_m"] is None


def test_force_channels_are_inferred_from_the_length(capsys: pytest.CaptureFixture[str]) -> None:
    two = "01 02 10 27 00 00 00 00 00 00 00 00 01 00 02 00 03 00 04 00"
    samples = decoded(capsys, "telemetry", two)["samples"]
    assert [sample["force_n"] for sample in samples] == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("01 0a000000 01", {"event": "contact", "device_us": 10, "touching": True}),
        (
            "02 0a000000 01 f401",
            {
                "event": "limit",
                "device_us": 10,
                "level": "caution",
                "force_counts": 500,
                "force_n": None,
            },
        ),
        ("03 0a000000 02", {"event": "button", "device_us": 10, "presses": 2}),
        ("04 0a000000 02 01", {"event": "fault", "device_us": 10, "fault": "imu", "raised": True}),
        ("05 0a000000 03", {"event": "power", "device_us": 10, "state": "switching_off"}),
        (
            "63 0a000000 0102",
            {"event": "unknown", "device_us": 10, "code": 99, "detail": "0102"},
        ),
    ],
)
def test_events(capsys: pytest.CaptureFixture[str], value: str, fields: dict[str, Any]) -> None:
    assert decoded(capsys, "event", value) == fields


def test_a_limit_event_is_in_newtons_with_the_feature(capsys: pytest.CaptureFixture[str]) -> None:
    fields = decoded(capsys, "event", "02 0a000000 02 e8ff", "--feature", FEATURE)
    assert (fields["level"], fields["force_counts"], fields["force_n"]) == ("stop", -24, -0.024)


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("01 6400 00", {"op": "start", "result": None, "rate_hz": 100, "samples_per_frame": 0}),
        ("03", {"op": "tare", "result": None}),
        (
            "04 f401 e803 3c00",
            {
                "op": "set_limit",
                "result": None,
                "caution_n": 0.5,
                "stop_n": 1.0,
                "on_delay_s": 0.06,
            },
        ),
        (
            "05 02 50 2c01",
            {
                "op": "haptic",
                "result": None,
                "pattern": "double",
                "strength_percent": 80,
                "duration_s": 0.3,
            },
        ),
    ],
)
def test_requests(capsys: pytest.CaptureFixture[str], value: str, fields: dict[str, Any]) -> None:
    assert decoded(capsys, "request", value) == fields


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (
            "80 01 01 6800 05 40420f00 2c010000",
            {
                "op": "start",
                "result": "success",
                "rate_hz": 104,
                "samples_per_frame": 5,
                "timestamp_us": 1_000_000,
                "first_sample": 300,
            },
        ),
        ("80 03 04", {"op": "tare", "result": "operation_failed"}),
        ("80 03 01 0500 fbff", {"op": "tare", "result": "success", "offset_counts": [5, -5]}),
        (
            "80 0b 01 6400 0000",
            {
                "op": "read_channel",
                "result": "success",
                "contact_area_m2": 1e-4,
                "supported_mass_kg": None,
            },
        ),
        ("80 77 02", {"op": 0x77, "result": "op_code_not_supported"}),
    ],
)
def test_answers(capsys: pytest.CaptureFixture[str], value: str, fields: dict[str, Any]) -> None:
    assert decoded(capsys, "answer", value) == fields


@pytest.mark.parametrize(
    "written",
    [
        [WORKED],
        WORKED.split(),
        [WORKED.replace(" ", "")],
        [WORKED.replace(" ", ":").upper()],
        ["0x" + WORKED.replace(" ", " 0x")],
        [f"  {WORKED}\n"],
    ],
)
def test_bytes_may_be_written_in_many_ways(
    capsys: pytest.CaptureFixture[str], written: list[str]
) -> None:
    assert decoded(capsys, "telemetry", *written)["first_sample"] == 300


def test_bytes_may_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WORKED.encode())))
    assert decoded(capsys, "telemetry", "-")["first_sample"] == 300


def test_a_person_reads_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "telemetry", WORKED, "--feature", FEATURE]) == 0
    out = capsys.readouterr().out
    assert "force_n 1.25 N" in out
    assert "travel_m -0.00015 m" in out


@pytest.mark.parametrize(
    ("arguments", "offset", "reason"),
    [
        (["telemetry", "09 02 10"], 3, "12 bytes"),
        (["telemetry", WORKED + " 00"], 21, "samples"),
        (["telemetry", WORKED + " 00", "--feature", FEATURE], 20, "after the last"),
        (["telemetry", "09 00" + WORKED[5:]], 1, "count is 0"),
        (["feature", "01 02"], 2, "32 bytes"),
        (["event", "02 00000000 01"], 6, "8 bytes"),
        (["request", "01 64"], 2, ""),
        (["request", "77"], 0, ""),
        (["answer", "81 01 01"], 0, "0x80"),
        (["event", "01 0g"], 1, "'g' is not"),
        (["event", "01 02 3"], 2, "half a byte"),
        (["event", "01 ٣٣"], 1, "not a hexadecimal digit"),
        (["event", ""], 0, "ends after 0"),
    ],
)
def test_bad_bytes_are_refused_in_one_line_with_offset_and_reason(
    capsys: pytest.CaptureFixture[str], arguments: list[str], offset: int, reason: str
) -> None:
    line = refused(capsys, *arguments)
    assert f"{arguments[0]}: offset {offset}: " in line
    assert reason in line


def test_a_bad_feature_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--feature: offset 1: " in refused(capsys, "telemetry", WORKED, "--feature", "01")


def test_an_unknown_kind_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "nonsense", "00"]) == 2
    assert "invalid choice" in capsys.readouterr().err
