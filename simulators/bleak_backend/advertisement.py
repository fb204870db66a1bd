"""What an advertisement says, in bleak's words."""

import struct
import uuid
from collections.abc import Iterator

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16, normalize_uuid_32
from bumble.core import AdvertisingData
from bumble.device import Advertisement

_UUID_LISTS = {
    AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    AdvertisingData.INCOMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    AdvertisingData.COMPLETE_LIST_OF_32_BIT_SERVICE_CLASS_UUIDS: 4,
    AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}
_SERVICE_DATA = {
    AdvertisingData.SERVICE_DATA_16_BIT_UUID: 2,
    AdvertisingData.SERVICE_DATA_32_BIT_UUID: 4,
    AdvertisingData.SERVICE_DATA_128_BIT_UUID: 16,
}
_COMPANY_OCTETS = 2


def uuid_text(octets: bytes) -> str:
    """A 16, 32 or 128 bit UUID in radio order as full lower-case text."""
    match len(octets):
        case 2:
            return normalize_uuid_16(int.from_bytes(octets, "little"))
        case 4:
            return normalize_uuid_32(int.from_bytes(octets, "little"))
        case _:
            return str(uuid.UUID(bytes=bytes(reversed(octets))))


def advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """Advertisement and scan response as one bleak record; malformed parts are left out."""
    parts = [(int(kind), bytes(value)) for kind, value in advertisement.data.ad_structures]
    return AdvertisementData(
        local_name=_local_name(parts),
        manufacturer_data=dict(_manufacturer_data(parts)),
        service_data=dict(_service_data(parts)),
        service_uuids=list(dict.fromkeys(_service_uuids(parts))),
        tx_power=_tx_power(parts),
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )


Parts = list[tuple[int, bytes]]


def _local_name(parts: Parts) -> str | None:
    for wanted in (AdvertisingData.COMPLETE_LOCAL_NAME, AdvertisingData.SHORTENED_LOCAL_NAME):
        for kind, value in parts:
            if kind == wanted:
                return value.decode("utf-8", errors="replace")
    return None


def _service_uuids(parts: Parts) -> Iterator[str]:
    for kind, value in parts:
        size = _UUID_LISTS.get(AdvertisingData.Type(kind))
        if size is not None:
            whole = len(value) - len(value) % size
            yield from (uuid_text(value[at : at + size]) for at in range(0, whole, size))


def _service_data(parts: Parts) -> Iterator[tuple[str, bytes]]:
    for kind, value in parts:
        size = _SERVICE_DATA.get(AdvertisingData.Type(kind))
        if size is not None and len(value) >= size:
            yield uuid_text(value[:size]), value[size:]


def _manufacturer_data(parts: Parts) -> Iterator[tuple[int, bytes]]:
    for kind, value in parts:
        if kind == AdvertisingData.MANUFACTURER_SPECIFIC_DATA and len(value) >= _COMPANY_OCTETS:
            yield int.from_bytes(value[:_COMPANY_OCTETS], "little"), value[_COMPANY_OCTETS:]


def _tx_power(parts: Parts) -> int | None:
    for kind, value in parts:
        if kind == AdvertisingData.TX_POWER_LEVEL and len(value) == 1:
            (power,) = struct.unpack("b", value)
            return int(power)
    return None
