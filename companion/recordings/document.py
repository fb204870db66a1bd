"""Events of the engine, put together to the document of ``companion analyze``."""

from collections.abc import Sequence
from dataclasses import dataclass
from sys import float_info

from companion.recordings.bridged import DECIMALS, Fields, bridged
from companion.recordings.recording import Recording
from companion.recordings.steps import NEWTONS_PER_KPA
from companion.sensing.active import PAUSE_S, active_spans, worked_spans
from companion.sensing.contact import SOURCE_FORCE
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    FaultEnded,
    FaultFound,
    OverPressureCleared,
    OverPressureRaised,
    Recognised,
    Repeated,
    SensingEvent,
    StepEnd,
    Stroke,
    Technique,
)

FORMAT = 1
"""Version of the document (docs/recordings.md)."""
UNSURE = "unsure"
"""What the technique is called where the engine cannot tell (docs/recordings.md)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The recording's own clock, from its first sample to its last."""

    first_s: float
    last_s: float

    def time(self, device_s: float) -> float:
        """Return a time to the microsecond, within the recording."""
        return min(max(round(device_s, DECIMALS), self.first_s), self.last_s)


class Document:
    """Collects what the engine says, in its order."""

    def __init__(self, clock: Clock, declared: Technique | None) -> None:
        self._clock = clock
        self._declared = declared
        self._faults: list[Fields] = []
        self._touched: list[Fields] = []
        self._contacts: list[Fields] = []
        self._strokes: list[Fields] = []
        self._alerts: list[Fields] = []
        self._counted: list[float] = []
        self._recounted: list[float] = []
        self._source = ""
        self._is_over = False

    def take(self, events: Sequence[SensingEvent]) -> None:
        """Take events while the recording runs."""
        for event in events:
            self._take(event)

    def close(self, end: StepEnd, standing: Sequence[SensingEvent]) -> None:
        """Take what the end brought out, and what was standing there: it has no end."""
        self.take(end.events)
        self._recounted = [self._clock.time(time_s) for time_s in end.repetitions_s]
        self._is_over = True
        self.take(standing)

    def fields(self, recording: Recording, recognised: Recognised | None) -> Fields:
        """Return the document.

        Args:
            recording: what it is about.
            recognised: the technique that the engine named, where none was declared.
        """
        clock = self._clock
        gaps = [_span(clock.time(start), clock.time(end)) for start, end in recording.gaps()]
        strokes = sorted(self._strokes, key=_start)
        return {
            "format": FORMAT,
            "duration_s": round(clock.last_s - clock.first_s, DECIMALS),
            "sample_rate_hz": round(min(1 / recording.median_interval_s, float_info.max), DECIMALS),
            "gaps": gaps,
            "faults": self._faults,
            "active": active(recording, self._touched, self._strokes),
            "contacts": bridged(self._contacts, strokes, gaps, clock.last_s),
            "strokes": strokes,
            "reps": {"live": self._counted, "final": self._recounted},
            "alerts": self._alerts,
            "technique": _technique(self._declared, recognised),
        }

    def _take(self, event: SensingEvent) -> None:
        match event:
            case ContactBegan():
                self._source = event.source
            case ContactEnded():
                self._add_contact(event)
            case Stroke():
                self._add_stroke(event)
            case Repeated():
                self._counted.append(self._clock.time(event.device_s))
            case OverPressureRaised() | OverPressureCleared():
                self._take_alert(event)
            case FaultFound() | FaultEnded():
                self._take_fault(event)
            case _:
                pass

    def _add_contact(self, event: ContactEnded) -> None:
        time = self._clock.time
        contact = {
            "start_s": time(event.began_s),
            "end_s": None if self._is_over else time(event.ended_s),
            "mean_n": _rounded(event.mean_n),
            "peak_n": _rounded(event.peak_n),
        }
        self._touched.append(contact)
        if self._source == SOURCE_FORCE:
            self._contacts.append(contact)

    def _add_stroke(self, event: Stroke) -> None:
        time = self._clock.time
        self._strokes.append(
            {
                "start_s": time(event.start_s),
                "end_s": time(event.end_s),
                "confirmed_s": time(event.device_s),
                "direction": event.direction.value,
                "travel_m": _rounded(event.travel_m),
                "mean_n": _rounded(event.mean_n),
                "peak_n": _rounded(event.peak_n),
            }
        )

    def _take_alert(self, event: OverPressureRaised | OverPressureCleared) -> None:
        time = self._clock.time
        if isinstance(event, OverPressureRaised):
            self._alerts.append(
                {
                    "kind": "over_pressure",
                    "level": event.level.value,
                    "onset_s": time(event.onset_s),
                    "raised_s": time(event.device_s),
                    "cleared_s": None,
                    "peak_n": None,
                }
            )
            return
        level = event.level.value
        alert = next(alert for alert in reversed(self._alerts) if alert["level"] == level)
        alert["peak_n"] = _rounded(event.peak_kpa * NEWTONS_PER_KPA)
        if not self._is_over:
            alert["cleared_s"] = time(event.device_s)

    def _take_fault(self, event: FaultFound | FaultEnded) -> None:
        time = self._clock.time
        if isinstance(event, FaultFound):
            self._faults.append(
                {
                    "kind": event.kind,
                    "start_s": time(event.start_s),
                    "detected_s": time(event.device_s),
                    "end_s": None,
                }
            )
            return
        fault = next(fault for fault in reversed(self._faults) if fault["kind"] == event.kind)
        fault["end_s"] = time(event.device_s)


def active(
    recording: Recording, touched: Sequence[Fields], strokes: Sequence[Fields]
) -> list[Fields]:
    """Return when the tool was in use, with the pauses under 3 s.

    From contacts, and strokes of the wheel where the force is lost for a while; where nothing
    tells contact, from motion.
    """
    accel, last_s = recording.accel_mps2, recording.t_s[-1]
    if not recording.force_n and recording.touching is None and accel is not None:
        moved = active_spans(recording.t_s, accel, recording.gyro_radps)
        spans = worked_spans(moved, [(one["start_s"], _end(one, last_s)) for one in touched])
        return [_span(start_s, end_s) for start_s, end_s in spans]
    contacts = [_span(one["start_s"], _end(one, last_s)) for one in touched]
    bare = [stroke for stroke in strokes if not any(_overlap(stroke, one) for one in contacts)]
    used: list[Fields] = []
    for part in sorted([*contacts, *bare], key=_start):
        end_s = part["end_s"]
        if used and part["start_s"] - used[-1]["end_s"] < PAUSE_S:
            used[-1]["end_s"] = max(end_s, used[-1]["end_s"])
        else:
            used.append(_span(part["start_s"], end_s))
    return used


def _technique(declared: Technique | None, recognised: Recognised | None) -> Fields:
    """Return the technique; one that was declared was not judged, and has no confidence."""
    if declared is not None or recognised is None:
        return {"label": declared, "confidence": None}
    return {"label": recognised.label or UNSURE, "confidence": round(recognised.confidence, 3)}


def _end(span: Fields, last_s: float) -> float:
    end_s: float | None = span["end_s"]
    return last_s if end_s is None else end_s


def _overlap(a: Fields, b: Fields) -> bool:
    return bool(a["start_s"] < b["end_s"] and b["start_s"] < a["end_s"])


def _span(start_s: float, end_s: float) -> Fields:
    return {"start_s": start_s, "end_s": end_s}


def _start(span: Fields) -> float:
    start_s: float = span["start_s"]
    return start_s


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
