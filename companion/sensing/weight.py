"""What a scale shows, and the force that shows it."""

from typing import Final

NEWTONS_PER_GRAM: Final = 9.80665e-3
"""A scale is made to show masses under standard gravity (ISO 80000-3)."""
