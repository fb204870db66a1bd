"""Arms the tool's own limit for each step, so that its buzz does not wait for the link."""

import asyncio
from collections.abc import Callable
from typing import Final, NamedTuple

from companion.ble.errors import LinkError, LinkFault
from companion.service.haptics import Asks
from companion.texts import text
from protocols.errors import EncodeError
from protocols.massage_tool import Features, SetLimit, ToolFeature
from protocols.telemetry import STANDARD_GRAVITY_MPS2

ON_DELAY_S: Final = 0.06
"""The on-delay of a caution in the recordings contract; the tool has one delay for both levels."""

AGAIN_S: Final = 0.25
"""Pause before asking again after the link dropped under a request."""

OFF: Final = SetLimit(0.0, 0.0, 0.0)


class Armed(NamedTuple):
    """What came of arming: newtons, 0 where a level is off, and why not (all of it)."""

    done: bool
    caution_n: float
    stop_n: float
    reason: str


class LimitArmer:
    """Keeps the tool's limit at what the present step wants; only the newest wish counts.

    Args:
        link: whom to ask.
        tell: called with what came of it.
    """

    def __init__(self, link: Asks, tell: Callable[[Armed], None]) -> None:
        self._link = link
        self._tell = tell
        self._feature: ToolFeature | None = None
        self._limits_n: tuple[float, float] | None = None
        self._is_armed = False
        self._told: Armed | None = None
        self._news = asyncio.Event()

    def know(self, feature: ToolFeature) -> None:
        """The tool said what it has."""
        self._feature = feature

    def want(self, limits_n: tuple[float, float] | None) -> None:
        """Arm caution and stop in newtons, or None: disarm."""
        self._limits_n = limits_n
        self._news.set()

    async def run(self) -> None:
        """Send what is wished for, until cancelled."""
        while True:
            await self._news.wait()
            await self._link.until_up()
            self._news.clear()
            try:
                armed = await self._apply(self._limits_n)
            except LinkError as error:
                if error.fault is LinkFault.DROPPED:
                    self._news.set()
                    await asyncio.sleep(AGAIN_S)
                    continue
                armed = Armed(False, 0.0, 0.0, str(error))
            if armed is not None and not (armed.reason and armed == self._told):
                self._told = armed
                self._tell(armed)

    async def _apply(self, limits_n: tuple[float, float] | None) -> Armed | None:
        if limits_n is None:
            await self._disarm()
            return None
        caution_n, stop_n, reason = _allowed(self._feature, *limits_n)
        if not stop_n:
            await self._disarm()
            return Armed(False, 0.0, 0.0, reason)
        try:
            await self._link.request(SetLimit(caution_n, stop_n, ON_DELAY_S))
        except EncodeError as error:
            return Armed(False, 0.0, 0.0, str(error))
        self._is_armed = True
        return Armed(True, caution_n, stop_n, reason)

    async def _disarm(self) -> None:
        if self._is_armed:
            await self._link.request(OFF)
            self._is_armed = False


def _allowed(
    feature: ToolFeature | None, caution_n: float, stop_n: float
) -> tuple[float, float, str]:
    """Leave out what gravity alone could set off (profile, Tool Control Point)."""
    if feature is None or not feature.features & Features.ON_TOOL_LIMIT:
        return 0.0, 0.0, text("link.limit.none")
    if feature.features & Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY:
        return caution_n, stop_n, ""
    if feature.supported_mass_kg is None:
        return 0.0, 0.0, text("link.limit.mass_unknown")
    lowest_n = 2 * feature.supported_mass_kg * STANDARD_GRAVITY_MPS2
    if stop_n < lowest_n:
        return 0.0, 0.0, text("link.limit.too_low", lowest_n=f"{lowest_n:.2f}")
    if caution_n < lowest_n:
        return 0.0, stop_n, text("link.limit.caution_too_low", lowest_n=f"{lowest_n:.2f}")
    return caution_n, stop_n, ""
