"""Sessions of the store under the engine of today."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any

from companion.recordings import Analysis, Options, ToolData, analyse, recording_of, tool_of
from companion.recordings.player import JUDGED_AREA_M2
from companion.recordings.redo import StepVerdict, judged_again
from companion.recordings.steps import Stage, read_steps
from companion.sensing.replay import ZeroTurn
from companion.store.course import Course, course_of, stage_fields
from companion.store.sessions import Kept, Sessions
from companion.store.taken import Taken, known_tool
from protocols.telemetry import Telemetry


def analysed(took: Taken) -> Analysis:
    """Return what ``companion analyze`` says of a session's export.

    Raises:
        FileRefused: the tool file that came with it cannot be used.
    """
    columns = {name: column.tolist() for name, column in took.columns.items()}
    options = Options(tool=_tool_data(took.tool), follows_steps=True)
    return analyse(recording_of(columns), options)


def _tool_data(fields: Mapping[str, Any]) -> ToolData:
    return tool_of(fields, "")


def course(sessions: Sessions, kept: Kept) -> Course:
    """Return the course of a session."""
    return course_of(sessions.events(kept), sessions.routine(kept))


def judged(sessions: Sessions, kept: Kept, run: Course) -> list[StepVerdict]:
    """Return what the engine of today makes of a live session's steps.

    Raises:
        DamagedError: its telemetry cannot be read.
    """
    tool = known_tool(sessions.tool(kept), sessions.calibration(kept))
    frames = in_place(sessions.telemetry(kept))
    return judged_again(tool, frames, stages(run), zeros(run), run.pauses)


def in_place(frames: Iterable[Telemetry]) -> list[Telemetry]:
    """Return frames in order of time, what came late as if it had come with the rest."""
    ordered = sorted(frames, key=attrgetter("device_us"))
    return [replace(frame, resent=False) if frame.resent else frame for frame in ordered]


def stages(run: Course) -> tuple[Stage, ...]:
    """Return the steps of a session, with their limits in kPa."""
    # On this area a newton is a kilopascal, so that the limits of the steps stay what they are.
    return read_steps(stage_fields(run.stages, JUDGED_AREA_M2)) or ()


def zeros(run: Course) -> list[ZeroTurn]:
    """Return when the tool took or lost its zero."""
    return [ZeroTurn(zero.from_us, zero.is_known) for zero in run.zeros]
