"""What a scale shows, and the force that shows it."""

from typing import Final

from protocols.telemetry import STANDARD_GRAVITY_MPS2

NEWTONS_PER_GRAM: Final = STANDARD_GRAVITY_MPS2 / 1000
"""A scale is made to show masses under standard gravity (ISO 80000-3)."""
