"""What is missing is asked for again: once, in bounded time, of a tool that may lie."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.ble.missing import Hole
from companion.ble.stream import Stream
from companion.ble.tool import Refused
from companion.service.refilling import ATTEMPTS, Refilled, Refiller
from protocols.massage_tool import (
    AnswerValues,
    Features,
    Op,
    Request,
    Resend,
    Resending,
    Result,
    ToolFeature,
    ToolKind,
)
from protocols.telemetry import Sample, Telemetry
from simulators.virtual_time import run_virtual

INTERVAL_US = 10_000
LOST = Hole(100, 50, 1_000_000, INTERVAL_US)
NOTHING = Sample((), None, None, None)

Answers = Callable[[Resend], AnswerValues | None]


def a_tool(features: Features = Features.RESEND_BUFFER) -> ToolFeature:
    return ToolFeature(
        tool_kind=ToolKind.ROLLER, features=features, force_channels=0, maximum_rate_hz=100
    )


def resent(first: int, count: int, shift_us: int = 0) -> Telemetry:
    at_us = LOST.from_us + (first - LOST.first) * INTERVAL_US + shift_us
    return Telemetry(at_us, INTERVAL_US, first, True, False, None, (NOTHING,) * count)


@dataclass
class Bench:
    """A refiller, its stream, and a tool that answers as scripted."""

    answer: Answers
    feature: ToolFeature = field(default_factory=a_tool)
    asked: list[Resend] = field(default_factory=list)
    told: list[Refilled] = field(default_factory=list)
    is_up: asyncio.Event = field(default_factory=asyncio.Event)
    took_s: float = 0.0

    def __post_init__(self) -> None:
        self.stream = Stream(self.feature)
        self.ended = asyncio.Event()
        self.refiller = Refiller(self, self._hear)
        self.refiller.know(self.feature, self.stream)
        self.is_up.set()

    async def until_up(self) -> None:
        await self.is_up.wait()

    async def request(self, request: Request) -> AnswerValues | None:
        assert isinstance(request, Resend)
        self.asked.append(request)
        await asyncio.sleep(0.03)
        return self.answer(request)

    def _hear(self, what: Refilled) -> None:
        self.told.append(what)
        self.ended.set()

    def send(self, first: int, count: int, shift_us: int = 0) -> bool:
        taken = self.stream.missing.take(resent(first, count, shift_us))
        if taken is not None:
            self.refiller.came()
        return taken is not None

    async def lose(self, *holes: Hole) -> list[Refilled]:
        """Lose samples and wait until nothing can come any more."""
        for hole in holes or (LOST,):
            self.stream.missing.lost(hole)
        running = asyncio.create_task(self.refiller.run())
        self.refiller.lost()
        began_at = asyncio.get_running_loop().time()
        async with asyncio.timeout(60.0):
            await self.ended.wait()
        self.took_s = asyncio.get_running_loop().time() - began_at
        running.cancel()
        await asyncio.wait([running])
        assert self.stream.missing.oldest is None
        return self.told


def play(main: Callable[[], Coroutine[object, object, None]]) -> None:
    run_virtual(asyncio.wait_for(main(), 120.0))


def later(bench: list[Bench], *frames: tuple[int, int]) -> None:
    """Send resent frames after the answer, 20 ms apart."""
    loop = asyncio.get_running_loop()
    for place, (first, count) in enumerate(frames, start=1):
        loop.call_later(0.02 * place, bench[0].send, first, count)


def test_a_hole_is_asked_for_once_and_comes() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(request: Resend) -> AnswerValues:
            later(at, (100, 13), (113, 13), (126, 13), (139, 11))
            return Resending(request.first_sample, request.count)

        at.append(Bench(answer))
        assert await at[0].lose() == [Refilled(50, 0)]
        assert at[0].asked == [Resend(100, 50)]

    play(main)


def test_what_the_tool_has_no_more_is_gone_and_the_rest_comes() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(_request: Resend) -> AnswerValues:
            later(at, (130, 20))
            return Resending(130, 20)

        at.append(Bench(answer))
        assert await at[0].lose() == [Refilled(20, 30)]

    play(main)


def test_frames_that_never_come_are_asked_for_again_and_then_gone() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(request: Resend) -> AnswerValues:
            if len(at[0].asked) == 1:
                later(at, (100, 13))
            return Resending(request.first_sample, request.count)

        at.append(Bench(answer))
        assert await at[0].lose() == [Refilled(13, 37)]
        assert at[0].asked == [Resend(100, 50), *[Resend(113, 37)] * (ATTEMPTS - 1)]
        assert at[0].took_s < 12.0

    play(main)


def test_frames_that_come_twice_or_out_of_time_are_not_taken() -> None:
    async def main() -> None:
        bench = Bench(lambda request: Resending(request.first_sample, request.count))
        bench.stream.missing.lost(LOST)
        assert not bench.send(100, 13, shift_us=5_000_000)
        assert not bench.send(150, 13)
        assert bench.send(100, 13)
        assert not bench.send(100, 13)
        assert bench.stream.missing.came == 13
        assert bench.stream.missing.oldest == LOST.part(113, 150)

    play(main)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: Resending(100, 0),
        lambda _request: Resending(4_000_000_000, 7),
        lambda _request: Resending(0, 65_535),
        lambda _request: None,
    ],
    ids=["none is kept", "from far away", "from before", "no values"],
)
def test_an_answer_without_use_ends_it(answer: Answers) -> None:
    async def main() -> None:
        bench = Bench(answer)
        assert await bench.lose() == [Refilled(0, 50)]
        assert len(bench.asked) == 1

    play(main)


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (Refused(Op.RESEND, Result.OP_CODE_NOT_SUPPORTED, "it"), 1),
        (Refused(Op.RESEND, Result.NOT_PERMITTED, "it"), 1),
        (Refused(Op.RESEND, Result.BUSY, "it"), ATTEMPTS),
        (LinkError(LinkFault.SILENT, tool="it"), ATTEMPTS),
    ],
)
def test_a_tool_that_refuses_or_is_silent_is_given_up(error: LinkError, times: int) -> None:
    async def main() -> None:
        def answer(_request: Resend) -> AnswerValues:
            raise error

        bench = Bench(answer)
        assert await bench.lose() == [Refilled(0, 50)]
        assert len(bench.asked) == times

    play(main)


def test_a_link_that_drops_meanwhile_is_waited_for() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(request: Resend) -> AnswerValues:
            if len(at[0].asked) <= 2 * ATTEMPTS:
                raise LinkError(LinkFault.DROPPED, tool="it")
            later(at, (100, 50))
            return Resending(request.first_sample, request.count)

        at.append(Bench(answer))
        assert await at[0].lose() == [Refilled(50, 0)]

    play(main)


def test_what_has_not_come_by_the_end_is_told_as_gone() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(request: Resend) -> AnswerValues:
            later(at, (100, 13))
            return Resending(request.first_sample, request.count)

        at.append(Bench(answer))
        at[0].stream.missing.lost(LOST)
        running = asyncio.create_task(at[0].refiller.run())
        at[0].refiller.lost()
        await asyncio.sleep(0.2)
        assert not at[0].told
        running.cancel()
        await asyncio.wait([running])
        assert at[0].told == [Refilled(13, 37)]

    play(main)


def test_a_tool_without_a_buffer_is_never_asked() -> None:
    async def main() -> None:
        bench = Bench(lambda _request: None, a_tool(Features(0)))
        assert await bench.lose() == [Refilled(0, 50)]
        assert bench.asked == []

    play(main)


def test_many_holes_are_asked_for_one_after_the_other() -> None:
    async def main() -> None:
        at: list[Bench] = []

        def answer(request: Resend) -> AnswerValues:
            later(at, (request.first_sample, request.count))
            return Resending(request.first_sample, request.count)

        at.append(Bench(answer))
        holes = [LOST.part(first, first + 5) for first in (100, 110, 140)]
        assert await at[0].lose(*holes) == [Refilled(15, 0)]
        assert [request.first_sample for request in at[0].asked] == [100, 110, 140]

    play(main)
