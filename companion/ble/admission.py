"""Which tools may be streamed from: those that were paired, each by its identity."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from companion.ble.errors import LinkError, LinkFault
from companion.ble.scanner import Found
from protocols.massage_tool import ToolFeature


@dataclass(frozen=True, slots=True)
class Admitted:
    """A tool that may be streamed from.

    Attributes:
        address: its identity, as the platform gives it.
        name: what the person calls it.
        advertised: what it called itself when it was paired.
    """

    address: str
    name: str
    advertised: str = ""


def _ignore(_address: str, _feature: ToolFeature) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The tools that may be streamed from; every other is a stranger.

    Attributes:
        tools: by identity, in capitals.
        seen: called with identity and Tool Feature when one of them is connected.
        locks: folder that keeps one owner for each tool; None for no such care.
    """

    tools: Mapping[str, Admitted]
    seen: Callable[[str, ToolFeature], None] = field(default=_ignore)
    locks: Path | None = None

    @classmethod
    def of(
        cls,
        tools: Iterable[Admitted],
        *,
        seen: Callable[[str, ToolFeature], None] = _ignore,
        locks: Path | None = None,
    ) -> Self:
        """Admit these tools."""
        return cls(tools={tool.address.upper(): tool for tool in tools}, seen=seen, locks=locks)

    def admits(self, found: Found) -> bool:
        """Whether this is one of the tools: its name proves nothing, its identity does."""
        return found.address.upper() in self.tools

    def named(self, found: Found) -> Found:
        """Return a tool by the name the person gave it."""
        return replace(found, name=self.tools[found.address.upper()].name)

    def refusal(self, heard: Iterable[Found]) -> LinkError | None:
        """Return what to say of the strangers that were heard where none of the tools was."""
        strangers = [found for found in heard if not self.admits(found)]
        if not strangers:
            return None
        names = {tool.advertised for tool in self.tools.values() if tool.advertised}
        for found in strangers:
            if found.name in names:
                return LinkError(LinkFault.LOOKALIKE, tool=found.name)
        return LinkError(LinkFault.STRANGER, tool=strangers[0].label)
