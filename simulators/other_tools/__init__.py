"""Simulated tools that do not speak the profile: the same sensors and hand, other services."""

from simulators.other_tools.dress import Dress
from simulators.other_tools.wardrobe import DRESSES, dress_of

__all__ = ["DRESSES", "Dress", "dress_of"]
