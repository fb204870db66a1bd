"""Sessions kept safe: what was done, and the telemetry it was done with."""
