"""What a tool says of itself, in the catalogue's words."""

from typing import NamedTuple, assert_never

from companion.texts import text
from protocols.massage_tool import (
    ButtonEvent,
    ContactEvent,
    FaultEvent,
    FaultKind,
    LimitEvent,
    LimitLevel,
    PowerEvent,
    PowerState,
    ToolEvent,
    UnknownEvent,
)


class Said(NamedTuple):
    """One event: its kind (limit, button, fault, power) and its sentence."""

    kind: str
    detail: str


def words_of(event: ToolEvent) -> Said | None:
    """Put a tool's event into words.

    Returns:
        None for an event this version has no name for, and for contact: samples tell that
        more often than anyone would read it.
    """
    match event:
        case LimitEvent(level=level):
            name = level.name.lower() if isinstance(level, LimitLevel) else "other"
            return Said("limit", text(f"link.said.limit_{name}"))
        case ButtonEvent(presses=presses):
            return Said("button", text("link.said.button", presses=presses))
        case FaultEvent():
            return Said("fault", _fault_words(event))
        case PowerEvent(state=state):
            name = state.name.lower() if isinstance(state, PowerState) else "other"
            return Said("power", text(f"link.said.power_{name}"))
        case ContactEvent() | UnknownEvent():
            return None
        case _:
            assert_never(event)


def is_switching_off(event: ToolEvent) -> bool:
    """Whether the tool announces that it is about to be gone."""
    return isinstance(event, PowerEvent) and event.state == PowerState.SWITCHING_OFF


def zero_news(event: ToolEvent) -> bool | None:
    """Return whether the tool says that its zero has drifted; None where it says nothing of it."""
    if isinstance(event, FaultEvent) and event.fault == FaultKind.TARE_DRIFT:
        return event.raised
    return None


def _fault_words(event: FaultEvent) -> str:
    if not event.raised:
        return text("link.said.fault_over")
    name = event.fault.name.lower() if isinstance(event.fault, FaultKind) else "other"
    return text(f"link.said.fault_{name}")
