"""Bytes as people write them: with or without spaces, colons and ``0x``."""

import re
import string

from companion.texts import text

_SEPARATORS = re.compile(r"[\s:,_-]+")


class HexError(ValueError):
    """Not hexadecimal; ``offset`` counts whole bytes, ``reason`` is a sentence."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(offset, reason)
        self.offset = offset
        self.reason = reason


def read_hex(digits: str) -> bytes:
    """Return the bytes of groups of hexadecimal digits.

    Raises:
        HexError: a character is no hexadecimal digit, or a group has half a byte.
    """
    data = bytearray()
    for group in _SEPARATORS.split(digits.strip()):
        for pair in _pairs(group):
            foreign = next((sign for sign in pair if sign not in string.hexdigits), None)
            if foreign is not None:
                raise HexError(len(data), text("cli.decode.foreign", sign=foreign))
            if len(pair) == 1:
                raise HexError(len(data), text("cli.decode.half", group=group))
            data.append(int(pair, 16))
    return bytes(data)


def _pairs(group: str) -> list[str]:
    digits = group[2:] if group[:2] in {"0x", "0X"} else group
    return [digits[start : start + 2] for start in range(0, len(digits), 2)]
