"""Which tool a person means: an address, a name, or kinds of tools that files describe."""

from typing import NamedTuple

from companion.cli.endings import UsageRefused
from companion.settings.described_tools import (
    load_other_tool,
    other_tool_names,
    usable_other_tools,
)
from protocols.massage_tool import Features
from protocols.other_tools.description import OtherTool
from protocols.registry import recognised

_AND = "+"


class Wanted(NamedTuple):
    """What to look for.

    Attributes:
        name: address or name of the tool; None takes the strongest signal.
        kind: what is known of it, where it does not speak the profile.
        motion: a second device, strapped to it, that tells its motion.
    """

    name: str | None = None
    kind: OtherTool | None = None
    motion: OtherTool | None = None


def wanted_tool(words: str) -> Wanted:
    """Return what a person means.

    A described tool's name, or the file that describes one, takes the first such tool that is
    heard; an advertised name that a description knows, only that one. ``A+B`` is a tool of two
    devices: A tells force, B motion.

    Args:
        words: as the person gave them; empty for any tool that speaks the profile.

    Raises:
        FileRefused: the file of a described tool cannot be used.
        UsageRefused: two devices that make no tool together.
    """
    first, sign, second = words.partition(_AND)
    if sign and _is_described(first) and _is_described(second):
        return _of_two(load_other_tool(first), load_other_tool(second))
    if _is_described(words):
        return Wanted(kind=load_other_tool(words))
    kind = recognised(usable_other_tools(), (), words) if words else None
    return Wanted(words or None, kind)


def _is_described(words: str) -> bool:
    return words in other_tool_names() or words.endswith(".toml")


def _of_two(force: OtherTool, motion: OtherTool) -> Wanted:
    if not force.feature.force_channels:
        raise UsageRefused("other_tools.no_force", tool=force.name)
    if not motion.feature.features & Features.ACCELEROMETER:
        raise UsageRefused("other_tools.no_motion", tool=motion.name)
    return Wanted(kind=force, motion=motion)
