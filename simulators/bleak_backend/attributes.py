"""ATT procedures against a peer that need not keep to the standard: each has an end."""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bumble import att, core, gatt
from bumble.core import UUID
from bumble.gatt_client import Client

T = TypeVar("T")

LONGEST_VALUE: Final = 512
"""Octets of the longest attribute value, Core Vol 3 F 3.2.9."""

_LAST_HANDLE: Final = 0xFFFF
_DECLARATION_OCTETS: Final = frozenset({5, 19})
_UUID_OCTETS: Final = frozenset({2, 16})
_END_OF_VALUE: Final = frozenset({att.ATT_ATTRIBUTE_NOT_LONG_ERROR, att.ATT_INVALID_OFFSET_ERROR})


class PeerNonsense(core.BaseBumbleError):
    """A peer's answer that breaks the standard."""


@dataclass(frozen=True, slots=True)
class DescriptorEntry:
    """A descriptor in a peer's table."""

    handle: int
    uuid: UUID


@dataclass(frozen=True, slots=True)
class CharacteristicEntry:
    """A characteristic in a peer's table.

    Attributes:
        handle: of the declaration.
        value_handle: of the value, which reads and writes go to.
        properties: the declared bits, Core Vol 3 G 3.3.1.1.
        uuid: its kind.
        descriptors: what follows the value.
    """

    handle: int
    value_handle: int
    properties: int
    uuid: UUID
    descriptors: tuple[DescriptorEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A primary service in a peer's table; `last` is its last handle."""

    handle: int
    last: int
    uuid: UUID
    characteristics: tuple[CharacteristicEntry, ...] = ()


async def read_value(client: Client, handle: int) -> bytes:
    """Read an attribute, however long (Core Vol 3 G 4.8.1 and 4.8.3), and remember its value.

    Raises:
        ATT_Error: the peer refused.
        PeerNonsense: it sent more than a value may hold.
    """
    answer = await _asked(client, att.ATT_Read_Request(attribute_handle=handle))
    part = value = bytes(answer.attribute_value)
    while len(part) == client.mtu - 1 and len(value) < LONGEST_VALUE:
        request = att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=len(value))
        try:
            answer = await _asked(client, request)
        except att.ATT_Error as error:
            if error.error_code in _END_OF_VALUE:
                break
            raise
        part = bytes(answer.part_attribute_value)
        value += part
    if len(value) > LONGEST_VALUE:
        raise PeerNonsense(f"the peer's value is longer than {LONGEST_VALUE} octets")
    client.cache_value(handle, value)
    return value


async def find_services(client: Client) -> list[ServiceEntry]:
    """Discover all primary services, without what is in them (Core Vol 3 G 4.4.1).

    Raises:
        ATT_Error: the peer refused.
        PeerNonsense: their handles do not ascend, or overlap.
    """
    found: list[ServiceEntry] = []
    start = 1
    while start <= _LAST_HANDLE:
        answer = await _asked_next(
            client,
            att.ATT_Read_By_Group_Type_Request(
                starting_handle=start,
                ending_handle=_LAST_HANDLE,
                attribute_group_type=gatt.GATT_PRIMARY_SERVICE_ATTRIBUTE_TYPE,
            ),
        )
        if answer is None:
            break
        for handle, last, uuid in _some(answer.attributes):
            _check_handle(handle, start, last)
            found.append(ServiceEntry(handle, last, _uuid(uuid)))
            start = last + 1
    return found


async def look_into(client: Client, service: ServiceEntry) -> ServiceEntry:
    """Discover a service's characteristics and their descriptors (Core Vol 3 G 4.6.1, 4.7.1).

    Raises:
        ATT_Error: the peer refused.
        PeerNonsense: handles leave the service or do not ascend.
    """
    bare = await _find_characteristics(client, service)
    ends = [entry.handle - 1 for entry in bare[1:]] + [service.last]
    whole = []
    for entry, last in zip(bare, ends, strict=False):
        descriptors = await _find_descriptors(client, entry.value_handle + 1, last)
        whole.append(
            CharacteristicEntry(
                entry.handle, entry.value_handle, entry.properties, entry.uuid, descriptors
            )
        )
    return ServiceEntry(service.handle, service.last, service.uuid, tuple(whole))


async def _find_characteristics(client: Client, service: ServiceEntry) -> list[CharacteristicEntry]:
    found: list[CharacteristicEntry] = []
    start = service.handle
    while start <= service.last:
        answer = await _asked_next(
            client,
            att.ATT_Read_By_Type_Request(
                starting_handle=start,
                ending_handle=service.last,
                attribute_type=gatt.GATT_CHARACTERISTIC_ATTRIBUTE_TYPE,
            ),
        )
        if answer is None:
            break
        for handle, declaration in _some(answer.attributes):
            _check_handle(handle, start, service.last)
            if len(declaration) not in _DECLARATION_OCTETS:
                raise PeerNonsense("a characteristic in the peer's table has no proper declaration")
            value_handle = int.from_bytes(declaration[1:3], "little")
            _check_handle(value_handle, handle + 1, service.last)
            uuid = _uuid(declaration[3:])
            found.append(CharacteristicEntry(handle, value_handle, declaration[0], uuid))
            start = value_handle + 1
    return found


async def _find_descriptors(client: Client, start: int, last: int) -> tuple[DescriptorEntry, ...]:
    found: list[DescriptorEntry] = []
    while start <= last:
        answer = await _asked_next(
            client,
            att.ATT_Find_Information_Request(starting_handle=start, ending_handle=last),
        )
        if answer is None:
            break
        for handle, uuid in _some(answer.information):
            _check_handle(handle, start, last)
            found.append(DescriptorEntry(handle, _uuid(uuid)))
            start = handle + 1
    return tuple(found)


# The answers' fields differ by request, and bumble types none of them: Any comes from there.
async def _asked(client: Client, request: att.ATT_PDU) -> Any:  # noqa: ANN401  # bumble types no answer
    answer = await client.send_request(request)
    if answer.op_code == att.Opcode.ATT_ERROR_RESPONSE:
        raise att.ATT_Error(answer.error_code)
    return answer


async def _asked_next(client: Client, request: att.ATT_PDU) -> Any | None:  # noqa: ANN401  # the same
    """The next part of a table, None behind its end."""
    try:
        return await _asked(client, request)
    except att.ATT_Error as error:
        if error.error_code == att.ATT_ATTRIBUTE_NOT_FOUND_ERROR:
            return None
        raise


def _some(entries: list[T]) -> list[T]:
    if not entries:
        raise PeerNonsense("the peer answered with an empty part of its table")
    return entries


def _check_handle(handle: int, first: int, last: int) -> None:
    if not first <= handle <= last:
        raise PeerNonsense(
            f"the peer's table makes no sense: handle 0x{handle:04X} is not from"
            f" 0x{first:04X} to 0x{last:04X}"
        )


def _uuid(octets: bytes) -> UUID:
    if len(octets) not in _UUID_OCTETS:
        raise PeerNonsense(f"the peer's table makes no sense: a UUID has {len(octets)} octets")
    return UUID.from_bytes(octets)
