"""Prints the sample of ``companion conform`` that docs/build-your-own-tool.md shows.

The tool is the shipped small roller with one mistake put into its firmware: it forgets its limit
when the link is lost. Run it with ``python -m docs.make_conform_sample``.
"""

import sys

from companion.ble.adapter import Adapter
from companion.cli.plans import plan_of
from companion.conform.bench import Bench
from companion.conform.finding import find_tool, label
from companion.conform.report import last_lines, line
from companion.conform.rules import RULES
from companion.conform.runner import Choice, Run
from companion.settings.routines import load_routine
from simulators.bleak_backend import Adapter as Radio
from simulators.firmware import Firmware
from simulators.performance import Performance
from simulators.peripheral import Peripheral
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual

SHOWN = (
    "adv-name",
    "closed-telemetry",
    "length-start",
    "frame-timestamps",
    "resume",
    "tare-loaded",
    "limit-delay",
    "limit-survives-link",
    "bonded-unencrypted",
)
"""A few of the rules."""


class Forgetful(Firmware):
    """Forgets its limit with the link."""

    def disconnected(self, now_us: int) -> None:
        """End the link, and wrongly the limit with it."""
        super().disconnected(now_us)
        self.request(bytes([0x04, 0, 0, 0, 0, 0, 0]), now_us, mtu=247, telemetry_on=False)


def sample() -> str:
    """Return what the command prints for the forgetful tool."""
    return "\n".join(run_virtual(_lines())) + "\n"


async def _lines() -> list[str]:
    data = load_tool("small-roller")
    hand = Performance(plan_of(load_routine("five-minutes")), data, load_scenario("careful"), 1)
    hand.hold_still()
    air = Air()
    tool = Peripheral(Forgetful(data, hand), connect_host(air.add_controller("tool")))
    async with tool, Radio(connect_host(air.add_controller("computer"))) as radio:
        adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
        heard = await find_tool(adapter, None)
        lines: list[str] = []
        run = Run(
            Bench(adapter, heard, label(heard)),
            Choice(parting=True),
            lambda rule, judged: lines.append(line(rule, judged)),
        )
        rules = [rule for rule in RULES if rule.id in SHOWN]
        await run.over(rules)
        owed = await run.leave(forget=True)
        return [*lines, *last_lines(list(zip(rules, run.judged, strict=True)), owed)]


if __name__ == "__main__":
    sys.stdout.write(sample())
