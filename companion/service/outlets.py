"""What a session runner calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from companion.coaching.events import Event
from companion.coaching.stroke_log import StrokeNews
from protocols.telemetry import Telemetry


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerOutlets:
    """What the runner calls: each synchronous.

    Attributes:
        publish: with every event, in order.
        now: for loop time in seconds.
        date: for the time of day, aware.
        tare: when the tool needs taring.
        keep: with samples, once they have been decided on.
        lost: when samples are missing, or have gone with their run.
        came: when samples came that were asked for again.
        stroke: with every stroke, and every one that is withdrawn, in order.
        correct: makes newtons of what a tool sends that cannot keep its gain.
    """

    publish: Callable[[Event], None]
    now: Callable[[], float]
    date: Callable[[], datetime]
    tare: Callable[[], None]
    keep: Callable[[Telemetry], None] = lambda _: None
    lost: Callable[[], None] = lambda: None
    came: Callable[[], None] = lambda: None
    stroke: Callable[[StrokeNews], None] = lambda _: None
    correct: Callable[[Telemetry], Telemetry] = lambda telemetry: telemetry
