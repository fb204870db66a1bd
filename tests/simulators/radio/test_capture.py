import asyncio
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from bleak import BleakClient

from simulators.bleak_backend import Adapter
from simulators.capture import EPOCH_S, capture
from simulators.radio import Air, connect_host
from tests.simulators.radio.world import ADDRESS, STREAM, Run, advertising_tool

TSHARK = shutil.which("tshark")
NOTIFICATIONS = 20


async def captured_session(path: Path) -> None:
    """Connect at 100 s on the virtual clock, and be notified."""
    air = Air()
    await asyncio.sleep(100.0)
    host = connect_host(air.add_controller("adapter"))
    with capture(host, path):
        async with (
            advertising_tool(air) as (tool, _),
            Adapter(host, address="C0:00:00:00:00:99") as adapter,
            BleakClient(ADDRESS, backend=adapter.client_backend) as client,
        ):
            await client.start_notify(STREAM, lambda _c, _value: None)
            for number in range(NOTIFICATIONS):
                await tool.notify(STREAM, bytes([0xA0, number]))
                await asyncio.sleep(0.02)


def test_btsnoop_records_carry_the_loops_clock(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "session.btsnoop"
    run(captured_session(path))
    data = path.read_bytes()
    assert data[:16] == b"btsnoop\0\x00\x00\x00\x01\x00\x00\x03\xea"
    size, included, flags, drops, stamp = struct.unpack_from(">IIIIq", data, 16)
    assert (size, included, flags, drops) == (4, 4, 2, 0)
    assert data[40:44] == bytes.fromhex("01030c00")  # HCI Reset, the host's first command
    # 2000-01-01 on the btsnoop clock, from the format's description, and 26 years after it
    seconds = (stamp - 0x00E03AB44A676000) / 1e6 - (EPOCH_S - 946_684_800)
    assert seconds == pytest.approx(100.0, abs=0.001)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_capture_of_an_earlier_session_is_replaced(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "session.pcap"
    path.write_bytes(b"old" * 100_000)
    path.chmod(0o644)
    run(captured_session(path))
    data = path.read_bytes()
    assert struct.unpack_from("<IHH", data) == (0xA1B2C3D4, 2, 4)
    assert b"old" not in data
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_session_in_virtual_time_repeats_itself_to_the_byte(run: Run, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one.btsnoop", "two.btsnoop")]
    for path in paths:
        run(captured_session(path))
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.service("tshark")
@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
@pytest.mark.parametrize("name", ["session.btsnoop", "session.pcap"])
def test_tshark_reads_every_notification(run: Run, tmp_path: Path, name: str) -> None:
    assert TSHARK is not None
    path = tmp_path / name
    run(captured_session(path))
    fields = ("-T", "fields", "-e", "frame.time_epoch", "-e", "btatt.value")
    decoded = subprocess.run(  # noqa: S603  # the machine's own tshark
        [TSHARK, "-r", str(path), "-Y", "btatt.opcode == 0x1b", *fields],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    times, values = zip(*(line.split() for line in decoded.splitlines()), strict=True)
    assert list(values) == [f"a0{number:02x}" for number in range(NOTIFICATIONS)]
    assert EPOCH_S + 100.0 < float(times[0]) < EPOCH_S + 110.0
