"""Events for a terminal without a screen: one readable line each, or one JSON object each."""

from companion.output.lines import JsonLines, Lines, PlainLines

__all__ = ["JsonLines", "Lines", "PlainLines"]
