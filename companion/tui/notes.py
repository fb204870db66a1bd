"""Which events are worth a passing line on the screen, and its words."""

from typing import assert_never

from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    Hint,
    LimitArmed,
    LinkUp,
    Notice,
    Prompt,
    PromptKind,
    RoutineScaled,
    SlipConfirmed,
    ToolBuzzed,
    ToolSaid,
    ToolTared,
)
from companion.texts import text
from companion.wording import hint_words, prompt_words


def note_of(event: Event) -> str:
    """Return the line an event is worth, empty for none."""
    match event:
        case ToolTared():
            key = "tared" if event.done else "tare_refused"
            return text(f"live.status.{key}", reason=event.reason)
        case FaultRaised(kind=kind):
            return text("live.status.fault", kind=kind.replace("_", " "))
        case FaultCleared(kind=kind):
            return text("live.status.fault_over", kind=kind.replace("_", " "))
        case ToolSaid(detail=detail):
            return detail and text("live.status.said", detail=detail)
        case Hint() | Prompt() | SlipConfirmed() | RoutineScaled():
            return _note_of_step(event)
        case _:
            return _note_of_link(event)


def is_trouble(event: Event) -> bool:
    """Say whether an event's line must be seen even while something holds the session up."""
    match event:
        case ToolTared(done=done):
            return not done
        case Notice() | FaultRaised() | LimitArmed() | ToolBuzzed():
            return True
        case _:
            return False


def _note_of_step(event: Hint | Prompt | SlipConfirmed | RoutineScaled) -> str:
    match event:
        case Hint():
            return text("live.status.hint", words=hint_words(event))
        case Prompt():
            shown_elsewhere = event.kind in {PromptKind.SLIP, PromptKind.REST}
            return "" if shown_elsewhere else _capital(prompt_words(event))
        case SlipConfirmed():
            return text("live.status.oiled")
        case RoutineScaled():
            return text("live.status.scaled", percent=event.percent)
        case _:
            assert_never(event)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _note_of_link(event: Event) -> str:
    match event:
        case LimitArmed(armed=False, reason=reason):
            return text("live.status.limit_refused", reason=reason)
        case ToolBuzzed(done=False, reason=reason):
            return text("live.status.buzz_failed", reason=reason)
        case LinkUp(resumed=True, gap_s=float(gap_s)):
            return text("live.status.resumed", gap=f"{gap_s:.1f}")
        case LinkUp():
            return text("live.status.linked")
        case Notice(key=key, values=values):
            return text(key, **values)
        case _:
            return ""
