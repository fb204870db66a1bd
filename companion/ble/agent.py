"""What a person at this computer answers while a tool is paired."""

from typing import Final, Protocol

LAST_PASSKEY: Final = 999_999
"""A passkey has six digits (Core Vol 3 H 2.3.5.3)."""


class Answers(Protocol):
    """Who answers; every question is about the tool that is being paired."""

    async def enter(self) -> int | None:
        """Ask for the six digits that the tool shows; None refuses."""

    async def compare(self, number: int) -> bool:
        """Ask whether the tool shows this number too."""

    async def show(self, number: int) -> None:
        """Show six digits that are to be entered at the tool."""


def passkey(words: str) -> int | None:
    """Read a passkey as a person types it, spaces between the digits allowed.

    Returns:
        The number; None where the words are no six digits.
    """
    digits = "".join(words.split())
    is_one = len(digits) == len(str(LAST_PASSKEY)) and digits.isascii() and digits.isdigit()
    return int(digits) if is_one else None
