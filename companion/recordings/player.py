"""Feeds a recording to the live engine, in the order and at the times of the samples."""

from collections.abc import Iterator, Sequence

from companion.recordings.frames import frames
from companion.recordings.recording import Recording
from companion.recordings.steps import NEWTONS_PER_KPA
from companion.recordings.tool_file import ToolData
from companion.sensing.engine import Engine
from companion.sensing.replay import Replay, Turn
from companion.sensing.tool import ForceChannel, Tool
from companion.sensing.types import SensingEvent, StepEnd, Task
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Telemetry

JUDGED_AREA_M2 = NEWTONS_PER_KPA / 1e3
"""Contact area on which a recording is judged. Its limits and its force are both in newtons, so
any area gives the same verdicts; on this one a newton is a kilopascal."""
_FIRST_US = -(2**62)
_MILLION = 1_000_000


class Player:
    """One recording and the engine that takes it.

    Args:
        recording: what is played.
        tool: the tool file, None where there is none.
        names_technique: whether the engine's ``technique`` will be asked for.

    Attributes:
        engine: the live engine, on a tool whose force is contact force already.
    """

    def __init__(
        self, recording: Recording, tool: ToolData | None, *, names_technique: bool = False
    ) -> None:
        self.engine = Engine(described(recording, tool), names_technique=names_technique)
        self._recording = recording
        self._tool = tool
        self._replay = Replay(self.engine)

    def play(self, plan: Task | Sequence[Turn]) -> Iterator[tuple[Telemetry, list[SensingEvent]]]:
        """Yield each frame of the recording with what the engine says to it.

        Args:
            plan: one task for all of it, or what changes when.
        """
        if isinstance(plan, Task):
            plan = [Turn(_FIRST_US, ends=False, begins=True, task=plan)]
        self._replay = Replay(self.engine, plan)
        # Where frames are as they were, what happened within one came before or after all of it.
        are_known = self._tool is not None and self._tool.frame_samples is not None
        cuts = [] if are_known else [turn.at_us for turn in plan]
        yield from self._replay.run(frames(self._recording, self._tool, cuts))

    def finish(self) -> tuple[StepEnd, list[SensingEvent]]:
        """End the recording at its last sample.

        Returns:
            What the end brings out, and then what was still standing there.
        """
        end = self._replay.end()
        return end, self.engine.silence((self.engine.intake.last_us or 0) / _MILLION)


def described(recording: Recording, tool: ToolData | None) -> Tool:
    """Return the facts by which the engine takes a recording: its columns, and the tool file."""
    known = tool or ToolData()
    return Tool(
        force_channels=len(recording.force_n),
        force_resolution_n=known.force_resolution_n,
        force_full_scale_n=known.full_scale_n,
        contact_area_m2=JUDGED_AREA_M2,
        supported_mass_kg=0.0,
        press_axis=known.press_axis,
        tip_axis=known.tip_axis,
        travel_axis=known.travel_axis,
        has_accelerometer=recording.accel_mps2 is not None,
        has_gyroscope=recording.gyro_radps is not None,
        has_wheel=recording.travel_m is not None,
        has_touch_verdict=recording.touching is not None,
        force_is_contact=True,
        channels=_channels(recording, known),
        has_targets=bool(known.steps),
        noise_n=(known.force_noise_n or 0.0) if known.steps else 0.0,
        was_freed=recording.accel_mps2 is not None and bool(known.supported_mass_kg),
        unfreed_n=0.0
        if recording.accel_mps2
        else (known.supported_mass_kg or 0.0) * STANDARD_GRAVITY_MPS2,
    )


def _channels(recording: Recording, tool: ToolData) -> tuple[ForceChannel, ...]:
    """Return the channels, where steps are judged by the hardest; their sum is the area judged."""
    areas_m2 = tool.channel_areas_m2
    if not tool.steps or not areas_m2 or len(areas_m2) != len(recording.force_n):
        return ()
    share = JUDGED_AREA_M2 / sum(areas_m2)
    return tuple(ForceChannel(area_m2 * share, None) for area_m2 in areas_m2)
