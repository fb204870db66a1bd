"""Which events are worth a passing line on the screen, and its words."""

from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    Hint,
    LimitArmed,
    LinkUp,
    Notice,
    ToolBuzzed,
    ToolSaid,
    ToolTared,
)
from companion.texts import text
from companion.wording import hint_words


def note_of(event: Event) -> str:
    """Return the line an event is worth, empty for none."""
    match event:
        case ToolTared(done=True):
            return text("live.status.tared")
        case ToolTared(reason=reason):
            return text("live.status.tare_refused", reason=reason)
        case FaultRaised(kind=kind):
            return text("live.status.fault", kind=kind.replace("_", " "))
        case FaultCleared(kind=kind):
            return text("live.status.fault_over", kind=kind.replace("_", " "))
        case ToolSaid(detail=detail) if detail:
            return text("live.status.said", detail=detail)
        case _:
            return _hint(event) if isinstance(event, Hint) else _note_of_link(event)


def is_trouble(event: Event) -> bool:
    """Say whether an event's line must be seen even while something holds the session up."""
    match event:
        case ToolTared(done=done):
            return not done
        case Notice() | FaultRaised() | LimitArmed() | ToolBuzzed():
            return True
        case _:
            return False


def _hint(event: Hint) -> str:
    return text("live.status.hint", words=hint_words(event))


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
