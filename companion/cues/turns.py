"""Whose turn it is to sound: one at a time, a stop at once, nothing stale. No clock, no sound."""

from dataclasses import dataclass
from typing import Final

from companion.cues.sounds import Sound, stop_again

STALE_S: Final = 4.0
"""What waited longer than this for its turn is not said any more: it was about another moment.
The same time lies between two hints (`companion.coaching.hints.desk`)."""

STOP_AGAIN_S: Final = 1.5
"""A stop that stands unseen sounds again so long after it sounded last, as on the screen."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    sound: Sound
    since_s: float


class Turns:
    """Lets one sound through at a time; times are seconds of the caller's clock.

    Attributes:
        sounding: what is being heard; None for nothing.
    """

    def __init__(self) -> None:
        self.sounding: Sound | None = None
        self._waiting: _Waiting | None = None
        self._stops: set[int] = set()
        self._silent_since_s = 0.0

    def offer(self, sound: Sound, now_s: float) -> Sound | None:
        """Return what is to begin now, in place of whatever sounds; None to let that go on.

        While a stop stands nothing else is heard, and what comes then is forgotten.

        Args:
            sound: what came.
            now_s: when.
        """
        if self._stops and not sound.is_stop:
            return None
        if self._goes_before(sound, self.sounding):
            self._waiting = None
            self.sounding = sound
            return sound
        kept = self._waiting
        if kept is None or self._is_stale(kept, now_s) or sound.priority >= kept.sound.priority:
            self._waiting = _Waiting(sound, now_s)
        return None

    def over(self, now_s: float) -> Sound | None:
        """Take note that what sounded is over, and return what is to begin now."""
        kept, self._waiting, self.sounding = self._waiting, None, None
        self._silent_since_s = now_s
        if kept is None or self._is_stale(kept, now_s):
            return None
        if self._stops and not kept.sound.is_stop:
            return None
        self.sounding = kept.sound
        return kept.sound

    def hush(self, now_s: float) -> None:
        """Take note that everything was silenced; what waited is forgotten."""
        self._waiting = self.sounding = None
        self._silent_since_s = now_s

    def stand(self, alert: int) -> None:
        """Take note that a stop stands; it sounds again until it is seen or over."""
        self._stops.add(alert)

    def settle(self, alert: int) -> None:
        """Take note that a stop was seen, or is over."""
        self._stops.discard(alert)

    def settle_all(self) -> None:
        """Take note that no stop stands any more."""
        self._stops.clear()

    @property
    def insists(self) -> bool:
        """Whether a stop stands that nobody has seen."""
        return bool(self._stops)

    def due(self, now_s: float) -> Sound | None:
        """Return the stop that is to sound again now; None for nothing."""
        waits = self.sounding is not None or now_s < self._silent_since_s + STOP_AGAIN_S
        if waits or not self._stops:
            return None
        self.sounding = stop_again()
        return self.sounding

    @staticmethod
    def _goes_before(sound: Sound, sounding: Sound | None) -> bool:
        if sounding is None or sound.is_stop > sounding.is_stop:
            return True
        return sound.priority > sounding.priority and sound.is_stop == sounding.is_stop

    @staticmethod
    def _is_stale(waiting: _Waiting, now_s: float) -> bool:
        return now_s - waiting.since_s > STALE_S
