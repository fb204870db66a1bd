"""Every event of the profile has its words."""

import pytest

from companion.service.tool_words import is_switching_off, words_of
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

NAMELESS = 99


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        *[(LimitEvent(0, level, 900), "limit") for level in (*LimitLevel, NAMELESS)],
        *[(FaultEvent(0, fault, raised=True), "fault") for fault in (*FaultKind, NAMELESS)],
        *[(FaultEvent(0, fault, raised=False), "fault") for fault in (*FaultKind, NAMELESS)],
        *[(PowerEvent(0, state), "power") for state in (*PowerState, NAMELESS)],
        (ButtonEvent(0, 2), "button"),
    ],
)
def test_an_event_is_put_into_words(event: ToolEvent, kind: str) -> None:
    said = words_of(event)
    assert said is not None
    assert said.kind == kind
    assert said.detail.strip()
    assert "{" not in said.detail


@pytest.mark.parametrize("event", [ContactEvent(0, touching=True), UnknownEvent(0, 99, b"")])
def test_what_is_not_worth_a_line_has_no_words(event: ToolEvent) -> None:
    assert words_of(event) is None


def test_only_switching_off_is_a_goodbye() -> None:
    assert is_switching_off(PowerEvent(0, PowerState.SWITCHING_OFF))
    assert not is_switching_off(PowerEvent(0, PowerState.LOW))
    assert not is_switching_off(ButtonEvent(0, 3))
