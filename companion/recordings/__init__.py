"""Recordings at rest: read by the contract, fed to the live engine, told as a document."""

from companion.recordings.analysis import Analysis, Options, analyse
from companion.recordings.reader import read_recording, recording_of
from companion.recordings.recording import Recording
from companion.recordings.tool_file import ToolData, read_tool, tool_fields, tool_of
from companion.recordings.up_file import write_up

__all__ = [
    "Analysis",
    "Options",
    "Recording",
    "ToolData",
    "analyse",
    "read_recording",
    "read_tool",
    "recording_of",
    "tool_fields",
    "tool_of",
    "write_up",
]
