"""Tools that hang, stall or leave: every rule ends in bounded time with one sentence."""

import asyncio
from typing import Any

import pytest
from bumble.att import ATT_PDU, Bearer

from companion.conform.bench import Bench
from companion.conform.runner import LONGEST_S, Run
from companion.conform.verdict import Judged, Outcome
from companion.texts import text
from protocols.massage_tool import Op
from simulators.firmware import Firmware, Outgoing
from simulators.peripheral import Peripheral
from simulators.virtual_time import run_virtual
from tests.conform.world import QUICK, bench, chosen, failed, try_all

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

Anything = Any
BOUND_S = 2 * LONGEST_S


def one_sentence(results: list[Judged]) -> None:
    for one in results:
        assert one.seconds <= BOUND_S
        assert "\n" not in one.reason
        assert bool(one.reason) is (one.outcome is not Outcome.PASSED)


class Mute(Firmware):
    """Never answers."""

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        answer = super().request(value, now_us, **more)
        del answer
        return None


class MuteTo(Firmware):
    """Does not answer one kind of request."""

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        answer = super().request(value, now_us, **more)
        return None if value[:1] == bytes([Op.READ_CHANNEL]) else answer


class Stalls(Firmware):
    """Sends no frame."""

    def advance(self, now_us: int) -> Outgoing:
        return super().advance(now_us)._replace(frames=())


class Babbles(Firmware):
    """Answers and tells with bytes that mean nothing."""

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        super().request(value, now_us, **more)
        return b"\x80"

    def standing_events(self, now_us: int) -> tuple[bytes, ...]:
        super().standing_events(now_us)
        return (b"", b"\x02\x00", bytes(200))

    def advance(self, now_us: int) -> Outgoing:
        outgoing = super().advance(now_us)
        return outgoing._replace(frames=tuple(b"" for _ in outgoing.frames))


@pytest.mark.thinned(4)
@pytest.mark.parametrize("make", [Mute, MuteTo, Stalls, Babbles])
def test_firmware_that_does_not_behave_is_judged_to_the_end(make: type[Firmware]) -> None:
    results = try_all(make=make, choice=QUICK)
    one_sentence(results)
    assert failed(results)


def test_one_silence_does_not_spoil_the_rules_after_it() -> None:
    results = try_all(make=MuteTo, choice=QUICK)
    assert set(failed(results)) == {
        "op-read-channel",
        "length-read-channel",
        "range-read-channel",
        "answer-time",
    }


def deaf_after(requests: int) -> Any:  # noqa: ANN401  # a factory of peripherals
    """Serve a tool whose GATT server answers so many requests and then none."""

    def serve(*arguments: Anything, **more: Anything) -> Peripheral:
        peripheral = Peripheral(*arguments, **more)
        server = peripheral._serving.server
        answer, left = server.on_gatt_pdu, [requests]

        def hear(bearer: Bearer, att_pdu: ATT_PDU) -> None:
            left[0] -= 1
            if left[0] >= 0:
                answer(bearer, att_pdu)

        server.on_gatt_pdu = hear  # type: ignore[method-assign]  # that is what is wrong with it
        return peripheral

    return serve


@pytest.mark.parametrize("requests", [0, 10, 60, 150, 400])
def test_a_tool_that_falls_silent_is_given_up(requests: int) -> None:
    results = try_all(serve=deaf_after(requests), choice=QUICK, may_owe=True)
    one_sentence(results)
    assert results[-1].reason == text("conform.why.given_up")
    assert sum(one.seconds for one in results) <= 300


def test_a_tool_that_keeps_leaving_is_judged_to_the_end() -> None:
    async def run() -> list[Judged]:
        peripherals: list[Peripheral] = []

        def serve(*arguments: Anything, **more: Anything) -> Peripheral:
            peripherals.append(Peripheral(*arguments, **more))
            return peripherals[-1]

        async def leave() -> None:
            while True:
                await asyncio.sleep(1.7)
                await peripherals[0].lose_link()

        async with bench(serve=serve) as at:
            leaving = asyncio.create_task(leave())
            run = Run(at, QUICK, lambda _rule, _judged: None)
            await run.over(chosen(()))
            leaving.cancel()
            assert await run.leave(forget=True) == {}
        return run.judged

    results = run_virtual(run())
    one_sentence(results)
    assert len({one.outcome for one in results}) == 3


def test_a_tool_that_is_gone_keeps_a_foreign_calibration_and_this_is_told() -> None:
    async def run() -> None:
        peripherals: list[Peripheral] = []

        def serve(*arguments: Anything, **more: Anything) -> Peripheral:
            peripherals.append(Peripheral(*arguments, **more))
            return peripherals[-1]

        async with bench(serve=serve) as at:
            run = Run(at, QUICK, lambda _rule, _judged: None)
            trying = asyncio.create_task(run.over(chosen(("calibration-offset",))))
            await _changed(at)
            await peripherals[0].vanish()
            await trying
            owed = await run.leave(forget=False)
        assert owed[0].gain == 1.0
        assert owed[0].offset_counts == 0

    run_virtual(run())


def test_a_tool_that_comes_back_gets_its_calibration_back() -> None:
    async def run() -> None:
        peripherals: list[Peripheral] = []

        def serve(*arguments: Anything, **more: Anything) -> Peripheral:
            peripherals.append(Peripheral(*arguments, **more))
            return peripherals[-1]

        async with bench(serve=serve) as at:
            before = peripherals[0].firmware.calibration
            run = Run(at, QUICK, lambda _rule, _judged: None)
            trying = asyncio.create_task(run.over(chosen(("calibration-offset",))))
            await _changed(at)
            await peripherals[0].lose_link()
            await trying
            assert await run.leave(forget=False) == {}
            assert peripherals[0].firmware.calibration == before
        assert failed(run.judged)

    run_virtual(run())


async def _changed(at: Bench) -> None:
    """Wait until a calibration is another than was found."""
    while not at.owed:  # noqa: ASYNC110  # virtual time: nothing is polled in vain
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.6)
