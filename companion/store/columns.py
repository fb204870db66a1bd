"""Whole numbers that change little from one to the next, in few bytes and back again exactly.

Each column is predicted by a straight line through its last values (differences of order 0 to 2)
and the errors are written in Rice code, as lossless audio does (Robinson, SHORTEN, Cambridge
CUED/F-INFENG/TR.156, 1994). The unary parts of a column stand before its binary ones, so that both
can be read without walking from code to code.
"""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.int64]
Bits: TypeAlias = npt.NDArray[np.uint8]

LARGEST: Final = 1 << 32
"""Values lie closer to 0 than this: their differences then stay far from 64 bits."""

_ORDERS: Final = 3
_WIDEST: Final = 40
_NEAR: Final = 4
_WIDTH_BITS: Final = 6
_GROUPS: Final = 5
"""Of seven bits: room for a sign and 33 more."""


class DamagedError(ValueError):
    """Bytes that do not hold what they should."""


def packed(values: Counts) -> bytes:
    """Return one column in few bytes.

    Args:
        values: shape (n,), at least one, each closer to 0 than `LARGEST`.

    Raises:
        ValueError: there is none, or one is too large.
    """
    if not values.size or int(np.abs(values).max()) >= LARGEST:
        raise ValueError("a column needs values, none of them too large")
    first, later = int(values[0]), values[1:] - values[0]
    tried = [_zigzag(np.diff(later, order, prepend=[0] * order)) for order in range(_ORDERS)]
    order = min(range(_ORDERS), key=lambda each: int(tried[each].sum()))
    codes = tried[order]
    width = _best_width(codes)
    ends = np.cumsum((codes >> width) + 1) - 1
    unary = np.zeros(int(ends[-1]) + 1 if ends.size else 0, dtype=np.uint8)
    unary[ends] = 1
    bits = np.concatenate([unary, _low_bits(codes, width)])
    return bytes([order << _WIDTH_BITS | width]) + _number(first) + np.packbits(bits).tobytes()


def unpacked(data: bytes, count: int) -> tuple[Counts, bytes]:
    """Return a column and the bytes after it.

    Args:
        data: what `packed` gave, and perhaps more.
        count: how many values it has, at least one.

    Raises:
        DamagedError: it is not such a column.
    """
    if not data:
        raise DamagedError("a column is missing")
    order, width = data[0] >> _WIDTH_BITS, data[0] & (1 << _WIDTH_BITS) - 1
    if order >= _ORDERS or width > _WIDEST:
        raise DamagedError("the head of a column is damaged")
    first, data = _number_of(data[1:])
    codes, data = _codes_of(data, count - 1, width)
    values = (codes >> 1) ^ -(codes & 1)
    for _ in range(order):
        values = np.cumsum(values)
    return np.concatenate([[first], first + values]), data


def _codes_of(data: bytes, count: int, width: int) -> tuple[Counts, bytes]:
    """Return Rice codes: the unary parts end with the bit that is the ``count``-th 1."""
    ends = _ones(data, count)
    low_from = int(ends[-1]) + 1 if ends.size else 0
    end = low_from + count * width
    if ends.size < count or end > 8 * len(data):
        raise DamagedError("a column is cut short")
    stems = np.diff(ends, prepend=-1) - 1
    begin, after = low_from // 8, (end + 7) // 8
    bits = np.unpackbits(np.frombuffer(data[begin:after], np.uint8))
    low = bits[low_from - 8 * begin : end - 8 * begin]
    return (stems << width) | _from_low_bits(low, count, width), data[after:]


def _ones(data: bytes, count: int) -> Counts:
    """Return the places of the first ``count`` bits that are 1; of fewer, where there are not."""
    size = min(len(data), count // 2 + 8)
    while True:
        bits = np.unpackbits(np.frombuffer(data[:size], np.uint8)).view(np.bool_)
        ends = np.flatnonzero(bits)
        if ends.size >= count or size == len(data):
            return ends[:count]
        size = min(len(data), 2 * size)


def _number(value: int) -> bytes:
    """Return a whole number in groups of seven bits, its sign in the lowest bit."""
    code, groups = value << 1 if value >= 0 else ~value << 1 | 1, bytearray()
    while code >> 7:
        groups.append(code & 0x7F | 0x80)
        code >>= 7
    return bytes([*groups, code])


def _number_of(data: bytes) -> tuple[int, bytes]:
    code = 0
    for place, group in enumerate(data[:_GROUPS]):
        code |= (group & 0x7F) << 7 * place
        if group < 0x80:  # noqa: PLR2004 - its last group
            return code >> 1 if not code & 1 else ~(code >> 1), data[place + 1 :]
    raise DamagedError("a number of a column has no end")


def _zigzag(values: Counts) -> Counts:
    """Return 0, -1, 1, -2 ... as 0, 1, 2, 3 ..."""
    return (values << 1) ^ (values >> 63)


def _best_width(codes: Counts) -> int:
    """Return the number of low bits that gives the shortest column.

    Codes of a geometric distribution want the logarithm of their mean; what others want is near.
    """
    if not codes.size:
        return 0
    near = int(codes.mean()).bit_length()
    widths = range(max(0, near - _NEAR), min(_WIDEST, near + 1) + 1)
    bits = [int((codes >> width).sum()) + width * codes.size for width in widths]
    return widths[bits.index(min(bits))]


def _low_bits(codes: Counts, width: int) -> Bits:
    places = np.arange(width - 1, -1, -1)
    return ((codes[:, None] >> places) & 1).astype(np.uint8).ravel()


def _from_low_bits(bits: Bits, count: int, width: int) -> Counts:
    weights = 1 << np.arange(width - 1, -1, -1, dtype=np.int64)
    return bits.reshape(count, width) @ weights
