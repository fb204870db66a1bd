"""Which event sounds like what: pure, so that a table of it can be tested."""

from dataclasses import dataclass
from typing import Final, assert_never

from companion.coaching.events import (
    AlertRaised,
    Event,
    Hint,
    HintKind,
    LinkLost,
    Prompt,
    SessionFinished,
    StepStarted,
)
from companion.cues.tones import Tone
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import cue_say

STOP_PRIORITY: Final = 100
"""Nothing matters more; `companion.coaching.hints.desk` gives it to a stop."""

LINK_PRIORITY: Final = 90
"""That of a lost tool: like a caution, for nothing is judged any more."""

END_PRIORITY: Final = 80
"""That of the session's end."""

_TONES: Final[dict[HintKind, Tone]] = {
    HintKind.TOO_LIGHT: Tone.RISING,
    HintKind.TOO_FIRM: Tone.FALLING,
    HintKind.RUSHING: Tone.FALLING,
    HintKind.TOO_SLOW: Tone.RISING,
    HintKind.WRONG_TECHNIQUE: Tone.NOTE,
    HintKind.WRONG_DIRECTION: Tone.NOTE,
    HintKind.PULLING_DOWN: Tone.NOTE,
    HintKind.DRAGGING: Tone.NOTE,
    HintKind.HELD_LONG: Tone.FALLING,
    HintKind.SESSION_LONG: Tone.FALLING,
    HintKind.DOSE_CAUTION: Tone.FALLING,
    HintKind.DOSE_STOP: Tone.STOP,
}
"""Rising asks for more, falling for less; a note says: listen, or look."""

_WARNING_TONES: Final = {Level.LIGHT: Tone.RISING, Level.CAUTION: Tone.FALLING}


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard for one event.

    Attributes:
        tone: first this.
        words: then these, where a voice speaks; empty for none.
        priority: a higher one matters more.
    """

    tone: Tone
    words: str
    priority: int

    @property
    def is_stop(self) -> bool:
        """Whether it is never kept waiting."""
        return self.tone is Tone.STOP


def sound_of(event: Event) -> Sound | None:
    """Return what is heard for an event; None for nothing."""
    match event:
        case AlertRaised() | Hint() | Prompt() | StepStarted():
            return _sound_of_cue(event)
        case LinkLost():
            return Sound(Tone.FALLING, text("cues.say.link_lost"), LINK_PRIORITY)
        case SessionFinished(outcome=outcome):
            return Sound(Tone.FALLING, text(f"cues.say.{outcome}"), END_PRIORITY)
        case _:
            return None


def _sound_of_cue(cue: AlertRaised | Hint | Prompt | StepStarted) -> Sound:
    return Sound(_tone(cue), cue_say(cue), cue.priority)


def _tone(cue: AlertRaised | Hint | Prompt | StepStarted) -> Tone:
    match cue:
        case AlertRaised(level=level):
            return _WARNING_TONES.get(level, Tone.STOP)
        case Hint(kind=kind):
            return _TONES[kind]
        case Prompt():
            return Tone.NOTE
        case StepStarted():
            return Tone.RISING
        case _:
            assert_never(cue)


def stop_again() -> Sound:
    """Return what a stop sounds like that stands and that nobody has seen."""
    return Sound(Tone.STOP, text(f"coaching.say.{Level.STOP}"), STOP_PRIORITY)
