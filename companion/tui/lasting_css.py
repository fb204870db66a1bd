"""The stylesheet of the dashboard: what was parsed stays so until the theme changes."""

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

_MOST_SOURCES = 1024
"""Far more than there are kinds of widgets: a source that falls out is parsed at every change."""


class LastingStylesheet(Stylesheet):
    """A stylesheet that parses each source once for each theme.

    Textual reads the same colours again and parses every source anew, several times, whenever a
    screen is shown for the first time: half of the time that it takes to appear.

    Args:
        variables: the colours, by name.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(_MOST_SOURCES)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the colours of a theme; what was parsed with the same ones is kept."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Take in sources that have come, and the colours as they are."""
        self.parse()
