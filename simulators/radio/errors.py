"""What can go wrong between this process and an air."""


class AirError(Exception):
    """An air cannot be opened, reached or used; the text is one plain sentence."""
