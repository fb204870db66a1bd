"""Holds that last longer than the care table has it for their place."""

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import Wish
from companion.coaching.routine import Step


class HoldWatch:
    """Times a contact of a step that holds; each contact is said once."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._is_said = False

    def touched(self, device_s: float) -> None:
        """A contact begins, or the step begins with the tool on the skin."""
        self._since_s = device_s
        self._is_said = False

    def lifted(self) -> None:
        """The contact is over, or nobody knows any more whether it is."""
        self._since_s = None

    def said(self) -> None:
        """The hint of this contact was told."""
        self._is_said = True

    def wishes(self, step: Step, now_s: float) -> list[Wish]:
        """Return that the present hold is too long, if it is."""
        since_s, longest_s = self._since_s, step.hold_s
        if since_s is None or longest_s is None or self._is_said or now_s - since_s <= longest_s:
            return []
        held_s = now_s - since_s
        return [Wish(kind=HintKind.HELD_LONG, onset_s=since_s, seconds=held_s, limit=longest_s)]
