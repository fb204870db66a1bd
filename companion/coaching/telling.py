"""What the engine finds becomes what is told: repetitions, levels, warnings, faults."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from companion.coaching.alerts import OVER_PRESSURE, TOO_LIGHT, AlertDesk, AlertKey
from companion.coaching.course import Course
from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    LevelChanged,
    Repetition,
)
from companion.coaching.lightness import Lightness
from companion.coaching.tally import Turn
from companion.sensing.types import (
    Band,
    ContactBegan,
    ContactEnded,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    Point,
    Repeated,
    SensingEvent,
    Stroke,
    Technique,
)

_TOO_LIGHT = AlertKey(TOO_LIGHT, Level.LIGHT)


class Telling:
    """Turns findings into events for the step that is being done.

    Args:
        course: where the walk through the steps stands.
        alerts: the warnings.
        area_m2: the tool's working surface; None where it is not known.

    Attributes:
        touching: whether the tool is on the skin, as far as the engine has said.
    """

    def __init__(self, course: Course, alerts: AlertDesk, area_m2: float | None) -> None:
        self._course = course
        self._alerts = alerts
        self._area_m2 = area_m2
        self.touching = False
        self._turns: list[Turn] = []
        self._lightness = Lightness()

    def contact_turns(self) -> list[Turn]:
        """Return where contact began or ended since this was last asked."""
        turns, self._turns = self._turns, []
        return turns

    def told(self, found: Iterable[SensingEvent], *, counting: bool) -> list[Event]:
        """Return the events of some findings; without ``counting`` repetitions are ignored."""
        return [event for sensed in found for event in self._told(sensed, counting=counting)]

    def lightness(
        self, points: Sequence[Point], interval_s: float, band: Band, now_s: float
    ) -> list[Event]:
        """Watch for contact that is too light, and raise or end that warning.

        Args:
            points: new samples of the trace.
            interval_s: seconds between them.
            band: the limits of the step.
            now_s: time of the newest sample.
        """
        watch = self._lightness
        watch.watch(points, interval_s)
        if watch.run is None:
            unknown = bool(points) and points[-1].level is Level.UNKNOWN
            return self.too_light_over("unknown" if unknown else "ended", now_s)
        run = None if self._alerts.stands(_TOO_LIGHT) else watch.worth_saying(now_s)
        if run is None:
            return []
        return self._alerts.raised(
            _TOO_LIGHT,
            self._course.step,
            device_s=now_s,
            onset_s=run.onset_s,
            pressure_kpa=run.pressure_kpa,
            limit_kpa=band.low_kpa,
        )

    def too_light_over(self, reason: str, now_s: float) -> list[Event]:
        """End the warning of too light contact, if it stands, and forget the present run."""
        self._lightness.reset()
        return self._alerts.cleared(
            _TOO_LIGHT, device_s=now_s, reason=reason, peak_kpa=self._lightness.peak_kpa
        )

    def _told(self, sensed: SensingEvent, *, counting: bool) -> list[Event]:
        match sensed:
            case Repeated():
                return self._repeated(sensed) if counting else []
            case LevelMoved():
                return self._level_moved(sensed)
            case OverPressureRaised():
                return self._over_pressure(sensed)
            case OverPressureCleared():
                return self._alerts.cleared(
                    AlertKey(OVER_PRESSURE, sensed.level),
                    device_s=sensed.device_s,
                    reason=sensed.reason,
                    peak_kpa=sensed.peak_kpa,
                )
            case FaultFound() | FaultEnded():
                return [_fault(sensed)]
            case ContactBegan() | ContactEnded() | Stroke():
                self._touched(sensed, counting=counting)
                return []
            case _:
                assert_never(sensed)

    def _touched(self, sensed: ContactBegan | ContactEnded | Stroke, *, counting: bool) -> None:
        if isinstance(sensed, Stroke):
            return
        if isinstance(sensed, ContactEnded) and counting:
            self._tapped(sensed)
        self.touching = isinstance(sensed, ContactBegan)
        self._turns.append(Turn(sensed.device_s, self.touching))

    def _tapped(self, sensed: ContactEnded) -> None:
        """Take a tap's peak from its contact: a tap is judged by it, and too short to show."""
        attempt, area_m2 = self._course.attempt, self._area_m2
        is_judged_tap = attempt.step.technique is Technique.TAP and attempt.is_judged
        if is_judged_tap and sensed.peak_n is not None and area_m2 is not None:
            attempt.tally.peaked(sensed.peak_n / area_m2 / 1e3)

    def _repeated(self, sensed: Repeated) -> list[Event]:
        attempt = self._course.attempt
        if not attempt.counts:
            return []
        attempt.repetitions += 1
        return [
            Repetition(
                device_s=sensed.device_s,
                step=attempt.step.id,
                count=attempt.repetitions,
                goal=attempt.goal,
            )
        ]

    def _level_moved(self, sensed: LevelMoved) -> list[Event]:
        self._course.attempt.doubted(sensed.doubt)
        return [
            LevelChanged(
                device_s=sensed.device_s,
                level=sensed.level,
                doubt=sensed.doubt,
                pressure_kpa=sensed.pressure_kpa,
            )
        ]

    def _over_pressure(self, sensed: OverPressureRaised) -> list[Event]:
        return self._alerts.raised(
            AlertKey(OVER_PRESSURE, sensed.level),
            self._course.step,
            device_s=sensed.device_s,
            onset_s=sensed.onset_s,
            pressure_kpa=sensed.pressure_kpa,
            limit_kpa=sensed.limit_kpa,
        )


def _fault(sensed: FaultFound | FaultEnded) -> Event:
    match sensed:
        case FaultFound():
            return FaultRaised(device_s=sensed.device_s, kind=sensed.kind, start_s=sensed.start_s)
        case FaultEnded():
            return FaultCleared(device_s=sensed.device_s, kind=sensed.kind)
        case _:
            assert_never(sensed)
