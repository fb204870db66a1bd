"""Events for a terminal without a screen: one readable line each, or one JSON object each.

A screen leaves its ending on the terminal, in several lines.
"""

from companion.output.ending import ending
from companion.output.lines import JsonLines, Lines, PlainLines

__all__ = ["JsonLines", "Lines", "PlainLines", "ending"]
