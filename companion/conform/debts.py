"""What a rule has changed in the tool, and how that is put back."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.massage_tool import (
    Calibration,
    Features,
    Haptic,
    Op,
    Pattern,
    Request,
    SetCalibration,
    SetLimit,
    Stop,
)


@dataclass(slots=True)
class Debts:
    """What is owed to the tool.

    Attributes:
        found: calibrations by channel as they were found.
        is_shifted: whether one may be another now.
        is_running: whether a run goes on.
        is_armed: whether a limit may be on.
        is_buzzing: whether the motor may be on.
    """

    found: dict[int, Calibration] = field(default_factory=dict)
    is_shifted: bool = False
    is_running: bool = False
    is_armed: bool = False
    is_buzzing: bool = False

    def __bool__(self) -> bool:
        return self.is_shifted or self.is_running or self.is_armed or self.is_buzzing

    def note(self, op: int, features: Features) -> None:
        """Remember what a request that succeeded leaves behind."""
        match op:
            case Op.START:
                self.is_running = True
            case Op.STOP:
                self.is_running = False
            case Op.SET_LIMIT:
                self.is_armed = True
            case Op.HAPTIC | Op.IDENTIFY:
                self.is_buzzing = Features.HAPTIC_MOTOR in features
            case _:
                return

    def requests(self) -> Iterator[tuple[Request, bool]]:
        """Yield what puts all back, each with whether it must succeed."""
        if self.is_buzzing:
            yield Haptic(Pattern.OFF, 0, 0.0), False
        if self.is_shifted:
            for channel, found in self.found.items():
                yield SetCalibration(channel, found.gain, found.offset_counts), True
        if self.is_armed:
            yield SetLimit(0.0, 0.0, 0.0), True
        if self.is_running:
            yield Stop(), True

    def settle(self) -> None:
        """All is put back."""
        self.is_shifted = self.is_running = self.is_armed = self.is_buzzing = False
