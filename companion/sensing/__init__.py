"""Samples become contact, attitude, strokes, pressure and faults: pure, on sample time."""
