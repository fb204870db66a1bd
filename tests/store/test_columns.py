"""Columns of whole numbers: bytes worked out by hand first, then everything back again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.store.columns import LARGEST, DamagedError, packed, unpacked

NUMBERS = st.integers(1 - LARGEST, LARGEST - 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # order 0, width 0; 5 is 10 with its sign; three times "no error"
        ([5, 5, 5, 5], "00 0a e0"),
        # order 2: the first step is an error of 1 (code 2, two zeros and a one), then none
        ([0, 1, 2, 3, 4], "80 00 3c"),
        # -1 is 1 with its sign; nothing follows
        ([-1], "00 01"),
        # 300 = 600 with its sign = 4 x 128 + 88
        ([300, 300], "00 d8 04 80"),
        # order 0, width 3: codes 15, 16 and 15 are 1|7, 2|0 and 1|7: 01 001 01, then 111 000 111
        ([0, -8, 8, -8], "03 00 4b c7"),
    ],
)
def test_columns_are_these_bytes(values: list[int], expected: str) -> None:
    assert packed(np.array(values)) == bytes.fromhex(expected)
    found, rest = unpacked(bytes.fromhex(expected) + b"next", len(values))
    assert (found.tolist(), rest) == (values, b"next")


@given(st.lists(NUMBERS | st.integers(-100, 100), min_size=1, max_size=60), st.binary(max_size=9))
def test_every_column_comes_back(values: list[int], after: bytes) -> None:
    found, rest = unpacked(packed(np.array(values)) + after, len(values))
    assert (found.tolist(), rest) == (values, after)


@given(st.binary(max_size=60), st.integers(1, 40))
def test_any_bytes_are_a_column_or_refused(data: bytes, count: int) -> None:
    try:
        found, _ = unpacked(data, count)
    except DamagedError:
        return
    assert len(found) == count


@pytest.mark.parametrize("values", [[], [LARGEST], [0, -LARGEST]])
def test_what_a_column_cannot_hold_is_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="column"):
        packed(np.array(values, dtype=np.int64))
