"""Cues for eyes that are closed: tones and speech, one more subscriber of a session's events."""
