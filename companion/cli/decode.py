"""``companion decode``: one value of the Massage Tool Profile, for makers who debug firmware."""

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any, TypeVar

from companion.cli.endings import ExitCode
from companion.cli.hexadecimal import HexError, read_hex
from companion.cli.printing import field_lines, json_text
from companion.cli.profile_fields import (
    answer_fields,
    counts_fields,
    event_fields,
    feature_fields,
    request_fields,
    telemetry_fields,
)
from companion.errors import CompanionError
from protocols.errors import ProtocolError
from protocols.massage_tool import (
    Decoder,
    RawTelemetry,
    ToolFeature,
    decode_answer,
    decode_event,
    decode_request,
)

_Value = TypeVar("_Value")
_STDIN = "-"


class BytesRefused(CompanionError):
    """Bytes that break the layout of what they are said to be."""

    exit_code = ExitCode.FAILED


def execute(arguments: Namespace) -> ExitCode:
    """Print the decoded value.

    Raises:
        BytesRefused: with offset and reason, where the value cannot be read.
    """
    feature = None
    if arguments.feature is not None:
        feature = _read("--feature", arguments.feature, ToolFeature.from_bytes)
    digits = " ".join(_piped() if word == _STDIN else word for word in arguments.hex)
    fields = _read(arguments.kind, digits, _reader(arguments.kind, feature))
    print(json_text(fields) if arguments.json else field_lines(fields))
    return ExitCode.OK


def _telemetry(data: bytes, feature: ToolFeature | None) -> dict[str, Any]:
    if feature is None:
        return counts_fields(RawTelemetry.from_bytes(data))
    return telemetry_fields(Decoder(feature).receive_data(data))


def _piped() -> str:
    return sys.stdin.buffer.read().decode("ascii", "replace")


def _read(what: str, digits: str, reader: Callable[[bytes], _Value]) -> _Value:
    try:
        return reader(read_hex(digits))
    except (HexError, ProtocolError) as error:
        raise BytesRefused(
            "cli.decode.refused", what=what, offset=error.offset, reason=error.reason
        ) from error


def _reader(kind: str, feature: ToolFeature | None) -> Callable[[bytes], dict[str, Any]]:
    match kind:
        case "feature":
            return lambda data: feature_fields(ToolFeature.from_bytes(data))
        case "telemetry":
            return lambda data: _telemetry(data, feature)
        case "event":
            return lambda data: event_fields(decode_event(data), feature)
        case "request":
            return lambda data: request_fields(decode_request(data))
        case _:
            return lambda data: answer_fields(decode_answer(data))
