"""Rules of sections "Tool Feature", Force, and "Tool Control Point": the calibration."""

from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import packed, result_of
from companion.conform.rule import Rule, Severity
from companion.conform.shifting import full_scale, mean_force, set_calibration, shift
from companion.conform.verdict import expect
from protocols.massage_tool import Calibration, Result, SetCalibration
from protocols.massage_tool.telemetry import Flags

_TOP: Final = 32767
_SHARE: Final = 0.1
_TOLERANCE: Final = 0.15
_CLIPPING_OFFSET: Final = -20_000
_CLIPPING_GAIN: Final = 4.0


async def _set(bench: Bench) -> None:
    """Write another gain and offset to each channel and read them back."""
    for channel in range(bench.feature.force_channels):
        found = await bench.found_calibration(channel)
        wanted = _other(found)
        await set_calibration(bench, SetCalibration(channel, wanted.gain, wanted.offset_counts))
        _expect_same(await bench.calibration(channel), wanted)
        await bench.do(SetCalibration(channel, found.gain, found.offset_counts))
        _expect_same(await bench.calibration(channel), found)


async def _offset(bench: Bench) -> None:
    await _expect_shift(bench, gain=1.0)


async def _gain(bench: Bench) -> None:
    await _expect_shift(bench, gain=1.5)


async def _expect_shift(bench: Bench, *, gain: float) -> None:
    """Compare the force with an offset moved, both with the same gain."""
    step = round(_SHARE * full_scale(bench))
    await bench.start()
    await shift(bench, 0, gain=gain)
    before = await mean_force(bench)
    await shift(bench, step, gain=gain)
    rose = await mean_force(bench) - before
    due = step * gain
    fits = abs(rose - due) <= _TOLERANCE * due
    expect(fits, "conform.seen.shift", rose=round(rose), due=round(due))


async def _clips(bench: Bench) -> None:
    mean = await _pushed_far(bench)
    expect(mean == _TOP, "conform.seen.clip", counts=round(mean))


async def _saturation(bench: Bench) -> None:
    """The raw reading is far from its end, whatever the calibration makes of it."""
    await _pushed_far(bench)
    values = [frame.value for frame in bench.decoded(bench.frames)]
    is_told = any(value[0] & Flags.SATURATED for value in values)
    expect(not is_told, "conform.seen.saturated")


async def _pushed_far(bench: Bench) -> float:
    await bench.found_calibration(0)
    await bench.start()
    await set_calibration(bench, SetCalibration(0, _CLIPPING_GAIN, _CLIPPING_OFFSET))
    return await mean_force(bench)


async def _refusal(bench: Bench) -> None:
    """A gain of nothing is refused, and the offset beside it is not taken."""
    found = await bench.found_calibration(0)
    offset = _other(found).offset_counts
    value = packed(SetCalibration, 0, 0, offset)
    result_of(await bench.ask(value), value, Result.INVALID_PARAMETER)
    _expect_same(await bench.calibration(0), found)


async def _kept(bench: Bench) -> None:
    """What survives a power cycle survives a lost link."""
    wanted = _other(await bench.found_calibration(0))
    await set_calibration(bench, SetCalibration(0, wanted.gain, wanted.offset_counts))
    await bench.again()
    _expect_same(await bench.calibration(0), wanted)


def _other(found: Calibration) -> Calibration:
    step = 100 if found.offset_counts < 0 else -100
    return Calibration(round(found.gain * 1.01, 6), found.offset_counts + step)


def _expect_same(has: Calibration, wanted: Calibration) -> None:
    same = abs(has.gain - wanted.gain) < 2e-6 and has.offset_counts == wanted.offset_counts  # noqa: PLR2004 -- parts per million
    expect(
        same,
        "conform.seen.calibration",
        gain=has.gain,
        offset=has.offset_counts,
        wanted_gain=wanted.gain,
        wanted_offset=wanted.offset_counts,
    )


CALIBRATION = (
    Rule(id="calibration-set", check=_set, force=True),
    Rule(id="calibration-offset", check=_offset, force=True),
    Rule(id="calibration-gain", check=_gain, force=True),
    Rule(id="force-clips", check=_clips, force=True),
    Rule(id="saturation-raw", check=_saturation, force=True),
    Rule(id="calibration-refusal", check=_refusal, force=True, severity=Severity.SHOULD),
    Rule(id="calibration-kept", check=_kept, force=True),
)
