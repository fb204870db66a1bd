"""What the tool notices by itself: contact, its own limit, faults; told as events and buzzes."""

from typing import Final

from protocols.massage_tool import (
    ButtonEvent,
    ContactEvent,
    FaultEvent,
    FaultKind,
    Features,
    LimitEvent,
    LimitLevel,
    Pattern,
    PowerEvent,
    SetLimit,
    ToolFeature,
)
from simulators.firmware.clock import ToolClock
from simulators.firmware.limit import Limit
from simulators.firmware.motor import Motor, Reason
from simulators.firmware.sensors import Measured

SATURATED_FOR_US: Final = 200_000
"""How long after the last saturated sample the fault stands; as long as the limit's."""
_MOST_COUNTS: Final = 32767
_MICROSECONDS: Final = 1_000_000
_PATTERNS: Final = {
    LimitLevel.CLEARED: Pattern.OFF,
    LimitLevel.CAUTION: Pattern.DOUBLE,
    LimitLevel.STOP: Pattern.CONTINUOUS,
}

Event = ContactEvent | LimitEvent | ButtonEvent | FaultEvent | PowerEvent


class Watch:
    """Looks at every sample.

    Attributes:
        events: what happened, oldest first; whoever sends them empties it.

    Args:
        feature: the tool's parts.
        clock: the tool's.
        motor: buzzes for the limit, where the tool has one.
        force_resolution_n: newtons per count.
    """

    def __init__(
        self, feature: ToolFeature, clock: ToolClock, motor: Motor, force_resolution_n: float
    ) -> None:
        self.events: list[bytes] = []
        self._features = feature.features
        self._clock = clock
        self._motor = motor
        self._force_resolution_n = force_resolution_n
        self.restart()

    def restart(self) -> None:
        """Forget everything, as at switch-on."""
        self.events.clear()
        self._limit = Limit()
        self._is_touching = False
        self._force_counts = 0
        self._faults: list[FaultKind] = []
        self._saturated_us: int | None = None

    @property
    def is_armed(self) -> bool:
        """Whether the on-tool limit is on."""
        return self._limit.is_armed

    def standing(self, device_us: int) -> tuple[bytes, ...]:
        """Return the state as events: contact and limit where the tool has them, faults."""
        clock = self._clock.u32(device_us)
        events: list[Event] = []
        if Features.OWN_TOUCH_VERDICT in self._features:
            events.append(ContactEvent(clock, self._is_touching))
        if Features.ON_TOOL_LIMIT in self._features:
            events.append(LimitEvent(clock, self._limit.level, self._force_counts))
        events.extend(FaultEvent(clock, fault, raised=True) for fault in self._faults)
        return tuple(bytes(event) for event in events)

    def arm(self, request: SetLimit, device_us: int) -> None:
        """Judge by new limits from here on; what stood is cleared and judged anew."""
        stood = self._limit.level
        self._limit.arm(
            request.caution_n / self._force_resolution_n,
            request.stop_n / self._force_resolution_n,
            round(request.on_delay_s * _MICROSECONDS),
        )
        if stood is not LimitLevel.CLEARED:
            self._tell_limit(device_us)

    def look(self, device_us: int, sample: Measured) -> None:
        """Judge one sample."""
        if sample.touching is not self._is_touching:
            self._is_touching = sample.touching
            self.tell(ContactEvent(self._clock.u32(device_us), sample.touching))
        if sample.judged_counts is not None:
            self._force_counts = round(max(-_MOST_COUNTS, min(_MOST_COUNTS, sample.judged_counts)))
            if self._limit.judge(device_us, sample.judged_counts):
                self._tell_limit(device_us)
        self._look_for_saturation(device_us, is_saturated=sample.saturated)

    def fault(self, device_us: int, fault: FaultKind, *, raised: bool) -> None:
        """Something stops working rightly, or works again; told only if that is news."""
        if raised is (fault in self._faults):
            return
        if raised:
            self._faults.append(fault)
        else:
            self._faults.remove(fault)
        self.tell(FaultEvent(self._clock.u32(device_us), fault, raised))

    def tell(self, event: Event) -> None:
        """Put an event in line."""
        self.events.append(bytes(event))

    def _tell_limit(self, device_us: int) -> None:
        level = self._limit.level
        if Features.HAPTIC_MOTOR in self._features:
            self._motor.ask(Reason.LIMIT, device_us, pattern=_PATTERNS[level])
        self.tell(LimitEvent(self._clock.u32(device_us), level, self._force_counts))

    def _look_for_saturation(self, device_us: int, *, is_saturated: bool) -> None:
        if is_saturated:
            self._saturated_us = device_us
            self.fault(device_us, FaultKind.SATURATED, raised=True)
            return
        last_us = self._saturated_us
        if last_us is not None and device_us - last_us >= SATURATED_FOR_US:
            self._saturated_us = None
            self.fault(device_us, FaultKind.SATURATED, raised=False)
