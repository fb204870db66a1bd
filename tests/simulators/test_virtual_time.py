import asyncio
import math
import os
import signal
import socket
import time

import pytest

from simulators.virtual_time import VirtualTimeLoop, run_virtual


async def _tick() -> None:
    for _ in range(1_000_000):
        await asyncio.sleep(0.01)


def test_a_long_sleep_takes_no_real_time_and_ends_at_its_exact_instant() -> None:
    async def sleep() -> float:
        await asyncio.sleep(3600.0)
        return asyncio.get_running_loop().time()

    began = time.monotonic()
    assert run_virtual(sleep()) == 3600.0
    assert time.monotonic() - began < 60.0


def test_timers_fire_in_the_order_of_their_instants() -> None:
    seen: list[tuple[str, float]] = []

    async def note(name: str, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        seen.append((name, asyncio.get_running_loop().time()))

    async def main() -> None:
        await asyncio.gather(note("late", 2.0), note("early", 0.5), note("middle", 1.25))

    run_virtual(main())
    assert seen == [("early", 0.5), ("middle", 1.25), ("late", 2.0)]


def test_a_timeout_runs_out_in_virtual_time() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30.0):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == 30.0


def test_a_finite_speed_is_paced_by_real_time() -> None:
    async def main() -> float:
        began = time.monotonic()
        await asyncio.sleep(1.0)
        return time.monotonic() - began

    assert run_virtual(main(), speed=20.0) >= 0.045


@pytest.mark.parametrize("speed", [math.inf, 50.0])
def test_a_socket_is_served_while_timers_are_pending(speed: float) -> None:
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours, theirs:
            theirs.sendall(b"hello")
            ticks = asyncio.create_task(asyncio.sleep(10.0))
            received = await loop.sock_recv(ours, 16)
            assert not ticks.done()
            ticks.cancel()
            return received

    assert run_virtual(main(), speed=speed) == b"hello"


def test_work_in_a_thread_takes_no_virtual_time() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(1.0):
            await asyncio.to_thread(time.sleep, 0.05)
        return loop.time()

    assert run_virtual(main()) == 0.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_handled_between_two_jumps(number: signal.Signals) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()
        loop.add_signal_handler(number, asked.set)
        ticking = asyncio.create_task(_tick())
        os.kill(os.getpid(), number)
        await asked.wait()
        ticking.cancel()
        loop.remove_signal_handler(number)

    run_virtual(main())


def test_ctrl_c_without_a_handler_of_its_own_ends_the_run() -> None:
    async def main() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await _tick()

    with pytest.raises(KeyboardInterrupt):
        run_virtual(main())


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_a_speed_that_is_not_above_zero_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        VirtualTimeLoop(speed)
