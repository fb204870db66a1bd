"""Rules of section "Services": what discovery must show."""

import struct
from typing import Final

from companion.ble.probe import CONFIGURATION, NotOffered, Offered
from companion.conform.bench import Bench
from companion.conform.rule import Check, Need, Rule, Severity
from companion.conform.verdict import NotRun, expect
from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    DEVICE_INFORMATION_SERVICE,
    FIRMWARE_REVISION,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
)

_PREFERRED: Final = "00002a04-0000-1000-8000-00805f9b34fb"
_PREFERRED_LAYOUT: Final = struct.Struct("<HHHH")
_IDENTITY: Final = (MANUFACTURER_NAME, MODEL_NUMBER, SERIAL_NUMBER, FIRMWARE_REVISION)
_ACCESS: Final = frozenset(
    {"read", "write", "write-without-response", "notify", "indicate", "authenticated-signed-writes"}
)


def _find(bench: Bench, service: str, uuid: str) -> Offered:
    found = [one for one in bench.link.offered() if (one.service, one.uuid) == (service, uuid)]
    expect(len(found) == 1, "conform.seen.table", count=len(found), uuid=uuid, service=service)
    return found[0]


async def _massage_tool(bench: Bench) -> None:
    for uuid in (TOOL_FEATURE, TELEMETRY, CONTROL_POINT, TOOL_EVENT):
        _find(bench, MASSAGE_TOOL_SERVICE, uuid)


async def _device_information(bench: Bench) -> None:
    for uuid in _IDENTITY:
        found = _find(bench, DEVICE_INFORMATION_SERVICE, uuid)
        _expect_properties(found, "read")


async def _battery(bench: Bench) -> None:
    _expect_properties(_find(bench, BATTERY_SERVICE, BATTERY_LEVEL), "read", "notify")


def _properties(uuid: str, *wanted: str) -> Check:
    async def check(bench: Bench) -> None:
        _expect_properties(_find(bench, MASSAGE_TOOL_SERVICE, uuid), *wanted)

    return check


def _expect_properties(found: Offered, *wanted: str) -> None:
    # Extended properties and broadcast say nothing about how a value is reached.
    has = found.properties & _ACCESS
    expect(
        has == set(wanted),
        "conform.seen.properties",
        uuid=found.uuid,
        has=", ".join(sorted(has)) or "-",
        wanted=", ".join(wanted),
    )


async def _configurations(bench: Bench) -> None:
    offered = bench.link.offered()
    if not any(one.descriptors for one in offered):
        raise NotRun("conform.why.descriptors")
    for one in offered:
        is_sent = one.service == MASSAGE_TOOL_SERVICE and one.properties & {"notify", "indicate"}
        has = CONFIGURATION in one.descriptors
        expect(has or not is_sent, "conform.seen.no_configuration", uuid=one.uuid)


async def _preferred(bench: Bench) -> None:
    try:
        value = await bench.link.read(_PREFERRED)
    except NotOffered:
        raise NotRun("conform.why.preferred") from None
    expect(len(value) == _PREFERRED_LAYOUT.size, "conform.seen.preferred_size", size=len(value))
    shortest, longest, latency, timeout = _PREFERRED_LAYOUT.unpack(value)
    expect(
        12 <= shortest <= longest <= 24 and latency == 0 and 200 <= timeout <= 400,  # noqa: PLR2004 -- 15 to 30 ms in 1.25 ms, 2 to 4 s in 10 ms
        "conform.seen.preferred",
        shortest=shortest * 1.25,
        longest=longest * 1.25,
        latency=latency,
        timeout=timeout * 10,
    )


SERVICES = (
    Rule(id="service-massage-tool", check=_massage_tool, need=Need.OPEN),
    Rule(id="service-device-information", check=_device_information, need=Need.OPEN),
    Rule(id="service-battery", check=_battery, need=Need.OPEN),
    Rule(id="feature-properties", check=_properties(TOOL_FEATURE, "read"), need=Need.OPEN),
    Rule(id="telemetry-properties", check=_properties(TELEMETRY, "notify"), need=Need.OPEN),
    Rule(
        id="control-point-properties",
        check=_properties(CONTROL_POINT, "write", "indicate"),
        need=Need.OPEN,
    ),
    Rule(id="event-properties", check=_properties(TOOL_EVENT, "indicate"), need=Need.OPEN),
    Rule(id="configurations", check=_configurations, need=Need.OPEN),
    Rule(id="preferred-parameters", check=_preferred, need=Need.OPEN, severity=Severity.SHOULD),
)
