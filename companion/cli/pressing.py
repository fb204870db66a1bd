"""A tool pressed on loads, one after the other, by a person who reads a scale or has a gauge."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from companion.cli.endings import UsageRefused
from companion.cli.weights import newtons, shown
from companion.errors import CompanionError
from companion.sensing.calibration import GAINS, Load, Refusal, not_tared
from companion.sensing.channel_fit import Press
from companion.sensing.held import Held
from companion.service.bench import Bench, NotHeld
from companion.texts import text
from companion.tui.workshop import Talk

ALIKE_N: Final = 0.02
"""Loads that differ by less are the same one again: no change is waited for."""

GAUGE_STEPS: Final = 2.0
"""A gauge has to move by so many of its own steps before a load is another one."""


class Unfitted(CompanionError):
    """What was found gives no calibration."""


class Reference(Protocol):
    """What a load is known by."""

    @property
    def resolution_n(self) -> float:
        """Its last digit, newtons."""

    async def ask(self, place: int) -> float | None:
        """Have the next load put on; return what it is to be, None where there is none.

        Args:
            place: which, from 1.
        """

    def read(self, asked_n: float) -> float | None:
        """Return what it says now; None while it does not stand still."""

    def accepts(self, held: Held, before: Press, asked_n: float) -> bool:
        """Whether what the tool felt before was left, so that this is the load."""


@dataclass(slots=True)
class Scale:
    """A scale whose display a person reads.

    Attributes:
        talk: who reads it.
        unit: ``g`` or ``n``.
        resolution_n: the last digit, newtons.
        loads_n: the loads to put on; empty: they are asked for one by one.
        repeats: whether a slip of the keys may be made good.
    """

    talk: Talk
    unit: str
    resolution_n: float
    loads_n: Sequence[float] = ()
    repeats: bool = True

    async def ask(self, place: int) -> float | None:
        """Ask what the scale shows; with given loads an empty line says that it shows that."""
        if self.loads_n:
            return await self._given(place)
        while True:
            answer = await self.talk.ask(text("calibration.ask.shown", place=place))
            if not answer:
                return None
            value_n = self._read(answer)
            if value_n is not None:
                return value_n

    async def _given(self, place: int) -> float | None:
        if place > len(self.loads_n):
            return None
        wanted_n = self.loads_n[place - 1]
        question = text("calibration.ask.press", place=place, load=shown(wanted_n, self.unit))
        while (answer := await self.talk.ask(question)) is not None:
            value_n = self._read(answer) if answer else wanted_n
            if value_n is not None:
                return value_n
        raise UsageRefused("calibration.refused.answers_ended")

    def _read(self, answer: str) -> float | None:
        try:
            return newtons(answer, self.unit)
        except UsageRefused as refused:
            if not self.repeats:
                raise
            self.talk.say(str(refused))
            return None

    def read(self, asked_n: float) -> float:
        """Return what the person read."""
        return asked_n

    def accepts(self, held: Held, before: Press, asked_n: float) -> bool:
        """Compare the change that is felt with the change there was."""
        change_n = asked_n - before.shown_n
        felt_n = held.total_n - sum(before.sent_n)
        return abs(change_n) < ALIKE_N or felt_n / change_n > 1.0 / GAINS[1]


@dataclass(slots=True)
class Gauge:
    """A force gauge that is connected, too.

    Attributes:
        talk: who presses.
        bench: the gauge.
        times: how many loads.
        last_n: what it said of the load before.
    """

    talk: Talk
    bench: Bench
    times: int
    last_n: float = field(default=0.0)

    @property
    def resolution_n(self) -> float:
        """Its last digit."""
        return self.bench.tool.force_resolution_n or 0.0

    async def ask(self, place: int) -> float | None:
        """Ask the person to press, each time harder."""
        if place > self.times:
            return None
        question = text("calibration.ask.gauge", place=place, times=self.times)
        if await self.talk.ask(question) is None:
            raise UsageRefused("calibration.refused.answers_ended")
        return 0.0

    def read(self, asked_n: float) -> float | None:  # noqa: ARG002 -- it is read, not asked
        """Return what the gauge says, whichever way it counts."""
        held = self.bench.held()
        return abs(held.total_n) if isinstance(held, Held) else None

    def accepts(self, held: Held, before: Press, asked_n: float) -> bool:  # noqa: ARG002 -- as above
        """A load is another one when the gauge says so."""
        now_n = self.read(asked_n)
        least_n = GAUGE_STEPS * self.resolution_n
        return now_n is not None and now_n > least_n and abs(now_n - before.shown_n) > least_n


class Pressing:
    """Has one tool pressed on its loads.

    Args:
        bench: the tool.
        reference: what the loads are known by.
        talk: the person who says that they are ready.
        retries: whether a load that was not held is asked for again.

    Attributes:
        talk: that person.
    """

    def __init__(self, bench: Bench, reference: Reference, talk: Talk, *, retries: bool) -> None:
        self._bench = bench
        self._reference = reference
        self.talk = talk
        self._retries = retries

    async def zeroed(self) -> Press:
        """Tare the tool in the air, and make sure that it is a zero.

        Raises:
            UsageRefused: the answers ended.
            Unfitted: what it sends in the air right after is no zero.
            LinkError: it could not be tared.
            NotHeld: it was not held still.
        """
        bench = self._bench
        asked = self.talk.ask(text("calibration.ask.tare"))
        if await bench.unless_lost(asked) is None:
            raise UsageRefused("calibration.refused.answers_ended")
        await bench.tare()
        empty = bench.press(await bench.hold(lambda _held: True), 0.0, 0.0)
        refusal = not_tared(_sum(empty))
        if refusal is not None:
            raise unfitted(refusal, bench.name)
        return empty

    async def loads(self, empty: Press) -> list[Press]:
        """Have the tool pressed on load after load.

        Args:
            empty: the tool in the air.

        Returns:
            All of them, the one in the air first.

        Raises:
            UsageRefused: the answers ended before the loads.
            NotHeld: a load was not held still.
            BenchLost: the link was lost.
        """
        presses = [empty]
        while (asked_n := await self._ask(len(presses))) is not None:
            press = await self._held(presses[-1], asked_n)
            if press is not None:
                presses.append(press)
                told = text("calibration.told", shown=press.shown_n, sent=sum(press.sent_n))
                self.talk.say(told)
        return presses

    async def _ask(self, place: int) -> float | None:
        return await self._bench.unless_lost(self._reference.ask(place))

    async def _held(self, before: Press, asked_n: float) -> Press | None:
        reference = self._reference
        try:
            held = await self._bench.hold(lambda held: reference.accepts(held, before, asked_n))
        except NotHeld as refused:
            if not self._retries:
                raise
            self.talk.say(str(refused))
            return None
        said_n = reference.read(asked_n)
        return self._bench.press(held, said_n or 0.0, reference.resolution_n)


def unfitted(refusal: Refusal, tool: str, channel: int | None = None) -> Unfitted:
    """Return a refusal in a sentence.

    Args:
        refusal: why.
        tool: the tool's name.
        channel: of which force channel; None where there is one.
    """
    return Unfitted(
        f"calibration.unfit.{refusal.reason}",
        tool=tool,
        channel="" if channel is None else text("calibration.of_channel", channel=channel + 1),
        load="-" if refusal.load is None else refusal.load,
        value=refusal.value or 0.0,
        limit=refusal.limit or 0.0,
    )


def _sum(press: Press) -> Load:
    return Load(0.0, sum(press.sent_n) - press.applied_n, 0.0, press.samples, 0.0)
