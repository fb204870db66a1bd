"""The protocol's own errors: whose fault it was, where in the value, and why."""


class ProtocolError(Exception):
    """A value does not follow its layout. Only its two subclasses are raised.

    Attributes:
        offset: byte offset in the value at which the fault lies.
        reason: what is wrong, as a plain sentence without a full stop.
    """

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(offset, reason)
        self.offset = offset
        self.reason = reason

    def __str__(self) -> str:
        return f"offset {self.offset}: {self.reason}"


class DecodeError(ProtocolError):
    """The peer's fault: bytes that break the layout."""


class EncodeError(ProtocolError):
    """Our fault: a quantity that the layout cannot carry."""
