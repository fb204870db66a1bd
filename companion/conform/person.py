"""What a person at the tool may be asked for."""

from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    """What to do; its sentence in the catalogue is ``conform.please.<action>``."""

    HOLD_STILL = "hold_still"
    PRESS = "press"
    SHAKE = "shake"
    PRESS_BUTTON = "press_button"
    RESTART = "restart"


class Question(StrEnum):
    """What to look at; its sentence in the catalogue is ``conform.question.<question>``."""

    BUZZES = "buzzes"
    SILENT = "silent"
    SHOWS_ITSELF = "shows_itself"


class Person(Protocol):
    """Whoever is at the tool."""

    async def please(self, action: Action) -> None:
        """Ask for something, and wait until it is being done."""

    async def sees(self, question: Question) -> bool:
        """Ask whether something is so now."""
