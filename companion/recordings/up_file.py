"""Writes the estimated up direction of every sample."""

from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

from companion.recordings.recording import Column
from companion.sensing.tool import Axis

_HEADER = "t_s,up_x,up_y,up_z\n"


def write_up(path: str | Path, t_s: Column, ups: Iterable[Axis | None]) -> None:
    """Write ``t_s,up_x,up_y,up_z``, one row per sample, ``nan`` where the direction is not known.

    Args:
        path: the file to write.
        t_s: the times of the samples, as they were read.
        ups: unit vectors in the sensor frame.

    Raises:
        OSError: it cannot be written.
    """
    with Path(path).open("w", encoding="utf-8", newline="") as stream:
        stream.write(_HEADER)
        stream.writelines(map(_row, t_s, ups))


def _row(t_s: float, direction: Axis | None) -> str:
    x, y, z = repeat("nan", 3) if direction is None else (f"{value:.6f}" for value in direction)
    return f"{t_s!r},{x},{y},{z}\n"
