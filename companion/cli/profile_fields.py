"""Values of the Massage Tool Profile as plain JSON fields; what is not known is None."""

from dataclasses import asdict
from enum import IntEnum
from typing import Any, assert_never

from protocols.massage_tool import (
    NOT_KNOWN,
    Answer,
    ButtonEvent,
    ContactEvent,
    FaultEvent,
    LimitEvent,
    PowerEvent,
    RawSample,
    RawTelemetry,
    Request,
    ToolEvent,
    ToolFeature,
    UnknownEvent,
)
from protocols.telemetry import Sample, Telemetry

Fields = dict[str, Any]


def feature_fields(feature: ToolFeature) -> Fields:
    """Return a Tool Feature in SI units, the parts as a list of names."""
    fields = _named(asdict(feature))
    fields["features"] = [str(part.name).lower() for part in feature.features]
    return fields


def telemetry_fields(telemetry: Telemetry) -> Fields:
    """Return Telemetry in SI units; ``touching`` is None where the tool has no verdict."""
    return _frame(
        telemetry.first_sample,
        telemetry.device_us,
        telemetry.interval_us,
        resent=telemetry.resent,
        saturated=telemetry.saturated,
    ) | {
        "touching": telemetry.touching,
        "unit": "si",
        "samples": [Sample._asdict(sample) for sample in telemetry.samples],
    }


def counts_fields(telemetry: RawTelemetry) -> Fields:
    """Return Telemetry in counts under the same names; without the feature no touch verdict."""
    return _frame(
        telemetry.first_sample,
        telemetry.timestamp_us,
        telemetry.interval_us,
        resent=telemetry.resent,
        saturated=telemetry.saturated,
    ) | {
        "touching": None,
        "unit": "counts",
        "samples": [_counts(sample) for sample in telemetry.samples],
    }


def event_fields(event: ToolEvent, feature: ToolFeature | None) -> Fields:
    """Return a Tool Event; a limit's force in newtons too where the feature gives the unit."""
    fields = {"event": _EVENT_NAMES[type(event)], "device_us": event.device_us}
    match event:
        case UnknownEvent():
            return fields | {"code": event.event, "detail": event.detail.hex()}
        case LimitEvent():
            unit = None if feature is None else feature.force_resolution_n
            force_n = None if unit is None else event.force_counts * unit
            return fields | _named(asdict(event)) | {"force_n": force_n}
        case ContactEvent() | ButtonEvent() | FaultEvent() | PowerEvent():
            return fields | _named(asdict(event))
        case _:
            assert_never(event)


def request_fields(request: Request) -> Fields:
    """Return a request; its ``result`` is None, for that stands in the answer."""
    return {"op": _name(request.op), "result": None} | _named(asdict(request))


def answer_fields(answer: Answer) -> Fields:
    """Return an answer with the values it carries."""
    values = {} if answer.values is None else _named(asdict(answer.values))
    return {"op": _name(answer.op), "result": _name(answer.result)} | values


_EVENT_NAMES: dict[type, str] = {
    ContactEvent: "contact",
    LimitEvent: "limit",
    ButtonEvent: "button",
    FaultEvent: "fault",
    PowerEvent: "power",
    UnknownEvent: "unknown",
}


def _frame(
    first_sample: int, device_us: int, interval_us: int, *, resent: bool, saturated: bool
) -> Fields:
    return {
        "first_sample": first_sample,
        "device_us": device_us,
        "interval_us": interval_us,
        "resent": resent,
        "saturated": saturated,
    }


def _counts(sample: RawSample) -> Fields:
    return {
        "force_n": [_known(count) for count in sample.force],
        "accel_mps2": None if sample.accel is None else [_known(count) for count in sample.accel],
        "gyro_radps": None if sample.gyro is None else [_known(count) for count in sample.gyro],
        "travel_m": None if sample.wheel is None else _known(sample.wheel),
    }


def _known(count: int) -> int | None:
    return None if count == NOT_KNOWN else count


def _named(fields: Fields) -> Fields:
    return {key: _name(value) for key, value in fields.items()}


def _name(value: object) -> object:
    return value.name.lower() if isinstance(value, IntEnum) else value
