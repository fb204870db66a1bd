"""The profile's golden bytes, in both directions."""

import math
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import protocols.massage_tool as tool
from protocols.errors import DecodeError

VECTORS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("vectors").joinpath("massage_tool.toml").read_text(encoding="utf-8")
)


def cases(table: str) -> list[Any]:
    return [pytest.param(row, id=row.get("name", row["hex"])) for row in VECTORS[table]]


def same(found: object, expected: object) -> bool:
    match expected:
        case "not known":
            return found is None
        case float():
            return isinstance(found, float) and math.isclose(
                found, expected, rel_tol=1e-8, abs_tol=1e-12
            )
        case list():
            return isinstance(found, tuple) and all(
                same(*pair) for pair in zip(found, expected, strict=True)
            )
        case _:
            return found == expected


def expected_feature(row: dict[str, Any]) -> dict[str, Any]:
    kind = row["tool_kind"]
    features = tool.Features(0)
    for name in row["features"]:
        features |= tool.Features[name]
    return row | {
        "tool_kind": tool.ToolKind[kind] if isinstance(kind, str) else kind,
        "features": features,
    }


def a_tool(channels: int) -> tool.ToolFeature:
    return tool.ToolFeature(
        tool_kind=tool.ToolKind.ROLLER,
        features=tool.Features.OWN_TOUCH_VERDICT,
        force_channels=channels,
        force_resolution_n=0.001,
        acceleration_resolution_mps2=244e-6 * 9.80665,
        angular_velocity_resolution_radps=math.radians(0.061),
        wheel_resolution_m=50e-6,
        maximum_rate_hz=200,
    )


@pytest.mark.parametrize("row", cases("feature") + cases("feature_read"))
def test_feature_is_read(row: dict[str, Any]) -> None:
    feature = tool.ToolFeature.from_bytes(bytes.fromhex(row["hex"]))
    expected = expected_feature(row)
    for field in fields(feature):
        assert same(getattr(feature, field.name), expected.get(field.name)), field.name


@pytest.mark.parametrize("row", cases("feature"))
def test_feature_is_written(row: dict[str, Any]) -> None:
    expected = expected_feature(row)
    values: dict[str, Any] = {
        field.name: expected.get(field.name) for field in fields(tool.ToolFeature)
    }
    assert bytes(tool.ToolFeature(**values)) == bytes.fromhex(row["hex"])


@pytest.mark.parametrize("row", cases("feature_error"))
def test_feature_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(DecodeError) as caught:
        tool.ToolFeature.from_bytes(bytes.fromhex(row["hex"]))
    assert caught.value.offset == row["offset"]


@pytest.mark.parametrize("row", cases("telemetry"))
def test_telemetry_is_read_in_si_units(row: dict[str, Any]) -> None:
    telemetry = tool.Decoder(a_tool(row["channels"])).receive_data(bytes.fromhex(row["hex"]))
    assert telemetry.interval_us == row["interval_us"]
    assert telemetry.device_us == row["device_us"]
    assert telemetry.first_sample == row["first_sample"]
    for verdict in ("resent", "saturated", "touching"):
        assert getattr(telemetry, verdict) is row.get(verdict, False)
    assert len(telemetry.samples) == len(row["samples"])
    for sample, expected in zip(telemetry.samples, row["samples"], strict=True):
        assert same(sample.force_n, expected.get("force_n", []))
        for group in ("accel_mps2", "gyro_radps", "travel_m"):
            assert same(getattr(sample, group), expected.get(group)), group


@pytest.mark.parametrize("row", cases("telemetry"))
def test_telemetry_in_counts_keeps_its_bytes(row: dict[str, Any]) -> None:
    value = bytes.fromhex(row["hex"])
    inferred = tool.RawTelemetry.from_bytes(value)
    assert inferred == tool.RawTelemetry.from_bytes(value, force_channels=row["channels"])
    assert bytes(inferred) == bytes([value[0] & 0x7F]) + value[1:]


@pytest.mark.parametrize("row", cases("telemetry_error"))
def test_telemetry_is_refused(row: dict[str, Any]) -> None:
    value = bytes.fromhex(row["hex"])
    decoder = tool.Decoder(a_tool(row["channels"]))
    with pytest.raises(DecodeError) as caught:
        decoder.receive_data(value)
    assert caught.value.offset == row["offset"]
    with pytest.raises(DecodeError) as caught:
        tool.RawTelemetry.from_bytes(value, force_channels=row["channels"])
    assert caught.value.offset == row["offset"]


@pytest.mark.parametrize("row", cases("request"))
def test_requests(row: dict[str, Any]) -> None:
    value = bytes.fromhex(row["hex"])
    request = getattr(tool, row["request"])(**row.get("fields", {}))
    assert tool.decode_request(value) == request
    assert bytes(request) == value


@pytest.mark.parametrize("row", cases("request_error"))
def test_requests_are_refused_with_the_answer_the_tool_owes(row: dict[str, Any]) -> None:
    with pytest.raises(tool.RequestError) as caught:
        tool.decode_request(bytes.fromhex(row["hex"]))
    assert caught.value.offset == row["offset"]
    assert (caught.value.op, caught.value.result) == (row["op"], row["result"])


def expected_answer(row: dict[str, Any]) -> tool.Answer:
    values = None
    if "values" in row:
        given = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in row["fields"].items()
        }
        kind = getattr(tool, row["values"])
        values = kind(**{field.name: given.get(field.name) for field in fields(kind)})
    return tool.Answer(tool.Op[row["op"]], tool.Result[row["result"]], values)


@pytest.mark.parametrize("row", cases("answer"))
def test_answers(row: dict[str, Any]) -> None:
    value, answer = bytes.fromhex(row["hex"]), expected_answer(row)
    assert tool.decode_answer(value) == answer
    assert bytes(answer) == value


@pytest.mark.parametrize("row", [row for row in VECTORS["answer"] if row["op"] != "TARE"])
def test_answers_may_grow(row: dict[str, Any]) -> None:
    assert tool.decode_answer(bytes.fromhex(row["hex"]) + b"\xaa") == expected_answer(row)


@pytest.mark.parametrize("row", cases("answer_error"))
def test_answers_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(DecodeError) as caught:
        tool.decode_answer(bytes.fromhex(row["hex"]))
    assert caught.value.offset == row["offset"]


@pytest.mark.parametrize("row", cases("event"))
def test_events(row: dict[str, Any]) -> None:
    value = bytes.fromhex(row["hex"])
    event = tool.decode_event(value)
    assert type(event).__name__ == row["event"]
    for name, expected in row["fields"].items():
        assert getattr(event, name) == expected
    if not isinstance(event, tool.UnknownEvent):
        assert bytes(event) == value
        assert tool.decode_event(value + b"\x07") == event


@pytest.mark.parametrize("row", cases("event_error"))
def test_events_are_refused(row: dict[str, Any]) -> None:
    with pytest.raises(DecodeError) as caught:
        tool.decode_event(bytes.fromhex(row["hex"]))
    assert caught.value.offset == row["offset"]
