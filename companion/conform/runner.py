"""Trying the rules one after the other, each in bounded time, and leaving the tool as found."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from companion.ble.errors import LinkError
from companion.conform.bench import Bench
from companion.conform.control_point import NoAnswer
from companion.conform.rule import Need, Rule
from companion.conform.verdict import Broken, Judged, NotRun, Outcome, Verdict
from protocols.massage_tool import Calibration

LONGEST_S: Final = 60.0
"""How long a rule may take, with the way to where it begins."""
LONGEST_SLOW_S: Final = 200.0
"""How long a slow one may."""
LONGEST_ATTENDED_S: Final = 600.0
"""How long one may for which a person is asked."""
MOST_UNREACHED: Final = 2
"""So many rules in a row that the tool could not be reached for, and no further is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which rules are tried.

    Attributes:
        slow: those that wait long.
        attended: those that need a person.
        parting: those that cost us the bond.
    """

    slow: bool = False
    attended: bool = False
    parting: bool = False


class Unreached(NotRun):
    """The tool could not be brought to where the rule begins."""


class Run:
    """One pass over the rules.

    Attributes:
        judged: the results so far.
        is_complete: whether the tool could be reached for every rule that was tried.

    Args:
        bench: the tool.
        choice: which rules are tried.
        on_judged: told of each result as it comes.
    """

    def __init__(
        self, bench: Bench, choice: Choice, on_judged: Callable[[Rule, Judged], None]
    ) -> None:
        self.judged: list[Judged] = []
        self.is_complete = True
        self._bench = bench
        self._choice = choice
        self._on_judged = on_judged
        self._unreached = 0

    async def over(self, rules: Iterable[Rule]) -> None:
        """Try rules in order."""
        for rule in rules:
            judged = await self._judge(rule)
            self.judged.append(judged)
            self._on_judged(rule, judged)

    async def leave(self, *, forget: bool) -> dict[int, Calibration]:
        """Disconnect, and forget the bond if asked to.

        Returns:
            Calibrations, by channel, that the tool could not be given back.
        """
        await self._tidied()
        owed = self._bench.owed
        try:
            async with asyncio.timeout(LONGEST_S):
                if forget:
                    await self._bench.forget()
                await self._bench.in_air()
        except (LinkError, TimeoutError):
            pass
        return owed

    async def _judge(self, rule: Rule) -> Judged:
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        verdict = await self._verdict(rule)
        if isinstance(verdict, Unreached):
            self._unreached += 1
            self.is_complete = False
        else:
            self._unreached = 0 if _was_tried(rule, verdict) else self._unreached
            await self._tidied()
        outcome = Outcome.PASSED if verdict is None else verdict.outcome
        reason = "" if verdict is None else str(verdict)
        return Judged(rule.id, outcome, reason, loop.time() - began_at)

    async def _verdict(self, rule: Rule) -> Verdict | None:
        try:
            self._check_choice(rule)
            async with asyncio.timeout(_longest_s(rule)):
                await self._reach(rule)
                await rule.check(self._bench)
        except NoAnswer as silence:
            await self._bench.in_air()
            return silence
        except Verdict as verdict:
            return verdict
        except TimeoutError:
            await self._bench.in_air()
            return Broken("conform.seen.endless", seconds=round(_longest_s(rule)))
        except LinkError as error:
            await self._bench.in_air()
            return Broken("conform.seen.link", reason=error.detail or error.fault.value)
        return None

    def _check_choice(self, rule: Rule) -> None:
        if self._unreached >= MOST_UNREACHED:
            raise Unreached("conform.why.given_up")
        if rule.is_slow and not self._choice.slow:
            raise NotRun("conform.why.slow")
        if rule.is_attended and not self._choice.attended:
            raise NotRun("conform.why.attended")
        if rule.is_parting and not self._choice.parting:
            raise NotRun("conform.why.parting")

    async def _reach(self, rule: Rule) -> None:
        try:
            await self._bring(rule)
        except LinkError as error:
            reason = error.detail or error.fault.value
            raise Unreached("conform.why.unreached", reason=reason) from error
        if rule.need is Need.READY:
            self._check_parts(rule)

    async def _bring(self, rule: Rule) -> None:
        match rule.need:
            case Need.AIR:
                await self._bench.in_air()
            case Need.OPEN:
                await self._bench.open()
            case Need.PAIRED:
                await self._bench.paired()
            case Need.READY:
                await self._bench.ready()

    def _check_parts(self, rule: Rule) -> None:
        feature = self._bench.feature
        if rule.parts not in feature.features:
            raise NotRun("conform.why.lacks")
        if rule.lacks & feature.features:
            raise NotRun("conform.why.has")
        if rule.force is not None and rule.force is not bool(feature.force_channels):
            raise NotRun("conform.why.lacks" if rule.force else "conform.why.has")

    async def _tidied(self) -> None:
        """Tidy up, twice where the first time the link fails."""
        for _ in range(2):
            try:
                async with asyncio.timeout(LONGEST_S):
                    await self._bench.tidy()
            except (LinkError, TimeoutError, Broken):
                await self._bench.in_air()
            else:
                return


def _was_tried(rule: Rule, verdict: Verdict | None) -> bool:
    """Whether the tool was reached; what is left out by choice says nothing of that."""
    return rule.need is not Need.AIR and not isinstance(verdict, NotRun)


def _longest_s(rule: Rule) -> float:
    if rule.is_attended:
        return LONGEST_ATTENDED_S
    return LONGEST_SLOW_S if rule.is_slow else LONGEST_S
