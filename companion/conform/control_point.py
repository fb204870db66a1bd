"""Asking the Tool Control Point: any bytes, and what came back, however wrong."""

import asyncio
from typing import Final, SupportsBytes

from companion.ble.probe import AttRefused, Probe
from companion.conform.verdict import Broken, expect
from protocols.errors import DecodeError
from protocols.massage_tool import (
    CONTROL_POINT,
    PROCEDURE_IN_PROGRESS,
    Answer,
    Op,
    Request,
    Result,
    decode_answer,
)

ANSWER_S: Final = 5.0
"""The answer comes within 5 s (tool-profile.md, Tool Control Point)."""
WAY_S: Final = 0.5
"""What the way there and back may add to it."""
_CONFIRMING_S: Final = 1.0
"""How long our own confirmation of the answer before may travel."""
_PAUSE_S: Final = 0.05


def shown(value: bytes) -> str:
    """Return bytes as a person reads them."""
    return value.hex(" ") or "-"


def named(request: bytes) -> str:
    """Return a request's name and bytes, as messages have it."""
    try:
        name = Op(request[0]).name.lower().replace("_", " ")
    except (IndexError, ValueError):
        return shown(request)
    return f"{name} ({shown(request)})"


def packed(kind: type[Request], *fields: int) -> bytes:
    """Return a request with fields that it may not have, which its class would refuse."""
    return bytes([kind.op]) + kind.layout.pack(*fields)


class NoAnswer(Broken):
    """The tool owes an answer and gives none: the next rule begins with a new link."""


class ControlPoint:
    """One tool's control point, over whatever link stands.

    Attributes:
        unanswered: requests so far that were not answered in time.
    """

    def __init__(self) -> None:
        self.unanswered: list[str] = []
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, value: bytes) -> None:
        """Take in an indication."""
        self._answers.put_nowait(value)

    async def open(self, link: Probe) -> None:
        """Switch the answers on."""
        self._answers = asyncio.Queue()
        await link.subscribe(CONTROL_POINT, self.take)

    async def ask(self, link: Probe, request: SupportsBytes | bytes) -> Answer:
        """Make a request and return its answer.

        Raises:
            Broken: no answer in time, an answer to something else, or one that breaks its layout.
            LinkError: the link failed, or the write was refused.
        """
        value = bytes(request)
        raw = await self.raw_answer(link, value)
        expect(
            len(raw) >= 3 and raw[0] == 0x80 and raw[1] == (value[0] if value else 0),  # noqa: PLR2004 -- the answer's header
            "conform.seen.answer_form",
            request=named(value),
            answer=shown(raw),
        )
        try:
            return decode_answer(raw)
        except DecodeError as error:
            raise Broken(
                "conform.seen.answer_layout",
                request=named(value),
                answer=shown(raw),
                reason=error.reason,
            ) from error

    async def raw_answer(self, link: Probe, value: bytes) -> bytes:
        """Make a request and return whatever is indicated next.

        Raises:
            Broken: nothing in time.
            LinkError: the link failed, or the write was refused.
        """
        while not self._answers.empty():
            self._answers.get_nowait()
        await self._write(link, value)
        return await self.next_answer(value)

    async def next_answer(self, value: bytes) -> bytes:
        """Wait for the next indication, which answers a request already written.

        Raises:
            Broken: nothing in time.
        """
        try:
            async with asyncio.timeout(ANSWER_S + WAY_S):
                return await self._answers.get()
        except TimeoutError:
            self.unanswered.append(named(value))
            raise NoAnswer("conform.seen.no_answer", request=named(value)) from None

    async def more(self, seconds: float) -> list[bytes]:
        """Return what is indicated unasked within a time."""
        await asyncio.sleep(seconds)
        return [self._answers.get_nowait() for _ in range(self._answers.qsize())]

    async def _write(self, link: Probe, value: bytes) -> None:
        """Write, again while our confirmation of the answer before is on its way."""
        loop = asyncio.get_running_loop()
        until = loop.time() + _CONFIRMING_S
        while True:
            try:
                await link.write(CONTROL_POINT, value)
            except AttRefused as refusal:
                if refusal.code != PROCEDURE_IN_PROGRESS or loop.time() > until:
                    raise
                await asyncio.sleep(_PAUSE_S)
            else:
                return


def expect_code(refusal: AttRefused, code: int) -> None:
    """Compare the ATT error of a refusal with the one that it must be.

    Raises:
        Broken: it is another.
    """
    expect(
        refusal.code == code,
        "conform.seen.error_code",
        code=f"0x{refusal.code:02X}",
        expected=f"0x{code:02X}",
    )


def result_of(answer: Answer, request: SupportsBytes | bytes, *allowed: Result) -> None:
    """Compare an answer's result with those that may be.

    Raises:
        Broken: it is another.
    """
    expect(
        answer.result in allowed,
        "conform.seen.result",
        request=named(bytes(request)),
        result=int(answer.result),
        expected=" / ".join(str(int(result)) for result in allowed),
    )
