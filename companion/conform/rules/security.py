"""Rules of section "Security": what is open, what is closed, and with which error."""

import asyncio
from collections.abc import Awaitable
from typing import Final

from companion.ble.errors import LinkError
from companion.ble.probe import AttRefused, NotOffered
from companion.conform.bench import Bench
from companion.conform.control_point import expect_code
from companion.conform.rule import Check, Need, Rule
from companion.conform.verdict import Broken, NotRun, expect
from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    FIRMWARE_REVISION,
    INSUFFICIENT_AUTHENTICATION,
    INSUFFICIENT_ENCRYPTION,
    MANUFACTURER_NAME,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    ReadClock,
)

_FULL: Final = 100
_WINDOW_S: Final = 30.0


async def _open_battery(bench: Bench) -> None:
    value = await _open(bench.link.read(BATTERY_LEVEL))
    fits = len(value) == 1 and value[0] <= _FULL
    expect(fits, "conform.seen.battery", value=value.hex(" ") or "-")


async def _open_identity(bench: Bench) -> None:
    for uuid in (MANUFACTURER_NAME, MODEL_NUMBER, FIRMWARE_REVISION):
        await _open(bench.link.read(uuid))


async def _open(access: Awaitable[bytes]) -> bytes:
    try:
        return await access
    except AttRefused as refusal:
        raise Broken("conform.seen.closed", code=f"0x{refusal.code:02X}") from refusal


def _closed_read(uuid: str) -> Check:
    async def check(bench: Bench) -> None:
        await refused(bench, bench.link.read(uuid), INSUFFICIENT_AUTHENTICATION)

    return check


def _closed_sending(uuid: str) -> Check:
    async def check(bench: Bench) -> None:
        subscribing = bench.link.subscribe(uuid, lambda _value: None)
        await refused(bench, subscribing, INSUFFICIENT_AUTHENTICATION)

    return check


async def _closed_control_point(bench: Bench) -> None:
    writing = bench.link.write(CONTROL_POINT, bytes(ReadClock()))
    await refused(bench, writing, INSUFFICIENT_AUTHENTICATION)


async def _closed_configurations(bench: Bench) -> None:
    try:
        for uuid in (TELEMETRY, CONTROL_POINT, TOOL_EVENT):
            reading = bench.link.read_configuration(uuid)
            await refused(bench, reading, INSUFFICIENT_AUTHENTICATION)
    except NotOffered:
        raise NotRun("conform.why.descriptors") from None


async def refused(bench: Bench, access: Awaitable[object], code: int) -> None:
    """Expect an access to be refused with an ATT error.

    Raises:
        Broken: it was let in, or refused with another error.
        NotRun: the platform may have paired unasked, so that being let in proves nothing.
    """
    try:
        await access
    except AttRefused as refusal:
        expect_code(refusal, code)
        return
    if bench.pairs_by_itself:
        raise NotRun("conform.why.pairs_by_itself")
    raise Broken("conform.seen.let_in")


async def _pairing(bench: Bench) -> None:
    try:
        await bench.paired()
    except LinkError as error:
        reason = error.detail or error.fault.value
        raise Broken("conform.seen.not_paired", reason=reason) from error
    for uuid in (TOOL_FEATURE, SERIAL_NUMBER):
        await _open(bench.link.read(uuid))


async def _bonded_unencrypted(bench: Bench) -> None:
    await bench.forget()
    await bench.open()
    await refused(bench, bench.link.read(TOOL_FEATURE), INSUFFICIENT_ENCRYPTION)


async def _bonding_window(bench: Bench) -> None:
    await bench.forget()
    await asyncio.sleep(_WINDOW_S + 1.0)
    try:
        await bench.paired()
    except LinkError:
        return
    raise Broken("conform.seen.paired_late")


CLOSED = (
    Rule(id="open-battery", check=_open_battery, need=Need.OPEN),
    Rule(id="open-identity", check=_open_identity, need=Need.OPEN),
    Rule(id="closed-serial", check=_closed_read(SERIAL_NUMBER), need=Need.OPEN),
    Rule(id="closed-feature", check=_closed_read(TOOL_FEATURE), need=Need.OPEN),
    Rule(id="closed-control-point", check=_closed_control_point, need=Need.OPEN),
    Rule(id="closed-answers", check=_closed_sending(CONTROL_POINT), need=Need.OPEN),
    Rule(id="closed-telemetry", check=_closed_sending(TELEMETRY), need=Need.OPEN),
    Rule(id="closed-events", check=_closed_sending(TOOL_EVENT), need=Need.OPEN),
    Rule(id="closed-configurations", check=_closed_configurations, need=Need.OPEN),
)
PAIRED = (Rule(id="pairing", check=_pairing, need=Need.AIR),)
PARTING = (
    Rule(id="bonded-unencrypted", check=_bonded_unencrypted, is_parting=True),
    Rule(
        id="bonding-window",
        check=_bonding_window,
        need=Need.AIR,
        is_slow=True,
        is_parting=True,
    ),
)
