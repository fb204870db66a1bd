"""What holds the state of an engine: copied whole, whether it is compiled or not."""

from typing import Self


class Copied:
    """Base of what an engine is made of.

    A copy is made without asking ``__init__`` for what it was given. A compiled class does so only
    if it has a ``__new__``.
    """

    __slots__ = ()

    def __new__(cls, *_args: object, **_named: object) -> Self:
        """Return one in which nothing is set yet."""
        return super().__new__(cls)
