"""Labelled recordings: what a simulated tool sent, and beside it what really happened."""

from simulators.recording.files import write_recording
from simulators.recording.session import Losses, RecordingError

__all__ = ["Losses", "RecordingError", "write_recording"]
