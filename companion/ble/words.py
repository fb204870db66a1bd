"""What a tool says about itself, made fit for a terminal."""

LONGEST = 40
"""Characters kept of a tool's string; the profile's names have at most 29 bytes."""


def printable(words: str) -> str:
    """Drop what could steer a terminal: keep printable characters only, and not too many."""
    return "".join(c for c in words if c.isprintable())[:LONGEST].strip()
