"""A recording without a routine: what the engine of today says to it is all that is told."""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    LevelChanged,
    Notice,
    Repetition,
    SessionStarted,
)
from companion.recordings.analysis import Options
from companion.recordings.player import JUDGED_AREA_M2, Player
from companion.recordings.recording import Recording
from companion.recordings.retelling import Retelling
from companion.recordings.tape import Heard, Note
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    Repeated,
    SensingEvent,
    Stroke,
    Task,
)
from protocols.telemetry import Telemetry

_RAISED = {f"replay.event.raised_{level}": level for level in (Level.CAUTION, Level.STOP)}
"""Notices of a limit that was passed, by the keys of their sentences."""
_MILLION = 1_000_000
_ENDED = "ended"
"""Why a warning is over: the pressure is known to be below its limit."""


class Unguided:
    """A source of a tape. Where nobody knows the place a warning is a notice, without one.

    Args:
        recording: what is played.
        options: how it is taken; limits, and the contact area with its tool.
        name: what it is called.
        tool: with what it was made; empty where not known.

    Attributes:
        begin_s: its first sample.
        end_s: its last one.
        tells_ahead: no: a warning is known once its samples have been taken in.
    """

    tells_ahead = False

    def __init__(self, recording: Recording, options: Options, name: str, tool: str = "") -> None:
        self.begin_s, self.end_s = recording.t_s[0], recording.t_s[-1]
        self._recording, self._options, self._name, self._tool = recording, options, name, tool
        self._player = Player(recording, options.tool_used())
        self._is_begun = False

    def retelling(self) -> Retelling:
        """Return the recording before its first event."""
        length_s = self.end_s - self.begin_s
        return Retelling(self._name, length_s, (), in_newtons=self._area_m2 is None)

    def heard(self) -> Iterator[Heard]:
        """Yield every frame as the engine takes it."""
        for frame, sensed in self._player.play(self._options.plan()):
            yield Heard(frame, sensed, self._player.engine.trace)

    def told(self, heard: Heard | None) -> Iterable[Event]:
        """Return what the engine said to a frame, or at the end."""
        events = [] if self._is_begun else [self._begun()]
        if heard is not None:
            first = [] if self._is_begun else self._lacking(heard.frame)
            self._is_begun = True
            return [*events, *first, *_told(heard.sensed)]
        self._is_begun = True
        end, standing = self._player.finish()
        return [*events, *_told([*end.events, *standing])]

    def note(self, event: Event) -> Note | None:
        """Return what a warning is noted as; None for any other event."""
        level = _RAISED.get(event.key) if isinstance(event, Notice) else None
        return None if level is None else Note(event.device_s, level)

    def kpa(self, pressure_kpa: float) -> float:
        """Return the pressure on the tool's contact area, or where that is not known as judged.

        The engine judges recordings on an area on which a newton is a kilopascal.
        """
        return pressure_kpa * JUDGED_AREA_M2 / (self._area_m2 or JUDGED_AREA_M2)

    @property
    def _area_m2(self) -> float | None:
        tool = self._options.tool
        return None if tool is None else tool.contact_area_m2

    def _lacking(self, first: Telemetry) -> list[Event]:
        """Return what a person has to give before levels and pressures can be told of a force."""
        if not self._recording.force_n:
            return []
        at_s, plan = self.begin_s + first.interval_us / _MILLION, self._options.plan()
        has_limits = not isinstance(plan, Task) or plan.band is not None
        lacking = (("no_area", self._area_m2 is None), ("no_limits", not has_limits))
        return [
            Notice(device_s=at_s, key=f"replay.event.{name}", values={})
            for name, is_lacking in lacking
            if is_lacking
        ]

    def _begun(self) -> SessionStarted:
        return SessionStarted(
            device_s=self.begin_s,
            routine=self._name,
            title=self._name,
            tool=self._tool,
            started_at="",
            steps=0,
        )


def _told(sensed: Sequence[SensingEvent]) -> Iterator[Event]:
    for found in sensed:
        match found:
            case LevelMoved():
                yield LevelChanged(
                    device_s=found.device_s,
                    level=found.level,
                    doubt=found.doubt,
                    pressure_kpa=None,
                )
            case Repeated():
                yield Repetition(device_s=found.device_s, step="", count=found.count, goal=None)
            case OverPressureRaised():
                yield _notice("raised", found, limit_n=found.limit_kpa)
            case OverPressureCleared():
                # What ends because nothing is known any more is never told as fine.
                name = "cleared" if found.reason == _ENDED else "unknown"
                bound = "_least" if found.peak_is_least else ""
                yield _notice(name, found, bound, peak_n=found.peak_kpa)
            case FaultFound() | FaultEnded():
                yield _fault(found)
            case ContactBegan() | ContactEnded() | Stroke():
                pass
            case _:
                assert_never(found)


def _fault(found: FaultFound | FaultEnded) -> Event:
    if isinstance(found, FaultFound):
        return FaultRaised(device_s=found.device_s, kind=found.kind, start_s=found.start_s)
    return FaultCleared(device_s=found.device_s, kind=found.kind)


def _notice(
    name: str,
    found: OverPressureRaised | OverPressureCleared,
    bound: str = "",
    **newtons: float,
) -> Notice:
    """Return a notice of a limit; judged pressures are newtons (``JUDGED_AREA_M2``)."""
    values: dict[str, object] = {part: f"{value:.1f}" for part, value in newtons.items()}
    key = f"replay.event.{name}_{found.level}{bound}"
    return Notice(device_s=found.device_s, key=key, values=values)
