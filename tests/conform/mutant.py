"""A tool that breaks the profile in one way."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from companion.conform.rules import RULES
from companion.conform.runner import Choice
from simulators.firmware import Firmware, Tool
from simulators.peripheral import Peripheral
from tests.conform.world import QUICK, Make

Anything = Any
"""What the simulators hand on to themselves."""
SLOW = Choice(slow=True, parting=True)

ATTENDED = Choice(attended=True, parting=True)

Alter = Callable[[Peripheral], None]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A tool that breaks the profile.

    Attributes:
        name: how.
        rules: those that must fail, and no other.
        make: its firmware.
        alter: what is wrong around the firmware.
        patched: what is wrong with the modules it is made of.
        tool: its sheet.
        only: the only rules tried, where the tool is of no use for others; none means all.
        choice: which rules are tried.
        bonding_s: how long it takes new bonds.
    """

    name: str
    rules: frozenset[str]
    make: Make = Firmware
    alter: Alter | None = None
    patched: Callable[[], AbstractContextManager[Anything]] = nullcontext
    only: frozenset[str] = frozenset()
    tool: Tool | None = None
    choice: Choice = QUICK
    bonding_s: float | None = 30.0

    @property
    def tried(self) -> frozenset[str]:
        """The rules to try: all, or for the long ones those of their kind; empty means all."""
        if self.only or self.choice == QUICK:
            return self.only
        kind = "is_slow" if self.choice.slow else "is_attended"
        return self.rules | {rule.id for rule in RULES if getattr(rule, kind)}

    def serve(self, *arguments: Anything, **more: Anything) -> Peripheral:
        """Put the firmware on the air."""
        peripheral = Peripheral(*arguments, **more)
        if self.alter is not None:
            self.alter(peripheral)
        return peripheral
