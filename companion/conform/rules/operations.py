"""Rules of section "Tool Control Point": every op with parameters as they should be."""

import asyncio
from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import WAY_S, result_of, shown
from companion.conform.rule import Rule
from companion.conform.verdict import expect
from protocols.massage_tool import (
    Channel,
    Clock,
    Features,
    Haptic,
    Identify,
    Pattern,
    ReadChannel,
    ReadClock,
    Result,
    Stop,
)

_WAIT_S: Final = 0.6
_SHARE: Final = 0.05
_STRENGTH: Final = 20
_BUZZ_S: Final = 0.1
_WRAP: Final = 1 << 32
_UNKNOWN_OP: Final = bytes([0x6E])


async def _form(bench: Bench) -> None:
    """Look at the bytes of a success and of a refusal, and wait for a second answer."""
    for request, size in ((bytes(ReadClock()), 7), (_UNKNOWN_OP, 3)):
        raw = await bench.point.raw_answer(bench.link, request)
        expect(
            len(raw) == size and raw[0] == 0x80 and raw[1] == request[0],  # noqa: PLR2004 -- the profile's
            "conform.seen.answer_form",
            request=shown(request),
            answer=shown(raw),
        )
        more = await bench.point.more(0.3)
        expect(not more, "conform.seen.more_answers", count=1 + len(more))


async def _time(bench: Bench) -> None:
    """Every request of the rules before this one counts."""
    await bench.ask(ReadClock())
    late = bench.point.unanswered
    expect(not late, "conform.seen.late", requests=", ".join(dict.fromkeys(late)))


async def _clock(bench: Bench) -> None:
    loop = asyncio.get_running_loop()
    first, first_at = await bench.get(ReadClock(), Clock), loop.time()
    await asyncio.sleep(_WAIT_S)
    second, second_at = await bench.get(ReadClock(), Clock), loop.time()
    told_s = (second.timestamp_us - first.timestamp_us) % _WRAP / 1e6
    passed_s = second_at - first_at
    expect(
        abs(told_s - passed_s) <= _SHARE * passed_s + WAY_S / 10,
        "conform.seen.clock",
        told=f"{told_s:.3f}",
        passed=f"{passed_s:.3f}",
    )


async def _identify(bench: Bench) -> None:
    # A tool with neither motor nor light has no such part.
    has_motor = Features.HAPTIC_MOTOR in bench.feature.features
    allowed = (Result.SUCCESS,) if has_motor else (Result.SUCCESS, Result.OP_CODE_NOT_SUPPORTED)
    result_of(await bench.ask(Identify()), Identify(), *allowed)


async def _haptic(bench: Bench) -> None:
    for pattern in (Pattern.SINGLE, Pattern.DOUBLE, Pattern.CONTINUOUS):
        await bench.do(Haptic(pattern, _STRENGTH, _BUZZ_S))
    await bench.do(Haptic(Pattern.OFF, 0, 0.0))


async def _stop(bench: Bench) -> None:
    await bench.start()
    await bench.do(Stop())


async def _calibration(bench: Bench) -> None:
    for channel in range(bench.feature.force_channels):
        found = await bench.calibration(channel)
        expect(found.gain > 0, "conform.seen.gain", channel=channel)


async def _channel(bench: Bench) -> None:
    for channel in range(bench.feature.force_channels):
        await bench.get(ReadChannel(channel), Channel)


LATE_OPERATIONS = (Rule(id="answer-time", check=_time),)
OPERATIONS = (
    Rule(id="answer-form", check=_form),
    Rule(id="op-read-clock", check=_clock),
    Rule(id="op-identify", check=_identify),
    Rule(id="op-haptic", check=_haptic, parts=Features.HAPTIC_MOTOR),
    Rule(id="op-stop", check=_stop),
    Rule(id="op-read-calibration", check=_calibration, force=True),
    Rule(id="op-read-channel", check=_channel, force=True),
)
