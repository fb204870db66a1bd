"""One controller as an H4 socket, for hosts of any make."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bumble import hci
from bumble.transport import open_transport

from simulators.radio import Air, AirError, AirServer, H4Server, RadioHost
from tests.simulators.radio.hosts import central_on, connected, lost, scan
from tests.simulators.radio.test_standard import create_connection
from tests.simulators.radio.world import ADDRESS, Run, advertising_tool, tool_on

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

# As in test_server.
SPEED = 5.0
RESET = bytes.fromhex("01030c00")
READ_COMMANDS = bytes.fromhex("01021000")  # answered with 71 octets
RESET_DONE = bytes.fromhex("040e0401030c00")


@contextlib.asynccontextmanager
async def stream_to(
    server: H4Server,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    if ":" in server.address:
        host, _, port = server.address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
    else:
        reader, writer = await asyncio.open_unix_connection(server.address)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_a_host_of_another_make_attaches_and_finds_a_tool(
    run: Run, tmp_path: Path, kind: str
) -> None:
    async def main() -> None:
        air = Air()
        controller = air.add_controller("shared", address="00:11:22:33:44:55")
        path = tmp_path / "hci" if kind == "unix" else None
        async with (
            H4Server(controller, path=path) as server,
            advertising_tool(air),
            await open_transport(f"{kind}-client:{server.address}") as transport,
        ):
            assert path is None or path.stat().st_mode & 0o777 == 0o600
            host = RadioHost(transport.source, transport.sink)
            async with tool_on(host, address="C0:00:00:00:00:42") as other:
                connection = await other.device.connect_le(ADDRESS)
                assert await connection.gatt_client.request_mtu(100) == 100
                await connection.disconnect()
        assert path is None or not path.exists()

    run(main(), speed=SPEED)


def test_a_second_host_is_turned_away_until_the_first_has_gone(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        controller = Air().add_controller("shared")
        async with H4Server(controller, path=tmp_path / "hci") as server:
            async with stream_to(server) as (reader, writer):
                writer.write(RESET)
                assert await reader.readexactly(7) == RESET_DONE
                async with stream_to(server) as (second, _):
                    assert await second.read() == b""
                writer.write(RESET)
                assert await reader.readexactly(7) == RESET_DONE
            await asyncio.sleep(0.5)
            async with stream_to(server) as (reader, writer):
                writer.write(RESET)
                assert await reader.readexactly(7) == RESET_DONE

    run(main(), speed=SPEED)


def test_a_host_that_goes_leaves_a_fresh_controller_and_a_peer_that_times_out(
    run: Run, tmp_path: Path
) -> None:
    async def main() -> None:
        air = Air()
        controller = air.add_controller("shared", address="00:11:22:33:44:55")
        async with (
            H4Server(controller, path=tmp_path / "hci") as server,
            advertising_tool(air) as (tool, _),
        ):
            async with stream_to(server) as (reader, writer):
                writer.write(RESET + bytes(create_connection()))
                while not tool.connections:
                    await reader.read(100)
                gone = lost(tool.connections[0])
            assert (await gone)[0] == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
            assert controller.le_connections == {}
            assert controller.le_event_mask == 0x1F

    run(main(), speed=SPEED)


def test_half_a_packet_is_waited_for_and_its_rest_completes_it(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        controller = Air().add_controller("shared")
        async with (
            H4Server(controller, path=tmp_path / "hci") as server,
            stream_to(server) as (reader, writer),
        ):
            for octet in RESET:
                writer.write(bytes([octet]))
                await writer.drain()
                await asyncio.sleep(0.05)
            assert await reader.readexactly(7) == RESET_DONE

    run(main(), speed=SPEED)


@pytest.mark.parametrize(
    "nonsense",
    [b"GET / HTTP/1.1\r\n\r\n", bytes(1), b"\xff" * 1000, RESET + b"\x09"],
    ids=["http", "zero", "ones", "after a reset"],
)
def test_what_is_no_hci_is_shown_out_and_the_next_host_is_served(
    run: Run, tmp_path: Path, nonsense: bytes
) -> None:
    async def main() -> None:
        controller = Air().add_controller("shared")
        async with H4Server(controller, path=tmp_path / "hci") as server:
            async with stream_to(server) as (reader, writer):
                writer.write(nonsense)
                assert (await reader.read()).removeprefix(RESET_DONE) == b""
            await asyncio.sleep(0.2)
            async with stream_to(server) as (reader, writer):
                writer.write(RESET)
                assert await reader.readexactly(7) == RESET_DONE

    run(main(), speed=SPEED)


def test_a_flood_that_nobody_reads_ends_with_the_host_shown_out(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        air = Air()
        controller = air.add_controller("shared")
        async with (
            H4Server(controller, path=tmp_path / "hci") as server,
            advertising_tool(air) as (tool, _),
        ):
            central, _ = await central_on(air)
            async with stream_to(server) as (_, writer):
                with contextlib.suppress(ConnectionError):
                    for _ in range(40):
                        writer.write(READ_COMMANDS * 2000)
                        await writer.drain()
                assert controller.host is None
            ours, _ = await connected(central, tool)
            await ours.disconnect()

    run(main())


def test_a_host_that_does_not_read_cannot_hold_up_the_end(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        controller = Air().add_controller("shared")
        async with contextlib.AsyncExitStack() as stack:
            server = await stack.enter_async_context(H4Server(controller, path=tmp_path / "hci"))
            async with stream_to(server) as (reader, writer):
                # Less than it is shown out for, more than the socket holds.
                writer.write(READ_COMMANDS * 9000)
                await writer.drain()
                await asyncio.sleep(2.0)
                assert controller.host is not None
                async with asyncio.timeout(5.0):
                    await stack.aclose()
                assert len(await reader.read(-1)) < 9000 * 71

    run(main(), speed=SPEED)


def test_a_flood_of_data_and_garbage_disturbs_nobody_else(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with AirServer(air) as server, advertising_tool(air) as (tool, _):
            central, _ = await central_on(air)
            ours, _ = await connected(central, tool)
            host, _, port = server.address.rpartition(":")
            for flood in (
                b"\x02\x01\x20\xff\xff" + bytes(65535),  # the longest data, to no connection
                b"\x02\x01\x20\xff\xff" + bytes(100),  # half of it
                b"\x01\x05\x20\x06" + b"\xff" * 6 + b"\x01\x06\x20\x00" * 500,
                b"\x05\x00\x00\x00\x00" * 500 + b"\x03\x00\x00\x00" * 500,
                b"\x04\x0e\x04\x01\x03\x0c\x00" * 500,
            ):
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(flood)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await reader.read(1 << 20)
                writer.close()
            assert await ours.gatt_client.request_mtu(99) == 99
            assert await scan(central, active=False, seconds=0.5) == []
            await ours.disconnect()

    run(main(), speed=SPEED)


def test_a_socket_that_cannot_be_made_is_said(run: Run, tmp_path: Path) -> None:
    async def main() -> None:
        controller = Air().add_controller("shared")
        server = H4Server(controller, path=tmp_path / "no" / "hci")
        with pytest.raises(AirError, match=r"cannot serve a controller at .*: no such file"):
            await server.__aenter__()
        with pytest.raises(AirError, match="not being served"):
            _ = server.address
        async with H4Server(controller) as first:
            port = int(first.address.rpartition(":")[2])
            with pytest.raises(AirError, match="that port is taken"):
                await H4Server(controller, port=port).__aenter__()

    run(main())
