"""An air in one process, joined from others."""

import asyncio
import contextlib
import sys

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from simulators.bleak_backend import Adapter
from simulators.radio import Air, AirError, AirServer, connect_host, open_air
from tests.simulators.radio.world import ADDRESS, SERVICE, STREAM, VALUE, Run, tool_on

# Fast enough to keep a supervision timeout of 2 s short, slow enough for a loaded machine.
SPEED = 5.0
TOOL_PROCESS = """
import asyncio
import sys
from simulators.radio import open_air
from tests.simulators.radio.world import STREAM, tool_on

async def main():
    async with open_air(sys.argv[1]) as host, tool_on(host) as tool:
        await tool.advertise()
        while True:
            await asyncio.sleep(0.02)
            await tool.notify(STREAM, b"tick")

asyncio.run(main())
"""


def test_a_killed_process_is_noticed_and_its_successor_is_found(run: Run) -> None:
    async def main() -> None:
        air = Air()
        lost = asyncio.Event()
        ticked = asyncio.Event()
        adapter = Adapter(connect_host(air.add_controller("adapter")))
        async with AirServer(air) as server, adapter:
            for _ in range(2):
                lost.clear()
                ticked.clear()
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", TOOL_PROCESS, server.address
                )
                device = await BleakScanner.find_device_by_filter(
                    lambda _d, ad: SERVICE in ad.service_uuids,
                    timeout=150.0,
                    backend=adapter.scanner_backend,
                )
                assert device is not None
                client = BleakClient(device, lambda _c: lost.set(), backend=adapter.client_backend)
                await client.connect()
                await client.start_notify(STREAM, lambda _c, _value: ticked.set())
                await ticked.wait()
                process.kill()
                await process.wait()
                await lost.wait()
                assert not client.is_connected

    run(main(), speed=SPEED)


def test_two_joined_hosts_meet(run: Run) -> None:
    async def main() -> None:
        async with (
            AirServer(Air()) as server,
            open_air(server.address) as tool_host,
            open_air(server.address) as our_host,
            tool_on(tool_host) as tool,
            Adapter(our_host) as adapter,
        ):
            await tool.advertise()
            async with BleakClient(ADDRESS, pair=True, backend=adapter.client_backend) as client:
                assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2

    run(main(), speed=SPEED)


def test_an_air_that_closes_ends_the_connections_of_those_who_joined(run: Run) -> None:
    async def main() -> None:
        lost = asyncio.Event()
        server = AirServer(Air())
        async with server:
            address = server.address
            async with (
                open_air(address) as tool_host,
                open_air(address) as our_host,
                tool_on(tool_host) as tool,
                Adapter(our_host) as adapter,
            ):
                await tool.advertise()
                client = BleakClient(ADDRESS, lambda _c: lost.set(), backend=adapter.client_backend)
                await client.connect()
                await server.__aexit__(None, None, None)
                await lost.wait()
                assert not client.is_connected
                with pytest.raises(BleakError, match="closed"):
                    await client.connect()
                with pytest.raises(BleakError, match="closed"):
                    await BleakScanner.discover(1.0, backend=adapter.scanner_backend)

    run(main(), speed=SPEED)


@pytest.mark.parametrize(
    "greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(range(256)) * 8, b"\4\x0e\xff"]
)
def test_a_server_that_is_no_controller_is_no_air(run: Run, greeting: bytes) -> None:
    async def main() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(greeting)
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1")
        host, port = server.sockets[0].getsockname()
        async with server:
            with pytest.raises(AirError, match="no Bluetooth controller"):
                async with open_air(f"{host}:{port}"):
                    pass

    run(main(), speed=SPEED)


def test_a_client_that_does_not_speak_hci_is_shown_out(run: Run) -> None:
    async def main() -> None:
        async with AirServer(Air()) as server:
            host, _, port = server.address.rpartition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            async with open_air(server.address) as joined, tool_on(joined):
                pass

    run(main(), speed=SPEED)


def test_a_client_that_does_not_read_is_shown_out(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with AirServer(air) as server:
            host, _, port = server.address.rpartition(":")
            _, writer = await asyncio.open_connection(host, int(port))
            await asyncio.sleep(0.1)
            (controller,) = air.controllers
            for _ in range(1000):
                if controller.host is None:
                    break
                controller.host.on_packet(bytes(65536))
                await asyncio.sleep(0)
            assert air.controllers == set()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    run(main(), speed=SPEED)


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", ":1234", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:0", "127.0.0.1:65536"],
)
def test_an_address_that_makes_no_sense_is_refused(run: Run, address: str) -> None:
    async def main() -> None:
        with pytest.raises(AirError, match="no address of an air"):
            async with open_air(address):
                pass

    run(main())


def test_an_air_that_is_not_there_and_a_port_that_is_taken_are_said(run: Run) -> None:
    async def main() -> None:
        async with AirServer(Air()) as server:
            address = server.address
            port = int(address.rpartition(":")[2])
            with pytest.raises(AirError, match=r"cannot serve the air .*: that port is taken"):
                async with AirServer(Air(), port=port):
                    pass
        with pytest.raises(AirError, match=f"no air at {address}: nobody answers there"):
            async with open_air(address):
                pass
        with pytest.raises(AirError, match="no air at"):
            async with open_air("a..b:1"):
                pass
        with pytest.raises(AirError, match="not being served"):
            _ = server.address

    run(main(), speed=SPEED)
