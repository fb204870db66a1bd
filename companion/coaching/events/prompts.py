"""Prompts: what a person is told besides hints, so that nobody has to watch the screen."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from companion.coaching.events.base import Cue
from companion.coaching.person import Hand
from companion.coaching.routine import Side, Zone
from companion.sensing.types import Technique


class PromptKind(StrEnum):
    """What a prompt is about; its sentences in the catalogue have the same name.

    ``slip``: is oil or cream on the skin? the step does not begin before ``confirm``; ``rest``:
    a rest before the next step; ``last``: the step is nearly done; ``hands``: change hands.
    """

    SLIP = "slip"
    REST = "rest"
    LAST = "last"
    HANDS = "hands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Cue):
    """One prompt; null where a figure has no part in it.

    ``step``, ``zone`` and ``side`` are of the step that is being done, or that waits to begin.
    ``count`` repetitions or ``seconds`` are left; ``hand`` is the one to take, null where nobody
    knows which hand the person prefers. ``next_zone``, ``next_side`` and ``next_technique`` say
    what comes after the present step, null after the last one. ``note`` is the routine's word on
    what to put on the skin, empty for none.
    """

    event: ClassVar[str] = "prompt"
    kind: PromptKind
    step: str
    zone: Zone
    side: Side
    count: int | None = None
    seconds: float | None = None
    hand: Hand | None = None
    next_zone: Zone | None = None
    next_side: Side | None = None
    next_technique: Technique | None = None
    note: str = ""
