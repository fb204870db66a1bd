"""The newest of something that never changes, so that a copy of it is quickly made."""

from collections import deque
from typing import Self, TypeVar

T = TypeVar("T")


class Ring(deque[T]):
    """A bounded queue of values that never change: a deep copy has them in common."""

    __slots__ = ()

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return one that goes on by itself."""
        return self.copy()
