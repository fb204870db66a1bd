"""Making force without touching: the calibration's offset is moved, and put back afterwards."""

import asyncio
import statistics
from typing import Final

from companion.conform.bench import Bench
from companion.conform.control_point import result_of
from companion.conform.verdict import Broken, NotRun
from protocols.massage_tool import NOT_KNOWN, Result, SetCalibration, Tare

_LARGEST: Final = 32767
_USUAL_FULL_SCALE: Final = 20_000
_SETTLE_S: Final = 0.15
_MEAN_S: Final = 0.3


def full_scale(bench: Bench) -> int:
    """Return the force's full scale in counts; a usual one where the tool does not tell."""
    feature = bench.feature
    if not feature.force_full_scale_n or not feature.force_resolution_n:
        return _USUAL_FULL_SCALE
    return round(feature.force_full_scale_n / feature.force_resolution_n)


def newtons(bench: Bench, counts: float) -> float:
    """Return a force of so many counts."""
    return counts * (bench.feature.force_resolution_n or 0.0)


async def shift(bench: Bench, counts: int, *, gain: float = 1.0) -> None:
    """Let channel 0 read so many counts more than it really does, from its calibration as found.

    Args:
        bench: the tool.
        counts: how much more; 0 puts the offset back.
        gain: times the gain that was found.

    Raises:
        NotRun: the tool does not take such an offset.
    """
    found = await bench.found_calibration(0)
    offset = found.offset_counts - round(counts / found.gain)
    if not -_LARGEST <= offset <= _LARGEST:
        raise NotRun("conform.why.shift")
    await set_calibration(bench, SetCalibration(0, found.gain * gain, offset))


async def set_calibration(bench: Bench, request: SetCalibration) -> None:
    """Set a calibration that the tool may find strange.

    Raises:
        NotRun: it refuses it.
    """
    answer = await bench.ask(request)
    if answer.result == Result.INVALID_PARAMETER:
        raise NotRun("conform.why.shift")
    result_of(answer, request, Result.SUCCESS)


async def tare(bench: Bench) -> None:
    """Set the tool to zero.

    Raises:
        NotRun: it says that it moves or is loaded.
    """
    answer = await bench.ask(Tare())
    if answer.result == Result.OPERATION_FAILED:
        raise NotRun("conform.why.tare")
    result_of(answer, Tare(), Result.SUCCESS)


async def zero(bench: Bench) -> None:
    """Set the tool to zero unless it stands there.

    Raises:
        NotRun: it says that it moves or is loaded.
    """
    if not bench.is_zero:
        await tare(bench)
        bench.is_zero = True


async def mean_force(bench: Bench) -> float:
    """Return channel 0's mean over the next 0.3 s of the present run, settled, in counts.

    Raises:
        Broken: it is never known.
    """
    await asyncio.sleep(_SETTLE_S)
    forces = [
        sample.force[0]
        for frame in await bench.stream(_MEAN_S)
        for sample in frame.telemetry.samples
        if sample.force and sample.force[0] != NOT_KNOWN
    ]
    if not forces:
        raise Broken("conform.seen.unknown_values")
    return statistics.fmean(forces)
