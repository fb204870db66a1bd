"""The tool buzzes when a warning is raised; never in the way of the decision."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from companion.ble.errors import LinkError
from companion.coaching.events import AlertCleared, AlertRaised
from companion.sensing.types import Level
from protocols.massage_tool import AnswerValues, Features, Haptic, Pattern, Request, ToolFeature

STRENGTH_PERCENT: Final = 100
RENEW_S: Final = 9.0
"""A continuous buzz ends by itself after 10 s (profile, op 0x05); it is renewed before."""

GREET_S: Final = 2.0
"""Whoever asks where the tool is does not wait longer."""

OVER_PRESSURE: Final = "over_pressure"


class Asks(Protocol):
    """A link whose control point can be asked."""

    async def until_up(self) -> None:
        """Wait until there is a link."""

    async def request(self, request: Request) -> AnswerValues | None:
        """Ask; raises `LinkError`."""


class Buzzer:
    """Caution buzzes twice, stop buzzes until it is cleared; only the newest wish counts.

    Args:
        link: whom to ask.
        tell: called with whether the tool acknowledged a warning's buzz, and why not.
    """

    def __init__(self, link: Asks, tell: Callable[[bool, str], None]) -> None:
        self._link = link
        self._tell = tell
        self._wish: Pattern | None = None
        self._has_motor = False
        self._is_continuous = False
        self._news = asyncio.Event()

    def know(self, feature: ToolFeature) -> None:
        """The tool said what it has; without a motor nothing is sent."""
        self._has_motor = bool(feature.features & Features.HAPTIC_MOTOR)

    def raised(self, alert: AlertRaised) -> None:
        """A warning was raised."""
        if alert.kind != OVER_PRESSURE or not self._has_motor:
            return
        if alert.level is Level.STOP:
            self._is_continuous = True
            self._ask(Pattern.CONTINUOUS)
        elif not self._is_continuous:
            self._ask(Pattern.DOUBLE)

    def cleared(self, alert: AlertCleared) -> None:
        """A warning ended."""
        if alert.kind != OVER_PRESSURE or not self._has_motor:
            return
        if alert.level is Level.STOP and self._is_continuous:
            self._is_continuous = False
            self._ask(Pattern.OFF)
        elif self._wish is Pattern.DOUBLE:
            self._wish = None

    async def greet(self) -> bool:
        """Buzz twice for somebody who asks where the tool is; a warning goes before it.

        Returns:
            Whether the tool acknowledged.
        """
        if not self._has_motor or self._is_continuous or self._wish is not None:
            return False
        try:
            async with asyncio.timeout(GREET_S):
                await self._link.until_up()
                await self._link.request(Haptic(Pattern.DOUBLE, STRENGTH_PERCENT, 0.0))
        except (LinkError, TimeoutError):
            return False
        finally:
            if self._is_continuous:
                # A stop was raised meanwhile, and ours may have taken the place of its buzz.
                self._ask(Pattern.CONTINUOUS)
        return True

    async def run(self) -> None:
        """Send what is wished for, until cancelled."""
        while True:
            await self._wait()
            wish, self._wish = self._wish, None
            if wish is not None:
                await self._send(wish)

    def _ask(self, pattern: Pattern) -> None:
        self._wish = pattern
        self._news.set()

    async def _wait(self) -> None:
        self._news.clear()
        if self._wish is not None:
            return
        try:
            async with asyncio.timeout(RENEW_S if self._is_continuous else None):
                await self._news.wait()
        except TimeoutError:
            self._wish = Pattern.CONTINUOUS if self._is_continuous else None

    async def _send(self, pattern: Pattern) -> None:
        strength = 0 if pattern is Pattern.OFF else STRENGTH_PERCENT
        try:
            await self._link.request(Haptic(pattern, strength, 0.0))
        except LinkError as error:
            if pattern is not Pattern.OFF:
                self._tell(False, str(error))
        else:
            if pattern is not Pattern.OFF:
                self._tell(True, "")
