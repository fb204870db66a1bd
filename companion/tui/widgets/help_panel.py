"""The list of keys, made from the bindings that are active on the screen."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from textwrap import wrap

from textual.content import Content
from textual.screen import Screen

from companion.texts import text
from companion.tui.widgets.side_panel import SidePanel

_KEY_CELLS = 7
_NARROWEST = 12


def key_lines(screen: Screen[object], width: int) -> list[Content]:
    """Return the keys that are active on a screen with what they do, in lines of a width."""
    return [Content.styled(text("live.keys.title"), "bold"), *_lines(screen, width - _KEY_CELLS)]


def _lines(screen: Screen[object], width: int) -> Iterator[Content]:
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip or binding.system:
            continue
        key = f"{screen.app.get_key_display(binding):<{_KEY_CELLS - 1}} "
        for line in _wrapped(binding.tooltip, max(_NARROWEST, width)):
            yield Content.assemble((key, "bold $primary"), line)
            key = " " * _KEY_CELLS


@lru_cache(maxsize=512)
def _wrapped(words: str, width: int) -> Sequence[str]:
    return wrap(words, width)


class HelpPanel(SidePanel):
    """Every key with what it does."""

    def __init__(self) -> None:
        super().__init__(lambda width: key_lines(self.screen, width))
