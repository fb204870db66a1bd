"""Bytes to telemetry and back: sans-I/O, standard library only."""
