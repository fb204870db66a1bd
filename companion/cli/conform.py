"""``companion conform``: whether a tool keeps the Massage Tool Profile, rule by rule."""

import asyncio
import sys
import threading
from argparse import Namespace
from contextlib import AsyncExitStack

from companion.ble.adapter import Adapter
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals
from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.printing import json_text, table
from companion.cli.radio import opened_radio
from companion.conform.bench import Bench
from companion.conform.finding import find_tool, label
from companion.conform.person import Action, Question
from companion.conform.report import described, document, last_lines, line
from companion.conform.rule import Rule
from companion.conform.rules import RULES
from companion.conform.runner import Choice, Run
from companion.conform.verdict import Judged, NotRun, Outcome
from companion.log import open_log
from companion.texts import text
from protocols.massage_tool import Calibration


class Terminal:
    """Whoever sits at the terminal; asked on standard error, so that the answers stay clean."""

    async def please(self, action: Action) -> None:
        """Ask for something, and wait for the Enter key.

        Raises:
            NotRun: nobody is there any more.
        """
        await _answered(text("conform.wait", what=text(f"conform.please.{action}")))

    async def sees(self, question: Question) -> bool:
        """Ask whether something is so now.

        Raises:
            NotRun: nobody is there any more.
        """
        words = text("conform.ask", question=text(f"conform.question.{question}"))
        while (answer := (await _answered(words)).strip().lower()) not in {"y", "n"}:
            pass
        return answer == "y"


def execute(arguments: Namespace) -> ExitCode:
    """Judge a tool.

    Raises:
        CompanionError: the arguments do not go together, or no tool could be found.
    """
    rules = _chosen(arguments.only)
    if arguments.list:
        _print_list(rules, as_json=arguments.json)
        return ExitCode.OK
    if arguments.attended and not sys.stdin.isatty():
        raise UsageRefused("cli.refused.attended")
    open_log(verbose=arguments.verbose)
    return asyncio.run(_conform(arguments, rules))


def _chosen(only: list[str] | None) -> tuple[Rule, ...]:
    known = {rule.id for rule in RULES}
    for name in only or ():
        if name not in known:
            raise UsageRefused("conform.unknown_rule", id=name)
    return tuple(rule for rule in RULES if not only or rule.id in only)


def _print_list(rules: tuple[Rule, ...], *, as_json: bool) -> None:
    if as_json:
        print(json_text({"rules": [described(rule) for rule in rules]}))
    else:
        print(table([(rule.id, rule.severity.value, rule.title) for rule in rules]))


async def _conform(arguments: Namespace, rules: tuple[Rule, ...]) -> ExitCode:
    async with AsyncExitStack() as stack:
        # A tool with a display is paired by the six digits that it shows, attended or not.
        answers = TerminalAnswers(Keyboard())
        adapter = await stack.enter_async_context(opened_radio(arguments.air, answers=answers))
        second = None
        if arguments.air is not None:
            second = await stack.enter_async_context(opened_radio(arguments.air))
        heard = await find_tool(adapter, arguments.tool)
        person = Terminal() if arguments.attended else None
        bench = Bench(adapter, heard, label(heard), person=person, second=second)
        return await _judge(arguments, rules, bench, adapter)


async def _judge(
    arguments: Namespace, rules: tuple[Rule, ...], bench: Bench, adapter: Adapter
) -> ExitCode:
    def tell(rule: Rule, judged: Judged) -> None:
        if not arguments.json:
            print(line(rule, judged), flush=True)

    tool = {"address": bench.heard.address, "name": label(bench.heard)}
    _greet(tool, adapter.name, as_json=arguments.json)
    # A bond on a virtual radio lasts no longer than this process.
    parting = arguments.forget or arguments.air is not None
    choice = Choice(slow=arguments.slow, attended=arguments.attended, parting=parting)
    run = Run(bench, choice, tell)
    received, owed = await _run(run, rules, forget=parting)
    results = list(zip(rules, run.judged, strict=False))
    if arguments.json:
        complete = run.is_complete and len(results) == len(rules)
        whole = document(
            radio=adapter.name, tool=tool, results=results, owed=owed, complete=complete
        )
        print(json_text(whole))
    else:
        print("\n".join(last_lines(results, owed)))
    if received:
        return received[0]
    is_kept = run.is_complete and not owed
    has_failed = any(judged.outcome is Outcome.FAILED for judged in run.judged)
    return ExitCode.OK if is_kept and not has_failed else ExitCode.FAILED


def _greet(tool: dict[str, str], radio: str, *, as_json: bool) -> None:
    """Say what is judged; what the person has to do goes where it is seen in any case."""
    if not as_json:
        head = text("conform.head", tool=tool["name"], address=tool["address"], radio=radio)
        print(head, flush=True)
    print(text("conform.hold_still"), file=sys.stderr, flush=True)


async def _run(
    run: Run, rules: tuple[Rule, ...], *, forget: bool
) -> tuple[list[ExitCode], dict[int, Calibration]]:
    """Try the rules, and leave the tool as found, however this ends."""
    work = asyncio.create_task(run.over(rules))

    def stop() -> None:
        work.cancel()

    with stopped_by_signals(stop) as received:
        try:
            await work
        except asyncio.CancelledError:
            if not received:
                work.cancel()
                await asyncio.create_task(run.leave(forget=forget))
                raise
        # In a task of its own: nothing in it must take our own end for its own.
        owed = await asyncio.create_task(run.leave(forget=forget))
    return received, owed


async def _answered(question: str) -> str:
    """Ask on standard error and wait for a line; a thread waits, and dies with the process."""
    print(question, file=sys.stderr, flush=True)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def give(words: str) -> None:
        if not answer.done():
            answer.set_result(words)

    def read() -> None:
        words = sys.stdin.readline()
        loop.call_soon_threadsafe(give, words)

    threading.Thread(target=read, daemon=True).start()
    words = await answer
    if not words:
        raise NotRun("conform.why.attended")
    return words
