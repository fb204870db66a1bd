"""Peripherals whose tables lie, whose values have no end, and that leave in mid-procedure."""

import asyncio
import struct

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError

from simulators.bleak_backend import Adapter
from tests.simulators.backend.liar import (
    CHARACTERISTICS,
    DESCRIPTORS,
    MTU,
    READ,
    READ_BLOB,
    SERVICES,
    UUID,
    VALUE_HANDLE,
    WRITE,
    Lie,
    Trick,
    characteristic,
    descriptor,
    error,
    honest,
    liar_and_adapter,
    service,
)
from tests.simulators.radio.central import found
from tests.simulators.radio.world import Run


async def connected(adapter: Adapter) -> BleakClient:
    client = BleakClient(await found(adapter), backend=adapter.client_backend)
    await client.connect()
    return client


def test_an_honest_table_is_read_in_full(run: Run) -> None:
    async def main() -> None:
        async with liar_and_adapter({}) as (_, adapter):
            client = await connected(adapter)
            (only,) = client.services.characteristics.values()
            assert (only.handle, sorted(only.properties)) == (
                VALUE_HANDLE,
                ["notify", "read", "write"],
            )
            assert [d.handle for d in only.descriptors] == [4, 5]
            assert await client.read_gatt_char(only) == b"value"

    run(main())


LYING_TABLES: dict[str, dict[int, Lie]] = {
    "services that never advance": {SERVICES: service(1, 1)},
    "a service that ends before it begins": {SERVICES: service(5, 2)},
    "a service with handle 0": {SERVICES: service(0, 5)},
    "a service with a short UUID": {SERVICES: service(1, 5, b"\x01\x02\x03")},
    "a list of services with nothing in it": {SERVICES: b"\x11\x14"},
    "a list of services with entries of length 0": {SERVICES: b"\x11\x00" + bytes(40)},
    "a characteristic outside its service": {CHARACTERISTICS: characteristic(9, 10)},
    "a value before its declaration": {CHARACTERISTICS: characteristic(3, 2)},
    "a value behind its service": {CHARACTERISTICS: characteristic(2, 0xFFFF)},
    "characteristics that never advance": {CHARACTERISTICS: characteristic(2, 3)},
    "a declaration that is too short": {CHARACTERISTICS: b"\x09\x04\x02\x00\x02\x03"},
    "a descriptor outside its characteristic": {DESCRIPTORS: descriptor(0x0400, 0x2902)},
    "descriptors that never advance": {DESCRIPTORS: descriptor(4, 0x2902)},
    "a list of descriptors with nothing in it": {DESCRIPTORS: b"\x05\x01"},
}


@pytest.mark.parametrize("lies", LYING_TABLES.values(), ids=LYING_TABLES.keys())
def test_a_table_that_lies_is_refused_and_the_link_ended(run: Run, lies: dict[int, Lie]) -> None:
    async def main() -> None:
        async with liar_and_adapter(lies) as (liar, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            with pytest.raises(BleakError, match=r"discovering services: .*(table|declaration)"):
                await client.connect()
            assert not client.is_connected
            assert list(adapter.links) == []
            assert len(liar.asked) < 10
            liar.lies.clear()
            await client.connect()
            assert client.is_connected

    run(main())


def test_a_table_without_end_takes_no_longer_than_the_timeout(run: Run) -> None:
    def next_service(request: bytes) -> bytes:
        (start,) = struct.unpack_from("<H", request, 1)
        return service(start, start)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with liar_and_adapter({SERVICES: next_service}) as (_, adapter):
            client = BleakClient(await found(adapter), timeout=5.0, backend=adapter.client_backend)
            asked_at = loop.time()
            with pytest.raises(TimeoutError):
                await client.connect()
            assert loop.time() - asked_at == pytest.approx(5.0, abs=0.2)
            assert not client.is_connected

    run(main())


def test_a_refused_discovery_keeps_its_code(run: Run) -> None:
    async def main() -> None:
        lies: dict[int, Lie] = {CHARACTERISTICS: lambda request: error(request, 0x05)}
        async with liar_and_adapter(lies) as (_, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.connect()
            assert refused.value.code == 0x05

    run(main())


def test_a_characteristic_may_lack_the_descriptor_to_subscribe_with(run: Run) -> None:
    async def main() -> None:
        lies: dict[int, Lie] = {DESCRIPTORS: lambda request: error(request, 0x0A)}
        async with liar_and_adapter(lies) as (liar, adapter):
            client = await connected(adapter)
            asked = len(liar.asked)
            with pytest.raises(BleakError, match="no descriptor"):
                await client.start_notify(VALUE_HANDLE, lambda _c, _v: None)
            assert len(liar.asked) == asked
            assert client.is_connected

    run(main())


def test_a_value_without_end_is_refused_after_the_longest_that_may_be(run: Run) -> None:
    async def main() -> None:
        lies: dict[int, Lie] = {READ: b"\x0b" + bytes(246), READ_BLOB: b"\x0d" + bytes(246)}
        async with liar_and_adapter(lies) as (liar, adapter):
            client = await connected(adapter)
            with pytest.raises(BleakError, match="longer than 512"):
                await client.read_gatt_char(VALUE_HANDLE)
            assert sum(request[0] == READ_BLOB for request in liar.asked) == 2
            with pytest.raises(BleakError, match="more than a value may hold"):
                await client.write_gatt_char(VALUE_HANDLE, bytes(513), response=True)
            assert not any(request[0] in {WRITE, 0x16} for request in liar.asked)

    run(main())


@pytest.mark.parametrize(
    ("answer", "mtu"),
    [
        (lambda request: error(request, 0x06), 23),
        (struct.pack("<BH", 0x03, 5), 23),
        (struct.pack("<BH", 0x03, 100), 100),
        (struct.pack("<BH", 0x03, 0xFFFF), 247),
    ],
    ids=["unknown", "too small", "small", "large"],
)
def test_the_mtu_is_the_smaller_one_and_never_below_the_smallest(
    run: Run, answer: Lie, mtu: int
) -> None:
    async def main() -> None:
        async with liar_and_adapter({MTU: answer}) as (_, adapter):
            client = await connected(adapter)
            assert client.mtu_size == mtu
            (only,) = client.services.characteristics.values()
            assert only.max_write_without_response_size == mtu - 3

    run(main())


def test_a_value_of_512_octets_is_read_in_full(run: Run) -> None:
    value = bytes(number % 251 for number in range(512))

    def blob(request: bytes) -> bytes:
        (offset,) = struct.unpack_from("<H", request, 3)
        return b"\x0d" + value[offset : offset + 246]

    async def main() -> None:
        async with liar_and_adapter({READ: b"\x0b" + value[:246], READ_BLOB: blob}) as (_, adapter):
            client = await connected(adapter)
            assert await client.read_gatt_char(VALUE_HANDLE) == value

    run(main())


PROCEDURES = {
    "the MTU": MTU,
    "services": SERVICES,
    "characteristics": CHARACTERISTICS,
    "descriptors": DESCRIPTORS,
}


@pytest.mark.parametrize("request_code", PROCEDURES.values(), ids=PROCEDURES.keys())
def test_a_peer_that_leaves_while_connecting_is_an_error_at_once(
    run: Run, request_code: int
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        told: list[BleakClient] = []
        async with liar_and_adapter({request_code: Trick.HANG_UP}) as (liar, adapter):
            client = BleakClient(await found(adapter), told.append, backend=adapter.client_backend)
            asked_at = loop.time()
            with pytest.raises(BleakError, match="connection was lost, remote user terminated"):
                await client.connect()
            assert loop.time() - asked_at < 2.0
            assert not client.is_connected
            assert told == []
            liar.lies.clear()
            await client.connect()
            assert client.is_connected

    run(main())


async def _read(client: BleakClient) -> None:
    await client.read_gatt_char(VALUE_HANDLE)


async def _read_long(client: BleakClient) -> None:
    await client.read_gatt_char(VALUE_HANDLE)


async def _write(client: BleakClient) -> None:
    await client.write_gatt_char(VALUE_HANDLE, b"x", response=True)


async def _write_long(client: BleakClient) -> None:
    await client.write_gatt_char(VALUE_HANDLE, bytes(300), response=True)


async def _read_descriptor(client: BleakClient) -> None:
    await client.read_gatt_descriptor(5)


async def _write_descriptor(client: BleakClient) -> None:
    await client.write_gatt_descriptor(5, b"x")


async def _subscribe(client: BleakClient) -> None:
    await client.start_notify(VALUE_HANDLE, lambda _c, _v: None)


USES = {
    "read": (_read, {READ}),
    "long read": (_read_long, {READ_BLOB}),
    "write": (_write, {WRITE}),
    "long write": (_write_long, {0x16}),
    "descriptor read": (_read_descriptor, {READ}),
    "descriptor write": (_write_descriptor, {WRITE}),
    "subscription": (_subscribe, {WRITE}),
}


@pytest.mark.parametrize("use", USES.keys())
def test_a_peer_that_leaves_in_mid_use_is_an_error_at_once_and_told_once(
    run: Run, use: str
) -> None:
    perform, requests = USES[use]

    async def main() -> None:
        loop = asyncio.get_running_loop()
        told: list[BleakClient] = []
        lies: dict[int, Lie] = dict.fromkeys(requests, Trick.HANG_UP)
        if use == "long read":
            lies[READ] = b"\x0b" + bytes(246)
        async with liar_and_adapter(lies) as (_, adapter):
            client = BleakClient(await found(adapter), told.append, backend=adapter.client_backend)
            await client.connect()
            asked_at = loop.time()
            with pytest.raises(BleakError, match="connection was lost"):
                await perform(client)
            assert loop.time() - asked_at < 2.0
            await asyncio.sleep(0)
            assert told == [client]
            with pytest.raises(BleakError):
                await perform(client)

    run(main())


def test_a_request_that_is_never_answered_ends_the_link_after_thirty_seconds(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        told: list[BleakClient] = []
        async with liar_and_adapter({READ: Trick.SILENCE}) as (liar, adapter):
            client = BleakClient(await found(adapter), told.append, backend=adapter.client_backend)
            await client.connect()
            asked_at = loop.time()
            with pytest.raises(BleakError, match="did not answer"):
                await client.read_gatt_char(VALUE_HANDLE)
            assert loop.time() - asked_at == pytest.approx(30.0, abs=0.5)
            await asyncio.sleep(1.0)
            assert told == [client]
            liar.lies.clear()
            await client.connect()
            assert await client.read_gatt_char(VALUE_HANDLE) == b"value"

    run(main())


NOISE = {
    "an answer to another request": b"\x13",
    "a notification of a stranger": b"\x1b\xff\xffboo",
    "a notification without a handle": b"\x1b\x03",
    "an indication of a stranger": b"\x1d\xff\xffboo",
    "an indication without a handle": b"\x1d",
    "an unknown opcode": b"\x7f",
    "nothing at all": b"",
    "an error without a code": b"\x01\x0a",
    "an error about nothing": b"\x01\x00\x00\x00\x00\x00\x00",
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_what_makes_no_sense_is_passed_over(run: Run, noise: bytes) -> None:
    async def main() -> None:
        async with liar_and_adapter({}) as (liar, adapter):
            client = await connected(adapter)
            await client.start_notify(VALUE_HANDLE, lambda _c, _v: None)
            liar.send(noise)
            await asyncio.sleep(0.1)
            if noise[:1] != b"\x01":
                liar.lies[READ] = [noise, b"\x0bvalue"]
            assert await client.read_gatt_char(VALUE_HANDLE) == b"value"
            assert client.is_connected

    run(main())


def test_an_answer_that_comes_twice_is_not_the_answer_to_the_next_request(run: Run) -> None:
    async def main() -> None:
        async with liar_and_adapter({READ: [b"\x0bvalue", b"\x0bagain"]}) as (liar, adapter):
            client = await connected(adapter)
            assert await client.read_gatt_char(VALUE_HANDLE) == b"value"
            await asyncio.sleep(0.1)
            liar.send(b"\x0bunasked")
            await asyncio.sleep(0.1)
            liar.lies[READ] = b"\x0bnext"
            assert await client.read_gatt_char(VALUE_HANDLE) == b"next"

    run(main())


def test_a_peer_that_never_answers_a_pairing_is_left_after_thirty_seconds(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with liar_and_adapter({}) as (liar, adapter):
            liar.mute_pairing()
            client = await connected(adapter)
            asked_at = loop.time()
            with pytest.raises(BleakError, match="pairing: the peer did not answer"):
                await client.pair()
            assert loop.time() - asked_at == pytest.approx(30.0, abs=0.5)
            assert not client.is_connected
            assert await adapter.bonds.get_all() == []

    run(main())


def test_a_peer_that_leaves_while_pairing_is_an_error_at_once(run: Run) -> None:
    async def main() -> None:
        async with liar_and_adapter({}) as (liar, adapter):
            liar.hang_up_on_pairing()
            client = await connected(adapter)
            with pytest.raises(BleakError, match="pairing: the connection was lost"):
                await client.pair()
            assert not client.is_connected

    run(main())


def test_a_uuid_is_what_the_peer_says(run: Run) -> None:
    async def main() -> None:
        async with liar_and_adapter({SERVICES: honest}) as (_, adapter):
            client = await connected(adapter)
            (only,) = client.services
            assert only.uuid == "0f0e0d0c-0b0a-0908-0706-050403020100"
            assert bytes(reversed(bytes.fromhex(only.uuid.replace("-", "")))) == UUID

    run(main())
