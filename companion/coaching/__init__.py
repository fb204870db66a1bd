"""Telemetry and a routine become what to tell the user: pure, on sample time."""
