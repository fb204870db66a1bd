"""Whatever is drawn, in plain ASCII: names of tools and hints of routines are anybody's words."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from companion.wording import plain_ascii


class AsciiOnly(LineFilter):
    """Leaves no other sign on the screen; every cell stays in its place."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line in ASCII.

        Args:
            segments: the line.
            background: not needed here.
        """
        del background
        return [
            segment if segment.text.isascii() else segment._replace(text=plain_ascii(segment.text))
            for segment in segments
        ]
