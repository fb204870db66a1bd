"""A tool on an air, a computer beside it, and a hand that does what it is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from companion.ble.adapter import Adapter
from companion.conform.bench import Bench
from companion.conform.finding import find_tool
from companion.conform.person import Action, Question
from companion.conform.rule import Rule
from companion.conform.rules import RULES
from companion.conform.runner import Choice, Run
from companion.conform.verdict import Judged, Outcome
from protocols.massage_tool import Features, ToolFeature
from simulators.bleak_backend import Adapter as Radio
from simulators.firmware import Firmware, Tool
from simulators.peripheral import Peripheral, controller_address
from simulators.radio import Air, connect_host
from simulators.virtual_time import run_virtual
from tests.simulators.firmware.scripted import ROLLER, Raw, ScriptedBody, ScriptedTool

EVERYTHING = Choice(slow=True, attended=True, parting=True)
QUICK = Choice(parting=True)
STILL = Raw(force=(300,))
"""In the air; the supported mass hangs on the sensor."""
PRESSED = STILL._replace(force=(4000,), touching=True)


@dataclass
class Hand:
    """Holds the tool, and says what can be felt."""

    body: ScriptedBody
    peripheral: Peripheral
    asked: list[Action] = field(default_factory=list)

    async def please(self, action: Action) -> None:
        self.asked.append(action)
        match action:
            case Action.HOLD_STILL:
                self.body.script = lambda _us: STILL
            case Action.PRESS:
                self.body.script = lambda _us: PRESSED
            case Action.SHAKE:
                self.body.script = lambda us: STILL._replace(force=(us // 10_000 % 7 * 300,))
            case Action.PRESS_BUTTON:
                self.peripheral.press_button()
            case Action.RESTART:
                await self.peripheral.vanish()
                await self.peripheral.switch_on(clock_start_us=77_000_000)
        await asyncio.sleep(0.3)

    async def sees(self, question: Question) -> bool:
        buzzes = self.peripheral.firmware.buzzes
        lasts = bool(buzzes) and buzzes[-1].end_us is None
        return lasts if question is not Question.SILENT else not lasts


Make = Callable[[Tool, ScriptedBody], Firmware]
Serve = Callable[..., Peripheral]


def scripted(feature: ToolFeature = ROLLER) -> ScriptedTool:
    """A tool with every service, and two rates, so that another one can be asked for."""
    services = ("immediate_alert", "industrial_measurement")
    return replace(ScriptedTool(feature), rates=(50, 100), services=services)


@asynccontextmanager
async def bench(
    *,
    tool: Tool | None = None,
    make: Make = Firmware,
    serve: Serve = Peripheral,
    bonding_s: float | None = 30.0,
) -> AsyncIterator[Bench]:
    """A bench at a tool that has just been switched on."""
    air, tool = Air(), tool or scripted()
    rest = STILL._replace(force=STILL.force * tool.feature.force_channels)
    body = ScriptedBody(lambda _us: rest)
    firmware = make(tool, body)
    radio = connect_host(air.add_controller("tool", address=controller_address(tool)))
    one, two = (connect_host(air.add_controller(name)) for name in ("one", "two"))
    async with AsyncExitStack() as stack:
        peripheral = await stack.enter_async_context(serve(firmware, radio, bonding_s=bonding_s))

        async def read_passkey(_address: str) -> int:
            return await peripheral.shown_passkey()

        has_display = Features.DISPLAY in tool.feature.features
        passkey = read_passkey if has_display else None
        first = await stack.enter_async_context(Radio(one, passkey=passkey))
        second = await stack.enter_async_context(Radio(two))
        adapter, other = (
            Adapter(radio.name, radio.client_backend, radio.scanner_backend)
            for radio in (first, second)
        )
        wanted = tool.name if tool.address_kind == "private" else tool.address
        heard = await find_tool(adapter, wanted)
        hand = Hand(body, peripheral)
        yield Bench(adapter, heard, "the tool", person=hand, second=other)


def chosen(only: Iterable[str]) -> tuple[Rule, ...]:
    """The rules with these names, in their order."""
    names = set(only)
    assert names <= {rule.id for rule in RULES}
    return tuple(rule for rule in RULES if not names or rule.id in names)


async def judged(
    *,
    only: Iterable[str] = (),
    choice: Choice = EVERYTHING,
    may_owe: bool = False,
    **world: object,
) -> list[Judged]:
    """Try rules on a tool, which gets its calibration back unless it may be out of reach."""
    async with bench(**world) as at:  # type: ignore[arg-type]  # handed on as they came
        run = Run(at, choice, lambda _rule, _judged: None)
        await run.over(chosen(only))
        owed = await run.leave(forget=True)
        assert may_owe or owed == {}
    return run.judged


def failed(results: Iterable[Judged]) -> dict[str, str]:
    """What was broken, and what was seen."""
    return {one.id: one.reason for one in results if one.outcome is Outcome.FAILED}


def try_all(**world: object) -> list[Judged]:
    """Try rules in virtual time."""
    return run_virtual(judged(**world))  # type: ignore[arg-type]  # handed on as they came
