"""Which protocol an advertisement speaks of."""

from collections.abc import Iterable
from enum import StrEnum

from protocols.massage_tool.gatt import MASSAGE_TOOL_SERVICE


class Protocol(StrEnum):
    """The protocols this package has a codec for."""

    MASSAGE_TOOL = "massage_tool"


_BY_SERVICE = {MASSAGE_TOOL_SERVICE: Protocol.MASSAGE_TOOL}


def protocol_of(service_uuids: Iterable[str]) -> Protocol | None:
    """Return the protocol of an advertisement's service UUIDs (128 bit, any case), if known."""
    for uuid in service_uuids:
        if protocol := _BY_SERVICE.get(uuid.lower()):
            return protocol
    return None
