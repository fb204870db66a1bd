"""Runs that repeat themselves to the byte, keys and losses and all."""

import asyncio
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from bleak import BleakClient
from bumble import crypto, hci

from simulators.bleak_backend import Adapter
from simulators.capture import capture
from simulators.radio import Air, connect_host, repeatable_keys
from simulators.virtual_time import run_virtual
from tests.simulators.radio.world import ADDRESS, STREAM, VALUE, Run, advertising_tool

SESSION = """
import sys
from pathlib import Path
from simulators.virtual_time import run_virtual
from tests.simulators.radio.test_seeded import paired_session
run_virtual(paired_session(Path(sys.argv[1]), seed=3))
"""


async def paired_session(path: Path, *, seed: int) -> None:
    """Pair over a weak link with everything drawn from a seed, captured at the central."""
    with repeatable_keys(seed):
        await session(path, seed=seed)


async def session(path: Path, *, seed: int) -> None:
    air = Air(seed=seed)
    host = connect_host(air.add_controller("adapter"))
    with capture(host, path):
        async with advertising_tool(air) as (tool, controller), Adapter(host) as adapter:
            air.move(controller, 20.0)
            air.set_loss(controller, 0.1)
            async with BleakClient(ADDRESS, pair=True, backend=adapter.client_backend) as client:
                await client.start_notify(STREAM, lambda _c, _value: None)
                for number in range(20):
                    await tool.notify(STREAM, bytes([number]))
                    await asyncio.sleep(0.03)
                await client.read_gatt_char(VALUE)


def test_two_runs_of_a_pairing_are_the_same_to_the_byte(run: Run, tmp_path: Path) -> None:
    captures = []
    for number, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{number}.btsnoop"
        run(paired_session(path, seed=seed))
        captures.append(path.read_bytes())
    assert len(captures[0]) > 5000
    assert captures[0] == captures[1]
    assert captures[0] != captures[2]


def test_another_process_with_other_hashes_gives_the_same_bytes(tmp_path: Path) -> None:
    captures = []
    for number in (1, 2):
        path = tmp_path / f"{number}.btsnoop"
        subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", SESSION, str(path)],
            check=True,
            env={"PYTHONHASHSEED": str(number), "PYTHONPATH": ":".join(sys.path)},
            timeout=60,
        )
        captures.append(path.read_bytes())
    assert captures[0] == captures[1]


def test_keys_differ_unless_asked_for(run: Run, tmp_path: Path) -> None:
    captures = []
    for number in range(2):
        path = tmp_path / f"{number}.btsnoop"
        run(session(path, seed=3))
        captures.append(path.read_bytes())
    assert captures[0] != captures[1]


def test_keys_are_secret_again_afterwards(run: Run) -> None:
    async def main() -> None:
        drawn = []
        for _ in range(2):
            with repeatable_keys(1):
                drawn.append((crypto.r(), hci.Address.generate_static_address()))
            assert vars(crypto)["secrets"] is secrets
        assert drawn[0] == drawn[1]
        assert crypto.r() != crypto.r()

    run(main())


@pytest.mark.parametrize("speed", [None, 1000.0])
def test_no_loop_that_a_radio_could_be_on_gets_repeatable_keys(speed: float | None) -> None:
    async def main() -> None:
        with (
            pytest.raises(RuntimeError, match="virtual time only"),
            repeatable_keys(1),
        ):
            pytest.fail("it was let in")

    if speed is None:
        asyncio.run(main())
    else:
        run_virtual(main(), speed=speed)
