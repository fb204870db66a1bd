"""A workshop that exists only on paper: what it asks and answers is what a test says."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from companion.errors import CompanionError
from companion.tui.workshop import Acquaintance, Guest, Nearby, ToolLook

BATHROOM = ToolLook(
    key="bluetooth/F0:5E:1A:0A:00:01",
    name="Bathroom",
    kind="roller",
    seen="2026-11-20",
    battery_percent=83,
    rssi_dbm=-58,
    calibration="good",
    limit="yes",
    details=(
        ("calls itself", "Aurora roller"),
        ("made by", "Simulated Tools AR-1"),
        ("contact area", "1.00 cm2"),
        ("address", "F0:5E:1A:0A:00:01"),
    ),
    notes=("channel 1: x 1.0312, the line leaves 12 mN over",),
)
STONE = replace(
    BATHROOM,
    key="bluetooth/F0:5E:1A:0A:00:03",
    name="Selene stone with a long name",
    kind="gua sha",
    battery_percent=None,
    rssi_dbm=None,
    calibration="never",
    limit="untold",
    notes=(),
)
HEARD = (
    Nearby(
        key="A",
        name="Bathroom",
        kind="roller",
        acquaintance=Acquaintance.KNOWN,
        rssi_dbm=-49,
    ),
    Nearby(key="B", name="Lumen roller", kind="", acquaintance=Acquaintance.NEW, rssi_dbm=-61),
    Nearby(
        key="C",
        name="Aurora roller",
        kind="",
        acquaintance=Acquaintance.NAMESAKE,
        rssi_dbm=-77,
        age_s=12.0,
    ),
)


class Failed(CompanionError):
    """What a visit may end with."""


@dataclass
class FakeWorkshop:
    """A Workshop whose every value a test may set; ``done`` notes what was asked for.

    Attributes:
        looks: the known tools.
        heard: the tools in reach, as they are heard when they are looked at.
        felt_n: what a tool feels that is connected; None where it tells nothing.
        fault: what every visit ends with; None for success.
        done: what was asked for, and what was answered.
    """

    looks: Sequence[ToolLook] = (BATHROOM, STONE)
    heard: Callable[[], Sequence[Nearby]] = lambda: HEARD
    felt_n: float | None = 0.98
    fault: CompanionError | None = None
    done: list[str] = field(default_factory=list)

    async def tools(self) -> Sequence[ToolLook]:
        await asyncio.sleep(0)
        return self.looks

    async def pair(self, guest: Guest) -> str:
        return await self._visit("pair", guest, lambda: guest.pick(self.heard))

    async def identify(self, key: str, guest: Guest) -> str:
        guest.feel(lambda: self.felt_n)
        return await self._visit(f"identify {key}", guest, lambda: guest.ask("Seen it? "))

    async def calibrate(self, key: str, guest: Guest) -> str:
        guest.feel(lambda: self.felt_n)
        return await self._visit(f"calibrate {key}", guest, lambda: guest.ask("The scale shows? "))

    async def rename(self, key: str, guest: Guest) -> str:
        return await self._visit(f"rename {key}", guest, lambda: guest.ask("Its name? "))

    async def forget(self, key: str, guest: Guest) -> str:
        return await self._visit(f"forget {key}", guest, lambda: guest.agrees("Forget it? [y/n] "))

    async def _visit(self, what: str, guest: Guest, ask: Callable[[], Awaitable[object]]) -> str:
        self.done.append(what)
        guest.say("It begins.")
        try:
            answer = await ask()
            self.done.append(f"{answer}")
            if self.fault is not None:
                raise self.fault
        except asyncio.CancelledError:
            self.done.append("given up")
            raise
        finally:
            guest.feel(None)
        return f"It is done: {answer}."
