"""A session, or all of a period, as one page of HTML that needs nothing beside itself."""

from companion.report.contents import (
    Adherence,
    Head,
    PeriodContents,
    SessionContents,
)
from companion.report.period_page import period_page
from companion.report.replay import Caps, Replayed, replayed
from companion.report.session_page import session_page
from companion.report.story import Story, story_of

__all__ = [
    "Adherence",
    "Caps",
    "Head",
    "PeriodContents",
    "Replayed",
    "SessionContents",
    "Story",
    "period_page",
    "replayed",
    "session_page",
    "story_of",
]
