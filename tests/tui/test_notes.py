"""Which events leave a passing line, and in which words."""

import io
import sys

import pytest

from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    LimitArmed,
    LinkUp,
    Notice,
    SessionPaused,
    ToolBuzzed,
    ToolSaid,
    ToolTared,
)
from companion.tui.glyphs import ASCII, UNICODE, glyphs_for
from companion.tui.notes import note_of


def _armed(*, armed: bool) -> LimitArmed:
    return LimitArmed(device_s=0, armed=armed, caution_n=1.0, stop_n=2.0, reason="busy")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ToolTared(device_s=0, done=True, reason=""), "Zero set."),
        (ToolTared(device_s=0, done=False, reason="it moves"), "not set: it moves"),
        (FaultRaised(device_s=0, kind="force_frozen", start_s=0), "believed: force frozen"),
        (FaultCleared(device_s=0, kind="force_frozen"), "works again: force frozen"),
        (ToolSaid(device_s=0, kind="power", detail="battery low"), "battery low"),
        (ToolBuzzed(device_s=0, done=False, reason="no answer"), "did not buzz: no answer"),
        (_armed(armed=False), "could not be set: busy"),
        (LinkUp(device_s=0, tool="t", rate_hz=1, resumed=True, gap_s=2.0), "back after 2.0 s"),
        (LinkUp(device_s=0, tool="t", rate_hz=1, resumed=False, gap_s=None), "The link is up."),
        (Notice(device_s=0, key="live.clock.seconds", values={"seconds": 5}), "5 s"),
    ],
)
def test_an_event_worth_a_line_has_words(event: Event, words: str) -> None:
    assert words in note_of(event)


@pytest.mark.parametrize(
    "event",
    [
        SessionPaused(device_s=0),
        ToolBuzzed(device_s=0, done=True, reason=""),
        ToolSaid(device_s=0, kind="contact", detail=""),
        _armed(armed=True),
    ],
)
def test_what_went_as_it_should_leaves_no_line(event: Event) -> None:
    assert note_of(event) == ""


@pytest.mark.parametrize(("encoding", "glyphs"), [("utf-8", UNICODE), ("latin-1", ASCII)])
def test_the_terminals_encoding_chooses_the_signs(
    encoding: str, glyphs: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "__stderr__", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert glyphs_for(ascii_only=None) is glyphs
    assert glyphs_for(ascii_only=True) is ASCII
    assert glyphs_for(ascii_only=False) is UNICODE
