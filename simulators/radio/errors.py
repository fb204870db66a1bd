"""What can go wrong between this process and an air."""

import errno


class AirError(Exception):
    """An air cannot be opened, reached or used; the text is one plain sentence."""


def plain_reason(error: Exception) -> str:
    """Say in a few words why a socket could not be opened."""
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return "that port is taken"
        case ConnectionRefusedError():
            return "nobody answers there"
        case OSError(strerror=str(reason)):
            return reason.lower()
        case _:
            return str(error)
