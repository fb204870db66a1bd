"""One quiet line under the strip: what is being done about the link, or what has just happened."""

from collections import deque

from textual.content import Content

from companion.coaching.view import Phase, View
from companion.live import LinkState, LinkView
from companion.texts import text
from companion.tui.widgets.readout import Readout

_HOLDS_UP = frozenset({Phase.PAUSED, Phase.WAITING, Phase.ASKING, Phase.RESTING})
NOTE_S = 5.0
"""A note about something that has happened stays this long."""

_NEXT_S = 2.5
"""An urgent one stays this long where another waits."""

_MOST_WAITING = 16


class StatusLine(Readout):
    """What holds the session up, else the newest note, else nothing."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1; width: 100%; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis;
        &.-held { text-style: bold; background: $panel; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._note = ""
        self._until = float("-inf")
        self._urgent = False
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)

    def note(self, words: str, now: float, *, urgent: bool = False, at_once: bool = False) -> None:
        """Show words about something that has just happened.

        What is urgent is shown one after the other, and gives way only to what cannot wait.

        Args:
            words: what to show.
            now: seconds.
            urgent: even while something holds the session up.
            at_once: before anything else.
        """
        stands = not at_once and self._urgent and now < self._until
        if stands and urgent:
            self._waiting.append(words)
            self._until = min(self._until, now + _NEXT_S)
        elif not (stands and self._waiting):
            self._note, self._until, self._urgent = words, now + NOTE_S, urgent

    def clear(self) -> None:
        """Forget what has happened."""
        self._note, self._until, self._urgent = "", float("-inf"), False
        self._waiting.clear()

    def show(self, view: View, link: LinkView, now: float) -> None:
        """Show what holds the session up, or the newest note."""
        if now >= self._until and self._waiting:
            self._note = self._waiting.popleft()
            self._until = now + (_NEXT_S if self._waiting else NOTE_S)
        held = holding(view, link)
        note = self._note if now < self._until else ""
        words = note if note and self._urgent else held or note
        self.set_class(bool(held), "-held")
        self.say(words, lambda: Content(words))


def holding(view: View, link: LinkView) -> str:
    """Return in words what the session waits for and what is being done; empty if nothing."""
    if view.phase is Phase.FINISHED:
        return text("live.status.finished")
    if link.state is not LinkState.LIVE:
        return text(f"live.status.{link.state.value}")
    return text(f"live.status.{view.phase}") if view.phase in _HOLDS_UP else ""
