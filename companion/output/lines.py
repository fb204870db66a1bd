"""Events as lines."""

from collections.abc import Mapping
from math import inf
from typing import Final, Protocol

from companion.coaching.events import (
    Cue,
    Event,
    Notice,
    SessionStarted,
)
from companion.output.sentences import sentence
from companion.strict_json import as_plain, json_text
from companion.wording import cue_say, cue_words

_CLOCK_WIDTH: Final = 7


class Lines(Protocol):
    """Turns events into lines of one format."""

    def line(self, event: Event) -> str:
        """Return the event's line, without the line end."""
        ...


class JsonLines:
    """One strict JSON object per event, ``event`` first.

    A notice also says its sentence; a cue says what to show (``text``) and to speak (``say``).

    Args:
        whose: more fields of every line, where there are several sessions.
    """

    def __init__(self, whose: Mapping[str, object] | None = None) -> None:
        self._whose = dict(whose or {})

    def line(self, event: Event) -> str:
        """Return the event as JSON."""
        fields = {"event": event.event} | self._whose | as_plain(event)
        if isinstance(event, Notice):
            fields["text"] = sentence(event)
        elif isinstance(event, Cue):
            fields |= {"text": cue_words(event), "say": cue_say(event)}
        return json_text(fields)


class PlainLines:
    """One readable line per event, with the time since the session began.

    Args:
        whose: what goes before every line, where there are several sessions.
    """

    def __init__(self, whose: str = "") -> None:
        self._whose = f"{whose}  " if whose else ""
        self._began_s: float | None = None

    def line(self, event: Event) -> str:
        """Return the event as a sentence after its time, where it has one within the session."""
        if isinstance(event, SessionStarted):
            self._began_s = event.device_s
        began_s = inf if self._began_s is None else self._began_s
        time = "" if event.device_s < began_s else clock(event.device_s - began_s)
        return f"{self._whose}{time:>{_CLOCK_WIDTH}}  {sentence(event)}"


def clock(seconds: float) -> str:
    """Return seconds as minutes, seconds and tenths, ``1:05.3``; before 0 as 0."""
    tenths = max(0, round(seconds * 10))
    return f"{tenths // 600:>2}:{tenths // 10 % 60:02}.{tenths % 10}"
