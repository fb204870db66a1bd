"""Rules of section "Tool Control Point": what a tool must refuse, and how."""

from typing import Final

from companion.ble.probe import AttRefused
from companion.conform.bench import Bench
from companion.conform.control_point import expect_code, packed, result_of
from companion.conform.rule import Check, Rule, Severity
from companion.conform.verdict import Broken
from protocols.massage_tool import (
    CCCD_IMPROPERLY_CONFIGURED,
    CONTROL_POINT,
    PROCEDURE_IN_PROGRESS,
    TELEMETRY,
    Features,
    Haptic,
    Identify,
    Op,
    Pattern,
    ReadCalibration,
    ReadChannel,
    ReadClock,
    Request,
    Resend,
    Result,
    SetCalibration,
    SetLimit,
    Start,
    Stop,
    Tare,
)

_GOOD: Final[dict[Op, Request]] = {
    Op.START: Start(100, 0),
    Op.STOP: Stop(),
    Op.TARE: Tare(),
    Op.SET_LIMIT: SetLimit(0.0, 0.0, 0.0),
    Op.HAPTIC: Haptic(Pattern.OFF, 0, 0.0),
    Op.READ_CLOCK: ReadClock(),
    Op.RESEND: Resend(0, 1),
    Op.IDENTIFY: Identify(),
    Op.SET_CALIBRATION: SetCalibration(0, 1.0, 0),
    Op.READ_CALIBRATION: ReadCalibration(0),
    Op.READ_CHANNEL: ReadChannel(0),
}
_PARTS: Final = {
    Op.SET_LIMIT: Features.ON_TOOL_LIMIT,
    Op.HAPTIC: Features.HAPTIC_MOTOR,
    Op.RESEND: Features.RESEND_BUFFER,
}
_FORCE: Final = (Op.TARE, Op.SET_CALIBRATION, Op.READ_CALIBRATION, Op.READ_CHANNEL)
_UNKNOWN: Final = (0x00, 0x0C, 0x7F, 0x80, 0xFF)
_TARE_S: Final = 1.0
_HIGHEST_RATE: Final = 0xFFFF
_MOST_CHANNELS: Final = 8


def _lengths(op: Op) -> Check:
    """Take a right request's last byte away, then add one; a bare op code cannot be shorter."""

    async def check(bench: Bench) -> None:
        right = bytes(_GOOD[op])
        for value in (right[:-1], right + b"\0"):
            if value:
                await _refused(bench, value)

    return check


async def _start_range(bench: Bench) -> None:
    fastest = bench.feature.maximum_rate_hz
    rates = [0, 15] + ([fastest + 1] if fastest < _HIGHEST_RATE else [])
    for rate in rates:
        await _refused(bench, packed(Start, rate, 0))


async def _limit_range(bench: Bench) -> None:
    await _refused(bench, packed(SetLimit, 2000, 1000, 100))


async def _haptic_range(bench: Bench) -> None:
    for pattern, strength, duration in ((4, 0, 100), (1, 101, 100), (1, 0, 10_001)):
        await _refused(bench, packed(Haptic, pattern, strength, duration))


async def _resend_range(bench: Bench) -> None:
    await _refused(bench, packed(Resend, 0, 0))


async def _channel_range(bench: Bench, *, op: Op) -> None:
    for channel in (bench.feature.force_channels, _MOST_CHANNELS, 0xFF):
        await _refused(bench, bytes([op, channel]))


async def _read_calibration_range(bench: Bench) -> None:
    await _channel_range(bench, op=Op.READ_CALIBRATION)


async def _read_channel_range(bench: Bench) -> None:
    await _channel_range(bench, op=Op.READ_CHANNEL)


async def _set_calibration_range(bench: Bench) -> None:
    found = await bench.calibration(0)
    gain = round(found.gain * 1e6)
    for channel in (bench.feature.force_channels, 0xFF):
        value = packed(SetCalibration, channel, gain, found.offset_counts)
        await _refused(bench, value)


async def _unknown_op(bench: Bench) -> None:
    for code in _UNKNOWN:
        request = bytes([code])
        result_of(await bench.ask(request), request, Result.OP_CODE_NOT_SUPPORTED)


async def _empty(bench: Bench) -> None:
    result_of(await bench.ask(b""), b"", Result.INVALID_PARAMETER)


def _unsupported(*ops: Op) -> Check:
    async def check(bench: Bench) -> None:
        for op in ops:
            result_of(await bench.ask(_GOOD[op]), _GOOD[op], Result.OP_CODE_NOT_SUPPORTED)

    return check


async def _indications_off(bench: Bench) -> None:
    await bench.link.unsubscribe(CONTROL_POINT)
    try:
        await _refused_write(bench, CCCD_IMPROPERLY_CONFIGURED)
    finally:
        await bench.point.open(bench.link)


async def _one_at_a_time(bench: Bench) -> None:
    """Write while a tare, which takes half a second, owes its answer."""
    await bench.ask(ReadClock())
    await bench.link.write(CONTROL_POINT, bytes(Tare()))
    try:
        await _refused_write(bench, PROCEDURE_IN_PROGRESS)
    except Broken:
        await bench.point.more(_TARE_S)
        raise
    await bench.point.next_answer(bytes(Tare()))


async def _unheard(bench: Bench) -> None:
    await bench.link.unsubscribe(TELEMETRY)
    try:
        request = Start(bench.usual_rate_hz)
        result_of(await bench.ask(request), request, Result.NOT_PERMITTED)
    finally:
        await bench.hear_telemetry()


async def _refused(bench: Bench, value: bytes) -> None:
    result_of(await bench.ask(value), value, Result.INVALID_PARAMETER)


async def _refused_write(bench: Bench, code: int) -> None:
    try:
        await bench.link.write(CONTROL_POINT, bytes(ReadClock()))
    except AttRefused as refusal:
        expect_code(refusal, code)
        return
    raise Broken("conform.seen.taken", code=f"0x{code:02X}")


def _length_rule(op: Op) -> Rule:
    return Rule(
        id=f"length-{op.name.lower().replace('_', '-')}",
        check=_lengths(op),
        parts=_PARTS.get(op, Features(0)),
        force=True if op in (*_FORCE, Op.SET_LIMIT) else None,
    )


REFUSALS = (
    *(_length_rule(op) for op in Op),
    Rule(id="range-start", check=_start_range),
    Rule(id="range-set-limit", check=_limit_range, parts=Features.ON_TOOL_LIMIT),
    Rule(id="range-haptic", check=_haptic_range, parts=Features.HAPTIC_MOTOR),
    Rule(
        id="range-resend",
        check=_resend_range,
        parts=Features.RESEND_BUFFER,
        severity=Severity.SHOULD,
    ),
    Rule(id="range-set-calibration", check=_set_calibration_range, force=True),
    Rule(id="range-read-calibration", check=_read_calibration_range, force=True),
    Rule(id="range-read-channel", check=_read_channel_range, force=True),
    Rule(id="unknown-op", check=_unknown_op),
    Rule(id="empty-request", check=_empty, severity=Severity.SHOULD),
    Rule(id="no-limit", check=_unsupported(Op.SET_LIMIT), lacks=Features.ON_TOOL_LIMIT),
    Rule(id="no-motor", check=_unsupported(Op.HAPTIC), lacks=Features.HAPTIC_MOTOR),
    Rule(id="no-resend", check=_unsupported(Op.RESEND), lacks=Features.RESEND_BUFFER),
    Rule(id="no-force", check=_unsupported(*_FORCE), force=False),
    Rule(id="indications-off", check=_indications_off),
    Rule(id="one-at-a-time", check=_one_at_a_time, force=True),
    Rule(id="start-unheard", check=_unheard),
)
