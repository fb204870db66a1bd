"""Counting there-and-back motion from accelerometer and gyroscope alone."""
