"""What travels from the service's events to a screen, as textual messages."""

from textual.message import Message

from companion.coaching.events import Event


class ViewChanged(Message):
    """Something in the session's view changed; a backlog of these collapses into one."""

    def can_replace(self, message: Message) -> bool:
        """Say whether an older pending message is made superfluous by this one."""
        return isinstance(message, ViewChanged)


class EventArrived(Message):
    """An event the screen must see itself, never dropped and never collapsed."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class EventsEnded(Message):
    """The service has closed the stream of events."""


class MomentChanged(Message):
    """A replay stands at another moment: nothing of what was shown holds any more."""
