"""Which frames share a block, and what stands beside it in its table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from companion.store.blocks import Units, block, is_of_one_layout
from protocols.telemetry import Telemetry

HOLE_US: Final = 1_000_000
"""Frames this far apart do not share a block."""


class Most(NamedTuple):
    """How much a block holds: tool time in microseconds, and frames whatever their clock says."""

    device_us: int
    frames: int


class BlockRow(NamedTuple):
    """A block and what is known of it without reading it; clock in microseconds."""

    from_us: int
    to_us: int
    samples: int
    resent: bool
    data: bytes


def grouped(frames: Iterable[Telemetry], most: Most) -> Iterator[list[Telemetry]]:
    """Return frames in groups that share a block; a hole or another layout begins a new one."""
    group: list[Telemetry] = []
    for frame in frames:
        if group and not (goes_on(group[-1], frame) and has_room(group, frame, most)):
            yield group
            group = []
        group.append(frame)
    if group:
        yield group


def goes_on(last: Telemetry, frame: Telemetry) -> bool:
    """Return whether a frame may stand in one block with the one before it."""
    is_next = 0 <= frame.device_us - last.device_us < HOLE_US
    return is_next and frame.resent == last.resent and is_of_one_layout(last, frame)


def has_room(group: Sequence[Telemetry], frame: Telemetry, most: Most) -> bool:
    """Return whether a block of these frames has room for one more."""
    return end_us(frame) - group[0].device_us <= most.device_us and len(group) < most.frames


def block_row(
    frames: Sequence[Telemetry], units: Units, between: Callable[[], object] = lambda: None
) -> BlockRow:
    """Return frames of one group as a row; ``between`` as `block` calls it."""
    first, samples = frames[0], sum(len(frame.samples) for frame in frames)
    return BlockRow(
        first.device_us, end_us(frames[-1]), samples, first.resent, block(frames, units, between)
    )


def end_us(frame: Telemetry) -> int:
    """Return the session clock at the end of a frame, microseconds."""
    return frame.device_us + len(frame.samples) * frame.interval_us
