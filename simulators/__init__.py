"""A massage tool, a hand, a face and a radio that stand in for hardware."""
