"""A peer's table of attributes as bleak's collection of services."""

from collections.abc import Callable, Sequence

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble.core import UUID
from bumble.gatt_client import Client

from simulators.bleak_backend.advertisement import uuid_text
from simulators.bleak_backend.attributes import (
    CharacteristicEntry,
    ServiceEntry,
    find_services,
    look_into,
)

Table = tuple[ServiceEntry, ...]
"""What a peer has, as far as it was looked into."""


async def discover(client: Client, wanted: set[str] | None) -> Table:
    """Read a peer's table of services, characteristics and descriptors.

    Args:
        client: bumble's GATT client of the connection.
        wanted: full UUIDs of the only services to look into, None for all; the others are
            listed bare.

    Raises:
        ATT_Error: the peer refused.
        PeerNonsense: its table makes no sense.
    """
    return tuple(
        [
            await look_into(client, service) if _is_wanted(service, wanted) else service
            for service in await find_services(client)
        ]
    )


def uuids_of(table: Table) -> frozenset[str]:
    """The full UUIDs of the services in a table."""
    return frozenset(_text(service.uuid) for service in table)


def collection(
    table: Table, wanted: set[str] | None, write_limit: Callable[[], int]
) -> BleakGATTServiceCollection:
    """A table in bleak's words.

    Args:
        table: the peer's table.
        wanted: full UUIDs of the only services to show, None for all.
        write_limit: gives the longest write without response, in octets.
    """
    found = BleakGATTServiceCollection()
    for service in table:
        if _is_wanted(service, wanted):
            entry = BleakGATTService(service, service.handle, _text(service.uuid))
            found.add_service(entry)
            for characteristic in service.characteristics:
                _add(found, entry, characteristic, write_limit)
    return found


def _add(
    found: BleakGATTServiceCollection,
    service: BleakGATTService,
    entry: CharacteristicEntry,
    write_limit: Callable[[], int],
) -> None:
    characteristic = BleakGATTCharacteristic(
        entry,
        entry.value_handle,
        _text(entry.uuid),
        list(gatt_char_props_to_strs(entry.properties)),
        write_limit,
        service,
    )
    found.add_characteristic(characteristic)
    descriptors: Sequence[BleakGATTDescriptor] = [
        BleakGATTDescriptor(descriptor, descriptor.handle, _text(descriptor.uuid), characteristic)
        for descriptor in entry.descriptors
    ]
    for descriptor in descriptors:
        found.add_descriptor(descriptor)


def _is_wanted(service: ServiceEntry, wanted: set[str] | None) -> bool:
    return wanted is None or _text(service.uuid) in wanted


def _text(uuid: UUID) -> str:
    return uuid_text(uuid.uuid_bytes)
