"""Which tool a person means: an address, a name, or a kind of tool that a file describes."""

from companion.settings.described_tools import (
    load_other_tool,
    other_tool_names,
    usable_other_tools,
)
from protocols.other_tools.description import OtherTool
from protocols.registry import recognised


def wanted_tool(words: str) -> tuple[str | None, OtherTool | None]:
    """Return what to look for, and what is known of it where it does not speak the profile.

    A described tool's name, or the file that describes one, takes the first such tool that is
    heard; an advertised name that a description knows, only that one.

    Args:
        words: as the person gave them; empty for any tool that speaks the profile.

    Raises:
        FileRefused: the file of a described tool cannot be used.
    """
    if words in other_tool_names() or words.endswith(".toml"):
        return None, load_other_tool(words)
    kind = recognised(usable_other_tools(), (), words) if words else None
    return words or None, kind
