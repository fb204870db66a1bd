"""Service discovery: bumble's proxies as bleak's collection."""

from collections.abc import Callable

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble.core import UUID
from bumble.gatt_client import CharacteristicProxy, Client, ServiceProxy

from simulators.bleak_backend.advertisement import uuid_text


async def discover(
    client: Client, wanted: set[str] | None, write_limit: Callable[[], int]
) -> BleakGATTServiceCollection:
    """Read a peer's table of services, characteristics and descriptors.

    Args:
        client: bumble's GATT client of the connection.
        wanted: full UUIDs of the only services to look into, None for all.
        write_limit: gives the longest write without response, in octets.
    """
    found = BleakGATTServiceCollection()
    for service in await client.discover_services():
        uuid = _text(service.uuid)
        if wanted is None or uuid in wanted:
            entry = BleakGATTService(service, service.handle, uuid)
            found.add_service(entry)
            await _discover_characteristics(service, entry, found, write_limit)
    return found


async def _discover_characteristics(
    service: ServiceProxy,
    entry: BleakGATTService,
    found: BleakGATTServiceCollection,
    write_limit: Callable[[], int],
) -> None:
    for proxy in await service.discover_characteristics():
        characteristic = BleakGATTCharacteristic(
            proxy,
            proxy.handle,
            _text(proxy.uuid),
            list(gatt_char_props_to_strs(int(proxy.properties))),
            write_limit,
            entry,
        )
        found.add_characteristic(characteristic)
        await _discover_descriptors(proxy, characteristic, found)


async def _discover_descriptors(
    proxy: CharacteristicProxy[bytes],
    characteristic: BleakGATTCharacteristic,
    found: BleakGATTServiceCollection,
) -> None:
    for descriptor in await proxy.discover_descriptors():
        found.add_descriptor(
            BleakGATTDescriptor(
                descriptor, descriptor.handle, _text(descriptor.type), characteristic
            )
        )
    proxy.descriptors_discovered = True


def _text(uuid: UUID) -> str:
    return uuid_text(uuid.uuid_bytes)
