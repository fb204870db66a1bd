"""Which protocol an advertisement speaks of."""

from collections.abc import Iterable
from enum import StrEnum

from protocols.massage_tool.gatt import MASSAGE_TOOL_SERVICE
from protocols.other_tools.description import OtherTool


class Protocol(StrEnum):
    """The protocols that an advertised service tells by itself."""

    MASSAGE_TOOL = "massage_tool"


_BY_SERVICE = {MASSAGE_TOOL_SERVICE: Protocol.MASSAGE_TOOL}


def protocol_of(service_uuids: Iterable[str]) -> Protocol | None:
    """Return the protocol of an advertisement's service UUIDs (128 bit, any case), if known."""
    for uuid in service_uuids:
        if protocol := _BY_SERVICE.get(uuid.lower()):
            return protocol
    return None


def recognised(
    tools: Iterable[OtherTool], service_uuids: Iterable[str], name: str
) -> OtherTool | None:
    """Return the described tool that an advertisement is most surely of, if it is of any.

    A tool that speaks the Massage Tool Profile is none of them, whatever else it advertises.

    Args:
        tools: those that are known; of equals the first counts.
        service_uuids: advertised UUIDs, 128 bit, any case.
        name: the advertised name; empty for none.
    """
    services = frozenset(uuid.lower() for uuid in service_uuids)
    if protocol_of(services) is not None:
        return None
    return max(
        (tool for tool in tools if tool.likeness(services, name)),
        key=lambda tool: tool.likeness(services, name),
        default=None,
    )
