"""One tool on the bench: tared, held on loads, and given its gain."""

import asyncio
from collections import Counter
from collections.abc import Callable
from math import hypot
from statistics import fmean
from typing import Final

from companion.ble.errors import LinkError, LinkFault
from companion.ble.tool import PER_MILLION, Refused
from companion.errors import CompanionError
from companion.sensing.channel_fit import LEAST_PRESS_N, Press
from companion.sensing.held import Held, Unheld
from companion.service.bench_link import BenchLink
from protocols.errors import EncodeError
from protocols.massage_tool import (
    Calibration,
    ReadCalibration,
    Result,
    SetCalibration,
    Tare,
)

HOLD_S: Final = 30.0
"""How long a load is waited for: time to press, to read a scale, and to hold still."""

TARE_ATTEMPTS: Final = 4
TARE_PAUSE_S: Final = 1.5
"""Between attempts to tare: time to lift the tool."""

TARE_US: Final = 500_000
"""Length of a tare (tool profile, control point)."""

FILL_S: Final = 0.6
"""After a tare, until what came before it is out of the newest half second."""

STILLER_S: Final = 1.5
"""How much longer a load that is held is looked at, for a stiller second."""

MOMENT_US: Final = 300_000
"""What is felt at the moment is the mean of so long."""


class NotHeld(CompanionError):
    """The tool was not held still on a load in time.

    Attributes:
        why: what was wrong for most of the time.
    """

    def __init__(self, why: Unheld, tool: str) -> None:
        super().__init__(f"calibration.unheld.{why}", tool=tool, seconds=HOLD_S)
        self.why = why


class GainRefused(CompanionError):
    """The tool does not take its gain."""


class Bench(BenchLink):
    """Asks of one tool what a calibration needs."""

    async def tare(self) -> None:
        """Set the tool's zero: in the air, still, and the way it will press.

        Raises:
            LinkError: it was moving or loaded each time (``TARE_REFUSED``), or the link failed.
        """
        for attempt in range(TARE_ATTEMPTS):
            try:
                await self.link.request(Tare())
            except Refused as refused:
                if refused.result == Result.OP_CODE_NOT_SUPPORTED:
                    raise
            else:
                samples = self.holding.newest(TARE_US)
                self.force.tare(samples)
                await asyncio.sleep(FILL_S)
                return
            if attempt + 1 < TARE_ATTEMPTS:
                await asyncio.sleep(TARE_PAUSE_S)
        raise LinkError(LinkFault.TARE_REFUSED, tool=self.name)

    def held(self) -> Held | Unheld:
        """Return the newest second, or why it was not held."""
        return self.holding.held()

    async def hold(self, accepts: Callable[[Held], bool]) -> Held:
        """Wait until the tool is held still, from now on, in a way that is accepted.

        Returns:
            The stillest second from then on: the first one may still have the hand's way to it.

        Raises:
            NotHeld: it was not in time, or is loaded beyond what its sensor can show.
            BenchLost: the link was lost.
        """
        self.holding.clear()
        stillest: Held | None = None
        reasons = Counter([Unheld.SILENT])
        until_s = _now() + HOLD_S
        while _now() < until_s:
            await self.wait()
            found = self.holding.held()
            if isinstance(found, Held) and accepts(found):
                if stillest is None:
                    until_s = _now() + STILLER_S
                    stillest = found
                stillest = min(stillest, found, key=lambda held: hypot(*held.spread_n))
            elif found is Unheld.SATURATED:
                raise NotHeld(found, self.name)
            else:
                reasons[found if isinstance(found, Unheld) else Unheld.UNCHANGED] += 1
        if stillest is None:
            raise NotHeld(reasons.most_common(1)[0][0], self.name)
        return stillest

    async def lifted(self) -> None:
        """Wait until nothing presses on the tool.

        Raises:
            NotHeld: something still did (``LOADED``).
            BenchLost: the link was lost.
        """
        try:
            async with asyncio.timeout(HOLD_S):
                while (felt_n := self.felt_n()) is None or abs(felt_n) > LEAST_PRESS_N:
                    await self.wait()
        except TimeoutError:
            raise NotHeld(Unheld.LOADED, self.name) from None

    def felt_n(self) -> float | None:
        """Return what presses on the tool at the moment, newtons, less its own weight."""
        felt_n = [
            force_n - (self.force.hanging_n(accel) or 0.0)
            for force_n, accel in self.holding.newest(MOMENT_US)
            if force_n is not None
        ]
        return fmean(felt_n) if felt_n else None

    def press(self, held: Held, shown_n: float, resolution_n: float) -> Press:
        """Return a load that was held.

        Args:
            held: the second in which it was.
            shown_n: what the reference says, newtons.
            resolution_n: its last digit.
        """
        return Press(
            applied_n=shown_n + (self.force.hanging_n(held.accel_mps2) or 0.0),
            sent_n=held.sent_n,
            spread_n=held.spread_n,
            samples=held.samples,
            resolution_n=resolution_n,
            shown_n=shown_n,
        )

    async def gain_ppm(self, channel: int) -> int | None:
        """Return the gain that a channel reports now; None where it does not tell.

        Raises:
            LinkError: no answer in time, or the link failed.
        """
        kept = await self._calibration(channel)
        return None if kept is None else round(kept.gain * PER_MILLION)

    async def set_gain(self, channel: int, factor: float) -> int | None:
        """Have the tool multiply its gain, and read back what it keeps.

        Args:
            channel: which.
            factor: on its present gain.

        Returns:
            The gain it reports now, parts per million; None where it cannot keep one.

        Raises:
            GainRefused: it can, and does not take this one, or keeps another one.
            LinkError: no answer in time, or the link failed.
        """
        kept = await self._calibration(channel)
        if kept is None:
            return None
        wanted_ppm = round(kept.gain * factor * PER_MILLION)
        try:
            request = SetCalibration(channel, wanted_ppm / PER_MILLION, kept.offset_counts)
            await self.link.request(request)
        except Refused as refused:
            if refused.result == Result.OP_CODE_NOT_SUPPORTED:
                return None
            raise GainRefused(
                "calibration.refused.write", tool=self.name, detail=refused.detail
            ) from refused
        except EncodeError as error:
            raise GainRefused(
                "calibration.refused.write", tool=self.name, detail=error.reason
            ) from error
        has = await self.gain_ppm(channel)
        if has != wanted_ppm:
            detail = f"{has} != {wanted_ppm} ppm"
            raise GainRefused("calibration.refused.write", tool=self.name, detail=detail)
        return has

    async def _calibration(self, channel: int) -> Calibration | None:
        try:
            values = await self.link.request(ReadCalibration(channel))
        except Refused:
            return None
        return values if isinstance(values, Calibration) else None


def _now() -> float:
    return asyncio.get_running_loop().time()
